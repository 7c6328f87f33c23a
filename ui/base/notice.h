// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

namespace bitfrontier {

/// A line over the lower edge of a widget: says what has happened, offers one thing to do, and goes
/// by itself. In place of message boxes wherever nothing must be decided.
class Notice : public QFrame {
  Q_OBJECT

 public:
  explicit Notice(QWidget* over);

  /// Shows a sentence in place of the one before. `seconds` of 0: until it is closed.
  void say(const QString& sentence, int seconds = 8, const QString& button = {},
           std::function<void()> action = {});
  QString text() const { return text_->text(); }
  QPushButton* button() { return button_; }

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void enterEvent(QEnterEvent* event) override;
  void leaveEvent(QEvent* event) override;

 private:
  void place();

  QLabel* text_;
  QPushButton* button_;
  std::function<void()> action_;
  QTimer timer_;
};

}  // namespace bitfrontier

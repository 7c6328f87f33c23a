// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QBoxLayout>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QTimer>

namespace bitfrontier {

/// A line at the lower edge of a widget: says what has happened and offers one thing to do. In
/// place of message boxes wherever nothing must be decided. One that goes by itself lies over the
/// widget; one that stays until it is closed has a row of its own and covers nothing.
class Notice : public QFrame {
  Q_OBJECT

 public:
  /// `rows` is the layout of `over`.
  Notice(QWidget* over, QBoxLayout* rows);

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

  QBoxLayout* rows_;
  QLabel* text_;
  QPushButton* button_;
  std::function<void()> action_;
  QTimer timer_;
};

}  // namespace bitfrontier

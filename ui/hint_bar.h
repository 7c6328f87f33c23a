// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>
#include <QLabel>
#include <QPushButton>

namespace bitfrontier {

/// One line above the plot that says what to do next, with at most two buttons. Closed by the user
/// it stays closed for that text.
class HintBar : public QFrame {
  Q_OBJECT

 public:
  enum class Hint { None, EmptyStore, OnlyPublished, NothingPasses, Waiting };

  explicit HintBar(QWidget* parent = nullptr);
  void setHint(Hint hint);
  Hint hint() const { return hint_; }

 Q_SIGNALS:
  void newSweepWanted();
  void publishedWanted();
  void everythingWanted();

 private:
  Hint hint_ = Hint::None;
  Hint closed_ = Hint::None;
  QLabel* text_;
  QPushButton *sweep_, *published_, *everything_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <QFrame>
#include <QLabel>
#include <QPushButton>

namespace bitfrontier {

/// One line above the plot that says what to do next, with at most two buttons. Closed by the user
/// it stays closed for that text.
class HintBar : public QFrame {
  Q_OBJECT

 public:
  enum class Hint {
    None,
    EmptyStore,
    OnlyPublished,
    OnlyImported,
    NothingPasses,
    Waiting,
    Partial
  };

  explicit HintBar(QWidget* parent = nullptr);
  /// `count` is the number of points that Hint::Partial speaks of.
  void setHint(Hint hint, std::size_t count = 0);
  Hint hint() const { return hint_; }

 Q_SIGNALS:
  void newSweepWanted();
  void publishedWanted();
  void everythingWanted();
  void partialWanted();

 private:
  Hint hint_ = Hint::None;
  Hint closed_ = Hint::None;
  QLabel* text_;
  QPushButton *sweep_, *published_, *everything_, *partial_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>

namespace bitfrontier {

/// A label of several lines that is never cut: at the width it has, its height is not less than its
/// text needs, also where docks and scroll areas ask for no height for a width.
class WrappedLabel : public QLabel {
  Q_OBJECT

 public:
  explicit WrappedLabel(QWidget* parent = nullptr) : QLabel(parent) { setWordWrap(true); }

  QSize minimumSizeHint() const override;

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  bool placed_ = false;  ///< before, the width means nothing
};

}  // namespace bitfrontier

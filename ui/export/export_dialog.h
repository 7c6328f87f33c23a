// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QLabel>

#include "ui/export/figure_export.h"

namespace bitfrontier {

/// Shows the figure at its printed size and saves it as PDF, SVG or PNG.
class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  explicit ExportDialog(FigureSpec spec, QWidget* parent = nullptr);
  /// The spec with what has been chosen in the dialog.
  FigureSpec spec() const;

 private:
  void preview();
  void save();
  void copyImage();

  FigureSpec spec_;
  QComboBox* preset_;
  QCheckBox *part_, *note_, *dark_;
  QLabel *picture_, *size_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QTimer>
#include <QWidget>

#include "ui/base/view_options.h"
#include "ui/runs/filter_box.h"

namespace bitfrontier {

/// The row above the plot: what is on the axes, how points are divided, the filter.
class ViewBar : public QWidget {
  Q_OBJECT

 public:
  explicit ViewBar(QWidget* parent = nullptr);

  void setOptions(const ViewOptions& options);

  /// "45 of 75 points"; `hidden` of the shown ones lack the metric, `partial` more are left out
  /// because they lack tasks.
  void setCounts(std::size_t shown, std::size_t total, int hidden, std::size_t partial);
  FilterBox* filterEdit() { return filter_; }

 Q_SIGNALS:
  void optionsEdited(bitfrontier::ViewOptions options);

 private:
  QComboBox* addCombo(const QString& name, const QString& label, const QString& tip);
  void edited();

  ViewOptions options_;
  QComboBox *metric_, *rule_, *series_, *source_;
  FilterBox* filter_;
  QLabel* counts_;
  QTimer debounce_;
};

}  // namespace bitfrontier

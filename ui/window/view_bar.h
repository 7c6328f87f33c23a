// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QTimer>
#include <QToolButton>
#include <QWidget>
#include <vector>

#include "ui/base/view_options.h"
#include "ui/runs/filter_box.h"
#include "ui/view/view_controller.h"

namespace bitfrontier {

/// One of several sets of points that are never joined, as the user reads it.
struct ShownSet {
  QString title, difference;
  std::size_t points = 0;
};

/// The row above the plot: what is on the axes, how points are divided, the filter.
class ViewBar : public QWidget {
  Q_OBJECT

 public:
  explicit ViewBar(QWidget* parent = nullptr);

  void setOptions(const ViewOptions& options);
  /// Tasks that the vertical axis offers one by one.
  void setTasks(const std::vector<TaskName>& tasks);

  /// "45 of 75 points"; `hidden` of the shown ones lack the metric, `partial` more are left out
  /// because they lack tasks.
  void setCounts(std::size_t shown, std::size_t total, int hidden, std::size_t partial);
  /// A button that leads to the excluded points, where there are any.
  void setExcluded(std::size_t count);
  /// Points that may not be compared with each other: how many such sets there are, what they are
  /// called and in what they differ, and the one that alone is shown (empty: all).
  void setSets(const std::vector<ShownSet>& sets, const QString& shown);
  FilterBox* filterEdit() { return filter_; }

 Q_SIGNALS:
  void optionsEdited(bitfrontier::ViewOptions options);
  void excludedWanted();
  void setChosen(const QString& title);  ///< empty: all

 private:
  QComboBox* addCombo(const QString& name, const QString& label, const QString& tip);
  /// The filter with the counts beside it.
  void buildFilter(QHBoxLayout* row);
  QToolButton* addLog(const QString& name, const QString& axis);
  void edited();

  /// One entry of the list of the vertical axis, and of the horizontal one.
  struct YChoice {
    LawMetric metric;
    YAxis y;
    std::string task;
  };
  struct XChoice {
    XAxis x;
    CountingRule rule;
  };
  void fillY();

  ViewOptions options_;
  std::vector<XChoice> xChoices_;
  std::vector<YChoice> yChoices_;
  std::vector<TaskName> tasks_;
  QComboBox *x_, *y_, *series_, *source_;
  QToolButton *xLog_, *yLog_;
  FilterBox* filter_;
  QLabel* counts_;
  QToolButton *excluded_, *sets_;
  QTimer debounce_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QWidget>

#include "ui/panels/next/next_controller.h"
#include "ui/panels/panel.h"
#include "ui/panels/parts/panel_parts.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

/// One run that is proposed, with its place in the order.
struct NextRow {
  NextRun run;
  std::size_t place = 0;
  LawMetric metric = LawMetric::Accuracy;
};
using NextTable = TypedTable<NextRow>;

/// What to run next, why, and whether it is still worth it.
class NextPanel : public QWidget {
  Q_OBJECT

 public:
  explicit NextPanel(const PanelContext& context, QWidget* parent = nullptr);

  NextController& controller() { return *controller_; }

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  void connectAll();
  void showAnswer();
  void updateButtons();
  void queueRuns(const std::vector<std::size_t>& places);
  std::vector<std::size_t> selectedPlaces() const;

  PanelRequests* requests_;
  NextController* controller_;
  std::unique_ptr<NextTable> rows_;
  QComboBox* family_;
  QDoubleSpinBox* stop_;
  QCheckBox* atLine_;
  ElidedLabel* verdict_;
  QLabel* notes_;
  QTableView* view_;
  QPushButton *queueIt_, *queueFirst_, *command_;
  QSpinBox* first_;
};

}  // namespace bitfrontier

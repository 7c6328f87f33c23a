// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QLabel>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QWidget>

#include "ui/panels/inspector/inspector_controller.h"
#include "ui/panels/inspector/inspector_tables.h"
#include "ui/panels/panel.h"
#include "ui/panels/parts/panel_parts.h"

namespace bitfrontier {

/// Everything about the selected point: its bits, what it is worth, how it was made.
class InspectorPanel : public QWidget {
  Q_OBJECT

 public:
  explicit InspectorPanel(const PanelContext& context, QWidget* parent = nullptr);

  InspectorController& controller() { return *controller_; }

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  QWidget* makeButtons();
  void showReports();
  void showPoint(const PointReport& report);
  void updateButtons();

  PanelRequests* requests_;
  InspectorController* controller_;
  ElidedLabel *name_, *about_;
  QLabel *state_, *bits_, *verified_;
  StackedBar* bar_;
  std::unique_ptr<FactTable> worth_, provenance_;
  std::unique_ptr<TaskTable> tasks_;
  std::unique_ptr<ReportTable> several_;
  QTableView *severalView_, *worthView_, *tasksView_, *provenanceView_;
  QWidget *one_, *buttons_;
  QPushButton *verify_, *command_, *exclude_, *baseline_;
  QSpinBox* items_;
};

}  // namespace bitfrontier

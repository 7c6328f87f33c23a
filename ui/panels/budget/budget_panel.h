// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSlider>
#include <QSpinBox>
#include <QTableView>
#include <QWidget>

#include "ui/base/latest_task.h"
#include "ui/panels/budget/budget_controller.h"
#include "ui/panels/budget/budget_table.h"
#include "ui/panels/budget/gpu_memory.h"
#include "ui/panels/panel.h"
#include "ui/panels/parts/panel_parts.h"

namespace bitfrontier {

/// What to use within a memory: a slider, the candidates with their probabilities, what the memory
/// goes to.
class BudgetPanel : public QWidget {
  Q_OBJECT

 public:
  explicit BudgetPanel(const PanelContext& context, QWidget* parent = nullptr);

  BudgetController& controller() { return *controller_; }

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  QWidget* makeInputs();
  void connectInputs();
  void showAnswer();
  void showCandidate();
  void edited();
  void takeMemory(double bits);
  void suitMemory();
  void takeReading(const GpuReading& reading);
  void addOwnDevice();
  const AdviceCandidate* selected() const;
  void queueIt();

  PanelRequests* requests_;
  AppSettings* settings_;
  BudgetController* controller_;
  std::unique_ptr<BudgetTable> rows_;
  QComboBox *set_, *device_, *kv_;
  QLineEdit* memory_;
  QSlider* slider_;
  QSpinBox *context_, *batch_, *headroom_;
  QCheckBox* inPlot_;
  QLabel *free_, *sentence_, *facts_, *items_, *notes_, *state_;
  QTableView* view_;
  StackedBar* bar_;
  QPushButton *queueIt_, *command_;
  bool silent_ = false;
  bool chosen_ = false;  ///< the memory, by the user
  bool read_ = false;    ///< the GPUs have been asked
  LatestTask reading_;
};

}  // namespace bitfrontier

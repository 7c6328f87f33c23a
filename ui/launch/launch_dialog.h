// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <QComboBox>
#include <QDialog>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTimer>
#include <vector>

#include "core/sweep/sweep.h"
#include "ui/jobs/latest_task.h"
#include "ui/launch/config_editor.h"
#include "ui/launch/launch_choice.h"

namespace bitfrontier {

/// Puts a sweep together: models, configurations, tasks; says what it costs before it starts.
class LaunchDialog : public QDialog {
  Q_OBJECT

 public:
  /// Plans a sweep against a store; by default planSweep on the store's file. Runs in the
  /// background. Tests inject others.
  using PlanFunction = std::function<SweepPlan(const SweepSpec&, const std::filesystem::path& store,
                                               const JobContext&)>;

  explicit LaunchDialog(std::filesystem::path store, QWidget* parent = nullptr,
                        PlanFunction plan = {});
  ~LaunchDialog() override;

  /// What is ticked now.
  LaunchChoice choice() const;
  /// Adds a checkpoint directory, ticked. False, with a message in the dialog, when it is none.
  bool addModel(const std::filesystem::path& directory);
  bool addTask(const std::filesystem::path& file);
  /// Number of cells of the choice; known without looking at any file. 0 when its configurations
  /// cannot be, which the dialog then says.
  std::size_t cellCount() const;
  bool planning() const { return planner_.busy() || debounce_.isActive(); }
  QString summary() const { return summary_->text(); }

 protected:
  /// Enter presses only the button that has the focus; Ctrl+Enter starts the sweep.
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QWidget* buildModels();
  QWidget* buildConfigs();
  QWidget* buildTasks();
  QListView* makeList(const QString& name, QStandardItemModel* model);
  void loadSuite();
  void loadDevices();
  void changed();
  void plan();
  void showPlan(const SweepPlan& plan);
  QString gridText(std::size_t configs) const;
  void showProblem(const QString& sentence);
  void setStartText(std::size_t cells);
  void copyCommand();

  std::filesystem::path store_;
  PlanFunction planFunction_;
  std::filesystem::path suiteDirectory_;
  std::vector<std::filesystem::path> suiteModels_, suiteTasks_;
  QStandardItemModel *models_, *tasks_;
  QListView *modelView_ = nullptr, *taskView_ = nullptr;
  ConfigEditor* configs_ = nullptr;
  QSpinBox* items_;
  QComboBox* device_;
  QString suiteProblem_;
  QLabel *summary_, *problem_;
  QLabel* configList_ = nullptr;
  QPushButton *copy_, *start_;
  QTimer debounce_;
  LatestTask planner_, deviceFinder_;
};

}  // namespace bitfrontier

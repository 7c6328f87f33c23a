// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <QComboBox>
#include <QDialog>
#include <QDialogButtonBox>
#include <QJsonObject>
#include <QLabel>
#include <QListView>
#include <QPushButton>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QTimer>
#include <vector>

#include "core/device/device.h"
#include "core/sweep/preview.h"
#include "ui/base/latest_task.h"
#include "ui/launch/config_editor.h"
#include "ui/launch/grid_view.h"
#include "ui/launch/launch_choice.h"

namespace bitfrontier {

/// Puts a sweep together: models, configurations, tasks; says what it costs before it starts.
class LaunchDialog : public QDialog {
  Q_OBJECT

 public:
  /// Looks at the cells of a sweep; by default previewSweep on the store's file. Runs in the
  /// background. Tests inject others.
  using PreviewFunction =
      std::function<SweepPreview(const SweepSpec&, const std::filesystem::path& store,
                                 const PreviewDevice&, const JobContext&)>;

  explicit LaunchDialog(std::filesystem::path store, QWidget* parent = nullptr,
                        PreviewFunction preview = {});
  ~LaunchDialog() override;

  /// What is ticked now.
  LaunchChoice choice() const;
  /// Adds a checkpoint directory, ticked. False, with a message in the dialog, when it is none.
  bool addModel(const std::filesystem::path& directory);
  bool addTask(const std::filesystem::path& file);
  /// Ticks these models and no others.
  void useModels(const std::vector<std::filesystem::path>& directories);
  /// Sweeps that wait or run for the same store: their cells are shown as queued.
  void setWaiting(std::vector<SweepSpec> sweeps);
  /// All choices as JSON, for templates and the next time.
  QJsonObject save() const;
  /// The reverse; models and tasks that are gone are named in the dialog.
  void restore(const QJsonObject& saved);
  /// Number of cells of the choice; known without looking at any file. 0 when its configurations
  /// cannot be, which the dialog then says.
  std::size_t cellCount() const;
  bool planning() const { return planner_.busy() || debounce_.isActive(); }
  QString summary() const { return summary_->text(); }
  GridView& gridView() { return *grid_; }

 protected:
  /// Enter presses only the button that has the focus; Ctrl+Enter starts the sweep. By key a large
  /// sweep is started only when pressed twice.
  void keyPressEvent(QKeyEvent* event) override;

 private:
  QDialogButtonBox* buildButtons();
  QWidget* buildModels();
  QWidget* buildConfigs();
  QWidget* buildTasks();
  QListView* makeList(const QString& name, QStandardItemModel* model);
  void loadSuite();
  void loadDevices();
  void changed();
  void look();
  /// Says what the chosen cells come to.
  void showTotals();
  QString costText(const SweepGrid::Totals& totals) const;
  /// Why the sweep cannot be queued; empty when it can.
  QString whyNot(const SweepGrid::Totals& totals) const;
  QString gridText() const;
  void showProblem(const QString& sentence);
  void startByKey();
  QString startText() const;
  void queue();
  void copyCommand();
  void buildTemplateMenu();
  void saveTemplate();
  void loadTemplate(const QString& file);
  std::set<LeftOutCell> waitingCells(const LaunchChoice& choice) const;

  std::filesystem::path store_;
  PreviewFunction preview_;
  std::filesystem::path suiteDirectory_;
  std::vector<std::filesystem::path> suiteModels_, suiteTasks_;
  QStandardItemModel *models_, *tasks_;
  QListView *modelView_ = nullptr, *taskView_ = nullptr;
  ConfigEditor* configs_ = nullptr;
  QSpinBox* items_;
  QComboBox* device_;
  QString suiteProblem_, wrong_, failure_;
  QLabel *summary_, *cost_, *problem_;
  QLabel* configList_ = nullptr;
  GridView* grid_ = nullptr;
  QPushButton *copy_, *template_, *start_;
  std::vector<SweepSpec> waiting_;
  std::vector<Device> devices_;
  std::size_t open_ = 0;  ///< cells that the button would run
  bool asked_ = false;    ///< a key has been pressed once
  QTimer debounce_;
  LatestTask planner_, deviceFinder_;
};

}  // namespace bitfrontier

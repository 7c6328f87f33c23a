// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QAbstractTableModel>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QWidget>
#include <vector>

#include "core/hub/cached_models.h"
#include "ui/jobs/model_download.h"

namespace bitfrontier {

/// What is known of a model of the cache.
struct ListedModel {
  CachedModel cached;
  QString architecture;  ///< model_type, or why it cannot be run
  double parameters = 0;
  bool available = true;  ///< false: seen before, but its disk is not there
};

/// The models of a cache. Blocking; throws what cachedModels does.
std::vector<ListedModel> listModels(const std::filesystem::path& cache);

/// Models of the cache and downloads, downloads first.
class ModelsModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  enum Column { Name, Size, StateColumn, Architecture, Parameters, ColumnCount };

  using QAbstractTableModel::QAbstractTableModel;
  void setModels(std::vector<ListedModel> models);
  void add(std::unique_ptr<ModelDownload> download);
  void removeDownload(int row);
  const std::vector<ListedModel>& models() const { return models_; }
  /// Null for a row of the cache.
  ModelDownload* download(int row) const;
  const ListedModel* listed(int row) const;
  ModelDownload* find(const HubModel& model) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  std::vector<std::unique_ptr<ModelDownload>> downloads_;
  std::vector<ListedModel> models_;
};

/// The model manager: what is in the Hugging Face cache, and downloads by name. It asks the network
/// for nothing unless a download is started.
class ModelsPanel : public QWidget {
  Q_OBJECT

 public:
  explicit ModelsPanel(std::filesystem::path cache,
                       ModelDownload::Fetch fetch = ModelDownload::defaultFetch(),
                       QWidget* parent = nullptr);

  ModelsModel& model() { return *model_; }
  /// Looks again, in the background.
  void reload();
  /// Starts a download, or goes on with the one of this model.
  void startDownload(const QString& name);

 Q_SIGNALS:
  void sweepWanted(const std::vector<std::filesystem::path>& folders);

 protected:
  void showEvent(QShowEvent* event) override;

 private:
  void connectAll();
  void refresh();
  void showModels(std::vector<ListedModel> models, const QString& problem);
  int row() const;

  std::filesystem::path cache_;
  ModelDownload::Fetch fetch_;
  ModelsModel* model_;
  QTableView* view_;
  QLineEdit* name_;
  QLabel* status_;
  QPushButton *download_, *pause_, *cancel_, *sweep_, *open_, *copy_;
  bool shown_ = false;
  LatestTask looker_;
};

}  // namespace bitfrontier

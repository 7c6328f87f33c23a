// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/engine/engine.h"
#include "ui/base/text.h"
#include "ui/panels/models/models_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString bytes(double count) { return Text::size(8 * count); }

QString stateText(const ModelDownload& d) {
  switch (d.state()) {
    case ModelDownload::State::Asking:
      return d.error().isEmpty() ? ModelsModel::tr("asking the hub") : d.error();
    case ModelDownload::State::Running: {
      const double share = d.totalBytes() > 0 ? static_cast<double>(d.doneBytes()) /
                                                    static_cast<double>(d.totalBytes())
                                              : 0;
      return d.error().isEmpty()
                 ? ModelsModel::tr("downloading, %1 %").arg(static_cast<int>(100 * share))
                 : d.error();
    }
    case ModelDownload::State::Paused:
      return ModelsModel::tr("paused, what is there is kept");
    case ModelDownload::State::Done:
      return ModelsModel::tr("downloaded and verified");
    case ModelDownload::State::Cancelled:
      return ModelsModel::tr("cancelled, what is there is kept");
    case ModelDownload::State::Failed:
      return d.error();
  }
  return {};
}

QString stateText(const ListedModel& m) {
  if (!m.available) return ModelsModel::tr("unavailable");
  if (m.cached.complete()) return ModelsModel::tr("complete");
  QStringList missing;
  for (const std::string& name : m.cached.missing) missing << Text::from(name);
  return ModelsModel::tr("incomplete: no %1").arg(missing.mid(0, 3).join(u", "_s));
}

}  // namespace

std::vector<ListedModel> listModels(const std::filesystem::path& cache) {
  std::vector<ListedModel> models;
  for (CachedModel& cached : cachedModels(HubCache(cache))) {
    ListedModel model{std::move(cached), {}, 0, true};
    const std::filesystem::path file = model.cached.directory / "config.json";
    if (pathExists(file)) {
      try {
        const ModelSummary summary = engine().summarizeConfig(file);
        model.architecture = Text::from(summary.architecture);
        model.parameters = summary.parameters;
      } catch (const Error& e) {
        model.architecture = ModelsModel::tr("cannot be run: %1").arg(Text::from(e.what()));
      }
    }
    models.push_back(std::move(model));
  }
  return models;
}

void ModelsModel::setModels(std::vector<ListedModel> models) {
  beginResetModel();
  models_ = std::move(models);
  endResetModel();
}

void ModelsModel::add(std::unique_ptr<ModelDownload> download) {
  const int row = static_cast<int>(downloads_.size());
  beginInsertRows({}, row, row);
  ModelDownload* added = downloads_.emplace_back(std::move(download)).get();
  endInsertRows();
  connect(added, &ModelDownload::changed, this, [this, added] {
    const auto at = std::ranges::find(downloads_, added, &std::unique_ptr<ModelDownload>::get);
    if (at == downloads_.end()) return;
    const int changed = static_cast<int>(at - downloads_.begin());
    Q_EMIT dataChanged(index(changed, 0), index(changed, ColumnCount - 1));
  });
}

void ModelsModel::removeDownload(int row) {
  if (!download(row) || download(row)->active()) return;
  beginRemoveRows({}, row, row);
  downloads_[static_cast<std::size_t>(row)].release()->deleteLater();
  downloads_.erase(downloads_.begin() + row);
  endRemoveRows();
}

ModelDownload* ModelsModel::download(int row) const {
  return row >= 0 && row < static_cast<int>(downloads_.size())
             ? downloads_[static_cast<std::size_t>(row)].get()
             : nullptr;
}

const ListedModel* ModelsModel::listed(int row) const {
  const int i = row - static_cast<int>(downloads_.size());
  return i >= 0 && i < static_cast<int>(models_.size()) ? &models_[static_cast<std::size_t>(i)]
                                                        : nullptr;
}

ModelDownload* ModelsModel::find(const HubModel& model) const {
  for (const auto& d : downloads_)
    if (d->model().text() == model.text()) return d.get();
  return nullptr;
}

int ModelsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(downloads_.size() + models_.size());
}

int ModelsModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant ModelsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
  if (const ModelDownload* d = download(index.row())) {
    switch (index.column()) {
      case Name:
        return Text::from(d->model().text());
      case Size:
        return d->totalBytes() > 0 ? bytes(static_cast<double>(d->totalBytes())) : QString();
      case StateColumn:
        return stateText(*d);
      default:
        return {};
    }
  }
  const ListedModel* m = listed(index.row());
  if (!m) return {};
  if (role == Qt::ToolTipRole && index.column() == Name)
    return QString::fromStdString(m->cached.directory.string());
  switch (index.column()) {
    case Name:
      return Text::from(m->cached.model.text());
    case Size:
      return bytes(static_cast<double>(m->cached.bytes));
    case StateColumn:
      return stateText(*m);
    case Architecture:
      return m->architecture;
    case Parameters:
      return m->parameters > 0 ? Text::count(m->parameters) : QString();
    default:
      return {};
  }
}

QVariant ModelsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case Name:
      return tr("Model");
    case Size:
      return tr("Size");
    case StateColumn:
      return tr("State");
    case Architecture:
      return tr("Architecture");
    case Parameters:
      return tr("Parameters");
    default:
      return {};
  }
}

}  // namespace bitfrontier

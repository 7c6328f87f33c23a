// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/panels/views/views_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ViewsModel::ViewsModel(ViewKeeper& keeper, QObject* parent)
    : QAbstractListModel(parent), keeper_(keeper), rows_(keeper.savedViews().views()) {
  connect(&keeper_, &ViewKeeper::changed, this, [this] {
    const auto& now = keeper_.savedViews().views();
    if (now != rows_) {
      beginResetModel();
      rows_ = now;
      endResetModel();
    } else if (!rows_.empty()) {
      Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
  });
}

int ViewsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QString ViewsModel::name(int row) const {
  return row >= 0 && row < rowCount() ? rows_[static_cast<std::size_t>(row)].name : QString();
}

int ViewsModel::rowOf(const QString& name) const {
  const auto it =
      std::find_if(rows_.begin(), rows_.end(), [&](const SavedView& v) { return v.name == name; });
  return it == rows_.end() ? -1 : static_cast<int>(it - rows_.begin());
}

QVariant ViewsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid()) return {};
  const SavedView& view = rows_[static_cast<std::size_t>(index.row())];
  const bool shown = view.name == keeper_.name();
  if (role == Qt::EditRole) return view.name;
  if (role == Qt::DisplayRole) {
    const QString text = (view.starred ? u"★ "_s : u"☆ "_s) + view.name;
    return shown && keeper_.modified() ? tr("%1 (changed)").arg(text) : text;
  }
  if (role == Qt::FontRole && shown) {
    QFont font;
    font.setBold(true);
    return font;
  }
  if (role == Qt::ToolTipRole) {
    const ViewOptions& o = view.state.options;
    QStringList lines{tr("Store: %1").arg(Text::from(view.state.store))};
    if (!o.filter.empty()) lines << tr("Filter: %1").arg(Text::from(o.filter));
    lines << Text::metricName(o.metric);
    if (!o.exclusions.empty()) lines << tr("%1 excluded points").arg(o.exclusions.size());
    if (!view.saved.isEmpty()) lines << tr("Saved on %1").arg(view.saved);
    return lines.join(u'\n');
  }
  return {};
}

bool ViewsModel::setData(const QModelIndex& index, const QVariant& value, int role) {
  if (!index.isValid() || role != Qt::EditRole) return false;
  try {
    keeper_.rename(name(index.row()), value.toString());
    return true;
  } catch (const Error& e) {
    Q_EMIT failed(Text::from(e.what()));
    return false;
  }
}

Qt::ItemFlags ViewsModel::flags(const QModelIndex& index) const {
  return QAbstractListModel::flags(index) |
         (index.isValid() ? Qt::ItemIsEditable : Qt::NoItemFlags);
}

void ExclusionsModel::setExclusions(std::vector<Exclusion> exclusions) {
  if (exclusions == rows_) return;
  beginResetModel();
  rows_ = std::move(exclusions);
  endResetModel();
}

int ExclusionsModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(rows_.size());
}

QVariant ExclusionsModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || (role != Qt::DisplayRole && role != Qt::ToolTipRole)) return {};
  const Exclusion& e = rows_[static_cast<std::size_t>(index.row())];
  const std::string& text = index.column() == 0   ? e.point.name
                            : index.column() == 1 ? e.reason
                                                  : e.date;
  return Text::from(text);
}

QVariant ExclusionsModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  return section == 0 ? tr("Point") : section == 1 ? tr("Reason") : tr("Day");
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <numeric>
#include <QAbstractTableModel>
#include <QString>
#include <vector>

namespace bitfrontier {

/// Three-way order of numbers with NaN last.
inline int compareNumbers(double a, double b) {
  if (std::isnan(a) || std::isnan(b))
    return static_cast<int>(std::isnan(a)) - static_cast<int>(std::isnan(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/// A sortable table over rows owned elsewhere: an index vector is sorted, texts are made only for
/// the cells on screen. 100,000 rows sort in tens of milliseconds.
class TableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  using QAbstractTableModel::QAbstractTableModel;

  /// Index into the rows for a row of the view, and back (-1 when absent).
  int sourceRow(int viewRow) const;
  int viewRow(int sourceRow) const;

  int rowCount(const QModelIndex& parent = {}) const override;
  void sort(int column, Qt::SortOrder order) override;
  /// The whole table (rows in view order) as tab-separated text with a header line.
  QString toTabSeparated(const std::vector<int>& viewRows) const;

 protected:
  /// Call after the rows have changed; sorts them as before.
  void resetRows(std::size_t count);
  virtual int compareRows(int a, int b, int column) const = 0;
  /// Rows without a value in the column come last in both orders.
  virtual bool isMissing(int row, int column) const = 0;

 private:
  void applySort();

  std::vector<int> order_;
  int sortColumn_ = -1;
  Qt::SortOrder sortOrder_ = Qt::AscendingOrder;
};

/// TableModel over a shared vector of `Row`, described by its columns.
template <typename Row>
class TypedTable : public TableModel {
 public:
  struct Column {
    QString title;
    QString tip;
    bool number = false;  ///< right-aligned
    std::function<QString(const Row&)> text;
    std::function<int(const Row&, const Row&)> compare;
    std::function<bool(const Row&)> missing;  ///< no value: shown as a dash or as nothing
  };

  explicit TypedTable(std::vector<Column> columns, QObject* parent = nullptr)
      : TableModel(parent),
        columns_(std::move(columns)),
        rows_(std::make_shared<const std::vector<Row>>()) {}

  /// A tip for all cells of a row, where it is not empty, instead of the cell's own text.
  void setRowTip(std::function<QString(const Row&)> tip) { rowTip_ = std::move(tip); }

  void setRows(std::shared_ptr<const std::vector<Row>> rows) {
    beginResetModel();
    rows_ = std::move(rows);
    resetRows(rows_->size());
    endResetModel();
  }
  const std::vector<Row>& rows() const { return *rows_; }

  int columnCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(columns_.size());
  }
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    const Column& column = columns_[static_cast<std::size_t>(section)];
    if (role == Qt::DisplayRole) return column.title;
    if (role == Qt::ToolTipRole) return column.tip;
    if (role == Qt::TextAlignmentRole) return alignment(column);
    return {};
  }
  QVariant data(const QModelIndex& index, int role) const override {
    if (!index.isValid()) return {};
    const Column& column = columns_[static_cast<std::size_t>(index.column())];
    if (role == Qt::TextAlignmentRole) return alignment(column);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    if (role == Qt::ToolTipRole && rowTip_) {
      const QString tip = rowTip_((*rows_)[static_cast<std::size_t>(sourceRow(index.row()))]);
      if (!tip.isEmpty()) return tip;
    }
    return column.text((*rows_)[static_cast<std::size_t>(sourceRow(index.row()))]);
  }

 protected:
  int compareRows(int a, int b, int column) const override {
    return columns_[static_cast<std::size_t>(column)].compare(
        (*rows_)[static_cast<std::size_t>(a)], (*rows_)[static_cast<std::size_t>(b)]);
  }
  bool isMissing(int row, int column) const override {
    const auto& missing = columns_[static_cast<std::size_t>(column)].missing;
    return missing && missing((*rows_)[static_cast<std::size_t>(row)]);
  }

 private:
  static QVariant alignment(const Column& column) {
    return QVariant::fromValue(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
  }

  std::vector<Column> columns_;
  std::function<QString(const Row&)> rowTip_;
  std::shared_ptr<const std::vector<Row>> rows_;
};

}  // namespace bitfrontier

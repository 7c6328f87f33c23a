// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <QAbstractTableModel>
#include <QString>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "ui/base/latest_task.h"
#include "ui/runs/table_order.h"

namespace bitfrontier {

/// A sortable table over rows owned elsewhere: an index vector is filtered, sorted and grouped,
/// texts are made only for the cells on screen. Large tables are put into order in the background;
/// what is shown stays until the new order is there.
class TableModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  /// Tables of fewer rows are in order when setRows() or sort() returns.
  static constexpr std::size_t kAtOnce = 4096;

  using QAbstractTableModel::QAbstractTableModel;

  /// Index into the rows for a row of the view (-1 for the heading of a group), and back (-1 when
  /// absent).
  int sourceRow(int viewRow) const;
  int viewRow(int sourceRow) const;
  /// Rows without headings, also those of closed groups.
  int shownRows() const { return shown_; }
  /// True while an order is made in the background.
  bool busy() const { return task_.busy(); }

  int rowCount(const QModelIndex& parent = {}) const override;
  Qt::ItemFlags flags(const QModelIndex& index) const override;
  void sort(int column, Qt::SortOrder order) override;

  /// Rows that are equal in this column stand below one heading with their number; -1 for none.
  void setGroupColumn(int column);
  int groupColumn() const { return plan_.groupColumn; }
  virtual bool canGroup(int column) const = 0;
  bool isHeading(int viewRow) const;
  /// Opens or closes the group of a heading.
  void toggleGroup(int viewRow);

  /// Whether all rows are the same in a column, when there are two or more.
  bool isUniform(int column) const;

  /// A cell as a program reads it: all digits, in the C locale.
  virtual QString exactText(int viewRow, int column) const = 0;
  /// What exactText() of the column is, with its unit.
  virtual QString exactTitle(int column) const = 0;
  /// Rows of the view as tab-separated text with a header line, as they are shown.
  QString toTabSeparated(const std::vector<int>& viewRows) const;

 Q_SIGNALS:
  /// New rows or another order are in place.
  void arranged();

 protected:
  /// Makes the order that is wanted now: at once or in the background. Rows that are not shown yet
  /// are taken over by takeRows().
  void arrange(bool newRows);
  /// The function that makes an order of the newest rows, for any thread.
  virtual std::function<TableOrder(const TablePlan&)> orderMaker() const = 0;
  virtual std::size_t newestCount() const = 0;
  virtual void takeRows() = 0;
  QString headingText(int viewRow) const;

 private:
  void show(TableOrder order);
  void compose();
  void moveRows(TableOrder order);

  TablePlan plan_;
  TableOrder order_;
  std::vector<int> view_;  ///< for each row of the view its source row, or -1 - group
  int shown_ = 0;
  bool newRows_ = false;
  std::set<std::string> closed_;  ///< groups, by name
  LatestTask task_;
};

/// TableModel over a shared vector of `Row`, described by its columns.
template <typename Row>
class TypedTable : public TableModel {
 public:
  using Column = TableColumn<Row>;
  using Rows = std::shared_ptr<const std::vector<Row>>;
  using Places = std::shared_ptr<const std::vector<std::uint32_t>>;

  explicit TypedTable(std::vector<Column> columns, QObject* parent = nullptr)
      : TableModel(parent),
        columns_(std::make_shared<const std::vector<Column>>(std::move(columns))),
        rows_(std::make_shared<const std::vector<Row>>()),
        newest_(rows_) {}

  /// A tip for all cells of a row, where it is not empty, instead of the cell's own text.
  void setRowTip(std::function<QString(const Row&)> tip) { rowTip_ = std::move(tip); }

  /// Shows these rows, or those of them at `places` (ascending).
  void setRows(Rows rows, Places places = {}) {
    newest_ = std::move(rows);
    places_ = std::move(places);
    arrange(true);
  }
  /// The rows that are shown now.
  const std::vector<Row>& rows() const { return *rows_; }
  /// The row of a row of the view; none for a heading.
  const Row* rowAt(int viewRow) const {
    const int source = sourceRow(viewRow);
    return source < 0 ? nullptr : &(*rows_)[static_cast<std::size_t>(source)];
  }
  const Column& column(int column) const { return (*columns_)[static_cast<std::size_t>(column)]; }
  /// The values of these columns are others now, the rows are the same.
  void valuesChanged() { arrange(false); }

  int columnCount(const QModelIndex& parent = {}) const override {
    return parent.isValid() ? 0 : static_cast<int>(columns_->size());
  }
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (role == Qt::DisplayRole) return column(section).title;
    if (role == Qt::ToolTipRole) return column(section).tip;
    if (role == Qt::TextAlignmentRole) return alignment(column(section));
    return {};
  }
  QVariant data(const QModelIndex& index, int role) const override {
    if (!index.isValid()) return {};
    const Column& c = column(index.column());
    if (role == Qt::TextAlignmentRole) return alignment(c);
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    const Row* row = rowAt(index.row());
    if (row == nullptr) return index.column() == 0 ? headingText(index.row()) : QString();
    if (role == Qt::ToolTipRole && rowTip_) {
      const QString tip = rowTip_(*row);
      if (!tip.isEmpty()) return tip;
    }
    return c.text(*row);
  }
  bool canGroup(int section) const override { return static_cast<bool>(column(section).group); }
  QString exactText(int viewRow, int section) const override {
    const Row* row = rowAt(viewRow);
    if (row == nullptr) return {};
    const Column& c = column(section);
    if (c.exact) return c.exact(*row);
    if (!c.value || c.word) return c.text(*row);
    return exactNumber(c.value(*row));
  }
  QString exactTitle(int section) const override {
    const Column& c = column(section);
    return c.exactTitle.isEmpty() ? c.title : c.exactTitle;
  }

 protected:
  std::function<TableOrder(const TablePlan&)> orderMaker() const override {
    return [columns = columns_, rows = newest_, places = places_](const TablePlan& plan) {
      return tableOrder<Row>(*columns, *rows, places.get(), plan);
    };
  }
  std::size_t newestCount() const override { return places_ ? places_->size() : newest_->size(); }
  void takeRows() override { rows_ = newest_; }

 private:
  static QVariant alignment(const Column& column) {
    return QVariant::fromValue(Qt::AlignVCenter | (column.number ? Qt::AlignRight : Qt::AlignLeft));
  }

  std::shared_ptr<const std::vector<Column>> columns_;
  std::function<QString(const Row&)> rowTip_;
  Rows rows_, newest_;
  Places places_;
};

}  // namespace bitfrontier

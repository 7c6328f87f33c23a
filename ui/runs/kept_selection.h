// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <QScrollBar>
#include <QTableView>
#include <unordered_set>
#include <vector>

#include "ui/runs/row_selection.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

/// Keeps what is selected in a view, the current row and the scroll position when its table gets
/// other rows: those with the same keyOf(source row) are selected again.
class KeptSelection : public QObject {
 public:
  KeptSelection(QTableView* view, TableModel* table, std::function<std::int64_t(int)> keyOf)
      : QObject(view), view_(view), table_(table), keyOf_(std::move(keyOf)) {
    // After the view's own selection model, which forgets everything.
    connect(table, &QAbstractItemModel::modelAboutToBeReset, this, [this] { remember(); });
    connect(table, &QAbstractItemModel::modelReset, this, [this] { restore(); });
  }

  /// While rows are being exchanged: what changes now is no choice of the user's.
  bool restoring() const { return restoring_; }

 private:
  void remember() {
    restoring_ = true;
    keys_.clear();
    for (const int row : selectedViewRows(*view_)) {
      if (const int source = table_->sourceRow(row); source >= 0) keys_.insert(keyOf_(source));
    }
    const int source = table_->sourceRow(view_->currentIndex().row());
    current_ = source < 0 ? std::nullopt : std::optional(keyOf_(source));
    column_ = std::max(0, view_->currentIndex().column());
    down_ = view_->verticalScrollBar()->value();
    right_ = view_->horizontalScrollBar()->value();
  }

  void restore() {
    std::vector<int> rows;
    for (int row = 0; (current_ || !keys_.empty()) && row < table_->rowCount(); ++row) {
      const int source = table_->sourceRow(row);
      if (source < 0) continue;
      const std::int64_t key = keyOf_(source);
      if (keys_.contains(key)) rows.push_back(row);
      if (current_ == key) {
        view_->selectionModel()->setCurrentIndex(table_->index(row, column_),
                                                 QItemSelectionModel::NoUpdate);
      }
    }
    if (!rows.empty()) selectViewRows(*view_, rows);
    view_->verticalScrollBar()->setValue(down_);
    view_->horizontalScrollBar()->setValue(right_);
    restoring_ = false;
  }

  QTableView* view_;
  TableModel* table_;
  std::function<std::int64_t(int)> keyOf_;
  std::unordered_set<std::int64_t> keys_;
  std::optional<std::int64_t> current_;
  int column_ = 0, down_ = 0, right_ = 0;
  bool restoring_ = false;
};

}  // namespace bitfrontier

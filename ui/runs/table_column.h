// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QString>
#include <utility>

#include "ui/runs/table_model.h"

namespace bitfrontier {

/// A column that shows `text` and sorts by `value`, whose NaNs are missing; without `value` it
/// sorts by its texts. `number` columns stand on the right.
template <typename Row>
typename TypedTable<Row>::Column tableColumn(const QString& title, const QString& tip, bool number,
                                             std::function<QString(const Row&)> text,
                                             std::function<double(const Row&)> value = {}) {
  TableColumn<Row> column{title, tip, number, text};
  if (value) {
    column.value = std::move(value);
  } else {
    column.compare = [text](const Row& a, const Row& b) { return text(a).compare(text(b)); };
  }
  return column;
}

}  // namespace bitfrontier

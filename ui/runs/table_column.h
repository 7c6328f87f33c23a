// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
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
  auto compare =
      value ? std::function<int(const Row&, const Row&)>([value](const Row& a, const Row& b) {
        return compareNumbers(value(a), value(b));
      })
            : [text](const Row& a, const Row& b) { return text(a).compare(text(b)); };
  std::function<bool(const Row&)> missing;
  if (value) missing = [value](const Row& row) { return std::isnan(value(row)); };
  return {title, tip, number, std::move(text), std::move(compare), std::move(missing)};
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "core/store/run_row.h"

namespace bitfrontier {

/// Rows that were taken from other lists, which are kept for the texts that the rows share, as are
/// the names that some of them got.
inline RunRowsPtr joinedRows(std::vector<RunRow> rows, std::vector<RunRowsPtr> from,
                             NamePool names = {}) {
  struct Kept {
    std::vector<RunRow> rows;
    std::vector<RunRowsPtr> from;
    NamePool names;
  };
  const auto kept =
      std::make_shared<const Kept>(Kept{std::move(rows), std::move(from), std::move(names)});
  return {kept, &kept->rows};
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/decide/query.h"

#include <utility>

namespace bitfrontier::cli {

Query openQuery(const std::filesystem::path& store, const FilterOptions& options,
                std::string_view metric) {
  RunStore opened = openForReading(store);
  RunFilter filter = options.filter(opened);
  const LawMetric chosen = chooseMetric(metric, opened, filter);
  noteIncomplete(opened, filter, chosen);
  return {std::move(opened), std::move(filter), chosen};
}

}  // namespace bitfrontier::cli

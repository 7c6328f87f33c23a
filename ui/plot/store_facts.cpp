// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/store_facts.h"

#include <set>
#include <tuple>
#include <unordered_set>

#include "ui/plot/series_value.h"

namespace bitfrontier {

bool isPlainMethod(const std::string& method) {
  return method.empty() || method == "rtn" || method == "none";
}

namespace {

template <typename Row>
StoreFacts factsOf(std::span<const Row> runs) {
  StoreFacts facts;
  std::unordered_set<std::string> families, methods;
  std::map<SeriesKey, std::set<QString>> seen;
  std::set<std::tuple<int, std::int64_t, std::string, bool>> formats;
  for (const Row& run : runs) {
    if (families.insert(run.family).second) facts.families.push_back(run.family);
    if (!isPlainMethod(run.method) && methods.insert(run.method).second) {
      facts.methods.push_back(run.method);
    }
    // Labels are texts that are made anew: only for what has not been seen.
    if (!formats.emplace(run.bits, run.blockSize, run.dataType, run.published()).second) continue;
    LawPoint point;
    point.bits = run.bits;
    point.blockSize = run.blockSize;
    point.dataType = run.dataType;
    point.source = run.source;
    for (const SeriesKey key : {SeriesKey::Bits, SeriesKey::BlockSize, SeriesKey::DataType}) {
      const QString label = seriesValue(point, key).label;
      if (seen[key].insert(label).second) facts.values[key].push_back(label);
    }
  }
  return facts;
}

}  // namespace

StoreFacts storeFacts(std::span<const RunRow> runs) { return factsOf(runs); }
StoreFacts storeFacts(std::span<const RunRecord> runs) { return factsOf(runs); }

}  // namespace bitfrontier

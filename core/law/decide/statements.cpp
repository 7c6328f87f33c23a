// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/decide/statements.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace bitfrontier {
namespace {

using Pair = std::pair<std::size_t, std::size_t>;

double goodness(const StatementData& data, std::size_t i) {
  const double value = metricOf(data.points[i], data.metric);
  return data.metric == LawMetric::Accuracy ? value : -value;
}

double bitsPerParameter(const LawPoint& p) { return p.totalBits / p.parameters; }

bool lowBit(const LawPoint& p) { return p.bits < 16; }

/// A configuration's place in the grid: what is compared at equal other fields.
using Place = std::tuple<std::string, std::string, std::string, int, std::int64_t>;
Place placeOf(const LawPoint& p) { return {p.model, p.dataType, p.method, p.bits, p.blockSize}; }

std::map<Place, std::size_t> places(const StatementData& data) {
  std::map<Place, std::size_t> all;
  for (std::size_t i = 0; i < data.points.size(); ++i) {
    if (lowBit(data.points[i]) && std::isfinite(goodness(data, i))) {
      all.emplace(placeOf(data.points[i]), i);
    }
  }
  return all;
}

/// Larger blocks sort later, then rows; the whole tensor is the largest.
std::int64_t blockRank(std::int64_t block) {
  constexpr auto kLast = std::numeric_limits<std::int64_t>::max();
  if (block < 0) return kLast - 1;
  return block == 0 ? kLast : block;
}

/// Groups that every model shares: rows of a table with no holes.
struct Complete {
  std::vector<std::string> columns;
  std::vector<std::vector<std::size_t>> rows;  ///< point of each column
};

Complete complete(const std::map<std::string, std::map<std::string, std::size_t>>& byModel) {
  Complete table;
  std::set<std::string> all;
  for (const auto& [model, entries] : byModel) {
    for (const auto& [name, point] : entries) all.insert(name);
  }
  table.columns.assign(all.begin(), all.end());
  for (const auto& [model, entries] : byModel) {
    if (entries.size() != all.size()) continue;
    auto& row = table.rows.emplace_back();
    for (const std::string& name : table.columns) row.push_back(entries.at(name));
  }
  return table;
}

double columnMean(const StatementData& data, const Complete& table, std::size_t column) {
  double sum = 0;
  for (const auto& row : table.rows) sum += goodness(data, row[column]);
  return sum / static_cast<double>(table.rows.size());
}

MeanGain columnGain(const StatementData& data, const Complete& table, std::size_t first,
                    std::size_t second) {
  std::vector<Pair> pairs;
  for (const auto& row : table.rows) pairs.emplace_back(row[first], row[second]);
  return meanGain(data, pairs);
}

std::vector<std::size_t> byMean(const StatementData& data, const Complete& table) {
  std::vector<std::size_t> order(table.columns.size());
  for (std::size_t c = 0; c < order.size(); ++c) order[c] = c;
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return columnMean(data, table, a) > columnMean(data, table, b);
  });
  return order;
}

}  // namespace

MeanGain meanGain(const StatementData& data, std::span<const Pair> pairs) {
  MeanGain mean;
  mean.pairs = static_cast<int>(pairs.size());
  if (pairs.empty()) return mean;
  const auto n = static_cast<double>(pairs.size());
  mean.gain = 0;
  for (const auto& [first, second] : pairs) {
    mean.gain += (goodness(data, first) - goodness(data, second)) / n;
    mean.bits += (bitsPerParameter(data.points[first]) - bitsPerParameter(data.points[second])) / n;
  }
  double spread = 0;
  for (const auto& [first, second] : pairs) {
    const double d = goodness(data, first) - goodness(data, second) - mean.gain;
    spread += d * d;
  }
  const double between = pairs.size() > 1 ? spread / (n - 1) / n : 0;
  double within = 0;
  bool known = true;
  if (data.covariance != nullptr) {
    // The items are the same for all pairs: their errors do not average out as independent ones.
    for (const auto& [a, b] : pairs) {
      for (const auto& [c, d] : pairs) {
        within += data.covariance->at(a, c) - data.covariance->at(a, d) -
                  data.covariance->at(b, c) + data.covariance->at(b, d);
      }
    }
    within /= n * n;
  } else {
    for (const auto& [first, second] : pairs) {
      for (const std::size_t i : {first, second}) {
        const double se = metricSeOf(data.points[i], data.metric);
        known = known && std::isfinite(se) && se > 0;
        within += std::isfinite(se) ? se * se / (n * n) : 0;
      }
    }
  }
  // One pair without standard errors says nothing of how far off it may be.
  if (known || pairs.size() > 1) mean.se = std::sqrt(std::max({within, between, 0.0}));
  return mean;
}

std::vector<BlockGain> blockGains(const StatementData& data, std::optional<std::int64_t> smallBlock,
                                  std::optional<std::int64_t> largeBlock) {
  const auto all = places(data);
  std::set<std::int64_t> blocks;
  std::set<int> widths;
  for (const auto& [place, point] : all) {
    blocks.insert(std::get<4>(place));
    widths.insert(std::get<3>(place));
  }
  std::vector<BlockGain> gains;
  if (blocks.empty()) return gains;
  const auto byRank = [](std::int64_t a, std::int64_t b) { return blockRank(a) < blockRank(b); };
  const std::int64_t small =
      smallBlock.value_or(*std::min_element(blocks.begin(), blocks.end(), byRank));
  const std::int64_t large =
      largeBlock.value_or(*std::max_element(blocks.begin(), blocks.end(), byRank));
  if (small == large) return gains;
  for (const int k : widths) {
    std::vector<Pair> block, bit;
    for (const auto& [place, point] : all) {
      Place other = place;
      if (std::get<3>(place) == k && std::get<4>(place) == small) {
        std::get<4>(other) = large;
        if (const auto found = all.find(other); found != all.end()) {
          block.emplace_back(point, found->second);
        }
      }
      if (std::get<3>(place) == k + 1 && std::get<4>(place) == large) {
        std::get<3>(other) = k;
        if (const auto found = all.find(other); found != all.end()) {
          bit.emplace_back(point, found->second);
        }
      }
    }
    if (block.empty() || bit.empty()) continue;
    gains.push_back({k, small, large, meanGain(data, block), meanGain(data, bit)});
  }
  return gains;
}

std::vector<TypeOrder> typeOrders(const StatementData& data) {
  std::map<std::pair<int, std::int64_t>, std::map<std::string, std::map<std::string, std::size_t>>>
      groups;
  for (const auto& [place, point] : places(data)) {
    const auto& [model, type, method, k, block] = place;
    const bool plain = method.empty() || method == "rtn" || method == "none";
    groups[{k, block}][model].emplace(plain ? type : type + ", " + method, point);
  }
  std::vector<TypeOrder> orders;
  for (const auto& [key, byModel] : groups) {
    const Complete table = complete(byModel);
    if (table.columns.size() < 2 || table.rows.empty()) continue;
    TypeOrder order{key.first, key.second, static_cast<int>(table.rows.size()), {}};
    const auto columns = byMean(data, table);
    for (const std::size_t c : columns) {
      const double mean = columnMean(data, table, c);
      order.types.push_back({table.columns[c], data.metric == LawMetric::Accuracy ? mean : -mean,
                             columnGain(data, table, columns[0], c)});
    }
    orders.push_back(std::move(order));
  }
  return orders;
}

std::vector<WidthSpread> widthSpreads(const StatementData& data) {
  std::map<int, std::map<std::string, std::map<std::string, std::size_t>>> groups;
  for (const auto& [place, point] : places(data)) {
    const LawPoint& p = data.points[point];
    groups[p.bits][p.model].emplace(seriesLabel(p, SeriesKey::Config), point);
  }
  std::vector<WidthSpread> spreads;
  for (const auto& [bits, byModel] : groups) {
    const Complete table = complete(byModel);
    if (table.columns.size() < 2 || table.rows.empty()) continue;
    const auto columns = byMean(data, table);
    spreads.push_back({bits, table.columns[columns.front()], table.columns[columns.back()],
                       columnGain(data, table, columns.front(), columns.back()),
                       static_cast<int>(columns.size())});
  }
  return spreads;
}

Correlation pearson(std::span<const double> x, std::span<const double> y) {
  Correlation c;
  std::vector<Pair> used;
  double mx = 0, my = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isfinite(x[i]) || !std::isfinite(y[i])) continue;
    used.emplace_back(i, i);
    mx += x[i];
    my += y[i];
  }
  c.n = static_cast<int>(used.size());
  if (c.n < 3) return c;
  mx /= c.n;
  my /= c.n;
  double xx = 0, yy = 0, xy = 0;
  for (const auto& [i, unused] : used) {
    xx += (x[i] - mx) * (x[i] - mx);
    yy += (y[i] - my) * (y[i] - my);
    xy += (x[i] - mx) * (y[i] - my);
  }
  if (!(xx > 0) || !(yy > 0)) return c;
  c.r = std::clamp(xy / std::sqrt(xx * yy), -1.0, 1.0);
  if (c.n < 4 || std::abs(c.r) == 1) return c;
  const double z = std::atanh(c.r), half = 1.959963984540054 / std::sqrt(c.n - 3.0);
  c.low = std::tanh(z - half);
  c.high = std::tanh(z + half);
  return c;
}

std::vector<Instability> instabilities(std::span<const LawPoint> points, double perplexityLimit) {
  const double limit = std::log(perplexityLimit);
  std::map<std::string, double> reference;  // best 16-bit cross-entropy by model
  for (const LawPoint& p : points) {
    if (lowBit(p) || !std::isfinite(p.crossEntropy)) continue;
    const auto [it, added] = reference.emplace(p.model, p.crossEntropy);
    if (!added) it->second = std::min(it->second, p.crossEntropy);
  }
  std::map<int, Instability> byWidth;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LawPoint& p = points[i];
    if (!lowBit(p) || !std::isfinite(p.crossEntropy)) continue;
    Instability& width = byWidth[p.bits];
    width.bits = p.bits;
    ++width.points;
    const auto sound = reference.find(p.model);
    if (p.crossEntropy > limit && (sound == reference.end() || sound->second <= limit)) {
      width.broken.push_back(i);
    }
  }
  std::vector<Instability> all;
  for (auto& [bits, width] : byWidth) all.push_back(std::move(width));
  return all;
}

}  // namespace bitfrontier

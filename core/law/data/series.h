// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/law/data/law_metric.h"
#include "core/law/data/law_point.h"

namespace bitfrontier {

/// One field of LawPoint by which points are divided into series.
enum class SeriesKey { Bits, BlockSize, DataType, Config };

/// "bits", "block", "type", "config".
std::string_view seriesKeyName(SeriesKey key);
/// Inverse of seriesKeyName. Throws Error(InvalidArgument) listing the names.
SeriesKey parseSeriesKey(std::string_view name);

/// A named set of points fitted and drawn together, e.g. all 4-bit points of one family.
struct LawSeries {
  std::string family;
  std::string label;  ///< e.g. "4 bit", "block 64", "int"
  SeriesKey key = SeriesKey::Bits;
  std::string source;            ///< empty = measured here
  std::vector<LawPoint> points;  ///< ordered by total bits
  std::string method;            ///< of the points, e.g. "rtn"
  std::int64_t itemLimit = 0;    ///< of the points
};

/// Name of what a point has in common with others of its series: "4 bit", "int4-b64",
/// "4 bit, gptq".
std::string seriesLabel(const LawPoint& point, SeriesKey key);

/// Divides points into series by family and key; never mixes published and measured points,
/// methods, item limits, BOS profiles, maximum lengths, or tasks of the metric. With a key that
/// leaves several configurations at one model (e.g. 4 bit has four data types and two block sizes),
/// every configuration's point is kept.
std::vector<LawSeries> makeSeries(std::span<const LawPoint> points, SeriesKey key,
                                  LawMetric metric = LawMetric::Accuracy);

}  // namespace bitfrontier

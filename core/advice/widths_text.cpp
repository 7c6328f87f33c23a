// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/widths_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>

namespace bitfrontier {
namespace {

constexpr double kRounding = 1e-9;  // of budgets, relative

/// "3, 4 and 8 bit".
std::string widthsText(std::vector<int> widths) {
  std::sort(widths.begin(), widths.end());
  std::string text;
  for (std::size_t i = 0; i < widths.size(); ++i) {
    text += i == 0 ? "" : i + 1 == widths.size() ? " and " : ", ";
    text += std::to_string(widths[i]);
  }
  return text + " bit";
}

/// How much of a range a width is measured at.
struct Coverage {
  bool none = false;
  std::optional<double> below, above;  ///< it is not measured below and above these total bits
};

Coverage coverageOf(const MeasuredWidth& width, const OptimalRange& range) {
  Coverage c;
  c.none =
      width.to < range.fromBits * (1 - kRounding) || width.from > range.toBits * (1 + kRounding);
  if (c.none) return c;
  if (width.from > range.fromBits * (1 + kRounding)) c.below = width.from;
  if (width.to < range.toBits * (1 - kRounding)) c.above = width.to;
  return c;
}

/// Which widths have a model that fits, and which none of this size (a smaller one may still be the
/// best): ", among 3, 4 and 8 bit; no model of this size is measured at 16 bit, 3 bit
/// above 1.2e+07".
std::string amongText(const OptimalWidths& widths, const WidthRange& range) {
  std::vector<int> fitting, none;
  std::string partly;
  for (const MeasuredWidth& width : widths.measured) {
    const Coverage c = coverageOf(width, range);
    if (c.none) none.push_back(width.bits);
    if (width.from <= range.toBits * (1 + kRounding)) fitting.push_back(width.bits);
    if (!c.below && !c.above) continue;
    partly += fmt::format(", {} bit", width.bits);
    if (c.below) partly += fmt::format(" below {:.3g}", *c.below);
    if (c.above) partly += fmt::format("{} above {:.3g}", c.below ? " and" : "", *c.above);
  }
  std::string text =
      range.curves ? ", among " + widthsText(fitting) : ", among the measured models that fit";
  std::string missing = none.empty() ? "" : widthsText(none);
  if (!partly.empty()) missing += none.empty() ? partly.substr(2) : partly;
  if (!missing.empty()) text += "; no model of this size is measured at " + missing;
  return text;
}

}  // namespace

std::vector<std::string> rangeSentences(const OptimalWidths& widths) {
  std::vector<std::string> sentences;
  for (const WidthRange& r : widths.ranges) {
    const std::string where =
        r.fromBits == r.toBits
            ? fmt::format("at {:.3g} total bits", r.fromBits)
            : fmt::format("from {:.3g} to {:.3g} total bits", r.fromBits, r.toBits);
    const std::string among = amongText(widths, r);
    if (!widths.errorsKnown) {
      sentences.push_back(fmt::format("{} bit is best as measured {}{}", r.best, where, among));
      continue;
    }
    const std::string sure = r.lowest >= 0.995        ? "P > 0.99"
                             : r.fromBits == r.toBits ? fmt::format("P {:.2f}", r.lowest)
                                                      : fmt::format("P {:.2f} or more", r.lowest);
    switch (r.verdict) {
      case Verdict::Optimal:
      case Verdict::Probably:
        sentences.push_back(fmt::format("{} bit is {}optimal {} ({}){}", r.best,
                                        r.verdict == Verdict::Probably ? "probably " : "", where,
                                        sure, among));
        break;
      default:
        sentences.push_back(
            fmt::format("{} bit has the best estimate {}, but that is not decided ({}){}", r.best,
                        where, sure, among));
    }
  }
  return sentences;
}

nlohmann::ordered_json rangesToJson(std::span<const WidthRange> all,
                                    std::span<const MeasuredWidth> measured) {
  using Json = nlohmann::ordered_json;
  const auto number = [](double v) { return std::isfinite(v) ? Json(v) : Json(nullptr); };
  Json ranges = Json::array();
  for (const WidthRange& r : all) {
    Json missing = Json::array();
    for (const MeasuredWidth& width : measured) {
      const Coverage c = coverageOf(width, r);
      if (!c.none && !c.below && !c.above) continue;
      Json entry = {{"bits", width.bits}};
      if (c.below) entry["below_total_bits"] = *c.below;
      if (c.above) entry["above_total_bits"] = *c.above;
      missing.push_back(std::move(entry));
    }
    ranges.push_back({{"bits", r.best},
                      {"from_total_bits", r.fromBits},
                      {"to_total_bits", r.toBits},
                      {"lowest_p", number(r.lowest)},
                      {"verdict", verdictName(r.verdict)},
                      {"among", r.curves ? "curves" : "measured models"},
                      {"not_measured", std::move(missing)}});
  }
  return ranges;
}

}  // namespace bitfrontier

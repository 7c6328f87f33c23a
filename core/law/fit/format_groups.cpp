// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/format_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>

namespace bitfrontier {
namespace {

/// A fit takes time as the cube of their number.
constexpr std::size_t kMostFormats = 250;

/// The points of one format.
struct Group {
  LawFormat format;
  std::set<std::string> sizes;
  int points = 0;
  double sumLogBits = 0;
};

std::map<std::string, Group> collect(const JointDraft& d) {
  std::map<std::string, Group> groups;
  for (const std::size_t i : d.used) {
    const LawPoint& p = d.points[i];
    Group& g = groups[d.label(p)];
    if (g.points == 0) {
      g.format.label = d.label(p);
      g.format.bits = p.bits;
      g.format.blockSize = p.blockSize;
      g.format.dataType = p.dataType;
      const auto noise = d.options.formatNoise.find(p.config);
      if (noise != d.options.formatNoise.end()) g.format.noise = noise->second;
    }
    g.format.bits = std::max<double>(g.format.bits, p.bits);
    ++g.points;
    g.sizes.insert(d.sizeKey(p));
    if (positive(p.totalBits) && positive(p.parameters)) {
      g.sumLogBits += std::log(p.totalBits / p.parameters);
    }
  }
  return groups;
}

/// Formats with a curve, the reference first; none when that is refused.
std::vector<Group> orderGroups(JointDraft& d, std::map<std::string, Group> groups) {
  std::vector<Group> order;
  for (auto& [name, g] : groups) {
    if (d.info.joint && g.sizes.size() < 2 && groups.size() > 1) {
      d.say(RemarkCode::TooFewSizes,
            fmt::format("{} has one size: its points are shown, no curve", name));
      continue;
    }
    g.format.bitsPerParameter = std::exp(g.sumLogBits / g.points);
    order.push_back(std::move(g));
  }
  if (order.empty()) {
    d.refuse(RemarkCode::TooFewSizes, "no format has two sizes: points only");
    return {};
  }
  if (order.size() > kMostFormats) {
    d.refuse(RemarkCode::InterpolateOnly,
             fmt::format("{} formats are more than the {} that a law is fitted to: choose some",
                         order.size(), kMostFormats));
    return {};
  }
  std::sort(order.begin(), order.end(), [](const Group& a, const Group& b) {
    if (a.format.bits != b.format.bits) return a.format.bits > b.format.bits;
    if (a.points != b.points) return a.points > b.points;
    return a.format.label < b.format.label;
  });
  if (!d.options.reference.empty() && d.info.joint) {
    const auto it = std::find_if(order.begin(), order.end(), [&](const Group& g) {
      return g.format.label == d.options.reference;
    });
    if (it == order.end()) {
      d.refuse(RemarkCode::MissingVariable,
               fmt::format("the reference format {} has no curve", d.options.reference));
      return {};
    }
    std::rotate(order.begin(), it, it + 1);
  }
  return order;
}

/// What the low-bit formats are made of, and whose weight error is not known.
void describe(JointDraft& d) {
  LawFormat& reference = d.data.context.formats[0];
  if (std::isnan(reference.noise)) reference.noise = 0;
  std::set<std::string> types;
  std::set<double> widths;
  std::set<std::int64_t> blocks;
  std::string without;
  int unknown = 0;
  for (std::size_t f = 1; f < d.data.context.formats.size(); ++f) {
    const LawFormat& format = d.data.context.formats[f];
    // 16 bit without quantization has neither blocks nor a data type.
    if (format.bits < 16 || format.blockSize > 0) {
      types.insert(format.dataType);
      widths.insert(format.bits);
      blocks.insert(format.blockSize);
    }
    if (!(format.noise >= 0) && unknown++ == 0) without = format.label;
  }
  d.data.context.dataTypes.assign(types.begin(), types.end());
  d.data.context.bitWidths.assign(widths.rbegin(), widths.rend());
  d.data.context.blockSizes.assign(blocks.begin(), blocks.end());
  if (d.info.needsNoise && unknown > 0) {
    d.data.context.modelledNoise = true;
    d.say(RemarkCode::ModelledNoise,
          fmt::format("the weight error of {}{} is not known: it is modelled from bit width, data "
                      "type and block",
                      without, unknown > 1 ? fmt::format(" (and {} more)", unknown - 1) : ""));
  }
}

}  // namespace

void makeFormats(JointDraft& draft) {
  for (const Group& g : orderGroups(draft, collect(draft))) {
    draft.data.context.formats.push_back(g.format);
  }
  if (!draft.data.context.formats.empty()) describe(draft);
}

}  // namespace bitfrontier

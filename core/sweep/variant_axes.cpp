// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/variant_axes.h"

#include <fmt/format.h>

#include <array>

#include "core/base/error.h"
#include "core/quant/quant_config.h"

namespace bitfrontier {
namespace {

constexpr std::array<VariantAxis, 6> kAxes = {{
    {"constants", "-s", "fp16", "Block constants: fp16, fp32, bf16, e8m0, e4m3, dq (fp16)"},
    {"signs", "-", "absmax",
     "Blocks are divided by their largest magnitude or that value itself: absmax, signed (absmax)"},
    {"centering", "-", "none", "Means taken off first: none, mean, bmean (none)"},
    {"outliers", "-o", "none",
     "Percent of input dimensions in 16 bit: none, 2, c2 and the like (none)"},
    {"methods", "-", "rtn", "rtn, mse, wmse, gptq, gptq-act, awq, mse-gptq and the like (rtn)"},
    {"scope", "-", "linear",
     "What is quantized: linear, or with it emb, head or emb-head (linear)"},
}};

/// A configuration that has every variant there is.
constexpr std::string_view kAnySpec = "int4-b64";

bool isSpecEnd(const std::string& end) {
  try {
    QuantConfig::parse(std::string(kAnySpec) + end);
    return true;
  } catch (const Error&) {
    return false;
  }
}

}  // namespace

std::span<const VariantAxis> variantAxes() { return kAxes; }

std::string variantNotation(const VariantAxis& axis, const std::string& word) {
  if (word == axis.plain) return "";
  const std::string notation = std::string(axis.prefix) + word;
  if (!isSpecEnd(notation)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--{} does not know \"{}\"; bitfrontier types lists what there is",
                            axis.option, word));
  }
  return notation;
}

std::string variantWord(const VariantAxis& axis, std::string_view notation) {
  return std::string(notation.empty() ? axis.plain : notation.substr(axis.prefix.size()));
}

std::vector<std::string> crossVariants(std::span<const std::vector<std::string>> notations) {
  std::vector<std::string> all = {""};
  for (const std::vector<std::string>& axis : notations) {
    if (axis.empty()) continue;
    std::vector<std::string> next;
    for (const std::string& before : all)
      for (const std::string& notation : axis) next.push_back(before + notation);
    all = std::move(next);
  }
  const std::string first = all.front();
  std::erase_if(all, [](const std::string& end) { return !isSpecEnd(end); });
  if (all.empty()) QuantConfig::parse(std::string(kAnySpec) + first);  // throws, and says why
  return all;
}

}  // namespace bitfrontier

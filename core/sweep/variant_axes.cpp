// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/variant_axes.h"

#include <fmt/format.h>

#include <array>
#include <optional>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

constexpr std::array<VariantAxis, 6> kAxes = {{
    {"constants", "-s", "fp16", "Block constants: fp16, fp32, bf16, e8m0, e4m3, dq (fp16)",
     [](const QuantVariant& from, QuantVariant& to) { to.constant = from.constant; }},
    {"signs", "-", "absmax",
     "Blocks are divided by their largest magnitude or that value itself: absmax, signed (absmax)",
     [](const QuantVariant& from, QuantVariant& to) { to.signedMax = from.signedMax; }},
    {"centering", "-", "none", "Means taken off first: none, mean, bmean (none)",
     [](const QuantVariant& from, QuantVariant& to) { to.centering = from.centering; }},
    {"outliers", "-o", "none",
     "Percent of input dimensions in 16 bit: none, 2, c2 and the like (none)",
     [](const QuantVariant& from, QuantVariant& to) {
       to.outliers = from.outliers;
       to.outlierPercent = from.outlierPercent;
     }},
    {"methods", "-", "rtn", "rtn, mse, wmse, gptq, gptq-act, awq, mse-gptq and the like (rtn)",
     [](const QuantVariant& from, QuantVariant& to) {
       to.search = from.search;
       to.method = from.method;
       to.activationOrder = from.activationOrder;
       to.dampingPercent = from.dampingPercent;
     }},
    {"scope", "-", "linear", "What is quantized: linear, or with it emb, head or emb-head (linear)",
     [](const QuantVariant& from, QuantVariant& to) {
       to.embeddings = from.embeddings;
       to.head = from.head;
     }},
}};

/// What is on one axis of a variant, all else being as by default.
QuantVariant onAxis(const VariantAxis& axis, const QuantVariant& variant) {
  QuantVariant own;
  axis.copy(variant, own);
  return own;
}

std::optional<QuantVariant> read(const std::string& notation) {
  try {
    return QuantVariant::parse(notation);
  } catch (const Error&) {
    return std::nullopt;
  }
}

/// A variant of a configuration that can have every variant there is.
QuantConfig probe(const QuantVariant& variant) {
  QuantConfig config = QuantConfig::make(DataType::Int, 4, 64);
  static_cast<QuantVariant&>(config) = variant;
  return config;
}

}  // namespace

std::span<const VariantAxis> variantAxes() { return kAxes; }

QuantVariant variantOf(const VariantAxis& axis, const std::string& word) {
  if (word == axis.plain) return {};
  const auto variant = read(std::string(axis.prefix) + word);
  if (!variant || *variant == QuantVariant() || onAxis(axis, *variant) != *variant) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("--{} does not know \"{}\"; bitfrontier types lists what there is",
                            axis.option, word));
  }
  return *variant;
}

std::string variantWord(const VariantAxis& axis, const QuantVariant& variant) {
  const std::string notation = onAxis(axis, variant).notation();
  return notation.empty() ? std::string(axis.plain) : notation.substr(axis.prefix.size());
}

std::vector<QuantVariant> crossVariants(std::span<const std::vector<QuantVariant>> variants) {
  std::vector<QuantVariant> all(1);
  for (std::size_t axis = 0; axis < variants.size(); ++axis) {
    if (variants[axis].empty()) continue;
    std::vector<QuantVariant> next;
    for (const QuantVariant& before : all) {
      for (const QuantVariant& one : variants[axis]) {
        next.push_back(before);
        variantAxes()[axis].copy(one, next.back());
      }
    }
    all = std::move(next);
  }
  const QuantConfig first = probe(all.front());
  std::erase_if(all, [](const QuantVariant& one) { return probe(one).problem().has_value(); });
  if (all.empty()) first.validate();  // throws, and says why
  return all;
}

}  // namespace bitfrontier

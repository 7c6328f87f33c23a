// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>

namespace bitfrontier {

/// What can be asked of the points of a store, or of training runs: the alternatives of FitRequest
/// in their order.
enum class FitKind { Chosen, Series, Joint, Comparison, Families, TwoStage, Training };
inline constexpr int kFitKinds = 7;

/// Everything that can be said of a fit. What chooses points (families, bits, ...) is one option.
enum class FitOption {
  Store,
  Points,
  Metric,
  By,
  Json,
  Csv,
  Refused,
  Export,
  Law,
  Compare,
  Families,
  TwoStage,
  Training,
  Bootstrap,
  Resample,
  Threads,
  Profile,
  Influence,
  Robust,
  Weighting,
  Tau,
  Reference,
  Without,
  Hold,
  At,
  Priors,
  Breaks,
  Tokens,
  Noise,
  Spread,
  Columns,
  Select,
  Delta,
  Grid
};

/// "--bootstrap".
std::string_view fitOptionName(FitOption option);
/// Whether the kind does something with the option. What it does nothing with is refused.
bool takes(FitKind kind, FitOption option);

/// An option that somebody gave, by the name that they know it by ("--family").
struct GivenOption {
  FitOption option;
  std::string name;
};

/// Throws InvalidArgument, one sentence, for an option that the kind does not take, and for one
/// that does nothing beside the others that are given.
void requireOptions(FitKind kind, std::span<const GivenOption> given);

}  // namespace bitfrontier

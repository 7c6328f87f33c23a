// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/fit_option.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

using enum FitOption;

struct Option {
  FitOption option;
  std::string_view name;
  std::string_view kinds;  ///< letters of the kinds that take it
};

// c chosen, s series, j joint, v comparison, f families, t two stages, r training runs.
constexpr Option kOptions[] = {{Store, "--store", "csjvft"},
                               {Points, "an option that chooses points", "csjvft"},
                               {Metric, "--metric", "csjvf"},
                               {By, "--by", "csjvft"},
                               {Json, "--json", "csjvftr"},
                               {Csv, "--csv", "csj"},
                               {Refused, "--refused", "sjt"},
                               {Export, "--export", "csjr"},
                               {Law, "--law", "cjt"},
                               {Compare, "--compare", "v"},
                               {Families, "--families", "f"},
                               {TwoStage, "--two-stage", "t"},
                               {Training, "--training", "r"},
                               {Bootstrap, "--bootstrap", "sjr"},
                               {Resample, "--resample", "sj"},
                               {Threads, "--threads", "sjr"},
                               {Profile, "--profile", "j"},
                               {Influence, "--influence", "j"},
                               {Robust, "--robust", "jv"},
                               {Weighting, "--weighting", "jvft"},
                               {Tau, "--tau", "jvft"},
                               {Reference, "--reference", "jvft"},
                               {Without, "--without", "jvft"},
                               {Hold, "--hold", "jvf"},
                               {At, "--at", "j"},
                               {Priors, "--priors", "jv"},
                               {Breaks, "--breaks", "jv"},
                               {Tokens, "--tokens", "jvt"},
                               {Noise, "--noise", "jvt"},
                               {Spread, "--spread", "f"},
                               {Columns, "--columns", "r"},
                               {Select, "--select", "r"},
                               {Delta, "--delta", "r"},
                               {Grid, "--grid", "r"}};
constexpr std::string_view kLetters = "csjvftr";
static_assert(kLetters.size() == kFitKinds);
static_assert(std::size(kOptions) == static_cast<std::size_t>(Grid) + 1);

const Option& entry(FitOption option) { return kOptions[static_cast<std::size_t>(option)]; }

/// What names the kind on the command line; nothing for those of no option.
std::string_view optionOf(FitKind kind) {
  constexpr std::string_view kNames[] = {"",           "--by",        "--law",     "--compare",
                                         "--families", "--two-stage", "--training"};
  return kNames[static_cast<std::size_t>(kind)];
}

/// "--law", "--law or --compare": the kinds that take the option.
std::string kindsWith(FitOption option) {
  std::vector<std::string_view> names;
  for (int k = 0; k < kFitKinds; ++k) {
    const auto kind = static_cast<FitKind>(k);
    if (takes(kind, option) && !optionOf(kind).empty()) names.push_back(optionOf(kind));
  }
  std::string text;
  for (std::size_t i = 0; i < names.size(); ++i) {
    text += i == 0 ? "" : i + 1 == names.size() ? " or " : ", ";
    text += names[i];
  }
  return text;
}

}  // namespace

std::string_view fitOptionName(FitOption option) { return entry(option).name; }

bool takes(FitKind kind, FitOption option) {
  return entry(option).kinds.find(kLetters[static_cast<std::size_t>(kind)]) !=
         std::string_view::npos;
}

void requireOptions(FitKind kind, std::span<const GivenOption> given) {
  const auto has = [&](FitOption option) {
    return std::any_of(given.begin(), given.end(),
                       [option](const GivenOption& g) { return g.option == option; });
  };
  const auto refuse = [](std::string text) {
    throw Error(ErrorKind::InvalidArgument, std::move(text));
  };
  const bool plain = kind == FitKind::Chosen || kind == FitKind::Series;
  for (const auto& [option, name] : given) {
    if (takes(kind, option)) continue;
    refuse(plain ? fmt::format("{} needs {}", name, kindsWith(option))
                 : fmt::format("{} does not go with {}", name, optionOf(kind)));
  }
  for (const FitOption option : {At, Bootstrap}) {
    if (!has(Csv) || !has(option)) continue;
    refuse(fmt::format("{} is printed as a table or with --json", fitOptionName(option)));
  }
  for (const FitOption option : {Resample, Threads}) {
    if (kind == FitKind::Training || !has(option) || has(Bootstrap)) continue;
    refuse(fmt::format("{} needs --bootstrap", fitOptionName(option)));
  }
}

}  // namespace bitfrontier

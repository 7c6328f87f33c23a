// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/advice/family_runs.h"
#include "core/advice/widths.h"
#include "core/base/job.h"
#include "core/law/decide/budget_choice.h"
#include "core/law/decide/effective_size.h"
#include "core/law/decide/statements.h"

namespace bitfrontier {

struct ReportOptions {
  std::size_t draws = 2000;
  std::uint64_t seed = 1;
  std::optional<std::int64_t> smallBlock, largeBlock;  ///< else the smallest and largest there are
  double perplexityLimit = 100;
};

/// A law in a comparison.
struct LawScore {
  std::string form, title;
  double aicc = LawPoint::kAbsent, delta = LawPoint::kAbsent;
  double tau = LawPoint::kAbsent;  ///< lack of fit
  std::string problem;             ///< why it was refused, or empty
};

/// The paper's statements for one family and metric.
struct FamilyReport {
  std::string title;
  LawMetric metric = LawMetric::Accuracy;
  int models = 0, configs = 0, points = 0;
  bool paired = false;

  std::string curves;              ///< "law J1 (0.83), J2 (0.17)" or "interpolation: <why no law>"
  int budgets = 0;                 ///< at which curves are compared, two an octave
  std::vector<WidthShare> widths;  ///< widest first
  std::vector<MeasuredWidth> measured;       ///< widest first
  std::vector<WidthRange> ranges;            ///< `best` is k
  std::vector<std::string> rangeSentences;   ///< the same in words
  std::vector<std::string> crossings;        ///< sentences
  std::vector<LosslessComparison> lossless;  ///< best configuration of each k against lossless 4
  std::vector<std::string> losslessNames;

  std::vector<BlockGain> blocks;
  std::vector<TypeOrder> types;
  std::vector<WidthSpread> spreads;
  std::vector<LawScore> laws;  ///< offset, bivariate, J1, J2 on the same points; none of one width
  std::string lawVerdict;
  std::vector<std::string> notes;
};

/// The whole report.
struct Report {
  std::vector<FamilyReport> families;
  struct Linked {
    std::string title;
    Correlation crossEntropy, perplexity;  ///< with accuracy
  };
  std::vector<Linked> correlations;  ///< by family, and of all families of one source
  struct Broken {
    std::string title;
    std::vector<Instability> widths;
    std::vector<std::string> names;  ///< of broken points
  };
  std::vector<Broken> instabilities;
  double perplexityLimit = 100;
  std::vector<std::string> notes;
};

/// Computes the statements on everything that matches. Throws NotFound when there is no point.
Report makeReport(const RunStore& store, const RunFilter& filter, const ReportOptions& options,
                  const JobContext& job = {});

nlohmann::ordered_json reportToJson(const Report& report);
/// For reading; tables in Markdown.
std::string reportToMarkdown(const Report& report);

}  // namespace bitfrontier

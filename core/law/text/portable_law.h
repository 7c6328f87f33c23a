// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/law/data/series.h"
#include "core/law/fit/joint_law.h"
#include "core/law/fit/series_law.h"
#include "core/law/pooled/chinchilla.h"
#include "core/law/text/formula.h"

namespace bitfrontier {

/// A fitted law as programs outside this one need it: formulas written out for every format, with
/// the numbers in them.
struct PortableLaw {
  struct Parameter {
    std::string name;        ///< "lnrho_int4-b64"
    std::string identifier;  ///< "lnrho_int4_b64": a name in every language; unique
    std::string unit, meaning;
    double value = 0, se = LawPoint::kAbsent;
  };
  struct Format {
    std::string label;
    Formula formula;              ///< of identifiers, constants, size and tokens
    double bitsPerParameter = 0;  ///< geometric mean over the data; 0 when not known
  };
  struct Point {
    std::size_t format = 0;
    std::string model;
    double size = 0, tokens = LawPoint::kAbsent;
    double value = 0, se = LawPoint::kAbsent;
  };

  std::string title;  ///< "OPT (GPTQ, ICLR 2023)"
  std::string law;    ///< "J1: one curve, ..."
  std::string formula;
  std::string source;  ///< of the law
  LawMetric metric = LawMetric::Accuracy;
  bool ofError = false;    ///< the formulas give 1 - metric
  std::string size = "N";  ///< name of the size in the formulas: N parameters, b bits, L nats
  std::string sizeMeaning = "parameters";
  bool usesTokens = false;  ///< the formulas have D, training tokens
  std::vector<Parameter> parameters;
  std::vector<double> covariance;                         ///< K x K of the parameters, or empty
  std::vector<std::pair<std::string, double>> constants;  ///< N0, D0, c
  std::vector<Format> formats;
  std::vector<Point> points;
  double minSize = 0, maxSize = 0;  ///< of the data
  double farthest = 1;              ///< times outside which nothing may be predicted
  std::vector<std::string> notes;   ///< remarks and refusals

  /// The metric by the written out formula, at a size and (where they are used) training tokens.
  double predict(std::size_t format, double at, double tokens = LawPoint::kAbsent) const;
};

/// Throws Error(InvalidArgument) when there was nothing to fit.
PortableLaw portableLaw(const JointFit& fit, std::string title);
/// As it is written in total bits: c, a, alpha.
PortableLaw portableLaw(const SeriesLaw& law);
PortableLaw portableLaw(const ChinchillaFit& fit, std::span<const TrainingRun> runs,
                        std::string title);

/// The general formula without the parts that this fit does not use, then what it defines: "E +
/// ...", "x = N / N0".
std::vector<std::string> formulaStatements(const PortableLaw& law);

/// Adds to the JSON of a fit what evaluating it takes: the name of the size, constants, identifiers
/// of the parameters, and an expression of these for every format.
void addExpressions(const PortableLaw& law, nlohmann::json& json);

/// One row for each parameter.
std::string toCsv(std::span<const PortableLaw> laws);

}  // namespace bitfrontier

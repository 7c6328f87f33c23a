// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/law/data/series.h"

namespace bitfrontier {

/// What "size" is in a law.
enum class LawAxis { Parameters, TotalBits };

/// One parameter of a law before it is fitted.
struct LawParameter {
  std::string name;     ///< "E", "alpha", "lnrho_int4-b64", ...
  std::string unit;     ///< "share of items", "nats per token", "" for plain numbers
  std::string meaning;  ///< a few words
  double lower = -std::numeric_limits<double>::infinity();
  double upper = std::numeric_limits<double>::infinity();
};

/// A value that a paper printed for a parameter, with the relative width given to it when it is
/// used as a prior. Never used unless asked for.
struct PublishedConstant {
  std::string parameter;
  double value = 0;
  std::string source;
};

/// What laws know of one format: index 0 of LawContext::formats is the reference.
struct LawFormat {
  std::string label;            ///< "int4-b64", "4 bit", ...
  double bits = 16;             ///< k
  double bitsPerParameter = 0;  ///< geometric mean over the data of total bits / parameters
  std::int64_t blockSize = 0;   ///< 0 = whole tensor or not applicable
  std::string dataType;
  double noise = LawPoint::kAbsent;  ///< mean relative squared weight error, 0 for the reference
};

/// What all rows of a fit share.
struct LawContext {
  LawMetric metric = LawMetric::Accuracy;
  double size0 = 1;        ///< geometric mean of the distinct sizes: laws are centred there
  double tokens0 = 1;      ///< the same of training tokens
  double chance = 0;       ///< accuracy of guessing, mean over the data
  double worst = 1;        ///< largest value of the metric (cross-entropy), scale of bounds
  bool hasTokens = false;  ///< training tokens of all models are known
  double minLogSize = -1, maxLogSize = 1;  ///< range of LawRow::logSize
  std::vector<LawFormat> formats;
  std::vector<std::string> dataTypes;    ///< distinct ones of the low-bit formats
  std::vector<double> bitWidths;         ///< distinct ones of the low-bit formats, descending
  std::vector<std::int64_t> blockSizes;  ///< distinct ones of the low-bit formats, ascending
  int breaks = 1;                        ///< of broken power laws
  /// Weight errors of some formats are not known, so laws that need them model them from bit width,
  /// data type and block.
  bool modelledNoise = false;
};

/// Where a law is evaluated.
struct LawRow {
  double logSize = 0;    ///< ln(size / size0); size = parameters or total bits
  double logTokens = 0;  ///< ln(training tokens / tokens0)
  std::size_t format = 0;
  double crossEntropy = LawPoint::kAbsent;  ///< of laws from cross-entropy to accuracy
};

/// In which scale the residuals of a law are taken: value, ln value, ln(1 + value).
enum class ResidualScale { Linear, Log, Log1p };

/// What a law is, for lists and reports.
struct LawFormInfo {
  std::string_view name;     ///< "J1"; the word of the command line
  std::string_view title;    ///< one line
  std::string_view formula;  ///< plain text with the parameters' names
  std::string_view source;   ///< paper, or where the form comes from
  bool joint = true;         ///< all formats at once; false: one format
  bool accuracy = true;      ///< metrics it can describe
  bool crossEntropy = true;
  /// The formula gives the error 1 - accuracy (cross-entropy as it is).
  bool ofError = true;
  ResidualScale scale = ResidualScale::Linear;
  bool modelsChance = false;       ///< levels off at chance, so points there fit it
  bool overTotalBits = false;      ///< size is always total bits, whatever the options say
  bool byBitWidth = false;         ///< formats are always bit widths
  bool usesTokens = false;         ///< uses training tokens when they are known
  bool needsTokens = false;        ///< does nothing without them
  bool needsNoise = false;         ///< weight error of the formats
  bool needsCrossEntropy = false;  ///< cross-entropy is what it depends on
  std::string_view nestedIn = {};  ///< a law that contains this one with more parameters
};

/// One observation as laws see it.
struct LawTarget {
  LawRow row;
  double value = 0;  ///< error (ofError) or the metric itself
  double sigma = 1;  ///< scale of its uncertainty
};

/// A law: formula, parameters, starting values. Stateless; one file each in core/law/forms.
class LawForm {
 public:
  virtual ~LawForm() = default;
  virtual const LawFormInfo& info() const = 0;
  /// Names, units and bounds for these formats.
  virtual std::vector<LawParameter> parameters(const LawContext& context) const = 0;
  /// The value at `row`; fills the gradient (one entry a parameter) unless it is null.
  virtual double value(const LawContext& context, const double* p, const LawRow& row,
                       double* gradient) const = 0;
  /// One start from the data for the ceiling share `level` (0..1, see startLevels) and the
  /// exponent `alpha`.
  virtual std::vector<double> start(const LawContext& context, std::span<const LawTarget> targets,
                                    double level, double alpha) const = 0;
  /// Published constants of the law's parameters, labelled with their paper.
  virtual std::vector<PublishedConstant> published() const { return {}; }
};

/// All laws in the order of lists.
std::span<const LawForm* const> lawForms();
/// The law of that name (case matters not). Throws Error(InvalidArgument) listing the names.
const LawForm& lawForm(std::string_view name);

}  // namespace bitfrontier

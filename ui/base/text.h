// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <QCoreApplication>
#include <QString>
#include <string>
#include <string_view>

#include "core/law/data/law_point.h"
#include "core/law/data/series.h"
#include "core/quant/counting_rule.h"

namespace bitfrontier {

/// Texts that several panels show, made from core values. Numbers follow the user's locale.
class Text {
  Q_DECLARE_TR_FUNCTIONS(Text)

 public:
  static QString from(std::string_view utf8);
  /// Size of a model of `bits` bits in decimal units: "3.41 GB", "512 kB".
  static QString size(double bits);
  /// "64.1 ± 0.4 %", or "1.234 ± 0.010" for cross-entropy; an en dash when absent.
  static QString metric(const LawPoint& point, LawMetric metric);
  /// A number with `digits` significant digits; an en dash when it is NaN.
  static QString number(double value, int digits = 4);
  /// A number with `decimals` decimals; an en dash when it is not finite.
  static QString fixed(double value, int decimals);
  /// "1 model", "3 models".
  static QString amount(std::size_t n, const QString& one, const QString& many);
  /// "Whole checkpoint", "Linear layers", "All at k bits".
  static QString rule(CountingRule rule);
  /// "125M", "6.7B".
  static QString count(double value);
  /// "4 min 10 s"; "less than 1 s"; an en dash when negative.
  static QString duration(double seconds);
  /// "1 min 5 s to 4 min 20 s"; "about 3 s" where both read the same.
  static QString durationRange(double low, double high);
  /// "64", "row", "whole tensor", or an en dash where blocks do not apply (16 bit, methods
  /// without).
  static QString block(const LawPoint& point);
  static bool hasBlock(const LawPoint& point);
  static QString block(std::int64_t blockSize);
  /// Total model bits divided by parameters: "4.25".
  static QString bitsPerParameter(const LawPoint& point);
  static QString metricName(LawMetric metric);
  /// "measured here"; "published: Doe 2023"; "imported: lm-evaluation-harness 0.4.13".
  static QString source(std::string_view source);
  /// Label of the vertical axis with its unit.
  static QString metricAxis(LawMetric metric);
};

/// The plotted value of a point: accuracy in percent, cross-entropy in nats per token; NaN if
/// absent.
double plotValue(const LawPoint& point, LawMetric metric);
/// Standard error of plotValue in the same unit.
double plotError(const LawPoint& point, LawMetric metric);
/// Factor from values of the metric to the plotted unit: 100 for accuracy, 1 for cross-entropy.
double plotScale(LawMetric metric);
/// Whether a source is a citation, which has a year; results of other programs and files are not.
bool isCitation(std::string_view source);
/// Identity of a point across reloads of its store: its first run, or without runs what it is.
std::string pointKey(const LawPoint& point);

}  // namespace bitfrontier

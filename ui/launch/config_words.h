// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>
#include <string_view>

#include "core/quant/quant_config.h"

namespace bitfrontier {

/// Configurations in words, beside which the spec is shown.
class ConfigWords {
  Q_DECLARE_TR_FUNCTIONS(ConfigWords)

 public:
  /// "4-bit float, blocks of 64, double-quantized constants, GPTQ".
  static QString sentence(const QuantConfig& config);
  /// The words of a column's three lines: "4 bit", "float", "64 GPTQ"; empty lines where there is
  /// nothing to say (16 bit has no block).
  static QString bits(const QuantConfig& config);
  static QString type(const QuantConfig& config);
  static QString blockAndMore(const QuantConfig& config);
  /// What a value of an axis is called: "-sdq" is "double quantized"; the notation of one that has
  /// no words.
  static QString axisValue(std::string_view notation);
};

}  // namespace bitfrontier

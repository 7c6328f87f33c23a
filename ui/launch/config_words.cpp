// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/config_words.h"

#include <QStringList>

#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// What follows the block, shortest first; in the order of specs.
QStringList extras(const QuantConfig& c) {
  QStringList words;
  const auto add = [&](bool there, std::string_view notation) {
    if (there) words << ConfigWords::axisValue(notation);
  };
  add(c.constant != ConstantType::Fp16,
      constantAxis()[static_cast<std::size_t>(c.constant)].notation);
  add(c.signedMax, "-signed");
  add(c.centering != Centering::None,
      centeringAxis()[static_cast<std::size_t>(c.centering)].notation);
  if (c.outliers != OutlierRule::None) {
    words << ConfigWords::tr("%1 % outliers").arg(c.outlierPercent);
  }
  add(c.search != ScaleSearch::None,
      scaleSearchAxis()[static_cast<std::size_t>(c.search)].notation);
  add(c.method != Method::Nearest, methodAxis()[static_cast<std::size_t>(c.method)].notation);
  add(c.activationOrder, "-act");
  add(c.embeddings, "-emb");
  add(c.head, "-head");
  return words;
}

}  // namespace

QString ConfigWords::bits(const QuantConfig& config) { return tr("%1 bit").arg(config.bits); }

QString ConfigWords::type(const QuantConfig& config) {
  if (config.type != DataType::Float) return Text::from(dataTypeName(config.type));
  return u"E%1M%2"_s.arg(config.exponentBits).arg(config.mantissaBits);
}

QString ConfigWords::blockAndMore(const QuantConfig& config) {
  if (config.isBaseline()) return {};
  const QString block = config.blockSize == QuantConfig::kPerRow ? tr("row")
                        : config.blockSize == 0                  ? tr("whole")
                        : config.withinRows ? tr("%1 in rows").arg(config.blockSize)
                                            : QString::number(config.blockSize);
  return (QStringList{block} + extras(config)).join(u' ');
}

QString ConfigWords::sentence(const QuantConfig& config) {
  if (config.isBaseline()) return tr("16 bit, not quantized (%1)").arg(type(config));
  QString type = Text::from(dataTypeName(config.type));
  if (config.type == DataType::Float) {
    type += u" "_s + tr("with %1 exponent and %2 mantissa bits")
                         .arg(config.exponentBits)
                         .arg(config.mantissaBits);
  }
  const QString block = config.blockSize == QuantConfig::kPerRow ? tr("one constant for each row")
                        : config.blockSize == 0 ? tr("one constant for each tensor")
                        : config.withinRows ? tr("blocks of %1 within rows").arg(config.blockSize)
                                            : tr("blocks of %1").arg(config.blockSize);
  return (QStringList{tr("%1-bit %2").arg(config.bits).arg(type), block} + extras(config))
      .join(u", "_s);
}

QString ConfigWords::axisValue(std::string_view notation) {
  if (notation == "-sfp32") return tr("fp32 constants");
  if (notation == "-sbf16") return tr("bf16 constants");
  if (notation == "-se8m0") return tr("power-of-two constants");
  if (notation == "-se4m3") return tr("FP8 constants");
  if (notation == "-sdq") return tr("double quantized");
  if (notation == "-signed") return tr("signed maximum");
  if (notation == "-mean") return tr("minus the mean");
  if (notation == "-bmean") return tr("minus block means");
  if (notation == "-o<percent>") return tr("of the layer before");
  if (notation == "-oc<percent>") return tr("of the layer itself");
  if (notation == "-mse") return tr("least error");
  if (notation == "-wmse") return tr("weighted error");
  if (notation == "-gptq") return tr("GPTQ");
  if (notation == "-awq") return tr("AWQ");
  if (notation == "-act") return tr("by activation");
  if (notation == "-emb") return tr("embeddings");
  if (notation == "-head") return tr("output head");
  return Text::from(notation);
}

}  // namespace bitfrontier

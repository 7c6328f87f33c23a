// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/series_value.h"

#include <array>
#include <limits>
#include <QCoreApplication>
#include <string_view>

#include "ui/base/text.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(SeriesValue)
};

double typeOrder(std::string_view type) {
  static constexpr std::array<std::string_view, 5> kOrder{"int", "float", "dynamic", "quantile",
                                                          "fp16"};
  for (std::size_t i = 0; i < kOrder.size(); ++i) {
    if (kOrder[i] == type) return static_cast<double>(i);
  }
  return kOrder.size();
}

}  // namespace

SeriesValue seriesValue(const LawPoint& point, SeriesKey key) {
  constexpr double kLast = std::numeric_limits<double>::max();
  switch (key) {
    case SeriesKey::Bits:
      return {static_cast<double>(point.bits), Tr::tr("%1 bit").arg(point.bits)};
    case SeriesKey::BlockSize:
      if (point.bits >= 16) return {kLast, Tr::tr("16 bit")};
      if (point.blockSize <= 0 && point.published()) return {kLast / 4, Tr::tr("no blocks")};
      if (point.blockSize < 0) return {kLast / 8, Text::block(point.blockSize)};
      if (point.blockSize == 0) return {kLast / 2, Text::block(point.blockSize)};
      return {static_cast<double>(point.blockSize),
              Tr::tr("block %1").arg(Text::block(point.blockSize))};
    case SeriesKey::DataType:
      return {typeOrder(point.dataType), Text::from(point.dataType)};
    case SeriesKey::Config:
      return {static_cast<double>(point.bits), Text::from(point.config)};
  }
  return {};
}

}  // namespace bitfrontier

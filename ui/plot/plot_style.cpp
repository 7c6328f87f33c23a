// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_style.h"

#include <array>
#include <QFontInfo>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

// Okabe and Ito, "Color Universal Design" (2008); the first is black, drawn white on dark ground.
// From brown on, further colours for what their eight do not suffice for.
enum Hue {
  Black,
  Orange,
  SkyBlue,
  Green,
  Yellow,
  Blue,
  Vermilion,
  Purple,
  Brown,
  Teal,
  Maroon,
  Olive,
  Indigo,
  Pink,
  Navy,
  Moss,
  Grey
};

QColor hueColor(int hue, bool dark) {
  switch (hue) {
    case Black:
      return dark ? QColor(0xf2f2f2u) : QColor(0x000000u);
    case Orange:
      return QColor(0xe69f00u);
    case SkyBlue:
      return QColor(0x56b4e9u);
    case Green:
      return dark ? QColor(0x00b584u) : QColor(0x009e73u);
    case Yellow:
      return dark ? QColor(0xf0e442u) : QColor(0xb8a800u);  // readable on white
    case Blue:
      return dark ? QColor(0x4a90d9u) : QColor(0x0072b2u);
    case Vermilion:
      return dark ? QColor(0xf07b3au) : QColor(0xd55e00u);
    case Purple:
      return dark ? QColor(0xdd92bdu) : QColor(0xcc79a7u);
    case Brown:
      return dark ? QColor(0xc49a6cu) : QColor(0x7f4a1eu);
    case Teal:
      return dark ? QColor(0x7fe0d0u) : QColor(0x005f60u);
    case Maroon:
      return dark ? QColor(0xff6f86u) : QColor(0x7a0019u);
    case Olive:
      return dark ? QColor(0xb9c45au) : QColor(0x5c6b00u);
    case Indigo:
      return dark ? QColor(0xa48cf0u) : QColor(0x4b2a9bu);
    case Pink:
      return dark ? QColor(0xff85c0u) : QColor(0xe0218au);
    case Navy:
      return dark ? QColor(0x7f95e8u) : QColor(0x1b2a6bu);
    case Moss:
      return dark ? QColor(0x8fd17au) : QColor(0x2f5d1eu);
    default:
      return dark ? QColor(0x9a9a9au) : QColor(0x7d7d7du);
  }
}

int bitsHue(int bits) {
  switch (bits) {
    case 1:
      return Brown;
    case 2:
      return Yellow;
    case 3:
      return Vermilion;
    case 4:
      return Blue;
    case 5:
      return Green;
    case 6:
      return Orange;
    case 7:
      return Purple;
    case 8:
      return SkyBlue;
    case 16:
      return Black;
    default:
      return bits > 8 && bits < 16 ? Teal + (bits - 9) : Grey;
  }
}

QColor mix(const QColor& a, const QColor& b, double share) {
  return QColor::fromRgbF(static_cast<float>(a.redF() * (1 - share) + b.redF() * share),
                          static_cast<float>(a.greenF() * (1 - share) + b.greenF() * share),
                          static_cast<float>(a.blueF() * (1 - share) + b.blueF() * share));
}

/// Colours of the palettes that have no order of their own.
QColor plainColor(FigurePalette palette, SeriesKey key, const QString& label, int position,
                  bool dark) {
  const bool full = label == "fp16"_L1 || label == "16 bit"_L1;
  const int bits = key == SeriesKey::Bits ? label.section(u' ', 0, 0).toInt() : 0;
  if (palette == FigurePalette::Grey) {
    // Of the bit widths that figures have together, 3, 4, 8 and 16 are the farthest apart.
    static constexpr std::array<int, 9> kByBits{200, 205, 195, 178, 140, 122, 106, 90, 74};
    static constexpr std::array<int, 6> kByPlace{70, 150, 110, 185, 35, 205};
    int level = full       ? 0
                : bits > 0 ? (bits < 9 ? kByBits[static_cast<std::size_t>(bits)] : 40)
                           : kByPlace[static_cast<std::size_t>(position) % kByPlace.size()];
    if (dark) level = 255 - level;
    return {level, level, level};
  }
  static constexpr std::array<QRgb, 10> kTab10{0x1f77b4, 0xff7f0e, 0x2ca02c, 0xd62728, 0x9467bd,
                                               0x8c564b, 0xe377c2, 0x7f7f7f, 0xbcbd22, 0x17becf};
  if (full) return hueColor(Black, dark);
  const int place = bits > 0 ? (bits - 3 + 10) % 10 : position;
  return kTab10[static_cast<std::size_t>(place) % kTab10.size()];
}

void setColors(PlotStyle& style, const QColor& background, const QColor& text) {
  style.background = background;
  style.text = text;
  style.axis = mix(background, text, 0.7);
  style.faint = mix(background, text, 0.12);
  style.frontier = mix(background, text, 0.55);
}

}  // namespace

PlotStyle PlotStyle::fromPalette(const QPalette& palette, const QFont& font) {
  PlotStyle style;
  const QColor base = palette.color(QPalette::Base);
  const QColor text = palette.color(QPalette::Text);
  style.dark = base.lightnessF() < text.lightnessF();
  setColors(style, base, text);
  style.font = font;
  return style;
}

PlotStyle PlotStyle::forFigure(double fontPoints, bool dark, const QString& family,
                               FigurePalette palette) {
  PlotStyle style;
  style.dark = dark;
  style.palette = palette;
  setColors(style, dark ? QColor(0x1b1e20u) : QColor(Qt::white),
            dark ? QColor(0xf2f2f2u) : QColor(Qt::black));
  // A concrete family: "Sans Serif" in an SVG means nothing to other programs.
  QFont sans(family.isEmpty() ? u"DejaVu Sans"_s : family);
  sans.setStyleHint(QFont::SansSerif);
  style.font = QFont(QFontInfo(sans).family());
  style.font.setPixelSize(qMax(4, qRound(fontPoints)));
  style.marker = 0.55 * fontPoints;
  style.lineWidth = 0.11 * fontPoints;
  return style;
}

QColor PlotStyle::seriesColor(SeriesKey key, const QString& label, int position) const {
  if (palette != FigurePalette::OkabeIto) return plainColor(palette, key, label, position, dark);
  if (key == SeriesKey::Bits) return hueColor(bitsHue(label.section(u' ', 0, 0).toInt()), dark);
  static constexpr std::array<int, 16> kOrder{Blue,   Vermilion, Green, Orange, Purple, SkyBlue,
                                              Yellow, Brown,     Teal,  Maroon, Indigo, Pink,
                                              Olive,  Navy,      Moss,  Grey};
  if (label == "fp16"_L1 || label == "16 bit"_L1) return hueColor(Black, dark);
  if (key == SeriesKey::DataType) {
    // The paper's types come first; what else there is follows in the store's order.
    static const std::array<QString, 4> kTypes{u"int"_s, u"float"_s, u"dynamic"_s, u"quantile"_s};
    for (std::size_t i = 0; i < kTypes.size(); ++i) {
      if (kTypes[i] == label) return hueColor(kOrder[i], dark);
    }
    constexpr std::size_t kOther = kOrder.size() - kTypes.size();
    return hueColor(kOrder[kTypes.size() + static_cast<std::size_t>(position) % kOther], dark);
  }
  return hueColor(kOrder[static_cast<std::size_t>(position) % kOrder.size()], dark);
}

}  // namespace bitfrontier

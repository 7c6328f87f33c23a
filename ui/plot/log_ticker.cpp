// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/log_ticker.h"

#include <array>
#include <cmath>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString superscript(int exponent) {
  static constexpr std::array<char16_t, 10> kDigits{u'⁰', u'¹', u'²', u'³', u'⁴',
                                                    u'⁵', u'⁶', u'⁷', u'⁸', u'⁹'};
  QString text;
  for (const QChar c : QString::number(exponent)) {
    text += c == u'-' ? QChar(u'⁻') : QChar(kDigits[static_cast<std::size_t>(c.digitValue())]);
  }
  return text;
}

// mantissa * 10^exponent with 1 <= mantissa < 10, free of rounding noise at powers of ten.
std::pair<double, int> split(double value) {
  int exponent = static_cast<int>(std::floor(std::log10(value) + 1e-9));
  return {value / std::pow(10.0, exponent), exponent};
}

QString bytesLabel(double bytes) {
  static constexpr std::array<const char16_t*, 6> kUnits{u"B", u"kB", u"MB", u"GB", u"TB", u"PB"};
  std::size_t unit = 0;
  while (bytes >= 999.999 && unit + 1 < kUnits.size()) {
    bytes /= 1000;
    ++unit;
  }
  return QLocale().toString(bytes, 'g', 4) + QChar(0x202f) + QString::fromUtf16(kUnits[unit]);
}

}  // namespace

QString LogTicker::label(double tick) const {
  if (labels_ == Labels::Bytes) return bytesLabel(tick);
  if (labels_ == Labels::Plain && tick >= 1e-3 && tick < 1e5) {
    return QLocale().toString(tick, 'g', 4);
  }
  const auto [mantissa, exponent] = split(tick);
  const QString power = u"10"_s + superscript(exponent);
  if (std::abs(mantissa - 1) < 1e-6) return power;
  return QLocale().toString(mantissa, 'g', 4) + u"·"_s + power;
}

QString LogTicker::getTickLabel(double tick, const QLocale&, QChar, int) { return label(tick); }

QVector<double> LogTicker::createTickVector(double, const QCPRange& range) {
  range_ = range;
  QVector<double> ticks;
  if (!(range.lower > 0) || !(range.upper > range.lower)) return ticks;
  const double decades = std::log10(range.upper / range.lower);
  const int first = static_cast<int>(std::floor(std::log10(range.lower)));
  const int last = static_cast<int>(std::ceil(std::log10(range.upper)));
  if (decades < 0.33) {
    const double step = std::pow(10.0, std::floor(std::log10(range.size() / 2)));
    const double coarse = range.size() / step > 10  ? 5 * step
                          : range.size() / step > 5 ? 2 * step
                                                    : step;
    for (double t = std::ceil(range.lower / coarse) * coarse; t <= range.upper; t += coarse) {
      ticks << t;
    }
    return ticks;
  }
  const int stride = std::max(1, static_cast<int>(std::ceil(decades / maximumDecades_)));
  for (int e = first; e <= last; ++e) {
    const double decade = std::pow(10.0, e);
    if (e % stride == 0) ticks << decade;
    if (decades < 0.8) {
      for (int m = 2; m <= 9; ++m) ticks << m * decade;
    } else if (decades < 1.4) {
      ticks << 2 * decade << 3 * decade << 5 * decade;
    } else if (decades < 2.2) {
      ticks << 2 * decade << 5 * decade;
    }
  }
  return ticks;
}

QVector<double> LogTicker::createSubTickVector(int, const QVector<double>& ticks) {
  QVector<double> sub;
  if (ticks.isEmpty() || !(range_.lower > 0)) return sub;
  const int first = static_cast<int>(std::floor(std::log10(range_.lower)));
  const int last = static_cast<int>(std::ceil(std::log10(range_.upper)));
  if (last - first > 30) return sub;
  for (int e = first; e <= last; ++e) {
    for (int m = 1; m <= 9; ++m) {
      const double value = m * std::pow(10.0, e);
      if (range_.contains(value) && !ticks.contains(value)) sub << value;
    }
  }
  return sub;
}

}  // namespace bitfrontier

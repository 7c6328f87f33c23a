// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/colour_vision.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <QCoreApplication>

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(Vision)
};

using Rgb = std::array<double, 3>;
using Matrix = std::array<Rgb, 3>;

// sRGB (IEC 61966-2-1).
double linear(double v) { return v <= 0.04045 ? v / 12.92 : std::pow((v + 0.055) / 1.055, 2.4); }
double encoded(double v) {
  v = std::clamp(v, 0.0, 1.0);
  return v <= 0.0031308 ? 12.92 * v : 1.055 * std::pow(v, 1 / 2.4) - 0.055;
}

const Matrix& matrixOf(Vision vision) {
  static constexpr Matrix kGrey{
      {{0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}, {0.2126, 0.7152, 0.0722}}};
  static constexpr Matrix kDeutan{{{0.367322, 0.860646, -0.227968},
                                   {0.280085, 0.672501, 0.047413},
                                   {-0.011820, 0.042940, 0.968881}}};
  static constexpr Matrix kProtan{{{0.152286, 1.052583, -0.204868},
                                   {0.114503, 0.786281, 0.099216},
                                   {-0.003882, -0.048116, 1.051998}}};
  static constexpr Matrix kTritan{{{1.255528, -0.076749, -0.178779},
                                   {-0.078411, 0.930809, 0.147602},
                                   {0.004733, 0.691367, 0.303900}}};
  static constexpr Matrix kSame{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  switch (vision) {
    case Vision::Grey:
      return kGrey;
    case Vision::Deuteranopia:
      return kDeutan;
    case Vision::Protanopia:
      return kProtan;
    case Vision::Tritanopia:
      return kTritan;
    case Vision::Normal:
      break;
  }
  return kSame;
}

// Of linear components.
Rgb seen(const Matrix& m, const Rgb& c) {
  Rgb out{};
  for (std::size_t i = 0; i < 3; ++i) out[i] = m[i][0] * c[0] + m[i][1] * c[1] + m[i][2] * c[2];
  return out;
}

double degrees(double radians) { return radians * 180 / std::numbers::pi; }
double radians(double degrees) { return degrees * std::numbers::pi / 180; }

}  // namespace

QString visionName(Vision vision) {
  switch (vision) {
    case Vision::Normal:
      return Tr::tr("full colour");
    case Vision::Grey:
      return Tr::tr("grey");
    case Vision::Deuteranopia:
      return Tr::tr("deuteranopia");
    case Vision::Protanopia:
      return Tr::tr("protanopia");
    case Vision::Tritanopia:
      return Tr::tr("tritanopia");
  }
  return {};
}

QColor seenWith(Vision vision, const QColor& color) {
  if (vision == Vision::Normal) return color;
  const Rgb out =
      seen(matrixOf(vision), {linear(color.redF()), linear(color.greenF()), linear(color.blueF())});
  return QColor::fromRgbF(static_cast<float>(encoded(out[0])), static_cast<float>(encoded(out[1])),
                          static_cast<float>(encoded(out[2])), color.alphaF());
}

QImage seenWith(Vision vision, QImage image) {
  if (vision == Vision::Normal) return image;
  static const auto kLinear = [] {
    std::array<double, 256> table{};
    for (std::size_t i = 0; i < table.size(); ++i) table[i] = linear(static_cast<double>(i) / 255);
    return table;
  }();
  constexpr int kSteps = 4096;
  static const auto kEncoded = [] {
    std::array<int, kSteps + 1> table{};
    for (int i = 0; i <= kSteps; ++i) {
      table[static_cast<std::size_t>(i)] =
          static_cast<int>(std::lround(255 * encoded(static_cast<double>(i) / kSteps)));
    }
    return table;
  }();
  const auto byte = [](double v) {
    return kEncoded[static_cast<std::size_t>(std::lround(std::clamp(v, 0.0, 1.0) * kSteps))];
  };
  image = image.convertToFormat(QImage::Format_ARGB32);
  const Matrix& matrix = matrixOf(vision);
  QRgb before = 0, after = 0;  // most pixels are like their neighbour
  for (int y = 0; y < image.height(); ++y) {
    auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
    for (int x = 0; x < image.width(); ++x) {
      if (line[x] != before || (x == 0 && y == 0)) {
        before = line[x];
        const Rgb out = seen(matrix, {kLinear[static_cast<std::size_t>(qRed(before))],
                                      kLinear[static_cast<std::size_t>(qGreen(before))],
                                      kLinear[static_cast<std::size_t>(qBlue(before))]});
        after = qRgba(byte(out[0]), byte(out[1]), byte(out[2]), qAlpha(before));
      }
      line[x] = after;
    }
  }
  return image;
}

Lab labOf(const QColor& color) {
  const double r = linear(color.redF()), g = linear(color.greenF()), b = linear(color.blueF());
  const auto f = [](double t) {
    constexpr double kDelta = 6.0 / 29;
    return t > kDelta * kDelta * kDelta ? std::cbrt(t) : t / (3 * kDelta * kDelta) + 4.0 / 29;
  };
  const double x = f((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const double y = f(0.2126729 * r + 0.7151522 * g + 0.0721750 * b);
  const double z = f((0.0193339 * r + 0.1191920 * g + 0.9503041 * b) / 1.08883);
  return {116 * y - 16, 500 * (x - y), 200 * (y - z)};
}

// Sharma, Wu and Dalal, "The CIEDE2000 Color-Difference Formula: Implementation Notes,
// Supplementary Test Data, and Mathematical Observations" (2005), equations 2 to 22.
double deltaE2000(const Lab& first, const Lab& second) {
  const auto seventh = [](double c) {
    const double c7 = std::pow(c, 7);
    return std::sqrt(c7 / (c7 + std::pow(25.0, 7)));
  };
  const double meanC = (std::hypot(first.a, first.b) + std::hypot(second.a, second.b)) / 2;
  const double stretch = 1.5 - 0.5 * seventh(meanC);  // 1 + G
  const double a1 = stretch * first.a, a2 = stretch * second.a;
  const double c1 = std::hypot(a1, first.b), c2 = std::hypot(a2, second.b);
  const auto hue = [](double b, double a) {
    if (a == 0 && b == 0) return 0.0;
    const double h = degrees(std::atan2(b, a));
    return h < 0 ? h + 360 : h;
  };
  const double h1 = hue(first.b, a1), h2 = hue(second.b, a2);
  double dh = 0, meanH = h1 + h2;
  if (c1 * c2 != 0) {
    dh = h2 - h1;
    if (dh > 180) dh -= 360;
    if (dh < -180) dh += 360;
    if (std::abs(h1 - h2) <= 180) {
      meanH = (h1 + h2) / 2;
    } else {
      meanH = h1 + h2 < 360 ? (h1 + h2 + 360) / 2 : (h1 + h2 - 360) / 2;
    }
  }
  const double dl = second.l - first.l, dc = c2 - c1;
  const double dH = 2 * std::sqrt(c1 * c2) * std::sin(radians(dh / 2));
  const double meanL = (first.l + second.l) / 2, meanCp = (c1 + c2) / 2;
  const double t = 1 - 0.17 * std::cos(radians(meanH - 30)) + 0.24 * std::cos(radians(2 * meanH)) +
                   0.32 * std::cos(radians(3 * meanH + 6)) -
                   0.20 * std::cos(radians(4 * meanH - 63));
  const double theta = 30 * std::exp(-std::pow((meanH - 275) / 25, 2));
  const double l50 = (meanL - 50) * (meanL - 50);
  const double sl = 1 + 0.015 * l50 / std::sqrt(20 + l50);
  const double sc = 1 + 0.045 * meanCp, sh = 1 + 0.015 * meanCp * t;
  const double rt = -std::sin(radians(2 * theta)) * 2 * seventh(meanCp);
  const double l = dl / sl, c = dc / sc, h = dH / sh;
  return std::sqrt(l * l + c * c + h * h + rt * c * h);
}

}  // namespace bitfrontier

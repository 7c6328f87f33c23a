// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <QColor>
#include <QImage>

namespace bitfrontier {

/// How a reader may see a figure: with all colours, on paper without any, or without one of the
/// three kinds of cones.
enum class Vision { Normal, Grey, Deuteranopia, Protanopia, Tritanopia };

inline constexpr std::array<Vision, 5> kVisions{Vision::Normal, Vision::Grey, Vision::Deuteranopia,
                                                Vision::Protanopia, Vision::Tritanopia};

/// "full colour", "grey", "deuteranopia", ...
QString visionName(Vision vision);

/// The colour as it looks then: Machado, Oliveira and Fernandes, "A Physiologically-based Model for
/// Simulation of Color Vision Deficiency" (2009), severity 1, on linear RGB; grey is luminance.
QColor seenWith(Vision vision, const QColor& color);
/// The same for every pixel.
QImage seenWith(Vision vision, QImage image);

/// A colour in CIE L*a*b* under D65.
struct Lab {
  double l = 0, a = 0, b = 0;
};
Lab labOf(const QColor& color);

/// CIEDE2000: about 1 is a difference just seen, below about 10 small marks are easily confused.
double deltaE2000(const Lab& first, const Lab& second);

}  // namespace bitfrontier

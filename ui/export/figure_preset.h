// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <QString>
#include <QStringList>
#include <vector>

namespace bitfrontier {

/// Size and text of an exported figure, in whole points (1/72 inch); what is printed has exactly
/// these.
struct FigurePreset {
  QString id;     ///< name on the command line
  QString label;  ///< name in the dialog
  int width = 0;
  int height = 0;
  int font = 8;           ///< size of all text
  bool sizeAxis = false;  ///< upper axis in bytes

  bool operator==(const FigurePreset&) const = default;
};

/// The presets, the first being the default: columns and text widths of papers, slide, poster.
const std::vector<FigurePreset>& figurePresets();
/// By its id or another name of it, e.g. "column", "iclr".
std::optional<FigurePreset> findPreset(const QString& id);
/// Every name that findPreset() knows.
QStringList presetNames();

/// Smallest and largest side and text that are taken, points.
inline constexpr int kSmallestSide = 60, kLargestSide = 5000, kSmallestText = 4, kLargestText = 96;
/// Dots per inch of pictures.
inline constexpr int kSmallestDpi = 50, kLargestDpi = 2400;

}  // namespace bitfrontier

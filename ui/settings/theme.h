// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPalette>
#include <QString>

namespace bitfrontier {

/// Appearance: the desktop's own, or ours in light, dark or yellow and white on black.
enum class Theme { System, Light, Dark, HighContrast };
inline constexpr int kThemes = 4;

/// Applies style and palette to the whole application.
void applyTheme(Theme theme);
QPalette lightPalette();
QPalette darkPalette();
QPalette highContrastPalette();

/// One of our icons (resources/icons), drawn in the palette's text colour; disabled ones faint.
/// An unknown name gives a null icon.
QIcon themedIcon(const QString& name, const QPalette& palette);
/// The coloured application icon.
QIcon applicationIcon();

}  // namespace bitfrontier

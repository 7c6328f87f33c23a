// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QRect>
#include <QSize>
#include <QWidget>

namespace bitfrontier {

/// The size that a window opens with: `wanted`, but inside `available`, the part of the screen that
/// panels leave free, with room for the window's frame.
QSize sizeWithin(QSize wanted, QSize available);
/// The window's rectangle moved, and made smaller where it must be, into the screen.
QRect rectWithin(QRect window, QRect available);
/// Moves a window that was on a screen which is gone, or larger, to where it can be seen.
void moveIntoScreen(QWidget& window);
/// Resizes a window to the size it opens with on its screen.
void resizeToScreen(QWidget& window, QSize wanted);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QWidget>

namespace bitfrontier {

/// The size that a window opens with: `wanted`, but inside `available`, the part of the screen that
/// panels leave free, with room for the window's frame.
QSize sizeWithin(QSize wanted, QSize available);
/// Resizes a window to the size it opens with on its screen.
void resizeToScreen(QWidget& window, QSize wanted);

}  // namespace bitfrontier

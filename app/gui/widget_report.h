// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "ui/window/main_window.h"

namespace bitfrontier {

/// For tests that use a real mouse and keyboard: while the window is open, writes four times a
/// second what is seen where into `file`, as JSON: {"settled", "points", "status", "widgets":
/// [{"name", "class", "text", "window", "x", "y", "width", "height", "enabled", "focus", "items":
/// [{"text", "checked", "x", "y", "width", "height"}]}]}. Positions are of the screen, in its own
/// pixels. Asked for by the environment variable BITFRONTIER_WIDGETS=FILE.
void reportWidgets(MainWindow& window, const QString& file);

}  // namespace bitfrontier

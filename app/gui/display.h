// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QApplication>
#include <string>

namespace bitfrontier {

/// Whether the environment names a display (X11, Wayland) or a Qt platform.
bool displayNamed();
/// What it names, for messages: "DISPLAY=:99", "WAYLAND_DISPLAY=wayland-0 and DISPLAY=:0".
std::string displayNames();

/// Makes the application. Qt ends a program whose display cannot be reached by abort(); this prints
/// one sentence and ends it with exit code 1, after half a minute at most.
std::unique_ptr<QApplication> openApplication(int& argc, char** argv);

}  // namespace bitfrontier

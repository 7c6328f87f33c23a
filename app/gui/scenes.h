// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "ui/window/main_window.h"

namespace bitfrontier {

/// What a screenshot can show: a state of the window, or a dialog of it. `prepare` brings the
/// window into it; a dialog that is open afterwards is what is shown.
struct Scene {
  std::string name;
  std::function<void(MainWindow& window)> prepare;
};

/// Every scene: those of the table in scenes.cpp, and one for each panel by its name without
/// "Dock".
const std::vector<Scene>& scenes();

/// Lets the window work until nothing more changes by itself. Throws Error when the store cannot be
/// read.
void settle(const MainWindow& window);
/// Brings the window into a scene and returns what is to be drawn. Throws Error for an unknown
/// name.
QWidget* showScene(MainWindow& window, const std::string& name);

/// Closes dialogs and puts panels and points back.
void leaveScene(MainWindow& window);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "ui/export/headless_export.h"
#include "ui/settings/theme.h"

namespace bitfrontier {

/// What the command line of bitfrontier-gui asks for.
struct GuiOptions {
  std::filesystem::path store;  ///< empty: the default store
  std::vector<std::filesystem::path> more;  ///< further stores
  HeadlessExport headless;      ///< with files: export and end
  std::string view;             ///< what --view names
  /// Puts what the command line asks for into `headless`; needs a QCoreApplication for saved views.
  /// Throws Error.
  std::function<void(HeadlessExport&)> complete;
  bool themeGiven = false;
  Theme theme = Theme::System;
  std::string screenshot;      ///< with a name: render the window into it and end
  std::string scene = "main";  ///< what the screenshot shows, see app/gui/scenes.h
  std::string language;        ///< of the window: a locale; empty: the preferences, or the desktop
  int width = 1440, height = 900;
  bool checkDisplay = false;  ///< only say whether there is a display
  bool help = false;          ///< --help or --version has been printed
  int exitCode = 0;
};

/// Exit codes, the same as those of the command line program.
enum ExitCode { kExitOk = 0, kExitError = 1, kExitUsage = 2 };

/// Reads the command line; prints help, version or one sentence about a mistake itself and then
/// sets `help` and `exitCode`.
GuiOptions parseGuiOptions(int argc, char** argv);

}  // namespace bitfrontier

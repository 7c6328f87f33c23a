// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <QString>
#include <string>
#include <vector>

#include "ui/base/view_options.h"
#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// An export without a window, as the command line asks for it.
struct HeadlessExport {
  std::filesystem::path store;
  std::vector<std::string> figures;   ///< names with an ending of kFigureFormats
  std::vector<std::string> laws;      ///< .json, .csv
  std::vector<std::string> families;  ///< empty: all
  ViewOptions options;
  bool autoSource = false;  ///< own runs when there are any, else published ones
  bool autoMetric = false;  ///< cross-entropy where no point has an accuracy
  FigureLook look;
};

/// Reads, fits, draws and writes; one line of report per file. Blocking; throws Error.
std::vector<QString> exportHeadless(const HeadlessExport& request);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <QString>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "ui/base/view_options.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_spec.h"
#include "ui/view/view_state.h"

namespace bitfrontier {

/// An export without a window, as the command line or a saved view asks for it.
struct HeadlessExport {
  std::filesystem::path store;
  /// Names with an ending of kFigureFormats; with `formats` each is written in all of them, and an
  /// ending is not needed.
  std::vector<std::string> figures;
  std::vector<FigureFormat> formats;
  std::vector<std::string> laws;      ///< .json, .csv
  std::vector<std::string> families;  ///< empty: all
  ViewOptions options;
  std::optional<PlotRange> range;
  PlotVisibility hidden;
  bool autoSource = false;  ///< own runs when there are any, else published ones
  bool autoMetric = false;  ///< cross-entropy where no point has an accuracy
  FigureLook look;

  /// Takes what a view shows; its store is left out.
  void setView(const ViewState& view);
};

/// A figure that is ready to be drawn, and what there is to say about its points.
struct ReadFigure {
  FigureSpec spec;
  QString incomplete;  ///< " (2 more lack tasks that others have: --partial)"; or empty
};
/// Reads the store, chooses, fits. Blocking, on any thread; throws Error.
ReadFigure readFigure(const HeadlessExport& request, const JobContext& job = {});

/// Reads, fits, draws and writes; one line of report per file. Blocking, GUI thread; throws Error.
std::vector<QString> exportHeadless(const HeadlessExport& request);

}  // namespace bitfrontier

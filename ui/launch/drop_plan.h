// SPDX-License-Identifier: GPL-3.0-or-later
// What something that is dropped on the window, pasted or chosen for import is, and what would
// happen.
#pragma once

#include <filesystem>
#include <QMimeData>
#include <QString>
#include <vector>

#include "core/store/import/import_options.h"

namespace bitfrontier {

struct DropPlan {
  enum class Kind {
    Refused,   ///< `detail` says why
    Models,    ///< folders of models: a new sweep of them
    HubModel,  ///< a name on the hub that is not in the cache: a download
    Store,     ///< is opened
    Results,   ///< runs that are added to the open store
    Figure,    ///< an exported figure: its view is shown
  };
  Kind kind = Kind::Refused;
  QString title;   ///< what it is, a sentence
  QString detail;  ///< what is known of it, and what would happen; or why nothing can
  QString action;  ///< the button's text; empty when refused
  std::vector<std::filesystem::path> paths;  ///< folders, store or figure
  std::string hubModel;
  ImportedRuns runs;
};

/// Of files and folders. Blocking: reads them. Never throws: what cannot be read is refused with
/// the reason.
DropPlan planPaths(const std::vector<std::filesystem::path>& paths);
/// Of a text: a path, an address of a file, a name of a model on the hub or its page's address.
DropPlan planText(const QString& text);

/// What planPaths() or planText() is asked about.
struct DropContent {
  std::vector<std::filesystem::path> paths;
  QString text;
  bool empty() const { return paths.empty() && text.isEmpty(); }
};
DropContent contentOf(const QMimeData& data);
DropPlan planContent(const DropContent& content);

}  // namespace bitfrontier

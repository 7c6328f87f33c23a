// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/state_folder.h"

#include <QDir>
#include <QFile>
#include <system_error>

namespace bitfrontier {

// Qt 6.4 has no name for this folder. A relative path in the variable is to be ignored.
std::filesystem::path stateFolder() {
  std::filesystem::path base = qgetenv("XDG_STATE_HOME").toStdString();
  if (!base.is_absolute()) {
    base = std::filesystem::path(QFile::encodeName(QDir::homePath()).toStdString()) / ".local" /
           "state";
  }
  const std::filesystem::path folder = base / "bitfrontier";
  std::error_code ignored;  // where there is none, writing into it says so
  std::filesystem::create_directories(folder, ignored);
  return folder;
}

}  // namespace bitfrontier

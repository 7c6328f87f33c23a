// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <QFileSystemWatcher>
#include <QObject>
#include <QString>
#include <vector>

#include "ui/view/view_state.h"

namespace bitfrontier {

/// A view under a name.
struct SavedView {
  QString name;
  ViewState state;
  bool starred = false;
  QString saved;  ///< day, ISO 8601

  bool operator==(const SavedView&) const = default;
};

/// The saved views of the user: one JSON file, shared by all windows and processes. Entries that
/// this program does not understand stay in the file. All members that write throw Error.
class ViewLibrary : public QObject {
  Q_OBJECT

 public:
  /// The file need not be there. One that is damaged is kept beside it under another name, and
  /// trouble() says so.
  explicit ViewLibrary(std::filesystem::path file, QObject* parent = nullptr);

  /// Starred ones first, then by name.
  const std::vector<SavedView>& views() const { return views_; }
  const SavedView* find(const QString& name) const;
  /// A sentence about what could not be read; empty when all was.
  const QString& trouble() const { return trouble_; }

  /// Adds a view, in place of one with its name.
  void save(SavedView view);
  void rename(const QString& from, const QString& to);
  /// Returns the name of the copy.
  QString duplicate(const QString& name);
  void remove(const QString& name);
  void setStarred(const QString& name, bool starred);
  /// Adds the view of a file that exportFile(), or a person, has written; returns its name here.
  QString importFile(const QString& file);
  void exportFile(const QString& name, const QString& file) const;
  /// The name, or the first of "name (2)", "name (3)", ... that is free.
  QString freeName(const QString& name) const;

 Q_SIGNALS:
  void changed();

 private:
  void read();
  void write();
  void sort();
  SavedView& at(const QString& name);

  std::filesystem::path file_;
  std::vector<SavedView> views_;
  std::vector<nlohmann::ordered_json> foreign_;  ///< entries that were not understood
  QString trouble_;
  QFileSystemWatcher watcher_;
};

/// $XDG_CONFIG_HOME/bitfrontier/views.json; its folder is made if it can be.
std::filesystem::path viewLibraryFile();

}  // namespace bitfrontier

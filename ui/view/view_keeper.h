// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QObject>
#include <QString>

#include "ui/view/undo.h"
#include "ui/view/view_library.h"
#include "ui/view/view_state.h"

namespace bitfrontier {

/// The view of a window as one value: read, shown, undone, saved under names.
class ViewKeeper : public QObject {
  Q_OBJECT

 public:
  struct Window {
    ViewUndo::Read read;    ///< the view as it is
    ViewUndo::Apply apply;  ///< changes what is drawn, not the store
    /// Shows a view, of its own store; `text` says so behind "Undo".
    std::function<void(const ViewState&, const QString& text)> open;
  };

  /// `library` is the file of the saved views.
  ViewKeeper(Window window, const std::filesystem::path& library, QObject* parent = nullptr);

  ViewState state() const { return window_.read(); }
  ViewUndo& undo() { return undo_; }
  ViewLibrary& savedViews() { return library_; }

  /// The saved view that was shown or saved last; empty for none.
  const QString& name() const { return name_; }
  /// Whether it has been changed since. What is selected and how tables are sorted does not count.
  bool modified() const;

  /// Saves the view as it is. Throws Error.
  void save(const QString& name);
  /// Shows a saved view.
  void show(const QString& name);
  /// Throws Error.
  void rename(const QString& from, const QString& to);
  /// Another store is shown: the edits before mean nothing, and no saved view is shown.
  void forget();

 Q_SIGNALS:
  void changed();  ///< name() or perhaps modified()

 private:
  Window window_;
  ViewUndo undo_;
  ViewLibrary library_;
  QString name_;
};

}  // namespace bitfrontier

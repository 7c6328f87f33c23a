// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/view_keeper.h"

#include <utility>

namespace bitfrontier {

ViewKeeper::ViewKeeper(Window window, const std::filesystem::path& library, QObject* parent)
    : QObject(parent),
      window_(std::move(window)),
      undo_(window_.read, window_.apply),
      library_(library) {
  connect(&undo_.stack(), &QUndoStack::indexChanged, this, &ViewKeeper::changed);
  connect(&library_, &ViewLibrary::changed, this, [this] {
    if (!library_.find(name_)) name_.clear();
    Q_EMIT changed();
  });
}

bool ViewKeeper::modified() const {
  const SavedView* saved = library_.find(name_);
  if (!saved) return false;
  const ViewState now = state();
  const ViewState& then = saved->state;
  return now.options != then.options || now.hidden != then.hidden || now.range != then.range;
}

void ViewKeeper::save(const QString& name) {
  SavedView view;
  if (const SavedView* before = library_.find(name)) view.starred = before->starred;
  view.name = name;
  view.state = state();
  library_.save(view);
  name_ = name.trimmed();
  Q_EMIT changed();
}

void ViewKeeper::show(const QString& name) {
  const SavedView* view = library_.find(name);
  if (!view) return;
  const ViewState wanted = view->state;
  window_.open(wanted, tr("show %1").arg(name));
  name_ = name;
  Q_EMIT changed();
}

void ViewKeeper::rename(const QString& from, const QString& to) {
  const bool shown = from == name_;
  library_.rename(from, to);
  if (shown) name_ = to.trimmed();
  Q_EMIT changed();
}

void ViewKeeper::forget() {
  undo_.forget();
  const SavedView* saved = library_.find(name_);
  if (!saved || saved->state.store != state().store) name_.clear();
  Q_EMIT changed();
}

}  // namespace bitfrontier

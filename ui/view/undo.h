// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QObject>
#include <QUndoStack>

#include "ui/view/view_state.h"

namespace bitfrontier {

/// Undo and redo of all that changes a view: what is edited is told by comparing the view before
/// and after. What the view does by itself (follows its store) is no edit and survives both.
class ViewUndo : public QObject {
  Q_OBJECT

 public:
  using Read = std::function<ViewState()>;
  using Apply = std::function<void(const ViewState&, bool zoom)>;

  /// `read` gives the view as it is, `apply` makes it so; without `zoom` the range stays.
  ViewUndo(Read read, Apply apply, QObject* parent = nullptr);

  QUndoStack& stack() { return stack_; }

  /// Call after the user has changed something. `text` ("apply Fig. 1") says what, else it is told
  /// by the difference. Typing on in the filter is one edit. With `zoom` the range is part of it.
  void record(const QString& text = {}, bool zoom = false);
  /// Call after the view has changed by itself.
  void follow();
  /// Call when another store is shown: edits of the one before mean nothing any more.
  void forget();

 private:
  class Edit;
  void change(const nlohmann::ordered_json& members);

  Read read_;
  Apply apply_;
  ViewState last_;
  bool applying_ = false;
  QUndoStack stack_;
};

}  // namespace bitfrontier

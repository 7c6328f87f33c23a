// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/undo.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <QCoreApplication>
#include <QScopedValueRollback>
#include <QUndoCommand>
#include <utility>

namespace bitfrontier {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(ViewUndo)
};

/// What an edit can change, one member for each option: {"/options/filter": "opt", ...}.
ordered_json membersOf(ViewState state) {
  state.selected.clear();
  state.tables.clear();
  const ordered_json all = toJson(state);
  ordered_json members;
  for (const char* part : {"options", "hidden"}) {
    for (const auto& [name, value] : all[part].items()) {
      members["/" + std::string(part) + "/" + name] = value;
    }
  }
  members["/range"] = all["range"];
  return members;
}

/// What the user reads behind "Undo".
QString describe(const ordered_json& before, const ordered_json& after) {
  static const std::string kExclusions = "/options/exclusions";
  const auto has = [&](const char* name) {
    return after.contains(std::string("/options/") + name);
  };
  if (after.contains(kExclusions)) {
    const auto was = before[kExclusions].size(), is = after[kExclusions].size();
    if (is > was) {
      return is - was == 1 ? Tr::tr("exclude 1 point") : Tr::tr("exclude %1 points").arg(is - was);
    }
    if (is < was) {
      return was - is == 1 ? Tr::tr("take back 1 point")
                           : Tr::tr("take back %1 points").arg(was - is);
    }
    return Tr::tr("change a reason");
  }
  if (has("baseline")) {
    return after["/options/baseline"].is_null() ? Tr::tr("no baseline") : Tr::tr("set baseline");
  }
  if (has("filter")) return Tr::tr("filter");
  if (has("set")) return Tr::tr("choice of a set");
  if (has("others")) return Tr::tr("choice of stores");
  if (has("metric")) return Tr::tr("change of axis");
  if (has("rule")) return Tr::tr("change of counting rule");
  if (has("series")) return Tr::tr("change of series");
  if (has("source")) return Tr::tr("change of what is shown");
  const std::string first = after.begin().key();
  if (first.starts_with("/hidden/")) return Tr::tr("show or hide series");
  return Tr::tr("change of display");
}

/// Whether one text is the other with something typed at its end.
bool typedOn(const std::string& a, const std::string& b) {
  return a.starts_with(b) || b.starts_with(a);
}

}  // namespace

/// One edit: the members that it has changed, before and after.
class ViewUndo::Edit : public QUndoCommand {
 public:
  Edit(ViewUndo* owner, ordered_json before, ordered_json after, const QString& text)
      : QUndoCommand(text), owner_(owner), before_(std::move(before)), after_(std::move(after)) {}

  void undo() override { owner_->change(before_); }
  void redo() override {
    if (std::exchange(done_, false)) return;  // the first time it has been done by the user
    owner_->change(after_);
  }
  int id() const override { return 1; }
  /// Moves of a slider and typing are one edit.
  bool mergeWith(const QUndoCommand* command) override {
    const auto* next = dynamic_cast<const Edit*>(command);
    if (!next || after_.size() != 1 || next->after_.size() != 1) return false;
    const std::string name = after_.begin().key();
    if (!next->after_.contains(name)) return false;
    const ordered_json &was = before_[name], &is = after_[name], &later = next->after_[name];
    const bool slider = is.is_number() && later.is_number();
    const bool typing = name == "/options/filter" &&
                        typedOn(is.get<std::string>(), later.get<std::string>()) &&
                        !is.get<std::string>().empty() && !later.get<std::string>().empty();
    if (!slider && !typing) return false;
    after_ = next->after_;
    setObsolete(was == later);
    return true;
  }

 private:
  ViewUndo* owner_;
  ordered_json before_, after_;
  bool done_ = true;
};

ViewUndo::ViewUndo(Read read, Apply apply, QObject* parent)
    : QObject(parent), read_(std::move(read)), apply_(std::move(apply)), last_(read_()) {
  stack_.setUndoLimit(500);
}

void ViewUndo::record(const QString& text, bool zoom) {
  if (applying_) return;
  ViewState now = read_();
  if (!zoom) last_.range = now.range;
  const ordered_json was = membersOf(std::exchange(last_, now)), is = membersOf(std::move(now));
  ordered_json before, after;
  for (const auto& [name, value] : is.items()) {
    if (was[name] == value) continue;
    before[name] = was[name];
    after[name] = value;
  }
  if (after.empty()) return;
  // What is chosen stays chosen, but to choose is no edit of its own.
  const QString words = text.isEmpty() ? describe(before, after) : text;
  stack_.push(new Edit(this, std::move(before), std::move(after), words));
}

void ViewUndo::follow() {
  if (!applying_) last_ = read_();
}

void ViewUndo::forget() {
  stack_.clear();
  follow();
}

void ViewUndo::change(const ordered_json& members) {
  const QScopedValueRollback guard(applying_, true);
  ViewState now = read_();
  now.selected.clear();
  now.tables.clear();
  json all = toJson(now);
  for (const auto& [name, value] : members.items()) all[json::json_pointer(name)] = value;
  apply_(viewStateFromJson(all), members.contains("/range"));
  last_ = read_();
}

}  // namespace bitfrontier

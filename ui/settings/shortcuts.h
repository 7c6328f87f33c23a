// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAction>
#include <QKeySequence>
#include <QList>
#include <QMap>
#include <QString>

namespace bitfrontier {

/// An action's text as a sentence shows it: without mnemonics and dots.
QString plainText(const QAction& action);

/// The keys of a window's actions: what the program gives them, what the user has made of it, and
/// which two actions ask for the same key. The program's own keys are those that the actions have
/// when this is made.
class Shortcuts {
 public:
  explicit Shortcuts(const QList<QAction*>& actions);

  const QList<QAction*>& actions() const { return actions_; }
  QList<QKeySequence> ownKeys(const QAction* action) const { return own_.value(action); }
  /// The other action that has this key, or null.
  QAction* holder(const QKeySequence& key, const QAction* except = nullptr) const;

  /// Gives an action this key alone (an empty one: none) and takes it from its holder.
  void assign(QAction* action, const QKeySequence& key);
  /// The program's own keys again; whoever holds them now loses them.
  void reset(QAction* action);
  void resetAll();

  /// Keys that differ from the program's own, by name of the action; `apply` is the way back.
  /// Unknown names are ignored.
  QMap<QString, QList<QKeySequence>> changes() const;
  void apply(const QMap<QString, QList<QKeySequence>>& changes);

 private:
  void set(QAction* action, const QList<QKeySequence>& keys);

  QList<QAction*> actions_;
  QMap<const QAction*, QList<QKeySequence>> own_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/shortcuts.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

QString plainText(const QAction& action) {
  QString text = action.text();
  text.replace(u"&&"_s, u"\x01"_s).remove(u'&').replace(u'\x01', u'&');
  while (text.endsWith(u'…') || text.endsWith(u'.')) text.chop(1);
  return text;
}

Shortcuts::Shortcuts(const QList<QAction*>& actions) : actions_(actions) {
  for (const QAction* action : actions_) own_[action] = action->shortcuts();
}

QAction* Shortcuts::holder(const QKeySequence& key, const QAction* except) const {
  if (key.isEmpty()) return nullptr;
  for (QAction* action : actions_) {
    if (action != except && action->shortcuts().contains(key)) return action;
  }
  return nullptr;
}

void Shortcuts::set(QAction* action, const QList<QKeySequence>& keys) {
  action->setShortcuts(keys);
  // The tip ends with the key, as Actions has made it.
  QString tip = action->property("tip").toString();
  if (tip.isEmpty()) return;
  if (!keys.isEmpty()) tip += u" (%1)"_s.arg(keys.first().toString(QKeySequence::NativeText));
  action->setToolTip(tip);
}

void Shortcuts::assign(QAction* action, const QKeySequence& key) {
  while (QAction* other = holder(key, action)) {
    QList<QKeySequence> keys = other->shortcuts();
    keys.removeAll(key);
    set(other, keys);
  }
  set(action, key.isEmpty() ? QList<QKeySequence>() : QList{key});
}

void Shortcuts::reset(QAction* action) {
  const QList<QKeySequence> keys = ownKeys(action);
  for (const QKeySequence& key : keys) assign(action, key);
  set(action, keys);
}

void Shortcuts::resetAll() {
  for (QAction* action : actions_) set(action, ownKeys(action));
}

QMap<QString, QList<QKeySequence>> Shortcuts::changes() const {
  QMap<QString, QList<QKeySequence>> changes;
  for (const QAction* action : actions_) {
    if (action->shortcuts() != ownKeys(action)) changes[action->objectName()] = action->shortcuts();
  }
  return changes;
}

void Shortcuts::apply(const QMap<QString, QList<QKeySequence>>& changes) {
  resetAll();
  for (QAction* action : actions_) {
    const auto it = changes.find(action->objectName());
    if (it != changes.end()) set(action, it.value());
  }
}

}  // namespace bitfrontier

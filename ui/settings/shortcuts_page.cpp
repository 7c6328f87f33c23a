// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/shortcuts_page.h"

#include <QFormLayout>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QVBoxLayout>

#include "ui/base/fuzzy.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString keysText(const QList<QKeySequence>& keys) {
  return QKeySequence::listToString(keys, QKeySequence::NativeText);
}

}  // namespace

ShortcutsPage::ShortcutsPage(Shortcuts* shortcuts, QWidget* parent)
    : QWidget(parent),
      shortcuts_(shortcuts),
      search_(new QLineEdit),
      view_(new QTreeView),
      model_(new QStandardItemModel(this)),
      keys_(new QKeySequenceEdit),
      says_(new QLabel) {
  setObjectName(u"shortcutsPage"_s);
  search_->setObjectName(u"shortcutSearch"_s);
  search_->setClearButtonEnabled(true);
  search_->setAccessibleName(tr("Search"));
  auto* searchLabel = new QLabel(tr("S&earch"));
  searchLabel->setBuddy(search_);
  view_->setObjectName(u"shortcutList"_s);
  view_->setAccessibleName(tr("Actions and their keys"));
  view_->setModel(model_);
  view_->setRootIsDecorated(false);
  view_->setUniformRowHeights(true);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setAlternatingRowColors(true);
  view_->setMinimumHeight(140);
  keys_->setObjectName(u"shortcutKeys"_s);
  keys_->setAccessibleName(tr("New keys"));
  keys_->setToolTip(tr("Press the keys here, for example Ctrl and K"));
  auto* keysLabel = new QLabel(tr("New &keys"));
  keysLabel->setBuddy(keys_);
  const auto button = [this](const QString& name, const QString& text, const QString& tip) {
    auto* b = new QPushButton(text);
    b->setObjectName(name);
    b->setToolTip(tip);
    b->setAutoDefault(false);
    return b;
  };
  set_ = button(u"shortcutSet"_s, tr("&Use them"), tr("Gives these keys to the chosen action"));
  none_ = button(u"shortcutNone"_s, tr("&No keys"), tr("Takes the keys of the chosen action away"));
  reset_ = button(u"shortcutReset"_s, tr("&Reset"), tr("The program's own keys for this action"));
  resetAll_ = button(u"shortcutResetAll"_s, tr("Reset a&ll"),
                     tr("The program's own keys for every action"));
  says_->setObjectName(u"shortcutSays"_s);
  says_->setWordWrap(true);
  says_->setMinimumHeight(2 * says_->fontMetrics().lineSpacing());

  auto* top = new QHBoxLayout;
  top->addWidget(searchLabel);
  top->addWidget(search_, 1);
  auto* row = new QHBoxLayout;
  row->addWidget(keysLabel);
  row->addWidget(keys_, 1);
  for (QPushButton* b : {set_, none_, reset_, resetAll_}) row->addWidget(b);
  auto* column = new QVBoxLayout(this);
  column->addLayout(top);
  column->addWidget(view_, 1);
  column->addLayout(row);
  column->addWidget(says_);

  connect(search_, &QLineEdit::textChanged, this, &ShortcutsPage::fill);
  connect(view_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          &ShortcutsPage::showCurrent);
  connect(keys_, &QKeySequenceEdit::keySequenceChanged, this, &ShortcutsPage::offer);
  connect(set_, &QPushButton::clicked, this, [this] {
    if (!current() || keys_->keySequence().isEmpty()) return;
    shortcuts_->assign(current(), keys_->keySequence());
    afterChange();
  });
  connect(none_, &QPushButton::clicked, this, [this] {
    if (!current()) return;
    shortcuts_->assign(current(), {});
    afterChange();
  });
  connect(reset_, &QPushButton::clicked, this, [this] {
    if (!current()) return;
    shortcuts_->reset(current());
    afterChange();
  });
  connect(resetAll_, &QPushButton::clicked, this, [this] {
    shortcuts_->resetAll();
    afterChange();
  });
  fill();
}

QAction* ShortcutsPage::current() const {
  const QVariant row = model_->index(view_->currentIndex().row(), 0).data(Qt::UserRole);
  return row.isValid() ? shortcuts_->actions()[row.toInt()] : nullptr;
}

void ShortcutsPage::choose(const QAction* action) {
  search_->clear();
  for (int row = 0; row < model_->rowCount(); ++row) {
    const int at = model_->index(row, 0).data(Qt::UserRole).toInt();
    if (shortcuts_->actions()[at] == action) view_->setCurrentIndex(model_->index(row, 0));
  }
}

void ShortcutsPage::fill() {
  const QAction* before = current();
  model_->clear();
  model_->setHorizontalHeaderLabels({tr("Action"), tr("Keys"), tr("What it does")});
  for (int i = 0; i < shortcuts_->actions().size(); ++i) {
    const QAction* action = shortcuts_->actions()[i];
    const QString name = plainText(*action);
    const QString keys = keysText(action->shortcuts());
    if (fuzzyScore(search_->text(), name) < 0 &&
        !keys.contains(search_->text(), Qt::CaseInsensitive)) {
      continue;
    }
    const QString tip = action->property("tip").toString();
    const QList<QStandardItem*> row{new QStandardItem(action->icon(), name),
                                    new QStandardItem(keys),
                                    new QStandardItem(tip.isEmpty() ? action->statusTip() : tip)};
    row[0]->setData(i, Qt::UserRole);
    for (QStandardItem* item : row) item->setToolTip(row[2]->text());
    if (action->shortcuts() != shortcuts_->ownKeys(action)) {  // the user's own
      QFont font = view_->font();
      font.setBold(true);
      row[1]->setFont(font);
    }
    model_->appendRow(row);
    if (action == before) view_->setCurrentIndex(row[0]->index());
  }
  if (!view_->currentIndex().isValid()) view_->setCurrentIndex(model_->index(0, 0));
  view_->resizeColumnToContents(0);
  view_->resizeColumnToContents(1);
  showCurrent();
}

void ShortcutsPage::showCurrent() {
  const QSignalBlocker blocker(keys_);
  keys_->clear();
  offer();
}

void ShortcutsPage::offer() {
  const QAction* action = current();
  const QKeySequence keys = keys_->keySequence();
  const QAction* other = action ? shortcuts_->holder(keys, action) : nullptr;
  set_->setEnabled(action && !keys.isEmpty() && !action->shortcuts().contains(keys));
  none_->setEnabled(action && !action->shortcuts().isEmpty());
  reset_->setEnabled(action && action->shortcuts() != shortcuts_->ownKeys(action));
  resetAll_->setEnabled(!shortcuts_->changes().isEmpty());
  if (!action) {
    says_->setText(tr("No action has these letters in its name."));
  } else if (other) {
    says_->setText(tr("%1 belongs to “%2”, which will lose it.")
                       .arg(keys.toString(QKeySequence::NativeText), plainText(*other)));
  } else if (!keys.isEmpty()) {
    says_->setText(tr("%1 is free.").arg(keys.toString(QKeySequence::NativeText)));
  } else {
    says_->setText(tr("Choose an action, press its new keys in the field, then “Use them”."));
  }
}

void ShortcutsPage::afterChange() {
  fill();
  Q_EMIT changed();
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/command_palette.h"

#include <algorithm>
#include <QHeaderView>
#include <QKeyEvent>
#include <QVBoxLayout>

#include "ui/base/fuzzy.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr qsizetype kMostShown = 200;

}  // namespace

CommandPalette::CommandPalette(QList<PaletteEntry> entries, QWidget* parent)
    : QDialog(parent),
      entries_(std::move(entries)),
      edit_(new QLineEdit),
      view_(new QTreeView),
      model_(new QStandardItemModel(this)),
      says_(new QLabel) {
  setObjectName(u"commandPalette"_s);
  setWindowTitle(tr("Find a command"));
  edit_->setObjectName(u"paletteEdit"_s);
  edit_->setAccessibleName(tr("What to find"));
  edit_->setPlaceholderText(tr("A command, model, family or field: type some of its letters"));
  edit_->setClearButtonEnabled(true);
  edit_->installEventFilter(this);
  view_->setObjectName(u"paletteList"_s);
  view_->setAccessibleName(tr("What was found"));
  view_->setModel(model_);
  view_->setRootIsDecorated(false);
  view_->setUniformRowHeights(true);
  view_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view_->setHeaderHidden(true);
  view_->setTabKeyNavigation(false);
  says_->setObjectName(u"paletteSays"_s);
  says_->setWordWrap(true);
  says_->setTextFormat(Qt::PlainText);
  says_->setMinimumHeight(2 * says_->fontMetrics().lineSpacing());
  auto* column = new QVBoxLayout(this);
  column->addWidget(edit_);
  column->addWidget(view_, 1);
  column->addWidget(says_);
  connect(edit_, &QLineEdit::textChanged, this, &CommandPalette::search);
  connect(view_->selectionModel(), &QItemSelectionModel::currentChanged, this,
          &CommandPalette::explain);
  connect(view_, &QTreeView::activated, this, &CommandPalette::runCurrent);
  search();
  resize(fontMetrics().averageCharWidth() * 84, fontMetrics().lineSpacing() * 24);
  if (parent) {
    setMaximumSize(parent->size());
    move(parent->mapToGlobal(QPoint((parent->width() - width()) / 2, parent->height() / 10)));
  }
}

QList<PaletteEntry> CommandPalette::found() const {
  QList<PaletteEntry> list;
  for (const int at : shown_) list << entries_[at];
  return list;
}

void CommandPalette::search() {
  struct Hit {
    int score, entry;
  };
  std::vector<Hit> hits;
  const QString text = edit_->text();
  for (int i = 0; i < entries_.size(); ++i) {
    const PaletteEntry& e = entries_[i];
    int score = fuzzyScore(text, e.title);
    if (score < 0) {
      const int withKind = fuzzyScore(text, e.kind + u' ' + e.title);
      if (withKind < 0) continue;
      score = withKind / 2;
    }
    hits.push_back({score, i});
  }
  std::stable_sort(hits.begin(), hits.end(), [this](const Hit& a, const Hit& b) {
    const bool can = entries_[a.entry].whyNot.isEmpty(), other = entries_[b.entry].whyNot.isEmpty();
    return can != other ? can : a.score > b.score;
  });
  shown_.clear();
  model_->clear();
  for (const Hit& hit : hits) {
    if (shown_.size() == kMostShown) break;
    shown_ << hit.entry;
    const PaletteEntry& e = entries_[hit.entry];
    const QList<QStandardItem*> row{new QStandardItem(e.title), new QStandardItem(e.kind),
                                    new QStandardItem(e.keys)};
    for (QStandardItem* item : row) {
      item->setToolTip(e.whyNot.isEmpty() ? e.tip : e.whyNot);
      if (!e.whyNot.isEmpty()) {
        item->setForeground(palette().brush(QPalette::Disabled, QPalette::Text));
      }
    }
    model_->appendRow(row);
  }
  QHeaderView* header = view_->header();
  header->setStretchLastSection(false);
  if (model_->columnCount() == 3) {
    header->setSectionResizeMode(0, QHeaderView::Stretch);
    header->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    header->setSectionResizeMode(2, QHeaderView::ResizeToContents);
  }
  view_->setCurrentIndex(model_->index(0, 0));
  explain();
}

void CommandPalette::explain() {
  const int row = view_->currentIndex().row();
  if (row < 0 || row >= shown_.size()) {
    says_->setText(tr("Nothing has these letters in this order."));
    return;
  }
  const PaletteEntry& e = entries_[shown_[row]];
  says_->setText(e.whyNot.isEmpty() ? e.tip : tr("Not possible now: %1").arg(e.whyNot));
}

void CommandPalette::runCurrent() {
  const int row = view_->currentIndex().row();
  if (row < 0 || row >= shown_.size()) return;
  const PaletteEntry e = entries_[shown_[row]];
  if (!e.whyNot.isEmpty()) return;  // the line below says why
  accept();
  e.run();
}

bool CommandPalette::eventFilter(QObject* object, QEvent* event) {
  if (object == edit_ && event->type() == QEvent::KeyPress) {
    const auto* key = static_cast<QKeyEvent*>(event);
    switch (key->key()) {
      case Qt::Key_Up:
      case Qt::Key_Down:
      case Qt::Key_PageUp:
      case Qt::Key_PageDown: {
        const int page = std::max(1, view_->viewport()->height() / 24);
        const int step = key->key() == Qt::Key_Up       ? -1
                         : key->key() == Qt::Key_Down   ? 1
                         : key->key() == Qt::Key_PageUp ? -page
                                                        : page;
        const int last = static_cast<int>(shown_.size()) - 1;
        if (last < 0) return true;
        const int row = std::clamp(view_->currentIndex().row() + step, 0, last);
        view_->setCurrentIndex(model_->index(row, 0));
        view_->scrollTo(view_->currentIndex());
        return true;
      }
      case Qt::Key_Return:
      case Qt::Key_Enter:
        runCurrent();
        return true;
      default:
        break;
    }
  }
  return QDialog::eventFilter(object, event);
}

}  // namespace bitfrontier

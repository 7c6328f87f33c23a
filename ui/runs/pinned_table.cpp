// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/pinned_table.h"

#include <QHeaderView>
#include <QScrollBar>

using namespace Qt::StringLiterals;

namespace bitfrontier {

PinnedTable::PinnedTable(QWidget* parent) : QTableView(parent), front_(new QTableView(this)) {
  for (QTableView* view : {static_cast<QTableView*>(this), front_}) {
    view->setSelectionBehavior(SelectRows);
    view->setEditTriggers(NoEditTriggers);
    view->setAlternatingRowColors(true);
    view->setWordWrap(false);
    view->setTextElideMode(Qt::ElideMiddle);
    view->setTabKeyNavigation(false);
    view->setShowGrid(false);
    view->verticalHeader()->hide();
    view->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);
    view->verticalHeader()->setDefaultSectionSize(view->fontMetrics().height() + 6);
    view->setVerticalScrollMode(ScrollPerPixel);
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setSectionsMovable(true);
    view->setSortingEnabled(true);
    view->setContextMenuPolicy(Qt::CustomContextMenu);
    view->horizontalHeader()->setContextMenuPolicy(Qt::CustomContextMenu);
  }
  horizontalHeader()->setStretchLastSection(true);
  setHorizontalScrollMode(ScrollPerPixel);
  front_->setObjectName(u"pinnedColumns"_s);
  front_->setAccessibleName(tr("Pinned columns"));
  front_->setFocusPolicy(Qt::NoFocus);  // its rows are those of this table
  front_->setFrameShape(QFrame::NoFrame);
  front_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  front_->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  front_->hide();
  connect(verticalScrollBar(), &QScrollBar::valueChanged, front_->verticalScrollBar(),
          &QScrollBar::setValue);
  connect(front_->verticalScrollBar(), &QScrollBar::valueChanged, verticalScrollBar(),
          &QScrollBar::setValue);
  connect(horizontalHeader(), &QHeaderView::sectionResized, this, [this](int column, int, int to) {
    if (isPinned(column)) front_->setColumnWidth(column, to);
    placeFront();
  });
  connect(front_->horizontalHeader(), &QHeaderView::sectionResized, this,
          [this](int column, int, int to) {
            if (isPinned(column) && columnWidth(column) != to) setColumnWidth(column, to);
          });
  connect(horizontalHeader(), &QHeaderView::sectionMoved, this, [this] { arrangeFront(); });
  connect(front_->horizontalHeader(), &QHeaderView::sortIndicatorChanged, this,
          [this](int column, Qt::SortOrder order) {
            const QHeaderView* own = horizontalHeader();
            if (own->sortIndicatorSection() == column && own->sortIndicatorOrder() == order) return;
            sortByColumn(column, order);
          });
  connect(horizontalHeader(), &QHeaderView::sortIndicatorChanged, front_,
          [this](int column, Qt::SortOrder order) {
            const QSignalBlocker blocker(front_->horizontalHeader());
            front_->horizontalHeader()->setSortIndicator(column, order);
          });
}

void PinnedTable::setModel(QAbstractItemModel* model) {
  QTableView::setModel(model);
  // One of the two headers sorts; the other shows the same arrow.
  front_->setSortingEnabled(false);
  front_->setModel(model);
  front_->horizontalHeader()->setSortIndicatorShown(true);
  front_->horizontalHeader()->setSectionsClickable(true);
  front_->setSelectionModel(selectionModel());
  arrangeFront();
}

bool PinnedTable::isPinned(int column) const {
  return horizontalHeader()->visualIndex(column) < pinned_ && !isColumnHidden(column);
}

void PinnedTable::setPinned(int count) {
  pinned_ = count;
  arrangeFront();
}

void PinnedTable::setColumnShown(int column, bool shown) {
  setColumnHidden(column, !shown);
  arrangeFront();
}

void PinnedTable::arrangeFront() {
  if (model() == nullptr) return;
  const int columns = model()->columnCount();
  for (int visual = 0; visual < columns; ++visual) {
    const int column = horizontalHeader()->logicalIndex(visual);
    QHeaderView* header = front_->horizontalHeader();
    header->moveSection(header->visualIndex(column), visual);
    front_->setColumnHidden(column, !isPinned(column));
    if (isPinned(column)) front_->setColumnWidth(column, columnWidth(column));
  }
  placeFront();
}

void PinnedTable::placeFront() {
  int width = 0;
  for (int visual = 0; visual < pinned_ && visual < horizontalHeader()->count(); ++visual) {
    const int column = horizontalHeader()->logicalIndex(visual);
    if (!isColumnHidden(column)) width += columnWidth(column);
  }
  // Where the pinned columns alone would fill the view nothing else could be read.
  const bool useful = width > 0 && width < viewport()->width() * 2 / 3;
  front_->setVisible(useful);
  if (!useful) return;
  const int frame = frameWidth();
  front_->setGeometry(frame, frame, width, viewport()->height() + horizontalHeader()->height());
  front_->horizontalHeader()->setFixedHeight(horizontalHeader()->height());
  front_->verticalScrollBar()->setValue(verticalScrollBar()->value());
  front_->raise();
}

void PinnedTable::resizeEvent(QResizeEvent* event) {
  QTableView::resizeEvent(event);
  placeFront();
}

void PinnedTable::scrollTo(const QModelIndex& index, ScrollHint hint) {
  const int right = horizontalScrollBar()->value();
  QTableView::scrollTo(index, hint);
  if (front_->isHidden()) return;
  if (isPinned(index.column())) {
    horizontalScrollBar()->setValue(right);
  } else if (const int hidden = front_->width() - visualRect(index).left(); hidden > 0) {
    horizontalScrollBar()->setValue(horizontalScrollBar()->value() - hidden);
  }
}

QModelIndex PinnedTable::moveCursor(CursorAction action, Qt::KeyboardModifiers modifiers) {
  const QModelIndex to = QTableView::moveCursor(action, modifiers);
  if (front_->isVisible() && to.isValid() && !isPinned(to.column())) {
    const int hidden = front_->width() - visualRect(to).left();
    if (hidden > 0) horizontalScrollBar()->setValue(horizontalScrollBar()->value() - hidden);
  }
  return to;
}

}  // namespace bitfrontier

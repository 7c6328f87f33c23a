// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/views/views_panel.h"

#include <QFileDialog>
#include <QHeaderView>
#include <QMenu>
#include <QShortcut>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/panels/views/stores_list.h"
#include "ui/view/exclusions.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ViewsPanel::ViewsPanel(const PanelContext& context)
    : view_(context.view),
      keeper_(context.keeper),
      views_(new ViewsModel(context.keeper, this)),
      exclusions_(new ExclusionsModel(this)),
      list_(new QListView),
      exclusionList_(new QTreeView),
      shown_(new QLabel),
      heading_(new QLabel) {
  setObjectName(u"viewsPanel"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(4, 4, 4, 4);
  column->addWidget(buildViews(), 1);
  exclusionPart_ = buildExclusions();
  column->addWidget(exclusionPart_, 1);
  column->addWidget(new StoresList(context), 1);
  connect(&keeper_, &ViewKeeper::changed, this, &ViewsPanel::update);
  connect(&view_, &ViewController::optionsChanged, this, &ViewsPanel::update);
  PanelRequests* requests = &context.requests;
  connect(this, &ViewsPanel::said, requests, &PanelRequests::noticeShown);
  connect(views_, &ViewsModel::failed, this,
          [this](const QString& sentence) { Q_EMIT said(sentence, {}, {}); });
  update();
}

QToolButton* ViewsPanel::addButton(QLayout& row, const char* name, const QString& text,
                                   const QString& tip) {
  auto* button = new QToolButton;
  button->setObjectName(QString::fromLatin1(name));
  button->setText(text);
  button->setToolTip(tip);
  button->setStatusTip(tip);
  button->setAccessibleName(text);
  row.addWidget(button);
  return button;
}

QWidget* ViewsPanel::buildViews() {
  auto* part = new QWidget;
  auto* column = new QVBoxLayout(part);
  column->setContentsMargins(0, 0, 0, 0);
  auto* row = new QHBoxLayout;
  QToolButton* save = addButton(*row, "viewSave", tr("Save new"),
                                tr("Saves filter, axes, zoom, exclusions and tables under a name"));
  QToolButton* keep = addButton(*row, "viewKeep", tr("Keep changes"),
                                tr("Saves the changes of the view that is shown"));
  auto* menu = new QMenu(this);
  QToolButton* more =
      addButton(*row, "viewMore", tr("More"), tr("Star, rename, copy, share, delete"));
  more->setPopupMode(QToolButton::InstantPopup);
  more->setMenu(menu);
  row->addStretch(1);
  const auto add = [&](const char* name, const char* icon, const QString& text, const QString& tip,
                       auto call) {
    QAction* action = menu->addAction(text, this, call);
    action->setObjectName(QString::fromLatin1(name));
    action->setProperty("iconName", QString::fromLatin1(icon));
    action->setToolTip(tip);
    action->setStatusTip(tip);
    return action;
  };
  add("viewStar", "save-view", tr("&Star"),
      tr("Keeps the view at the top of the list, or no longer"), [this] {
        const SavedView* view = keeper_.savedViews().find(current());
        if (view) guarded([&] { keeper_.savedViews().setStarred(view->name, !view->starred); });
      });
  add("viewRename", "preferences", tr("&Rename"), tr("Gives the view another name (F2)"),
      [this] { list_->edit(list_->currentIndex()); });
  add("viewCopy", "copy", tr("&Duplicate"), tr("Makes a copy of the view"), [this] {
    if (!current().isEmpty()) guarded([this] { keeper_.savedViews().duplicate(current()); });
  });
  add("viewDelete", "cancel", tr("D&elete"), tr("Deletes the view; can be undone for a while"),
      [this] { removeCurrent(); });
  menu->addSeparator();
  add("viewExport", "export", tr("E&xport…"), tr("Writes the view to a file that others can open"),
      [this] { exportView(); });
  add("viewImport", "open", tr("&Import…"), tr("Adds the view of a file"),
      [this] { importView(); });
  list_->setObjectName(u"viewList"_s);
  list_->setAccessibleName(tr("Saved views"));
  list_->setModel(views_);
  list_->setEditTriggers(QAbstractItemView::EditKeyPressed);
  list_->setTextElideMode(Qt::ElideMiddle);
  list_->setContextMenuPolicy(Qt::CustomContextMenu);
  connect(list_, &QListView::customContextMenuRequested, this,
          [this, menu](QPoint at) { menu->popup(list_->viewport()->mapToGlobal(at)); });
  connect(list_, &QListView::clicked, this,
          [this](const QModelIndex& index) { keeper_.show(views_->name(index.row())); });
  connect(list_, &QListView::activated, this,
          [this](const QModelIndex& index) { keeper_.show(views_->name(index.row())); });
  auto* del = new QShortcut(QKeySequence(Qt::Key_Delete), list_);
  del->setContext(Qt::WidgetShortcut);
  connect(del, &QShortcut::activated, this, &ViewsPanel::removeCurrent);
  connect(save, &QToolButton::clicked, this, &ViewsPanel::saveNew);
  connect(keep, &QToolButton::clicked, this, &ViewsPanel::saveShown);
  ofOne_ = {keep};
  for (QAction* action : menu->actions()) {
    if (!action->isSeparator() && action->objectName() != u"viewImport"_s) ofSelected_ << action;
  }
  connect(list_->selectionModel(), &QItemSelectionModel::currentChanged, this, &ViewsPanel::update);
  shown_->setWordWrap(true);
  shown_->setObjectName(u"viewsEmpty"_s);
  shown_->setText(
      tr("No view is saved yet. A view is all of what you see: filter, axes, zoom, exclusions, "
         "order of the tables."));
  column->addLayout(row);
  column->addWidget(shown_);
  column->addWidget(list_, 1);
  return part;
}

QWidget* ViewsPanel::buildExclusions() {
  auto* part = new QWidget;
  auto* column = new QVBoxLayout(part);
  column->setContentsMargins(0, 0, 0, 0);
  auto* row = new QHBoxLayout;
  heading_->setBuddy(exclusionList_);
  row->addWidget(heading_, 1);
  QToolButton* back = addButton(*row, "takeBack", tr("Take back"),
                                tr("Takes the selected points into laws, frontier and advice "
                                   "again; all when none is selected"));
  exclusionList_->setObjectName(u"exclusionList"_s);
  exclusionList_->setAccessibleName(tr("Excluded points"));
  exclusionList_->setModel(exclusions_);
  exclusionList_->setRootIsDecorated(false);
  exclusionList_->setUniformRowHeights(true);
  exclusionList_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  exclusionList_->setTextElideMode(Qt::ElideMiddle);
  connect(back, &QToolButton::clicked, this, &ViewsPanel::takeBack);
  connect(exclusionList_->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
    std::vector<std::string> keys;
    for (const QModelIndex& index : exclusionList_->selectionModel()->selectedRows()) {
      const PointRef& ref = exclusions_->exclusions()[static_cast<std::size_t>(index.row())].point;
      for (const std::size_t i : placesOf(std::span(&ref, 1), *view_.points())) {
        keys.push_back(pointKey((*view_.points())[i]));
      }
    }
    if (!keys.empty()) view_.selection().set(std::move(keys));
  });
  column->addLayout(row);
  column->addWidget(exclusionList_, 1);
  return part;
}

QString ViewsPanel::current() const { return views_->name(list_->currentIndex().row()); }

void ViewsPanel::guarded(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& e) {
    Q_EMIT said(Text::from(e.what()), {}, {});
  }
}

void ViewsPanel::saveNew() {
  guarded([this] {
    const QString filter = Text::from(view_.options().filter).simplified();
    const QString name =
        keeper_.savedViews().freeName(filter.isEmpty() ? tr("View") : filter.left(40));
    keeper_.save(name);
    const QModelIndex index = views_->index(views_->rowOf(name));
    list_->setCurrentIndex(index);
    if (isVisible()) list_->edit(index);
  });
}

void ViewsPanel::saveShown() {
  if (keeper_.name().isEmpty()) {
    saveNew();
    return;
  }
  guarded([this] {
    keeper_.save(keeper_.name());
    Q_EMIT said(tr("Saved %1").arg(keeper_.name()), {}, {});
  });
}

void ViewsPanel::removeCurrent() {
  const SavedView* found = keeper_.savedViews().find(current());
  if (!found) return;
  const SavedView view = *found;
  guarded([&] {
    keeper_.savedViews().remove(view.name);
    ViewLibrary* library = &keeper_.savedViews();
    Q_EMIT said(tr("Deleted %1").arg(view.name), tr("Undo"), [this, library, view] {
      guarded([&] {
        SavedView again = view;
        again.name = library->freeName(view.name);
        library->save(again);
      });
    });
  });
}

void ViewsPanel::importView() {
  const QString file = QFileDialog::getOpenFileName(this, tr("Import a view"), QString(),
                                                    tr("Views (*.json);;All files (*)"));
  if (file.isEmpty()) return;
  guarded([&] {
    const QString name = keeper_.savedViews().importFile(file);
    list_->setCurrentIndex(views_->index(views_->rowOf(name)));
    keeper_.show(name);
  });
}

void ViewsPanel::exportView() {
  const QString name = current();
  if (name.isEmpty()) return;
  const QString file = QFileDialog::getSaveFileName(this, tr("Export a view"), name + u".json"_s,
                                                    tr("Views (*.json)"));
  if (file.isEmpty()) return;
  guarded([&] {
    keeper_.savedViews().exportFile(name, file);
    Q_EMIT said(tr("Wrote %1").arg(file), {}, {});
  });
}

void ViewsPanel::takeBack() {
  std::vector<PointRef> points;
  for (const QModelIndex& index : exclusionList_->selectionModel()->selectedRows()) {
    points.push_back(exclusions_->exclusions()[static_cast<std::size_t>(index.row())].point);
  }
  if (points.empty()) {
    for (const Exclusion& e : exclusions_->exclusions()) points.push_back(e.point);
  }
  view_.setOptions(withTakenBack(view_.options(), points));
}

void ViewsPanel::update() {
  exclusions_->setExclusions(view_.options().exclusions);
  const int excluded = exclusions_->rowCount();
  heading_->setText(excluded == 1 ? tr("1 excluded point")
                                  : tr("%1 excluded points").arg(excluded));
  exclusionPart_->setVisible(excluded > 0);
  shown_->setVisible(views_->rowCount() == 0);
  for (QToolButton* button : ofOne_) {
    button->setEnabled(keeper_.modified());
  }
  const bool some = !current().isEmpty();
  for (QAction* action : ofSelected_) {
    action->setEnabled(some);
    action->setStatusTip(some ? action->toolTip() : tr("No saved view is selected in the panel"));
  }
}

const PanelSpec kViewsPanel{
    u"viewsDock", [] { return ViewsPanel::tr("Views"); }, PanelSpec::Place::Left, false,
    [](const PanelContext& context) -> QWidget* { return new ViewsPanel(context); }};

}  // namespace bitfrontier

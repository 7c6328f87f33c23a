// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/views/stores_list.h"

#include <algorithm>
#include <QFileDialog>
#include <QFileInfo>
#include <QLabel>
#include <QScopedValueRollback>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString absoluteName(const QString& file) { return QFileInfo(file).absoluteFilePath(); }

}  // namespace

StoresList::StoresList(const PanelContext& context)
    : session_(context.session),
      view_(context.view),
      settings_(context.settings),
      model_(new QStandardItemModel(this)),
      list_(new QTreeView) {
  auto* heading = new QLabel(tr("S&tores shown together"));
  heading->setBuddy(list_);
  auto* button = new QToolButton;
  button->setObjectName(u"storeAdd"_s);
  button->setText(tr("Add…"));
  button->setToolTip(
      tr("Shows the runs of another store too; only what may be compared is joined"));
  button->setStatusTip(button->toolTip());
  button->setAccessibleName(tr("Add a store"));
  auto* row = new QHBoxLayout;
  row->addWidget(heading, 1);
  row->addWidget(button);
  list_->setObjectName(u"storeList"_s);
  list_->setAccessibleName(tr("Stores shown together"));
  list_->setModel(model_);
  list_->setHeaderHidden(true);
  list_->setRootIsDecorated(false);
  list_->setUniformRowHeights(true);
  list_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list_->setTextElideMode(Qt::ElideMiddle);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->addLayout(row);
  column->addWidget(list_, 1);
  connect(&session_, &StoreSession::loaded, this, &StoresList::update);
  connect(&view_, &ViewController::optionsChanged, this, &StoresList::update);
  connect(model_, &QStandardItemModel::itemChanged, this, &StoresList::ticked);
  connect(button, &QToolButton::clicked, this, [this] {
    const QString file = QFileDialog::getOpenFileName(this, tr("Show another store too"), QString(),
                                                      tr("Stores (*.bfdb);;All files (*)"));
    if (!file.isEmpty()) add(file);
  });
  update();
}

void StoresList::add(const QString& file) {
  const std::string name = absoluteName(file).toStdString();
  ViewOptions options = view_.options();
  const bool open = QFileInfo(file) == QFileInfo(QString::fromStdString(session_.path().string()));
  if (open ||
      std::find(options.others.begin(), options.others.end(), name) != options.others.end()) {
    return;
  }
  options.others.push_back(name);
  view_.setOptions(options);
}

void StoresList::update() {
  const QScopedValueRollback guard(filling_, true);
  const QString open = session_.path().empty()
                           ? QString()
                           : absoluteName(QString::fromStdString(session_.path().string()));
  QStringList names;
  if (!open.isEmpty()) names << open;
  for (const std::string& other : view_.options().others) names << Text::from(other);
  const qsizetype shown = names.size();
  for (const QString& recent : settings_.recentStores()) {
    if (QFileInfo::exists(recent)) names << recent;
  }
  names.removeDuplicates();
  model_->clear();
  for (qsizetype i = 0; i < names.size(); ++i) {
    auto* item = new QStandardItem(QFileInfo(names[i]).fileName());
    item->setData(names[i]);
    item->setToolTip(names[i]);
    item->setCheckable(true);
    item->setCheckState(i < shown ? Qt::Checked : Qt::Unchecked);
    if (names[i] == open) {
      item->setEnabled(false);
      item->setToolTip(tr("%1 is the open store").arg(open));
    }
    model_->appendRow(item);
  }
}

void StoresList::ticked(const QStandardItem* item) {
  if (filling_) return;
  const QString file = item->data().toString();
  const bool on = item->checkState() == Qt::Checked;
  // Not while the model tells of the tick: it is filled anew.
  QMetaObject::invokeMethod(
      this,
      [this, file, on] {
        if (on) {
          add(file);
          return;
        }
        ViewOptions options = view_.options();
        std::erase(options.others, file.toStdString());
        view_.setOptions(options);
      },
      Qt::QueuedConnection);
}

}  // namespace bitfrontier

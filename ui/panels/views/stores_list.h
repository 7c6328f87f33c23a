// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStandardItemModel>
#include <QTreeView>
#include <QWidget>

#include "ui/panels/panel.h"

namespace bitfrontier {

/// The open store and others whose runs can be shown with it, each with a tick.
class StoresList : public QWidget {
  Q_OBJECT

 public:
  explicit StoresList(const PanelContext& context);

  QStandardItemModel& model() { return *model_; }
  /// Shows the runs of one more store.
  void add(const QString& file);

 private:
  void update();
  void ticked(const QStandardItem* item);

  StoreSession& session_;
  ViewController& view_;
  AppSettings& settings_;
  QStandardItemModel* model_;
  QTreeView* list_;
  bool filling_ = false;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <QDialog>
#include <QFrame>
#include <QObject>
#include <QPointer>
#include <QWidget>
#include <string>
#include <vector>

#include "ui/base/latest_task.h"
#include "ui/jobs/store_session.h"
#include "ui/launch/drop_plan.h"

namespace bitfrontier {

/// Makes a window take files, folders and texts, by drop, paste and from a file dialog: it says
/// what each is and what would happen, and acts when told to.
class DropTarget : public QObject {
  Q_OBJECT

 public:
  DropTarget(QWidget* window, StoreSession* session);

  /// Looks at it in the background, then shows the preview.
  void offer(const DropContent& content);
  void paste();
  /// File > Import.
  void chooseFiles();
  /// The preview that is shown; null when there is none.
  QDialog* preview() const { return preview_; }

 Q_SIGNALS:
  void modelsWanted(const std::vector<std::filesystem::path>& folders);
  void storeWanted(const std::filesystem::path& file);
  void hubModelWanted(const std::string& model);
  /// An exported figure whose view is to be shown.
  void viewDropped(const std::filesystem::path& file);
  void imported(const QString& sentence);
  void failed(const QString& sentence);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void show(const DropPlan& plan);
  void act(const DropPlan& plan);
  void importRuns(const ImportedRuns& runs);
  /// What nobody here can do is refused instead of doing nothing.
  DropPlan possible(DropPlan plan) const;
  void setHighlight(bool on);

  QWidget* window_;
  StoreSession* session_;
  QPointer<QDialog> preview_;
  QFrame* highlight_;
  LatestTask looker_, importer_;
};

}  // namespace bitfrontier

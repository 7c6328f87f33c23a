// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>
#include <vector>

#include "ui/base/latest_task.h"
#include "ui/export/headless_export.h"

namespace bitfrontier {

/// Writes the figures of many views one after the other: stores are read and laws fitted in the
/// background. A view that cannot be drawn is named, the others are written.
class ViewsExport : public QObject {
  Q_OBJECT

 public:
  struct View {
    QString name;
    HeadlessExport request;
    QString base;  ///< path of its files without an ending
  };

  using QObject::QObject;

  void start(std::vector<View> views, std::vector<FigureFormat> formats);
  /// Files that are written stay.
  void cancel();
  bool busy() const { return busy_; }
  const QStringList& files() const { return files_; }
  /// A sentence for each view that could not be drawn or written.
  const QStringList& failures() const { return failures_; }

 Q_SIGNALS:
  void progressed(int done, int all, const QString& next);
  void finished();  ///< also after cancel()

 private:
  void step();

  std::vector<View> views_;
  std::vector<FigureFormat> formats_;
  std::size_t next_ = 0;
  bool busy_ = false;
  QStringList files_, failures_;
  LatestTask reader_;
};

}  // namespace bitfrontier

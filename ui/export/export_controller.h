// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QWidget>

#include "ui/export/figure_export.h"
#include "ui/view_controller.h"

namespace bitfrontier {

/// What the export actions do: figure, laws and points of the present view.
class ExportController : public QObject {
  Q_OBJECT

 public:
  ExportController(ViewController* view, FrontierPlot* plot, QWidget* window);

  /// The figure of the present view.
  FigureSpec spec() const;
  void showDialog();
  void copyFigure();
  void saveLaws();
  void savePoints();

 private:
  void save(const QString& title, const QString& name, const QString& filter,
            const std::function<QByteArray(const QString&)>& content);

  ViewController* view_;
  FrontierPlot* plot_;
  QWidget* window_;
};

/// The laws as JSON, or as CSV when the name ends in .csv.
QByteArray lawsFile(const LawSet& laws, const QString& file);

}  // namespace bitfrontier

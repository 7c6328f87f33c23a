// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QObject>
#include <QWidget>

#include "ui/export/figure_export.h"
#include "ui/view/view_controller.h"

namespace bitfrontier {

/// What the export actions do: figure, laws and points of the present view.
class ExportController : public QObject {
  Q_OBJECT

 public:
  ExportController(ViewController* view, FrontierPlot* plot, QWidget* window);

  /// The figure of the present view: what is seen, the part that is zoomed into included.
  FigureSpec spec() const;
  void showDialog();
  void copyFigure();
  void saveLaws();
  void savePoints();
  /// The points as CSV: those that are seen, or all that pass the filter.
  QByteArray pointsFile(bool all) const;

 private:
  /// Makes a file's bytes from its name and the kind of file that was chosen.
  using Content = std::function<QByteArray(const QString& file, const QString& chosen)>;
  void save(const QString& title, const QString& name, const QString& filter,
            const Content& content);

  ViewController* view_;
  FrontierPlot* plot_;
  QWidget* window_;
};

/// The laws as JSON, or as CSV when the name ends in .csv.
QByteArray lawsFile(const LawSet& laws, const QString& file);

}  // namespace bitfrontier

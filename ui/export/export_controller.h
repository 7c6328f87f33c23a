// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QObject>
#include <QPrinter>
#include <QWidget>

#include "ui/export/figure_command.h"
#include "ui/export/figure_export.h"
#include "ui/export/views_export.h"
#include "ui/jobs/store_session.h"
#include "ui/view/view_controller.h"
#include "ui/view/view_keeper.h"

namespace bitfrontier {

/// What the export actions do: figure, laws and points of the present view. How figures look and
/// where they go is remembered.
class ExportController : public QObject {
  Q_OBJECT

 public:
  ExportController(StoreSession* session, ViewController* view, FrontierPlot* plot,
                   QWidget* window);
  /// Whose saved views are named and exported.
  void setKeeper(ViewKeeper* keeper) { keeper_ = keeper; }

  /// The figure of the present view: what is seen, the part that is zoomed into included.
  FigureSpec spec() const;
  const FigureLook& look() const { return look_; }
  void setLook(const FigureLook& look);

  void showDialog();
  void copyFigure();
  void saveLaws();
  void savePoints();
  void print();
  void showPrintPreview();
  /// Asks for a folder, then writes the figures of all saved views into it.
  void exportAllViews();
  ViewsExport& views() { return *views_; }
  /// The same without asking.
  void exportViewsTo(const QString& folder);
  /// The points as CSV: those that are seen, or all that pass the filter.
  QByteArray pointsFile(bool all) const;
  /// Shows what an exported figure shows; emits viewWanted() or failed().
  void openFigure(const std::filesystem::path& file);

 Q_SIGNALS:
  void viewWanted(const ViewState& view, const QString& text);
  void failed(const QString& sentence);
  /// Something to be said in passing, with a button.
  void said(const QString& sentence, const QString& button, std::function<void()> action);

 private:
  /// Makes a file's bytes from its name and the kind of file that was chosen.
  using Content = std::function<QByteArray(const QString& file, const QString& chosen)>;
  void save(const QString& title, const QString& name, const QString& filter,
            const Content& content);
  void tell(const QStringList& files);
  void showProgress();
  void recall();
  void remember();

  StoreSession* session_;
  ViewController* view_;
  FrontierPlot* plot_;
  QWidget* window_;
  ViewKeeper* keeper_ = nullptr;
  ViewsExport* views_;
  FigureLook look_;
  ExportChoice choice_;
};

/// The laws as JSON, or as CSV when the name ends in .csv.
QByteArray lawsFile(const LawSet& laws, const QString& file);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_controller.h"

#include <nlohmann/json.hpp>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMessageBox>

#include "core/base/error.h"
#include "core/law/export.h"
#include "core/store/export.h"
#include "ui/export/export_dialog.h"
#include "ui/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

QByteArray lawsFile(const LawSet& laws, const QString& file) {
  std::vector<LawFit> fits;
  for (const SeriesLaw& law : laws.laws) fits.push_back(law.fit);
  const bool csv = file.endsWith(u".csv"_s, Qt::CaseInsensitive);
  return QByteArray::fromStdString(csv ? lawsToCsv(fits) : lawsToJson(fits).dump(2) + "\n");
}

ExportController::ExportController(ViewController* view, FrontierPlot* plot, QWidget* window)
    : QObject(window), view_(view), plot_(plot), window_(window) {}

FigureSpec ExportController::spec() const {
  FigureSpec spec;
  spec.points = view_->points();
  spec.laws = view_->laws();
  spec.options = view_->options();
  spec.visibility = plot_->visibility();
  spec.preset = figurePresets().front();
  return spec;
}

void ExportController::showDialog() {
  auto* dialog = new ExportDialog(spec(), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void ExportController::copyFigure() {
  FigureSpec now = spec();
  if (const auto preset = findPreset(u"text"_s)) now.preset = *preset;
  QGuiApplication::clipboard()->setMimeData(figureMimeData(now));
}

void ExportController::save(const QString& title, const QString& name, const QString& filter,
                            const std::function<QByteArray(const QString&)>& content) {
  const QString file = QFileDialog::getSaveFileName(window_, title, name, filter);
  if (file.isEmpty()) return;
  try {
    writeFile(file, content(file));
  } catch (const Error& e) {
    QMessageBox::warning(window_, title, Text::from(e.what()));
  }
}

void ExportController::saveLaws() {
  const auto laws = view_->laws();
  if (!laws) return;
  save(tr("Export laws"), u"laws.json"_s, tr("JSON (*.json);;CSV (*.csv)"),
       [&](const QString& file) { return lawsFile(*laws, file); });
}

void ExportController::savePoints() {
  save(tr("Export points"), u"points.csv"_s, tr("CSV (*.csv)"),
       [&](const QString&) { return QByteArray::fromStdString(pointsToCsv(*view_->points())); });
}

}  // namespace bitfrontier

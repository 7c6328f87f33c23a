// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_controller.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <QClipboard>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMessageBox>

#include "core/analysis/curve_text.h"
#include "core/base/error.h"
#include "core/store/export.h"
#include "ui/base/text.h"
#include "ui/export/export_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

QByteArray lawsFile(const LawSet& laws, const QString& file) {
  const bool csv = file.endsWith(u".csv"_s, Qt::CaseInsensitive);
  return QByteArray::fromStdString(csv ? curvesToCsv(laws.laws, laws.metric)
                                       : curvesToJson(laws.laws, laws.metric).dump(2) + "\n");
}

ExportController::ExportController(ViewController* view, FrontierPlot* plot, QWidget* window)
    : QObject(window), view_(view), plot_(plot), window_(window) {}

FigureSpec ExportController::spec() const {
  FigureSpec spec;
  spec.points = view_->points();
  spec.laws = view_->laws();
  spec.options = view_->options();
  spec.visibility = plot_->visibility();
  spec.facts = view_->facts();
  spec.axes = plot_->axes();
  spec.chances = plot_->chances();
  spec.predictions = plot_->predictions();
  if (!plot_->followsData()) spec.range = plot_->range();
  return spec;
}

void ExportController::showDialog() {
  auto* dialog = new ExportDialog(spec(), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void ExportController::copyFigure() {
  FigureSpec now = spec();
  if (const auto preset = findPreset(u"text"_s)) now.look.preset = *preset;
  QGuiApplication::clipboard()->setMimeData(figureMimeData(now));
}

void ExportController::save(const QString& title, const QString& name, const QString& filter,
                            const Content& content) {
  QString chosen;
  const QString file = QFileDialog::getSaveFileName(window_, title, name, filter, &chosen);
  if (file.isEmpty()) return;
  try {
    writeFile(file, content(file, chosen));
  } catch (const Error& e) {
    QMessageBox::warning(window_, title, Text::from(e.what()));
  }
}

void ExportController::saveLaws() {
  const auto laws = view_->laws();
  if (!laws) return;
  save(tr("Export laws"), u"laws.json"_s, tr("JSON (*.json);;CSV (*.csv)"),
       [&](const QString& file, const QString&) { return lawsFile(*laws, file); });
}

QByteArray ExportController::pointsFile(bool all) const {
  const std::vector<LawPoint>& points = *view_->points();
  if (all) return QByteArray::fromStdString(pointsToCsv(points));
  const FigureSpec now = spec();
  std::vector<int> seen = drawnPoints(now);
  std::sort(seen.begin(), seen.end());
  std::vector<LawPoint> some;
  for (const int i : seen) some.push_back(points[static_cast<std::size_t>(i)]);
  return QByteArray::fromStdString(pointsToCsv(some));
}

void ExportController::savePoints() {
  const QString seen = tr("CSV of the points that are seen (*.csv)");
  const QString all = tr("CSV of all points that pass the filter (*.csv)");
  save(tr("Export points"), u"points.csv"_s, seen + u";;"_s + all,
       [&](const QString&, const QString& chosen) { return pointsFile(chosen == all); });
}

}  // namespace bitfrontier

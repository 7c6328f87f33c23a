// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/headless_export.h"

#include <algorithm>
#include <cctype>
#include <QFileInfo>

#include "core/base/error.h"
#include "ui/export/export_controller.h"
#include "ui/export/figure_export.h"
#include "ui/jobs/store_session.h"
#include "ui/view_controller.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

bool sameName(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

}  // namespace

std::vector<QString> exportHeadless(const HeadlessExport& request) {
  for (const std::string& file : request.figures) figureFormat(file);  // refuse before working
  const SnapshotPtr snapshot = readSnapshot(request.store, request.options.rule);
  ViewOptions options = request.options;
  if (request.autoSource) {
    const bool measured = std::any_of(snapshot->points->begin(), snapshot->points->end(),
                                      [](const LawPoint& p) { return !p.published(); });
    options.source = measured ? SourceChoice::Measured : SourceChoice::Published;
  }
  std::vector<LawPoint> points = visiblePoints(*snapshot->points, options);
  if (!request.families.empty()) {
    std::erase_if(points, [&](const LawPoint& p) {
      return std::none_of(request.families.begin(), request.families.end(),
                          [&](const std::string& f) { return sameName(f, p.family); });
    });
  }
  const PlotScene scene = makeScene(points, options);
  if (scene.groups.empty()) {
    throw Error(ErrorKind::NotFound, request.store.string() + ": no point to draw: " +
                                         std::to_string(snapshot->points->size()) +
                                         " points in the store, none passes the choice");
  }
  FigureSpec spec;
  spec.laws = computeLaws(points, options.series, options.metric);
  spec.points = std::make_shared<const std::vector<LawPoint>>(std::move(points));
  spec.options = options;
  spec.preset = request.preset;
  spec.note = request.note;
  spec.dark = request.dark;
  std::vector<QString> report;
  for (const std::string& file : request.figures) {
    exportFigure(spec, QString::fromStdString(file));
    const QSizeF size = figureSize(spec);
    report.push_back(u"%1: %2 points, %3 × %4 pt"_s.arg(QString::fromStdString(file))
                         .arg(drawnPoints(spec))
                         .arg(size.width())
                         .arg(size.height()));
  }
  for (const std::string& file : request.laws) {
    const QString name = QString::fromStdString(file);
    writeFile(name, lawsFile(*spec.laws, name));
    const auto usable = std::count_if(spec.laws->laws.begin(), spec.laws->laws.end(),
                                      [](const SeriesLaw& law) { return law.fit.usable; });
    report.push_back(
        u"%1: %2 series, %3 fitted"_s.arg(name).arg(spec.laws->laws.size()).arg(usable));
  }
  return report;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/headless_export.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <QFileInfo>

#include "core/base/error.h"
#include "ui/export/export_controller.h"
#include "ui/export/figure_export.h"
#include "ui/jobs/store_session.h"
#include "ui/runs/row_filter.h"
#include "ui/view/evidence.h"
#include "ui/view/point_axes.h"
#include "ui/view/view_controller.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

bool sameName(const std::string& a, const std::string& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

/// Writes the figures and the laws; a line about each.
std::vector<QString> writeFiles(const HeadlessExport& request, const FigureSpec& spec,
                                const QString& incomplete) {
  std::vector<QString> report;
  for (const std::string& file : request.figures) {
    exportFigure(spec, QString::fromStdString(file));
    const QSizeF size = figureSize(spec);
    report.push_back(u"%1: %2 points%5, %3 × %4 pt"_s.arg(QString::fromStdString(file))
                         .arg(drawnPoints(spec).size())
                         .arg(size.width())
                         .arg(size.height())
                         .arg(incomplete));
  }
  for (const std::string& file : request.laws) {
    const QString name = QString::fromStdString(file);
    writeFile(name, lawsFile(*spec.laws, name));
    const auto usable = std::count_if(spec.laws->laws.begin(), spec.laws->laws.end(),
                                      [](const LawCurve& curve) { return curve.law != nullptr; });
    report.push_back(
        u"%1: %2 series, %3 fitted"_s.arg(name).arg(spec.laws->laws.size()).arg(usable));
  }
  return report;
}

}  // namespace

std::vector<QString> exportHeadless(const HeadlessExport& request) {
  for (const std::string& file : request.figures) figureFormat(file);  // refuse before working
  const RowFilter filter(request.options.filter);
  if (!filter.complaint().empty()) {
    throw Error(ErrorKind::InvalidArgument,
                "filter \"" + request.options.filter + "\": " + filter.complaint());
  }
  const SnapshotPtr snapshot = readSnapshot(request.store, request.options.rule);
  ViewOptions options = request.options;
  const auto any = [&](auto&& test) {
    return std::any_of(snapshot->points->begin(), snapshot->points->end(), test);
  };
  if (request.autoSource) {
    const bool measured = any([](const LawPoint& p) { return !p.published(); });
    options.source = measured ? SourceChoice::Measured : SourceChoice::Published;
  }
  const Choice choice = choose(*snapshot, options);
  const auto ofFamilies = [&request](std::vector<LawPoint> list) {
    std::erase_if(list, [&](const LawPoint& p) {
      return !request.families.empty() &&
             std::none_of(request.families.begin(), request.families.end(),
                          [&](const std::string& f) { return sameName(f, p.family); });
    });
    return list;
  };
  std::vector<LawPoint> points = ofFamilies(*choice.points);
  const std::size_t partial = ofFamilies(*choice.partial).size();
  const auto has = [&points](LawMetric metric) {
    return std::any_of(points.begin(), points.end(),
                       [metric](const LawPoint& p) { return std::isfinite(metricOf(p, metric)); });
  };
  if (request.autoMetric && !has(LawMetric::Accuracy) && has(LawMetric::CrossEntropy)) {
    options.metric = LawMetric::CrossEntropy;
  }
  const auto axes = pointAxes(points, *snapshot, options);
  const PlotScene scene = makeScene(points, options, choice.facts, {axes.get(), nullptr});
  if (scene.groups.empty()) {
    throw Error(ErrorKind::NotFound, request.store.string() + ": no point to draw: " +
                                         std::to_string(snapshot->points->size()) +
                                         " points in the store, none passes the choice");
  }
  FigureSpec spec;
  spec.facts = choice.facts;
  spec.laws = computeLaws(ofFamilies(*choice.fitted), options.series, options.metric);
  spec.axes = axes;
  if (options.rings && hasFrontier(options)) {
    spec.chances = std::make_shared<const FrontierChances>(
        makeChances(request.store, points, scene.at.x, options.metric));
  }
  spec.points = std::make_shared<const std::vector<LawPoint>>(std::move(points));
  spec.options = options;
  spec.look = request.look;
  QString incomplete;
  if (partial > 0) {
    incomplete = options.partial
                     ? u" (%1 of them lack tasks that others have)"_s.arg(partial)
                     : u" (%1 more lack tasks that others have: --partial)"_s.arg(partial);
  }
  return writeFiles(request, spec, incomplete);
}

}  // namespace bitfrontier

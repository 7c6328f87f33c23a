// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/headless_export.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <QFileInfo>

#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/export/export_controller.h"
#include "ui/export/figure_export.h"
#include "ui/jobs/store_session.h"
#include "ui/runs/row_filter.h"
#include "ui/view/evidence.h"
#include "ui/view/joined_stores.h"
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

/// The files that are asked for, refused before any work is done.
std::vector<std::pair<QString, FigureFormat>> wantedFiles(const HeadlessExport& request) {
  std::vector<std::pair<QString, FigureFormat>> files;
  for (const std::string& name : request.figures) {
    if (request.formats.empty()) {
      files.emplace_back(QString::fromStdString(name), figureFormat(name));
      continue;
    }
    for (const FigureFormat format : request.formats) {
      files.emplace_back(withEnding(QString::fromStdString(name), format), format);
    }
  }
  return files;
}

SnapshotPtr readStores(const HeadlessExport& request) {
  const SnapshotPtr first = readSnapshot(request.store, request.options.rule);
  std::vector<SnapshotPtr> others;
  for (const std::string& other : request.options.others) {
    others.push_back(readSnapshot(other, request.options.rule));
  }
  return others.empty() ? first : joinStores(first, others);
}

}  // namespace

void HeadlessExport::setView(const ViewState& view) {
  options = view.options;
  range = view.range;
  hidden = view.hidden;
  autoSource = !view.sourceChosen;
  autoMetric = !view.metricChosen;
}

ReadFigure readFigure(const HeadlessExport& request, const JobContext& job) {
  const RowFilter filter(request.options.filter);
  if (!filter.complaint().empty()) {
    throw Error(ErrorKind::InvalidArgument,
                "filter \"" + request.options.filter + "\": " + filter.complaint());
  }
  const SnapshotPtr snapshot = readStores(request);
  ViewOptions options = request.options;
  const auto any = [&](auto&& test) {
    return std::any_of(snapshot->points->begin(), snapshot->points->end(), test);
  };
  if (request.autoSource) {
    const bool measured = any([](const LawPoint& p) { return !p.published(); });
    options.source = measured ? SourceChoice::Measured : SourceChoice::Published;
  }
  const Choice choice = choose(*snapshot, options, job.stop);
  const auto chosen = [&request](const LawPoint& p) {
    return request.families.empty() ||
           std::any_of(request.families.begin(), request.families.end(),
                       [&](const std::string& f) { return sameName(f, p.family); });
  };
  const auto ofFamilies = [&chosen](std::vector<LawPoint> list) {
    std::erase_if(list, [&](const LawPoint& p) { return !chosen(p); });
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
  const auto laws = computeLaws(ofFamilies(*choice.fitted), options.series, options.metric, job);
  const PlotScene scene = makeScene(points, options, choice.facts, {axes.get(), laws.get()});
  if (scene.groups.empty()) {
    throw Error(ErrorKind::NotFound, request.store.string() + ": no point to draw: " +
                                         std::to_string(snapshot->points->size()) +
                                         " points in the store, none passes the choice");
  }
  ReadFigure read;
  FigureSpec& spec = read.spec;
  spec.store = request.store.string();
  spec.facts = choice.facts;
  spec.laws = laws;
  spec.axes = axes;
  if (options.rings && hasFrontier(options)) {
    spec.chances = std::make_shared<const FrontierChances>(
        makeChances(request.store, points, scene.at.x, options.metric, job));
  }
  spec.points = std::make_shared<const std::vector<LawPoint>>(std::move(points));
  spec.options = options;
  spec.look = request.look;
  spec.range = request.range;
  spec.visibility = request.hidden;
  for (const LawPoint& p : *choice.points) {  // the view in the file leaves them out, too
    if (!chosen(p)) spec.visibility.hiddenFamilies.insert(Text::from(p.family));
  }
  if (partial > 0) {
    read.incomplete = options.partial
                          ? u" (%1 of them lack tasks that others have)"_s.arg(partial)
                          : u" (%1 more lack tasks that others have: --partial)"_s.arg(partial);
  }
  return read;
}

std::vector<QString> exportHeadless(const HeadlessExport& request) {
  const auto files = wantedFiles(request);
  const auto [spec, incomplete] = readFigure(request);
  std::vector<QString> report;
  const QSizeF size = figureSize(spec);
  for (const auto& [file, format] : files) {
    exportFigure(spec, file, format);
    report.push_back(u"%1: %2 points%5, %3 × %4 pt"_s.arg(file)
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

}  // namespace bitfrontier

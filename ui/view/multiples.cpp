// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/multiples.h"

#include <algorithm>
#include <map>
#include <unordered_map>
#include <utility>

#include "ui/base/text.h"
#include "ui/plot/series_value.h"
#include "ui/runs/table_order.h"

namespace bitfrontier {
namespace {

/// Of a point: what sorts its plot, and its title.
SeriesValue titleOf(const LawPoint& p, SplitBy split) {
  if (split == SplitBy::Family) return {0, Text::from(p.family)};
  return seriesValue(p, split == SplitBy::DataType ? SeriesKey::DataType : SeriesKey::BlockSize);
}

std::vector<double> chosen(const std::vector<double>& values,
                           const std::vector<std::size_t>& rows) {
  std::vector<double> some;
  for (const std::size_t row : rows) {
    if (row < values.size()) some.push_back(values[row]);
  }
  return some;
}

PlotCell cellOf(const QString& title, const SplitInput& input,
                const std::vector<std::size_t>& rows) {
  PlotCell cell;
  cell.title = title;
  auto points = std::make_shared<std::vector<LawPoint>>();
  for (const std::size_t row : rows) {
    points->push_back((*input.points)[row]);
    cell.keys.push_back(pointKey(points->back()));
  }
  cell.points = std::move(points);
  if (input.axes) {
    auto axes = std::make_shared<PointAxes>(*input.axes);
    for (std::vector<double>* values :
         {&axes->seconds, &axes->memory, &axes->difference, &axes->differenceSe}) {
      *values = chosen(*values, rows);
    }
    cell.axes = std::move(axes);
  }
  return cell;
}

std::vector<PlotCell> byPoints(const SplitInput& input) {
  const SplitBy split = input.options.split;
  std::map<std::pair<double, QString>, std::vector<std::size_t>> rows;
  std::vector<std::size_t> everywhere;
  for (std::size_t i = 0; i < input.points->size(); ++i) {
    const LawPoint& p = (*input.points)[i];
    if (p.bits >= 16 && split != SplitBy::Family) {
      everywhere.push_back(i);
      continue;
    }
    const SeriesValue value = titleOf(p, split);
    rows[{value.order, value.label}].push_back(i);
  }
  if (rows.empty() && !everywhere.empty()) rows[{0, Text::from("16 bit")}] = {};
  std::vector<PlotCell> cells;
  for (auto& [key, members] : rows) {
    members.insert(members.end(), everywhere.begin(), everywhere.end());
    std::sort(members.begin(), members.end());
    cells.push_back(cellOf(key.second, input, members));
  }
  return cells;
}

/// Means over one task each. What they are called in the whole view goes by a run they share.
std::vector<PlotCell> byTask(const SplitInput& input, std::stop_token stop) {
  std::unordered_map<std::int64_t, std::size_t> ofRun;
  for (std::size_t i = 0; i < input.points->size(); ++i) {
    for (const std::int64_t run : (*input.points)[i].runIds) ofRun.emplace(run, i);
  }
  std::vector<PlotCell> cells;
  for (const TaskName& task : input.tasks) {
    if (task.text != (input.options.metric == LawMetric::CrossEntropy)) continue;
    if (stop.stop_requested()) break;
    ViewOptions one = input.options;
    one.split = SplitBy::None;
    one.task = task.name;
    const Choice choice = choose(*input.snapshot, one, stop);
    PlotCell cell;
    cell.title = Text::from(task.name);
    cell.points = choice.points;
    cell.axes = choice.axes;
    for (const LawPoint& p : *choice.points) {
      const auto found = p.runIds.empty() ? ofRun.end() : ofRun.find(p.runIds.front());
      cell.keys.push_back(found == ofRun.end() ? pointKey(p)
                                               : pointKey((*input.points)[found->second]));
    }
    if (!cell.points->empty()) cells.push_back(std::move(cell));
  }
  return cells;
}

}  // namespace

PlotCells splitPoints(const SplitInput& input, std::stop_token stop) {
  const bool tasks = input.options.split == SplitBy::Task;
  std::vector<PlotCell> all =
      tasks ? (input.snapshot ? byTask(input, stop) : std::vector<PlotCell>()) : byPoints(input);
  if (tasks || input.options.split == SplitBy::Family) {
    std::stable_sort(all.begin(), all.end(), [](const PlotCell& a, const PlotCell& b) {
      return compareNatural(a.title.toStdString(), b.title.toStdString()) < 0;
    });
  }
  PlotCells result;
  std::vector<std::size_t> sizes;
  for (const PlotCell& cell : all) sizes.push_back(cell.points->size());
  std::sort(sizes.rbegin(), sizes.rend());
  const std::size_t least = sizes.size() > kMostCells ? sizes[kMostCells - 1] : 0;
  for (PlotCell& cell : all) {
    if (cell.points->size() >= least && result.cells.size() < kMostCells) {
      result.cells.push_back(std::move(cell));
    } else {
      result.leftOut << cell.title;
    }
  }
  return result;
}

Multiples::Multiples(ViewController* view, QObject* parent) : QObject(parent), view_(view) {
  connect(view, &ViewController::pointsChanged, this, &Multiples::update);
  connect(view, &ViewController::optionsChanged, this, [this] {
    if (view_->options().split != asked_.split) update();
  });
}

void Multiples::update() {
  asked_ = view_->options();
  if (asked_.split == SplitBy::None) {
    splitting_.cancel();
    fitting_.cancel();
    if (cells_) {
      cells_.reset();
      Q_EMIT changed();
    }
    return;
  }
  splitting_.start(
      [input = SplitInput{view_->points(), view_->axes(), view_->snapshot(), view_->tasks(),
                          asked_}](std::stop_token stop) { return splitPoints(input, stop); },
      [this](PlotCells cells) {
        cells_ = std::make_shared<const PlotCells>(std::move(cells));
        Q_EMIT changed();
        fit();
      },
      [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

void Multiples::fit() {
  fitting_.start(
      [cells = cells_, options = asked_](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        auto fitted = std::make_shared<PlotCells>(*cells);
        for (PlotCell& cell : fitted->cells) {
          // Without excluded points, as the view has it.
          std::vector<LawPoint> points;
          const std::vector<std::size_t> out = placesOf(options.exclusions, *cell.points);
          for (std::size_t i = 0; i < cell.points->size(); ++i) {
            if (!std::binary_search(out.begin(), out.end(), i)) points.push_back((*cell.points)[i]);
          }
          cell.laws = computeLaws(points, options.series, options.metric, job);
        }
        return std::shared_ptr<const PlotCells>(std::move(fitted));
      },
      [this](std::shared_ptr<const PlotCells> fitted) {
        cells_ = std::move(fitted);
        Q_EMIT changed();
      },
      [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

}  // namespace bitfrontier

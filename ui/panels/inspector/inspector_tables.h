// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QString>
#include <vector>

#include "core/advice/point_report.h"
#include "core/quant/bit_breakdown.h"
#include "ui/panels/inspector/inspector_controller.h"
#include "ui/panels/parts/panel_parts.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

/// One thing known about a point: what it is called and its value.
struct Fact {
  QString name, value;
};
using FactTable = TypedTable<Fact>;
using TaskTable = TypedTable<RunRecord>;
using ReportTable = TypedTable<PointReport>;

std::unique_ptr<FactTable> makeFactTable();
/// The runs behind a point, one a task.
std::unique_ptr<TaskTable> makeTaskTable();
/// Several selected points beside each other.
std::unique_ptr<ReportTable> makeReportTable(const InspectorController& controller);

/// What a point is worth: metric, against 16 bit, effective size, frontier, rank, what it lacks.
std::vector<Fact> worthOf(const PointReport& report, const PointStanding& standing,
                          LawMetric metric);
/// How a point was made: model, task, settings, device, command.
std::vector<Fact> provenanceOf(const PointReport& report, const QString& command);
/// "4 bit, block 64, fp16 constants = 4.25 bits a weight; whole model 4.63", or why not known.
QString bitsSentence(const PointReport& report);
/// Where the bits of the point's model go, from its first run.
BitBreakdown bitsOf(const PointReport& report);
std::vector<StackedBar::Part> bitParts(const BitBreakdown& bits);

/// "−0.6 (−1.2 to 0.1)" in points, of a difference with its interval.
QString differenceText(double difference, double lower, double upper, LawMetric metric);
/// "p 0.034", "p < 0.001".
QString pText(double p);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspector/inspector_tables.h"

#include <cmath>
#include <QCoreApplication>
#include <QLocale>

#include "core/base/error.h"
#include "core/quant/quant_config.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(Inspector)
};

constexpr double kHalf95 = 1.959964;  // standard errors

QString withInterval(double value, double se, LawMetric metric) {
  const int digits = metric == LawMetric::Accuracy ? 1 : 4;
  QString text = Text::fixed(plotScale(metric) * value, digits);
  if (se > 0) text += u" ± "_s + Text::fixed(plotScale(metric) * kHalf95 * se, digits);
  return metric == LawMetric::Accuracy && std::isfinite(value) ? text + u" %"_s : text;
}

QString valueOf(const RunRecord& run) {
  const TaskResult& r = run.result;
  if (run.status != RunStatus::Done) return Tr::tr("failed: %1").arg(Text::from(run.error));
  if (std::isfinite(r.accuracy)) return withInterval(r.accuracy, r.accuracySe, LawMetric::Accuracy);
  return withInterval(r.crossEntropy, r.crossEntropySe, LawMetric::CrossEntropy) +
         Tr::tr(" nats per token");
}

QString signedNumber(double value, int digits) {
  if (!std::isfinite(value)) return u"–"_s;
  const QString text = QLocale().toString(std::abs(value), 'f', digits);
  const bool zero = QLocale().toDouble(text) == 0;
  return (zero ? QString() : value < 0 ? u"−"_s : u"+"_s) + text;
}

QString partName(BitUse use) {
  switch (use) {
    case BitUse::Codes:
      return Tr::tr("codes");
    case BitUse::Scales:
      return Tr::tr("scales");
    case BitUse::Means:
      return Tr::tr("means");
    case BitUse::Outliers:
      return Tr::tr("outliers");
    case BitUse::Tables:
      return Tr::tr("rows, tables");
    case BitUse::Rest:
      return Tr::tr("embeddings, norms, head");
  }
  return {};
}

QString againstText(const PointReport& report, LawMetric metric) {
  const ReferenceComparison& against = report.against;
  if (against.test) {
    const PairedTest& test = *against.test;
    return differenceText(test.difference, test.lower, test.upper, metric) + u", "_s +
           pText(test.pMid) + u", "_s +
           Tr::tr("%1 items won, %2 lost").arg(test.onlySecond).arg(test.onlyFirst);
  }
  if (against.reference.model.empty()) return Text::from(against.problem);
  const double difference = metricOf(report.point, metric) - metricOf(against.reference, metric);
  const double se =
      std::hypot(metricSeOf(report.point, metric), metricSeOf(against.reference, metric));
  return differenceText(difference, difference - kHalf95 * se, difference + kHalf95 * se, metric) +
         u", "_s + Tr::tr("not paired: %1").arg(Text::from(against.problem));
}

QString equalsText(const PointStanding& standing) {
  if (!standing.equals) return Tr::tr("not known yet");
  if (!standing.equals->problem.empty()) return Text::from(standing.equals->problem);
  const EffectiveSize& size = *standing.equals;
  return Tr::tr("a %1 model of %2 ± %3 (95 %: %4 to %5)")
      .arg(Text::from(standing.reference), Text::count(size.parameters), Text::count(size.se),
           Text::count(size.low), Text::count(size.high));
}

}  // namespace

QString differenceText(double difference, double lower, double upper, LawMetric metric) {
  const int digits = metric == LawMetric::Accuracy ? 1 : 4;
  const double scale = plotScale(metric);
  QString text = signedNumber(scale * difference, digits);
  if (std::isfinite(lower) && std::isfinite(upper)) {
    text += Tr::tr(" (%1 to %2)")
                .arg(signedNumber(scale * lower, digits), signedNumber(scale * upper, digits));
  }
  return text;
}

QString pText(double p) {
  if (!std::isfinite(p)) return Tr::tr("p not known");
  if (p < 0.001) return Tr::tr("p < %1").arg(QLocale().toString(0.001));
  return u"p "_s + QLocale().toString(p, 'f', 3);
}

std::unique_ptr<FactTable> makeFactTable() {
  std::vector<FactTable::Column> columns{
      {Tr::tr("What"),
       Tr::tr("What is stored"),
       false,
       [](const Fact& f) { return f.name; },
       [](const Fact& a, const Fact& b) { return a.name.compare(b.name); },
       {}},
      {Tr::tr("Value"),
       Tr::tr("As stored"),
       false,
       [](const Fact& f) { return f.value; },
       [](const Fact& a, const Fact& b) { return a.value.compare(b.value); },
       {}}};
  auto table = std::make_unique<FactTable>(std::move(columns));
  table->setRowTip([](const Fact& f) { return f.name + u": "_s + f.value; });
  return table;
}

std::unique_ptr<TaskTable> makeTaskTable() {
  using Row = RunRecord;
  std::vector<TaskTable::Column> columns{
      {Tr::tr("Task"),
       Tr::tr("What was scored"),
       false,
       [](const Row& r) { return Text::from(r.result.task); },
       [](const Row& a, const Row& b) { return a.result.task.compare(b.result.task); },
       {}},
      {Tr::tr("Value (95 %)"),
       Tr::tr("Accuracy or cross-entropy with its interval"),
       true,
       valueOf,
       [](const Row& a, const Row& b) {
         return compareNumbers(a.result.accuracy, b.result.accuracy);
       },
       {}},
      {Tr::tr("Items"),
       Tr::tr("Items that were scored"),
       true,
       [](const Row& r) { return QLocale().toString(qlonglong{r.result.items}); },
       [](const Row& a, const Row& b) {
         return compareNumbers(double(a.result.items), double(b.result.items));
       },
       {}}};
  return std::make_unique<TaskTable>(std::move(columns));
}

std::unique_ptr<ReportTable> makeReportTable(const InspectorController& controller) {
  using Row = PointReport;
  const auto metric = [&controller] { return controller.metric(); };
  std::vector<ReportTable::Column> columns{
      {Tr::tr("Point"),
       Tr::tr("Model and configuration"),
       false,
       [](const Row& r) { return Text::from(r.point.model + " " + r.point.config); },
       [](const Row& a, const Row& b) { return a.point.model.compare(b.point.model); },
       {}},
      {Tr::tr("Value (95 %)"),
       Tr::tr("The metric with its interval"),
       true,
       [metric](const Row& r) {
         return withInterval(metricOf(r.point, metric()), metricSeOf(r.point, metric()), metric());
       },
       [metric](const Row& a, const Row& b) {
         return compareNumbers(metricOf(a.point, metric()), metricOf(b.point, metric()));
       },
       {}},
      {Tr::tr("Δ to 16 bit"),
       Tr::tr("Difference to the 16-bit form on the same items"),
       true,
       [metric](const Row& r) { return againstText(r, metric()); },
       [](const Row& a, const Row& b) {
         const auto value = [](const Row& r) {
           return r.against.test ? r.against.test->difference : LawPoint::kAbsent;
         };
         return compareNumbers(value(a), value(b));
       },
       {}},
      {Tr::tr("Size"),
       Tr::tr("Total bits under the view's rule"),
       true,
       [](const Row& r) { return Text::size(r.point.totalBits); },
       [](const Row& a, const Row& b) {
         return compareNumbers(a.point.totalBits, b.point.totalBits);
       },
       {}},
      {Tr::tr("Bits a parameter"),
       Tr::tr("Of the whole model"),
       true,
       [](const Row& r) { return Text::bitsPerParameter(r.point); },
       [](const Row& a, const Row& b) {
         return compareNumbers(a.point.totalBits / a.point.parameters,
                               b.point.totalBits / b.point.parameters);
       },
       {}}};
  return std::make_unique<ReportTable>(std::move(columns));
}

std::vector<Fact> worthOf(const PointReport& report, const PointStanding& standing,
                          LawMetric metric) {
  const LawPoint& p = report.point;
  std::vector<Fact> facts;
  facts.push_back({Text::metricName(metric),
                   withInterval(metricOf(p, metric), metricSeOf(p, metric), metric) +
                       (metric == LawMetric::Accuracy && std::isfinite(p.chance)
                            ? Tr::tr(" (guessing: %1 %)").arg(Text::fixed(100 * p.chance, 1))
                            : QString())});
  facts.push_back({Tr::tr("Against 16 bit"), againstText(report, metric)});
  facts.push_back({Tr::tr("Equals"), equalsText(standing)});
  facts.push_back({Tr::tr("On the frontier"), standing.onFrontier
                                                  ? u"P "_s + Text::fixed(*standing.onFrontier, 2)
                                                  : Tr::tr("not known yet")});
  if (report.ranked > 0) {
    facts.push_back({Tr::tr("Rank"), Tr::tr("%1 of %2").arg(report.rank).arg(report.ranked)});
  }
  facts.push_back({Tr::tr("Size"), Text::size(p.totalBits)});
  if (!report.lacks.empty()) {
    QStringList lacks;
    for (const std::string& task : report.lacks) lacks << Text::from(task);
    facts.push_back({Tr::tr("Incomplete"), Tr::tr("without %1, which its peers have; it takes no "
                                                  "part in laws")
                                               .arg(lacks.join(u", "_s))});
  }
  return facts;
}

std::vector<Fact> provenanceOf(const PointReport& report, const QString& command) {
  std::vector<Fact> facts;
  const auto add = [&](const QString& name, const QString& value) {
    if (!value.isEmpty()) facts.push_back({name, value});
  };
  const LawPoint& p = report.point;
  add(Tr::tr("Source"), Text::source(p.source));
  if (report.runs.empty()) return facts;
  const RunRecord& run = report.runs.front();
  add(Tr::tr("Model folder"), Text::from(run.modelPath));
  add(Tr::tr("Model SHA-256"), Text::from(run.modelHash));
  add(Tr::tr("Parameters"),
      Tr::tr("%1, %2 of them in linear layers")
          .arg(Text::count(run.parameters), Text::count(run.linearParameters)));
  add(Tr::tr("Configuration"), Text::from(run.config));
  add(Tr::tr("Data type"), Text::from(run.dataType));
  add(Tr::tr("Block"), Text::block(p));
  add(Tr::tr("Method"), Text::from(run.method));
  add(Tr::tr("Calibration"), Text::from(run.calibration));
  for (const RunRecord& one : report.runs) {
    if (one.result.taskHash.empty()) continue;
    add(Tr::tr("Items SHA-256, %1").arg(Text::from(one.result.task)),
        Text::from(one.result.taskHash));
  }
  add(Tr::tr("Items a task"), p.itemLimit > 0 ? QString::number(p.itemLimit) : Tr::tr("all"));
  add(Tr::tr("Evaluator"), Text::from(run.evaluatorVersion));
  add(Tr::tr("First token"), Text::from(run.result.bosProfile));
  add(Tr::tr("Longest input"), run.result.maxLength > 0
                                   ? Tr::tr("%1 tokens").arg(run.result.maxLength)
                                   : Tr::tr("as many tokens as the model takes"));
  add(Tr::tr("Device"), Text::from(run.device));
  add(Tr::tr("Made"), Text::from(run.createdAt));
  double seconds = 0;
  for (const RunRecord& one : report.runs) seconds += one.seconds;
  if (seconds > 0) add(Tr::tr("Time"), Text::duration(seconds));
  QStringList ids;
  for (const std::int64_t id : p.runIds) ids << QString::number(id);
  add(Tr::tr("Runs in the store"), ids.join(u", "_s));
  add(Tr::tr("Command"), command);
  return facts;
}

QString bitsSentence(const PointReport& report) {
  const BitBreakdown bits = bitsOf(report);
  if (!(bits.total > 0) || !(bits.perWeight > 0)) {
    return Tr::tr("Bits: %1.").arg(Text::from(bits.problem));
  }
  const LawPoint& p = report.point;
  QString what;
  if (p.bits >= 16) {
    what = Tr::tr("16 bit");
  } else {
    what = Tr::tr("%1 bit").arg(p.bits);
    if (Text::hasBlock(p)) what += u", "_s + Tr::tr("block %1").arg(Text::block(p));
    try {
      const QuantConfig config = QuantConfig::parse(p.config);
      what += u", "_s + Tr::tr("%1 bits a constant").arg(Text::fixed(config.bitsPerConstant(), 0));
    } catch (const Error&) {
      // A method of others: its constants are not known.
    }
  }
  return Tr::tr("%1 = %2 bits a weight; whole model %3 bits a parameter, %4.")
      .arg(what, Text::fixed(bits.perWeight, 2), Text::fixed(bits.perParameter(), 2),
           Text::size(bits.total));
}

BitBreakdown bitsOf(const PointReport& report) {
  if (report.runs.empty()) return {};
  const RunRecord& run = report.runs.front();
  return bitBreakdown(run.config, run.modelBits, run.parameters, run.linearParameters);
}

std::vector<StackedBar::Part> bitParts(const BitBreakdown& bits) {
  std::vector<StackedBar::Part> parts;
  for (const BitBreakdown::Part& part : bits.parts) {
    parts.push_back({partName(part.use), part.bits / bits.total, Text::size(part.bits)});
  }
  return parts;
}

}  // namespace bitfrontier

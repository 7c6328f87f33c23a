// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_tables.h"

#include <QCoreApplication>
#include <QLocale>
#include <string>
#include <utility>
#include <vector>

#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(RunsTables)
};

template <typename Row>
typename TypedTable<Row>::Column textColumn(const QString& title, const QString& tip,
                                            std::string Row::*field) {
  return {title,
          tip,
          false,
          [field](const Row& row) { return Text::from(row.*field); },
          [field](const Row& a, const Row& b) { return (a.*field).compare(b.*field); },
          [field](const Row& row) { return (row.*field).empty(); }};
}

// `value` is NaN where `text` is a dash.
template <typename Row>
typename TypedTable<Row>::Column numberColumn(const QString& title, const QString& tip,
                                              std::function<double(const Row&)> value,
                                              std::function<QString(const Row&)> text) {
  return {title,
          tip,
          true,
          std::move(text),
          [value](const Row& a, const Row& b) { return compareNumbers(value(a), value(b)); },
          [value](const Row& row) { return std::isnan(value(row)); }};
}

double positive(double value) { return value > 0 ? value : LawPoint::kAbsent; }

QString sourceText(const std::string& source) {
  return source.empty() ? Tr::tr("measured") : Text::from(source);
}

}  // namespace

std::unique_ptr<PointTable> makePointTable(QObject* parent) {
  using Column = PointTable::Column;
  using P = LawPoint;
  std::vector<Column> columns;
  columns.push_back(textColumn<P>(Tr::tr("Model"), Tr::tr("Model name"), &P::model));
  // Model names sort by size, so that 13B does not stand between 1.3B and 125M.
  columns.back().compare = [](const P& a, const P& b) {
    if (const int family = a.family.compare(b.family)) return family;
    return compareNumbers(a.parameters, b.parameters);
  };
  columns.push_back(
      textColumn<P>(Tr::tr("Configuration"), Tr::tr("Data type, bits and block size"), &P::config));
  columns.push_back(numberColumn<P>(
      Tr::tr("Accuracy %"), Tr::tr("Mean zero-shot accuracy over the tasks, percent"),
      [](const P& p) { return p.accuracy; },
      [](const P& p) { return Text::fixed(100 * p.accuracy, 2); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("± SE"), Tr::tr("Standard error of the accuracy, percentage points"),
      [](const P& p) { return p.accuracySe; },
      [](const P& p) { return Text::fixed(100 * p.accuracySe, 2); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Size"), Tr::tr("Total model bits as bytes"),
      [](const P& p) { return positive(p.totalBits); },
      [](const P& p) { return Text::size(p.totalBits); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Bits/param"), Tr::tr("Total model bits divided by all parameters"),
      [](const P& p) { return p.totalBits / positive(p.parameters); },
      [](const P& p) { return Text::bitsPerParameter(p); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Cross-entropy"), Tr::tr("Nats per token of the text tasks"),
      [](const P& p) { return p.crossEntropy; },
      [](const P& p) { return Text::fixed(p.crossEntropy, 4); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Bits"), Tr::tr("Bits per weight, k"), [](const P& p) { return double(p.bits); },
      [](const P& p) { return QString::number(p.bits); }));
  columns.push_back(textColumn<P>(Tr::tr("Type"), Tr::tr("Data type of the codes"), &P::dataType));
  columns.push_back(numberColumn<P>(
      Tr::tr("Block"), Tr::tr("Weights that share one constant"),
      [](const P& p) {
        return !Text::hasBlock(p) ? LawPoint::kAbsent
               : p.blockSize > 0  ? double(p.blockSize)
               : p.blockSize < 0  ? 1e17
                                  : 1e18;
      },
      [](const P& p) { return Text::block(p); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Parameters"), Tr::tr("Parameters of the model"),
      [](const P& p) { return positive(p.parameters); },
      [](const P& p) { return Text::count(p.parameters); }));
  columns.push_back(textColumn<P>(
      Tr::tr("Method"), Tr::tr("How weights were rounded; rtn is round to nearest"), &P::method));
  columns.push_back(numberColumn<P>(
      Tr::tr("Tasks"), Tr::tr("Tasks behind the accuracy; points of fewer tasks are incomplete"),
      [](const P& p) { return positive(p.accuracyTasks); },
      [](const P& p) { return p.accuracyTasks > 0 ? QString::number(p.accuracyTasks) : u"–"_s; }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Items"), Tr::tr("Items asked for per task"),
      [](const P& p) { return p.itemLimit == 0 ? 1e18 : double(p.itemLimit); },
      [](const P& p) { return p.itemLimit == 0 ? Tr::tr("all") : QString::number(p.itemLimit); }));
  columns.push_back({Tr::tr("Source"),
                     Tr::tr("Measured here, or the paper, program or file it is from"),
                     false,
                     [](const P& p) { return sourceText(p.source); },
                     [](const P& a, const P& b) { return a.source.compare(b.source); },
                     {}});
  return std::make_unique<PointTable>(std::move(columns), parent);
}

std::unique_ptr<RunTable> makeRunTable(QObject* parent) {
  using Column = RunTable::Column;
  using R = RunRecord;
  std::vector<Column> columns;
  columns.push_back(numberColumn<R>(
      Tr::tr("#"), Tr::tr("Number of the run in the store"),
      [](const R& r) { return double(r.id); }, [](const R& r) { return QString::number(r.id); }));
  columns.push_back(textColumn<R>(Tr::tr("Model"), Tr::tr("Model name"), &R::model));
  columns.push_back(
      textColumn<R>(Tr::tr("Configuration"), Tr::tr("Data type, bits and block size"), &R::config));
  columns.push_back({Tr::tr("Task"), Tr::tr("Zero-shot task or text"), false,
                     [](const R& r) { return Text::from(r.result.task); },
                     [](const R& a, const R& b) { return a.result.task.compare(b.result.task); },
                     [](const R& r) { return r.result.task.empty(); }});
  columns.push_back(numberColumn<R>(
      Tr::tr("Accuracy %"), Tr::tr("Correct items, percent"),
      [](const R& r) { return r.result.accuracy; },
      [](const R& r) { return Text::fixed(100 * r.result.accuracy, 2); }));
  columns.push_back(numberColumn<R>(
      Tr::tr("± SE"), Tr::tr("Standard error, percentage points"),
      [](const R& r) { return r.result.accuracySe; },
      [](const R& r) { return Text::fixed(100 * r.result.accuracySe, 2); }));
  columns.push_back(numberColumn<R>(
      Tr::tr("Cross-entropy"), Tr::tr("Nats per token"),
      [](const R& r) { return r.result.crossEntropy; },
      [](const R& r) { return Text::fixed(r.result.crossEntropy, 4); }));
  columns.push_back(numberColumn<R>(
      Tr::tr("Items"), Tr::tr("Items that were scored"),
      [](const R& r) { return positive(double(r.result.items)); },
      [](const R& r) { return r.result.items > 0 ? QString::number(r.result.items) : u"–"_s; }));
  columns.push_back({Tr::tr("Status"),
                     Tr::tr("How the run ended; failed runs say why"),
                     false,
                     [](const R& r) {
                       if (r.status == RunStatus::Done) return Tr::tr("done");
                       if (r.status == RunStatus::Cancelled) return Tr::tr("cancelled");
                       return Tr::tr("failed: %1").arg(Text::from(r.error));
                     },
                     [](const R& a, const R& b) { return int(a.status) - int(b.status); },
                     {}});
  columns.push_back(numberColumn<R>(
      Tr::tr("Seconds"), Tr::tr("Wall time of the run"),
      [](const R& r) { return positive(r.seconds); },
      [](const R& r) { return r.seconds > 0 ? Text::fixed(r.seconds, 1) : u"–"_s; }));
  columns.push_back(textColumn<R>(Tr::tr("Device"), Tr::tr("Where it ran"), &R::device));
  columns.push_back(textColumn<R>(Tr::tr("When"), Tr::tr("Date and time, UTC"), &R::createdAt));
  columns.push_back({Tr::tr("Source"),
                     Tr::tr("Measured here, or the paper, program or file it is from"),
                     false,
                     [](const R& r) { return sourceText(r.source); },
                     [](const R& a, const R& b) { return a.source.compare(b.source); },
                     {}});
  return std::make_unique<RunTable>(std::move(columns), parent);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/runs_tables.h"

#include <QCoreApplication>
#include <QLocale>
#include <string>
#include <utility>
#include <vector>

#include "core/store/run_fields.h"
#include "ui/base/text.h"
#include "ui/runs/format_words.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(RunsTables)
};

template <typename Row, typename Field>
TableColumn<Row> textColumn(const QString& title, const QString& tip, Field Row::*field) {
  TableColumn<Row> column{title, tip, false, [field](const Row& row) {
                            return Text::from(std::string_view(row.*field));
                          }};
  column.word = [field](const Row& row) { return std::string_view(row.*field); };
  column.group = column.word;
  return column;
}

// `value` is NaN where `text` is a dash.
template <typename Row>
TableColumn<Row> numberColumn(const QString& title, const QString& tip,
                              std::function<double(const Row&)> value,
                              std::function<QString(const Row&)> text) {
  TableColumn<Row> column{title, tip, true, std::move(text)};
  column.value = std::move(value);
  return column;
}

/// With a sign, as differences are written.
QString signedFixed(double value, int decimals) {
  const QString digits = QLocale().toString(std::abs(value), 'f', decimals);
  return (value < 0 ? u"−"_s : u"+"_s) + digits;
}

double positive(double value) { return value > 0 ? value : LawPoint::kAbsent; }

QString sourceText(std::string_view source) {
  return source.empty() ? Tr::tr("measured") : Text::from(source);
}

/// Where nothing is written for a special value, programs get a word.
double blockValue(int bits, std::int64_t block, bool has) {
  return !has || bits >= 16 ? LawPoint::kAbsent
         : block > 0        ? double(block)
         : block < 0        ? 1e17
                            : 1e18;
}

QString differenceText(const std::optional<BaselineDifference>& d, double scale, int decimals) {
  if (!d || !std::isfinite(d->difference)) return u"–"_s;
  const QString text = signedFixed(scale * d->difference, decimals);
  if (!std::isfinite(d->lower)) return text;
  return Tr::tr("%1 [%2, %3]")
      .arg(text, signedFixed(scale * d->lower, decimals), signedFixed(scale * d->upper, decimals));
}

TableColumn<LawPoint> differenceColumn(const QString& title, const QString& exactTitle,
                                       const QString& tip,
                                       std::shared_ptr<const PointDifferences> differences,
                                       double scale, int decimals) {
  if (!differences) differences = std::make_shared<const PointDifferences>();
  auto column = numberColumn<LawPoint>(
      title, tip,
      [differences, scale](const LawPoint& p) {
        const auto d = differences->of(p);
        return d ? scale * d->difference : LawPoint::kAbsent;
      },
      [differences, scale, decimals](const LawPoint& p) {
        return differenceText(differences->of(p), scale, decimals);
      });
  column.exactTitle = exactTitle;
  return column;
}

template <typename Row>
TableColumn<Row> sourceColumn() {
  TableColumn<Row> column{Tr::tr("Source"),
                          Tr::tr("Measured here, or the paper, program or file it is from"), false,
                          [](const Row& row) { return sourceText(row.source); }};
  // What was measured here stands before all others and is no missing value.
  column.word = [](const Row& row) {
    return row.source.empty() ? std::string_view("\x01") : std::string_view(row.source);
  };
  return column;
}

template <typename Row>
TableColumn<Row> modelColumn() {
  TableColumn<Row> column =
      textColumn(Tr::tr("Model"), Tr::tr("Model name, sorted by family and size"), &Row::model);
  // Sorted by size, so that 13B does not stand between 1.3B and 125M.
  column.word = [](const Row& row) { return std::string_view(row.family); };
  column.value = [](const Row& row) { return row.parameters; };
  return column;
}

template <typename Row>
TableColumn<Row> bitsColumn() {
  return numberColumn<Row>(
      Tr::tr("Bits"), Tr::tr("Bits per weight, k"), [](const Row& r) { return double(r.bits); },
      [](const Row& r) { return QString::number(r.bits); });
}

template <typename Row>
TableColumn<Row> typeColumn() {
  auto column = textColumn(Tr::tr("Type"), Tr::tr("Data type of the codes"), &Row::dataType);
  column.text = [](const Row& r) { return dataTypeText(r.dataType); };
  return column;
}

template <typename Row>
TableColumn<Row> methodColumn() {
  auto column = textColumn(Tr::tr("Method"), Tr::tr("How weights were rounded"), &Row::method);
  column.text = [](const Row& r) { return methodText(r.method); };
  return column;
}

}  // namespace

std::unique_ptr<PointTable> makePointTable(std::shared_ptr<const PointDifferences> accuracies,
                                           std::shared_ptr<const PointDifferences> crossEntropies,
                                           QObject* parent) {
  using P = LawPoint;
  std::vector<TableColumn<P>> columns;
  columns.push_back(modelColumn<P>());
  columns.push_back(
      textColumn(Tr::tr("Configuration"), Tr::tr("Data type, bits and block size"), &P::config));
  columns.push_back(numberColumn<P>(
      Tr::tr("Accuracy %"), Tr::tr("Mean zero-shot accuracy over the tasks, percent"),
      [](const P& p) { return 100 * p.accuracy; },
      [](const P& p) { return Text::fixed(100 * p.accuracy, 2); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("± SE"), Tr::tr("Standard error of the accuracy, percentage points"),
      [](const P& p) { return 100 * p.accuracySe; },
      [](const P& p) { return Text::fixed(100 * p.accuracySe, 2); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Size"), Tr::tr("Total model bits as bytes"),
      [](const P& p) { return positive(p.totalBits) / 8; },
      [](const P& p) { return Text::size(p.totalBits); }));
  columns.back().exactTitle = Tr::tr("Size (bytes)");
  columns.push_back(numberColumn<P>(
      Tr::tr("Bits/param"), Tr::tr("Total model bits divided by all parameters"),
      [](const P& p) { return p.totalBits / positive(p.parameters); },
      [](const P& p) { return Text::bitsPerParameter(p); }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Cross-entropy"), Tr::tr("Nats per token of the text tasks"),
      [](const P& p) { return p.crossEntropy; },
      [](const P& p) { return Text::fixed(p.crossEntropy, 4); }));
  columns.push_back(bitsColumn<P>());
  columns.push_back(typeColumn<P>());
  columns.push_back(numberColumn<P>(
      Tr::tr("Block"), Tr::tr("Weights that share one constant"),
      [](const P& p) { return blockValue(p.bits, p.blockSize, Text::hasBlock(p)); },
      [](const P& p) { return Text::block(p); }));
  columns.back().exact = [](const P& p) { return Text::hasBlock(p) ? Text::block(p) : QString(); };
  columns.push_back(numberColumn<P>(
      Tr::tr("Parameters"), Tr::tr("Parameters of the model"),
      [](const P& p) { return positive(p.parameters); },
      [](const P& p) { return Text::count(p.parameters); }));
  columns.push_back(methodColumn<P>());
  columns.push_back(numberColumn<P>(
      Tr::tr("Tasks"), Tr::tr("Tasks behind the accuracy; points of fewer tasks are incomplete"),
      [](const P& p) { return positive(p.accuracyTasks); },
      [](const P& p) { return p.accuracyTasks > 0 ? QString::number(p.accuracyTasks) : u"–"_s; }));
  columns.push_back(numberColumn<P>(
      Tr::tr("Items"), Tr::tr("Items asked for per task"),
      [](const P& p) { return p.itemLimit == 0 ? 1e18 : double(p.itemLimit); },
      [](const P& p) { return p.itemLimit == 0 ? Tr::tr("all") : QString::number(p.itemLimit); }));
  columns.back().exact = columns.back().text;
  columns.push_back(sourceColumn<P>());
  columns.push_back(textColumn(Tr::tr("Family"), Tr::tr("Models that differ in size"), &P::family));
  columns.push_back(differenceColumn(
      Tr::tr("Δ accuracy"), Tr::tr("Δ accuracy to 16 bit (points)"),
      Tr::tr("Accuracy less that of the same model at 16 bit, percentage points, with its 95 % "
             "interval over the same items where they are stored"),
      std::move(accuracies), 100, 2));
  columns.push_back(differenceColumn(
      Tr::tr("Δ cross-entropy"), Tr::tr("Δ cross-entropy to 16 bit (nats per token)"),
      Tr::tr("Cross-entropy less that of the same model at 16 bit, nats per token"),
      std::move(crossEntropies), 1, 4));
  columns.push_back(
      textColumn(Tr::tr("Names of the tasks"), Tr::tr("Tasks behind the accuracy"), &P::tasks));
  return std::make_unique<PointTable>(std::move(columns), parent);
}

std::unique_ptr<RunTable> makeRunTable(QObject* parent) {
  using R = RunRow;
  std::vector<TableColumn<R>> columns;
  columns.push_back(numberColumn<R>(
      Tr::tr("#"), Tr::tr("Number of the run in the store"),
      [](const R& r) { return double(r.id); }, [](const R& r) { return QString::number(r.id); }));
  columns.push_back(modelColumn<R>());
  columns.push_back(
      textColumn(Tr::tr("Configuration"), Tr::tr("Data type, bits and block size"), &R::config));
  columns.push_back({Tr::tr("Task"), Tr::tr("Zero-shot task or text"), false,
                     [](const R& r) { return Text::from(r.result.task.text()); }});
  columns.back().word = [](const R& r) { return std::string_view(r.result.task); };
  columns.back().group = columns.back().word;
  columns.push_back(numberColumn<R>(
      Tr::tr("Accuracy %"), Tr::tr("Correct items, percent"),
      [](const R& r) { return 100 * r.result.accuracy; },
      [](const R& r) { return Text::fixed(100 * r.result.accuracy, 2); }));
  columns.push_back(numberColumn<R>(
      Tr::tr("± SE"), Tr::tr("Standard error, percentage points"),
      [](const R& r) { return 100 * r.result.accuracySe; },
      [](const R& r) { return Text::fixed(100 * r.result.accuracySe, 2); }));
  columns.push_back(numberColumn<R>(
      Tr::tr("Cross-entropy"), Tr::tr("Nats per token"),
      [](const R& r) { return r.result.crossEntropy; },
      [](const R& r) { return Text::fixed(r.result.crossEntropy, 4); }));
  columns.push_back(numberColumn<R>(
      Tr::tr("Items"), Tr::tr("Items that were scored"),
      [](const R& r) { return positive(double(r.result.items)); },
      [](const R& r) { return r.result.items > 0 ? QString::number(r.result.items) : u"–"_s; }));
  columns.push_back(
      {Tr::tr("Status"), Tr::tr("How the run ended; failed runs say why"), false, [](const R& r) {
         if (r.status == RunStatus::Done) return Tr::tr("done");
         if (r.status == RunStatus::Cancelled) return Tr::tr("cancelled");
         return Tr::tr("failed: %1").arg(Text::from(r.error.text()));
       }});
  columns.back().word = [](const R& r) { return runStatusName(r.status); };
  columns.back().group = columns.back().word;
  columns.push_back(numberColumn<R>(
      Tr::tr("Seconds"), Tr::tr("Wall time of the run"),
      [](const R& r) { return positive(r.seconds); },
      [](const R& r) { return r.seconds > 0 ? Text::fixed(r.seconds, 1) : u"–"_s; }));
  columns.push_back(textColumn(Tr::tr("Device"), Tr::tr("Where it ran"), &R::device));
  columns.push_back(textColumn(Tr::tr("When"), Tr::tr("Date and time, UTC"), &R::createdAt));
  columns.push_back(sourceColumn<R>());
  columns.push_back(textColumn(Tr::tr("Family"), Tr::tr("Models that differ in size"), &R::family));
  columns.push_back(bitsColumn<R>());
  columns.push_back(typeColumn<R>());
  columns.push_back(methodColumn<R>());
  return std::make_unique<RunTable>(std::move(columns), parent);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/law/law_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QVBoxLayout>

#include "core/law/text/export.h"
#include "ui/base/text.h"
#include "ui/runs/row_selection.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

double valueAt(const std::vector<double>& values, std::size_t i) {
  return i < values.size() ? values[i] : LawPoint::kAbsent;
}

QString withError(const LawFit& fit, std::size_t parameter) {
  const double value = valueAt(fit.values, parameter);
  const double error = valueAt(fit.standardErrors, parameter);
  if (!fit.usable) return u"–"_s;
  QString text = QLocale().toString(value, 'f', 4);
  if (std::isfinite(error)) text += u" ± "_s + QLocale().toString(error, 'f', 4);
  return text;
}

}  // namespace

std::unique_ptr<LawTable> makeLawTable(QObject* parent) {
  using Column = LawTable::Column;
  using S = SeriesLaw;
  const auto tr = [](const char* text) { return LawPanel::tr(text); };
  const auto unusable = [](const S& s) { return !s.fit.usable; };
  std::vector<Column> columns;
  columns.push_back({tr("Series"),
                     tr("Family and what its points have in common"),
                     false,
                     [](const S& s) { return Text::from(s.fit.family + " · " + s.fit.label); },
                     [](const S& a, const S& b) {
                       if (const int f = a.fit.family.compare(b.fit.family)) return f;
                       return a.fit.label.compare(b.fit.label);
                     },
                     {}});
  const char* names[] = {QT_TR_NOOP("c"), QT_TR_NOOP("a"), QT_TR_NOOP("alpha")};
  const char* tips[] = {QT_TR_NOOP("Value for infinitely many bits, with its standard error"),
                        QT_TR_NOOP("Distance from c at b0 bits, with its standard error"),
                        QT_TR_NOOP("Exponent, with its standard error")};
  for (std::size_t i = 0; i < 3; ++i) {
    columns.push_back({tr(names[i]), tr(tips[i]), true,
                       [i](const S& s) { return withError(s.fit, i); },
                       [i](const S& a, const S& b) {
                         return compareNumbers(valueAt(a.fit.values, i), valueAt(b.fit.values, i));
                       },
                       unusable});
  }
  columns.push_back(
      {tr("R²"), tr("Share of the variance that the law explains"), true,
       [](const S& s) { return s.fit.usable ? QLocale().toString(s.fit.r2, 'f', 4) : u"–"_s; },
       [](const S& a, const S& b) { return compareNumbers(a.fit.r2, b.fit.r2); }, unusable});
  columns.push_back({tr("n"),
                     tr("Points of the series"),
                     true,
                     [](const S& s) { return QString::number(s.series.points.size()); },
                     [](const S& a, const S& b) {
                       return compareNumbers(double(a.series.points.size()),
                                             double(b.series.points.size()));
                     },
                     {}});
  columns.push_back(
      {tr("Starts"),
       tr("Random starts that reached the best optimum"),
       true,
       [](const S& s) {
         return LawPanel::tr("%1/%2").arg(s.fit.convergedStarts).arg(s.fit.starts);
       },
       [](const S& a, const S& b) { return a.fit.convergedStarts - b.fit.convergedStarts; },
       {}});
  columns.push_back({tr("Note"), tr("What limits the fit"), false,
                     [](const S& s) { return Text::from(s.fit.note); },
                     [](const S& a, const S& b) { return a.fit.note.compare(b.fit.note); },
                     [](const S& s) { return s.fit.note.empty(); }});
  auto table = std::make_unique<LawTable>(std::move(columns), parent);
  table->setRowTip([](const S& s) { return Text::from(s.fit.note); });
  return table;
}

LawPanel::LawPanel(QWidget* parent)
    : QWidget(parent), table_(makeLawTable()), formula_(new QLabel), view_(new QTableView) {
  auto* row = new QHBoxLayout;
  const auto combo = [&](const QString& name, const QString& label) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    auto* text = new QLabel(label);
    text->setBuddy(box);
    QString plain = label;
    box->setAccessibleName(plain.remove(u'&'));
    row->addWidget(text);
    row->addWidget(box);
    connect(box, &QComboBox::activated, this, &LawPanel::edited);
    return box;
  };
  metric_ = combo(u"lawMetricBox"_s, tr("&Metric"));
  metric_->addItem(tr("Accuracy"), int(LawMetric::Accuracy));
  metric_->addItem(tr("Cross-entropy"), int(LawMetric::CrossEntropy));
  rule_ = combo(u"lawRuleBox"_s, tr("B&its of"));
  rule_->addItem(tr("Whole checkpoint"), int(BitsRule::CheckpointBytes));
  rule_->addItem(tr("Linear layers"), int(BitsRule::LinearOnly));
  rule_->addItem(tr("All at k bits"), int(BitsRule::AllParameters));
  series_ = combo(u"lawSeriesBox"_s, tr("Se&ries by"));
  series_->addItem(tr("Bits"), int(SeriesKey::Bits));
  series_->addItem(tr("Block size"), int(SeriesKey::BlockSize));
  series_->addItem(tr("Data type"), int(SeriesKey::DataType));
  row->addStretch();

  formula_->setObjectName(u"lawFormula"_s);
  formula_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  view_->setObjectName(u"lawView"_s);
  view_->setAccessibleName(tr("Laws"));
  view_->setModel(table_.get());
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setAlternatingRowColors(true);
  view_->setShowGrid(false);
  view_->setWordWrap(false);
  view_->setTabKeyNavigation(false);
  view_->setSortingEnabled(true);
  view_->sortByColumn(0, Qt::AscendingOrder);
  view_->verticalHeader()->hide();
  const QFontMetrics metrics(view_->font());
  view_->verticalHeader()->setDefaultSectionSize(metrics.height() + 6);
  const int widths[] = {22, 19, 19, 19, 9, 6, 9};
  for (int c = 0; c < 7; ++c) {
    view_->setColumnWidth(c, widths[c] * metrics.averageCharWidth() + 14);
  }
  view_->horizontalHeader()->setStretchLastSection(true);
  view_->horizontalHeader()->setHighlightSections(false);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(row);
  layout->addWidget(view_, 1);
  layout->addWidget(formula_);
}

void LawPanel::setOptions(const ViewOptions& options) {
  options_ = options;
  metric_->setCurrentIndex(metric_->findData(int(options.metric)));
  rule_->setCurrentIndex(rule_->findData(int(options.rule)));
  series_->setCurrentIndex(series_->findData(int(options.series)));
}

void LawPanel::setLaws(const std::shared_ptr<const LawSet>& laws) {
  // The table shares the set's vector, which lives as long as the set.
  keepSelection(
      *view_, *table_,
      [](const SeriesLaw& law) {
        return law.fit.family + '\x1f' + law.fit.label + '\x1f' + law.fit.source;
      },
      [&] { table_->setRows(std::shared_ptr<const std::vector<SeriesLaw>>(laws, &laws->laws)); });
  formula_->setText(tr("%1, b = total model bits, b0 = geometric mean of the data")
                        .arg(Text::from(lawFormula(laws->metric))));
}

void LawPanel::copyRows() const {
  std::vector<int> rows(static_cast<std::size_t>(table_->rowCount()));
  std::iota(rows.begin(), rows.end(), 0);
  QGuiApplication::clipboard()->setText(table_->toTabSeparated(rows));
}

void LawPanel::edited() {
  options_.metric = static_cast<LawMetric>(metric_->currentData().toInt());
  options_.rule = static_cast<BitsRule>(rule_->currentData().toInt());
  options_.series = static_cast<SeriesKey>(series_->currentData().toInt());
  Q_EMIT optionsEdited(options_);
}

}  // namespace bitfrontier

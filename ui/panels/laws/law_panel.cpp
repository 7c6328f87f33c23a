// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/laws/law_panel.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLocale>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/runs/row_selection.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// The formulas of the laws that are drawn, each once.
QString formulasOf(const LawSet& laws) {
  QStringList lines;
  for (const LawCurve& curve : laws.laws) {
    if (!curve.law) continue;
    const LawFormInfo& info = curve.law->form->info();
    const bool ofError = info.ofError && laws.metric == LawMetric::Accuracy;
    const QString line = Text::from(std::string(info.name)) + u": "_s +
                         (ofError ? LawPanel::tr("1 - accuracy = ") : QString()) +
                         Text::from(std::string(info.formula));
    if (!lines.contains(line)) lines << line;
  }
  if (lines.isEmpty()) return LawPanel::tr("No law describes these points");
  return lines.join(u"   "_s);
}

}  // namespace

std::unique_ptr<LawTable> makeLawTable(QObject* parent) {
  using Column = LawTable::Column;
  using S = LawCurve;
  const auto tr = [](const char* text) { return LawPanel::tr(text); };
  const auto none = [](const S& s) { return s.law == nullptr; };
  // Points of accuracy, or nats.
  const auto lack = [](const S& s) {
    return s.law ? plotScale(s.law->context.metric) * s.law->tau : LawPoint::kAbsent;
  };
  std::vector<Column> columns;
  columns.push_back(
      {tr("Series"),
       tr("Family and what its points have in common"),
       false,
       [](const S& s) { return Text::from(s.series.family + " · " + s.series.label); },
       [](const S& a, const S& b) {
         if (const int f = a.series.family.compare(b.series.family)) return f;
         return a.series.label.compare(b.series.label);
       },
       {}});
  columns.push_back({tr("Law"), tr("What the series is drawn by: the law that the data choose"),
                     false, [](const S& s) { return Text::from(std::string(s.name())); },
                     [](const S& a, const S& b) { return a.name().compare(b.name()); }, none});
  columns.push_back({tr("Lack of fit"),
                     tr("Scatter of the points around the law beyond their own errors, in points "
                        "of accuracy or nats"),
                     true, [lack](const S& s) { return Text::fixed(lack(s), 3); },
                     [lack](const S& a, const S& b) { return compareNumbers(lack(a), lack(b)); },
                     none});
  columns.push_back({tr("R²"), tr("Share of the variance of the series that the law explains"),
                     true, [](const S& s) { return Text::fixed(s.r2, 4); },
                     [](const S& a, const S& b) { return compareNumbers(a.r2, b.r2); }, none});
  columns.push_back({tr("n"),
                     tr("Points of the series"),
                     true,
                     [](const S& s) { return QString::number(s.series.points.size()); },
                     [](const S& a, const S& b) {
                       return compareNumbers(double(a.series.points.size()),
                                             double(b.series.points.size()));
                     },
                     {}});
  columns.push_back({tr("Note"), tr("Why this law, or why none"), false,
                     [](const S& s) { return Text::from(s.note); },
                     [](const S& a, const S& b) { return a.note.compare(b.note); },
                     [](const S& s) { return s.note.empty(); }});
  auto table = std::make_unique<LawTable>(std::move(columns), parent);
  table->setRowTip([](const S& s) { return Text::from(s.note); });
  return table;
}

LawPanel::LawPanel(LawsController* controller, QWidget* parent)
    : QWidget(parent),
      controller_(controller),
      table_(makeLawTable()),
      tabs_(new QTabWidget),
      formula_(new QLabel),
      view_(new QTableView) {
  QLayout* row = buildChoices();
  formula_->setWordWrap(true);
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
  const int widths[] = {24, 13, 11, 9, 6};
  for (int c = 0; c < 5; ++c) {
    view_->setColumnWidth(c, widths[c] * metrics.averageCharWidth() + 14);
  }
  view_->horizontalHeader()->setStretchLastSection(true);
  view_->horizontalHeader()->setHighlightSections(false);
  auto* series = new QWidget;
  auto* page = new QVBoxLayout(series);
  page->setContentsMargins(0, 0, 0, 0);
  page->addWidget(view_, 1);
  page->addWidget(formula_);
  tabs_->setObjectName(u"lawTabs"_s);
  tabs_->setAccessibleName(tr("Pages about laws"));
  tabs_->setDocumentMode(true);
  tabs_->addTab(series, tr("Series"));
  details_ = new LawDetails(controller_, tabs_);
  connect(details_, &LawDetails::copied, this, &LawPanel::copied);
  // A law is selected with the points that it rests on.
  connect(view_, &QTableView::clicked, this, [this](const QModelIndex& index) {
    controller_->selectEvidenceOf(static_cast<std::size_t>(table_->sourceRow(index.row())));
  });
  connect(controller_, &LawsController::changed, this, &LawPanel::showFamilies);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(row);
  layout->addWidget(tabs_, 1);
}

QLayout* LawPanel::buildChoices() {
  auto* row = new QHBoxLayout;
  const auto combo = [&](const QString& name, const QString& label) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(9);
    auto* text = new QLabel(label);
    text->setBuddy(box);
    QString plain = label;
    box->setAccessibleName(plain.remove(u'&'));
    row->addWidget(text);
    row->addWidget(box);
    if (name != u"lawFamilyBox") connect(box, &QComboBox::activated, this, &LawPanel::edited);
    return box;
  };
  metric_ = combo(u"lawMetricBox"_s, tr("&Metric"));
  metric_->addItem(tr("Accuracy"), int(LawMetric::Accuracy));
  metric_->addItem(tr("Cross-entropy"), int(LawMetric::CrossEntropy));
  rule_ = combo(u"lawRuleBox"_s, tr("B&its of"));
  for (const CountingRule rule :
       {CountingRule::CheckpointBytes, CountingRule::LinearOnly, CountingRule::AllParameters}) {
    rule_->addItem(Text::rule(rule), int(rule));
  }
  series_ = combo(u"lawSeriesBox"_s, tr("Se&ries by"));
  series_->addItem(tr("Bits"), int(SeriesKey::Bits));
  series_->addItem(tr("Block size"), int(SeriesKey::BlockSize));
  series_->addItem(tr("Data type"), int(SeriesKey::DataType));
  family_ = combo(u"lawFamilyBox"_s, tr("About"));
  family_->setToolTip(tr("The family whose law is shown; its points are selected"));
  connect(family_, &QComboBox::activated, this,
          [this](int family) { controller_->show(static_cast<std::size_t>(family)); });
  row->addStretch();
  return row;
}

void LawPanel::showFamilies() {
  QStringList titles, old;
  for (const ChosenLaw& chosen : controller_->families()) titles << Text::from(chosen.title);
  for (int i = 0; i < family_->count(); ++i) old << family_->itemText(i);
  if (titles != old) {
    family_->clear();
    family_->addItems(titles);
  }
  family_->setEnabled(titles.size() > 1);
  if (titles.isEmpty()) return;
  family_->setCurrentIndex(static_cast<int>(controller_->shown()));
  family_->setToolTip(tr("%1: its law is shown and its points are selected when it is chosen")
                          .arg(family_->currentText()));
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
      [](const LawCurve& law) {
        return law.series.family + '\x1f' + law.series.label + '\x1f' + law.series.source;
      },
      [&] { table_->setRows(std::shared_ptr<const std::vector<LawCurve>>(laws, &laws->laws)); });
  formula_->setText(formulasOf(*laws));
  formula_->setToolTip(formula_->text());  // it may be longer than the panel is wide
}

void LawPanel::copyRows() const {
  std::vector<int> rows(static_cast<std::size_t>(table_->rowCount()));
  std::iota(rows.begin(), rows.end(), 0);
  QGuiApplication::clipboard()->setText(table_->toTabSeparated(rows));
}

void LawPanel::edited() {
  options_.metric = static_cast<LawMetric>(metric_->currentData().toInt());
  options_.rule = static_cast<CountingRule>(rule_->currentData().toInt());
  options_.series = static_cast<SeriesKey>(series_->currentData().toInt());
  Q_EMIT optionsEdited(options_);
}

const PanelSpec kLawPanel{
    u"lawDock", [] { return LawPanel::tr("Laws"); }, PanelSpec::Place::BottomRight, true,
    [](const PanelContext& context) -> QWidget* {
      auto* panel = new LawPanel(new LawsController(&context.session, &context.view));
      panel->controller().setParent(panel);
      QObject::connect(panel, &LawPanel::copied, &context.requests, &PanelRequests::messageShown);
      panel->setOptions(context.view.options());
      ViewController* view = &context.view;
      QObject::connect(panel, &LawPanel::optionsEdited, view, [view](const ViewOptions& edited) {
        ViewOptions options = view->options();
        options.metric = edited.metric;
        options.rule = edited.rule;
        options.series = edited.series;
        view->setOptions(options);
      });
      QObject::connect(view, &ViewController::optionsChanged, panel,
                       [panel, view] { panel->setOptions(view->options()); });
      QObject::connect(view, &ViewController::lawsChanged, panel,
                       [panel, view] { panel->setLaws(view->laws()); });
      return panel;
    }};

}  // namespace bitfrontier

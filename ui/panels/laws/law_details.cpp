// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/laws/law_details.h"

#include <cmath>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/laws/residual_plot.h"
#include "ui/runs/table_column.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::vector<ParameterTable::Column> parameterColumns() {
  using Row = ParameterRow;
  const auto tr = [](const char* text) { return LawDetails::tr(text); };
  return {tableColumn<Row>(tr("Parameter"), tr("Its name in the formula"), false,
                           [](const Row& r) { return r.name; }),
          tableColumn<Row>(
              tr("Value (95 %)"),
              tr("With its interval: by standard error, or by profile where asked for"), true,
              [](const Row& r) { return r.text(); }, [](const Row& r) { return r.value; }),
          tableColumn<Row>(
              tr("Interval"), tr("What the interval is from"), false,
              [tr](const Row& r) { return r.profiled ? tr("profile") : tr("standard error"); }),
          tableColumn<Row>(tr("Remark"), tr("What limits the parameter"), false,
                           [](const Row& r) { return r.remark; }),
          tableColumn<Row>(tr("Meaning"), tr("What the parameter is"), false, [](const Row& r) {
            return r.unit.isEmpty() ? r.meaning : r.meaning + u" ("_s + r.unit + u')';
          })};
}

std::vector<TriedTable::Column> triedColumns() {
  using Row = TriedLaw;
  const auto tr = [](const char* text) { return LawDetails::tr(text); };
  return {
      tableColumn<Row>(
          tr("Law"), tr("Its short name"), false,
          [tr](const Row& r) { return r.chosen ? tr("%1, chosen").arg(r.name) : r.name; }),
      tableColumn<Row>(
          tr("AICc"), tr("On the points that all usable laws take; lower is better"), true,
          [](const Row& r) { return Text::fixed(r.aicc, 1); }, [](const Row& r) { return r.aicc; }),
      tableColumn<Row>(
          tr("Difference"), tr("To the chosen law; below 2 is no clear difference"), true,
          [](const Row& r) { return Text::fixed(r.difference, 1); },
          [](const Row& r) { return r.difference; }),
      tableColumn<Row>(
          tr("Parameters"), tr("Free ones"), true,
          [](const Row& r) { return QString::number(r.parameters); },
          [](const Row& r) { return double(r.parameters); }),
      tableColumn<Row>(
          tr("Admissible"), tr("Or why the law is refused"), false,
          [tr](const Row& r) { return r.usable ? tr("yes") : tr("refused: %1").arg(r.why); }),
      tableColumn<Row>(tr("What it says"), tr("The law in words"), false,
                       [](const Row& r) { return r.title; })};
}

std::vector<ComparedTable::Column> comparedColumns() {
  using Row = LawComparison::Row;
  const auto tr = [](const char* text) { return LawDetails::tr(text); };
  const auto percent = [](double share) {
    return std::isfinite(share) ? Text::fixed(100 * share, 0) + u" %"_s : u"–"_s;
  };
  const auto error = [](const Row& r, double rmse) {
    const bool accuracy = r.fit.context.metric == LawMetric::Accuracy;
    return Text::fixed(plotScale(r.fit.context.metric) * rmse, accuracy ? 2 : 4);
  };
  return {tableColumn<Row>(tr("Law"), tr("Its short name"), false,
                           [](const Row& r) { return Text::from(r.fit.form->info().name); }),
          tableColumn<Row>(
              tr("AICc difference"), tr("To the best"), true,
              [](const Row& r) { return Text::fixed(r.deltaAicc, 1); },
              [](const Row& r) { return r.deltaAicc; }),
          tableColumn<Row>(
              tr("Weight"), tr("Akaike weight"), true,
              [](const Row& r) { return Text::fixed(r.weight, 3); },
              [](const Row& r) { return r.weight; }),
          tableColumn<Row>(
              tr("Left-out size"),
              tr("RMSE of each size as a fit to the others predicts it, points or nats"), true,
              [error](const Row& r) { return error(r, r.sizes.rmse); },
              [](const Row& r) { return r.sizes.rmse; }),
          tableColumn<Row>(
              tr("Covered"), tr("Share of these points inside their 95 % interval"), true,
              [percent](const Row& r) { return percent(r.sizes.coverage); },
              [](const Row& r) { return r.sizes.coverage; }),
          tableColumn<Row>(
              tr("Left-out largest"), tr("The same of the largest size alone"), true,
              [error](const Row& r) { return error(r, r.largest.rmse); },
              [](const Row& r) { return r.largest.rmse; }),
          tableColumn<Row>(tr("Usable"), tr("Refused laws say nothing"), false, [tr](const Row& r) {
            return r.fit.usable ? tr("yes") : tr("refused");
          })};
}

}  // namespace

LawDetails::LawDetails(LawsController* controller, QTabWidget* tabs)
    : QObject(tabs),
      controller_(controller),
      parameters_(std::make_unique<ParameterTable>(parameterColumns())),
      tried_(std::make_unique<TriedTable>(triedColumns())),
      compared_(std::make_unique<ComparedTable>(comparedColumns())),
      reason_(makeText(u"lawReason"_s)),
      facts_(makeText(u"lawFacts"_s)),
      remarks_(makeText(u"lawRemarks"_s)),
      verdicts_(makeText(u"lawVerdicts"_s)),
      residuals_(new ResidualPlot) {
  tabs->addTab(makeLawPage(), tr("Law"));
  tabs->addTab(makeTriedPage(), tr("Why this law"));
  tabs->addTab(residuals_, tr("Residuals"));
  tabs->addTab(makeComparisonPage(), tr("Comparison"));
  connect(controller, &LawsController::changed, this, &LawDetails::refresh);
  refresh();
}

QWidget* LawDetails::makeLawPage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(4, 4, 4, 4);
  parameterView_ =
      makeTableView(parameters_.get(), u"lawParameters"_s, tr("Parameters"), {16, 20, 13, 16, 40});
  parameterView_->setMinimumHeight(parameterView_->verticalHeader()->defaultSectionSize() * 4);
  for (QWidget* w : std::initializer_list<QWidget*>{reason_, remarks_, facts_}) {
    column->addWidget(w);
  }
  column->addWidget(parameterView_, 1);
  column->addWidget(makeCopyButtons());
  return scrolled(page);
}

QWidget* LawDetails::makeCopyButtons() {
  auto* buttons = new QWidget;
  auto* row = new QHBoxLayout(buttons);
  row->setContentsMargins(0, 0, 0, 0);
  profile_ = makeButton(u"lawProfile"_s, tr("Profile"), {});
  row->addWidget(profile_);
  connect(profile_, &QPushButton::clicked, this, [this] {
    if (controller_->profiling()) {
      controller_->cancel();
    } else {
      controller_->askProfile();
    }
  });
  const auto add = [&](const char16_t* name, const QString& text, const QString& tip,
                       QString (LawsController::*what)() const) {
    QPushButton* button = makeButton(QString::fromUtf16(name), text, tip);
    connect(button, &QPushButton::clicked, this,
            [this, what, button] { copy((controller_->*what)(), button->accessibleName()); });
    copies_.push_back(button);
    row->addWidget(button);
  };
  add(u"lawLatex", tr("LaTeX"), tr("Copies formula and parameters for a paper"),
      &LawsController::latex);
  add(u"lawJson", tr("JSON"), tr("Copies the law with covariance, to predict elsewhere"),
      &LawsController::json);
  add(u"lawPython", tr("Python"), tr("Copies a module that predicts and draws"),
      &LawsController::python);
  add(u"lawCommand", tr("Command"), tr("Copies the command that gives this law"),
      &LawsController::command);
  row->addStretch();
  return buttons;
}

QWidget* LawDetails::makeTriedPage() {
  triedView_ = makeTableView(tried_.get(), u"lawTried"_s, tr("Laws that were tried"),
                             {12, 9, 10, 10, 30, 50});
  return triedView_;
}

QWidget* LawDetails::makeComparisonPage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->setContentsMargins(4, 4, 4, 4);
  auto* row = new QHBoxLayout;
  compare_ = makeButton(u"lawCompare"_s, tr("Same slope for all widths?"), {});
  row->addWidget(compare_);
  row->addStretch();
  connect(compare_, &QPushButton::clicked, this, [this] {
    if (controller_->comparing()) {
      controller_->cancel();
    } else {
      controller_->askComparison();
    }
  });
  comparedView_ = makeTableView(compared_.get(), u"lawCompared"_s, tr("Laws compared"),
                                {8, 12, 8, 12, 9, 14, 10});
  comparedView_->setMinimumHeight(comparedView_->verticalHeader()->defaultSectionSize() * 4);
  column->addLayout(row);
  column->addWidget(comparedView_, 1);
  column->addWidget(verdicts_);
  return scrolled(page);
}

void LawDetails::copy(const QString& text, const QString& what) {
  if (text.isEmpty()) return;
  QGuiApplication::clipboard()->setText(text);
  Q_EMIT copied(tr("Copied: %1").arg(what));
}

void LawDetails::refresh() {
  const JointFit* law = controller_->law();
  reason_->setText(controller_->families().empty()
                       ? (controller_->updating() ? tr("updating…") : tr("No point is in view."))
                       : controller_->reason());
  reason_->setAccessibleName(controller_->sentence());
  facts_->setText(controller_->facts());
  facts_->setVisible(law != nullptr);
  const QStringList remarks = controller_->remarks();
  remarks_->setText(remarks.join(u'\n'));
  remarks_->setVisible(!remarks.isEmpty());
  parameters_->setRows(
      std::make_shared<const std::vector<ParameterRow>>(controller_->parameters()));
  parameterView_->setVisible(law != nullptr);
  tried_->setRows(std::make_shared<const std::vector<TriedLaw>>(controller_->tried()));
  residuals_->setLaw(law);
  const LawComparison* comparison = controller_->comparison();
  compared_->setRows(std::make_shared<const std::vector<LawComparison::Row>>(
      comparison ? comparison->rows : std::vector<LawComparison::Row>()));
  comparedView_->setVisible(comparison != nullptr);
  QStringList verdicts;
  if (comparison) {
    for (const std::string& verdict : comparison->verdicts) verdicts << Text::from(verdict);
    for (const NestedTest& test : comparison->tests) {
      verdicts << tr("%1 against %2, %3 test: p %4")
                      .arg(Text::from(test.inner), Text::from(test.outer), Text::from(test.kind),
                           Text::number(test.p, 2));
    }
  } else if (controller_->comparing()) {
    verdicts << tr("updating…");
  } else if (!controller_->problem().isEmpty()) {
    verdicts << controller_->problem();
  } else {
    verdicts << tr(
        "Fits several laws to the same points and compares them by AICc, tests and "
        "what they predict for sizes that are left out.");
  }
  verdicts_->setText(verdicts.join(u'\n'));
  const QString none = law ? QString() : tr("There is no law of all series together");
  profile_->setText(controller_->profiling() ? tr("Stop") : tr("Profile"));
  setReason(profile_, tr("Intervals by profile likelihood, which may be skewed"), none);
  compare_->setText(controller_->comparing() ? tr("Stop") : tr("Same slope for all widths?"));
  setReason(compare_, tr("Compares the laws on the same points"),
            controller_->families().empty() ? tr("No point is in view") : QString());
  for (QPushButton* button : copies_) {
    button->setEnabled(law || button->objectName() == u"lawCommand");
  }
}

}  // namespace bitfrontier

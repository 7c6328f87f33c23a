// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/next/next_panel.h"

#include <cmath>
#include <numeric>
#include <QAbstractSpinBox>
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/runs/row_selection.h"
#include "ui/runs/table_column.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString gainText(double gain, LawMetric metric) {
  if (!std::isfinite(gain)) return u"–"_s;
  return QLocale().toString(plotScale(metric) * gain, 'g', 3);
}

double perMinute(const NextRow& row) { return row.run.gain / row.run.minutes; }

std::vector<NextTable::Column> columns() {
  using Row = NextRow;
  return {
      tableColumn<Row>(
          NextPanel::tr("Order"), NextPanel::tr("The first is worth most"), true,
          [](const Row& row) { return QString::number(row.place + 1); },
          [](const Row& row) { return double(row.place + 1); }),
      tableColumn<Row>(
          NextPanel::tr("Run"), NextPanel::tr("Model and configuration that have not been run"),
          false, [](const Row& row) { return Text::from(row.run.model + " " + row.run.config); }),
      tableColumn<Row>(NextPanel::tr("Why"),
                       NextPanel::tr("What the run would decide or make possible"), false,
                       [](const Row& row) { return Text::from(row.run.reason); }),
      tableColumn<Row>(
          NextPanel::tr("Gain"),
          NextPanel::tr("Expected reduction of regret, in points of accuracy or nats"), true,
          [](const Row& row) { return gainText(row.run.gain, row.metric); },
          [](const Row& row) { return plotScale(row.metric) * row.run.gain; }),
      tableColumn<Row>(
          NextPanel::tr("Time"), NextPanel::tr("What the run takes, by what its neighbours took"),
          true, [](const Row& row) { return Text::duration(60 * row.run.minutes); },
          [](const Row& row) { return 60 * row.run.minutes; }),
      tableColumn<Row>(
          NextPanel::tr("Gain per minute"), NextPanel::tr("What the order goes by"), true,
          [](const Row& row) { return gainText(perMinute(row), row.metric); },
          [](const Row& row) { return plotScale(row.metric) * perMinute(row); })};
}

}  // namespace

NextPanel::NextPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent),
      requests_(&context.requests),
      controller_(new NextController(&context.session, &context.view, &context.queue, this)),
      rows_(std::make_unique<NextTable>(columns())),
      family_(new QComboBox),
      stop_(new QDoubleSpinBox),
      atLine_(new QCheckBox(tr("For the budget line only"))),
      verdict_(new ElidedLabel(u"nextVerdict"_s, true)),
      notes_(makeText(u"nextNotes"_s)),
      first_(new QSpinBox) {
  setObjectName(u"nextPanel"_s);
  auto* top = new QHBoxLayout;
  const auto add = [&](const QString& label, QWidget* control) {
    auto* text = new QLabel(label);
    text->setBuddy(control);
    QString plain = label;
    control->setAccessibleName(plain.remove(u'&'));
    top->addWidget(text);
    top->addWidget(control);
  };
  family_->setObjectName(u"nextFamily"_s);
  family_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  family_->setMinimumContentsLength(14);
  add(tr("About"), family_);
  stop_->setObjectName(u"nextStop"_s);
  stop_->setRange(0, 100);
  stop_->setDecimals(3);
  stop_->setSingleStep(0.05);
  stop_->setSpecialValueText(tr("usual"));
  stop_->setToolTip(
      tr("Expected regret, in points of accuracy or nats, below which nothing more need be run"));
  add(tr("Stop below"), stop_);
  atLine_->setObjectName(u"nextAtLine"_s);
  atLine_->setToolTip(tr("Counts the choice at the budget panel's memory; else at all sizes"));
  top->addWidget(atLine_);
  top->addStretch();

  view_ = makeTableView(rows_.get(), u"nextView"_s, tr("Runs worth doing"), {4, 26, 44, 8, 12, 10});
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  auto* bottom = new QHBoxLayout;
  queueIt_ = makeButton(u"nextQueue"_s, tr("Queue selected"), tr("Queues the selected runs"));
  queueFirst_ = makeButton(u"nextQueueFirst"_s, tr("Queue the first"),
                           tr("Queues as many of the first runs as the number says"));
  first_->setObjectName(u"nextCount"_s);
  first_->setAccessibleName(tr("Number of runs to queue"));
  first_->setRange(1, 1000);
  first_->setValue(3);
  command_ = makeButton(u"nextCommand"_s, tr("Copy as command"),
                        tr("Copies the command that gives this answer"));
  for (QWidget* w : std::initializer_list<QWidget*>{queueIt_, queueFirst_, first_, command_}) {
    bottom->addWidget(w);
  }
  bottom->addStretch();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addLayout(top);
  layout->addWidget(verdict_);
  layout->addWidget(view_, 1);
  layout->addLayout(bottom);
  auto* notes = scrolled(notes_);
  notes->setMaximumHeight(3 * QFontMetrics(notes_->font()).lineSpacing());
  layout->addWidget(notes);

  // What is typed into is a field of its own to screen readers.
  for (auto* box : findChildren<QAbstractSpinBox*>()) {
    box->findChild<QLineEdit*>()->setAccessibleName(box->accessibleName());
  }
  connectAll();
  showAnswer();
}

void NextPanel::connectAll() {
  connect(controller_, &NextController::changed, this, &NextPanel::showAnswer);
  connect(family_, &QComboBox::activated, this,
          [this](int row) { controller_->show(static_cast<std::size_t>(row)); });
  connect(stop_, &QDoubleSpinBox::editingFinished, this, [this] {
    const bool accuracy = controller_->answers().empty() ||
                          controller_->answers().front().metric == LawMetric::Accuracy;
    controller_->setStopRegret(stop_->value() / (accuracy ? 100 : 1));
  });
  connect(atLine_, &QCheckBox::toggled, controller_, &NextController::setAtLine);
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &NextPanel::updateButtons);
  connect(queueIt_, &QPushButton::clicked, this, [this] { queueRuns(selectedPlaces()); });
  connect(queueFirst_, &QPushButton::clicked, this, [this] {
    std::vector<std::size_t> places(static_cast<std::size_t>(first_->value()));
    std::iota(places.begin(), places.end(), std::size_t{0});
    queueRuns(places);
  });
  connect(command_, &QPushButton::clicked, this, [this] {
    QGuiApplication::clipboard()->setText(controller_->command());
    Q_EMIT requests_->messageShown(tr("Copied: %1").arg(controller_->command()));
  });
}

void NextPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  controller_->setActive(true);
}

void NextPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  controller_->setActive(false);
}

void NextPanel::showAnswer() {
  const auto& answers = controller_->answers();
  QStringList titles, old;
  for (const NextRuns& next : answers) titles << Text::from(next.title);
  for (int i = 0; i < family_->count(); ++i) old << family_->itemText(i);
  if (titles != old) {
    family_->clear();
    family_->addItems(titles);
  }
  family_->setEnabled(titles.size() > 1);
  std::vector<NextRow> rows;
  QStringList notes;
  QString verdict = controller_->problem();
  if (answers.empty()) {
    if (verdict.isEmpty() && !controller_->updating()) verdict = tr("No point is in view.");
  } else {
    const NextRuns& next = answers[controller_->shown()];
    family_->setCurrentIndex(static_cast<int>(controller_->shown()));
    verdict = tr("%1 (%2 of %3 cells have been run)")
                  .arg(Text::from(next.verdict))
                  .arg(next.run)
                  .arg(next.cells);
    verdict[0] = verdict[0].toUpper();
    for (std::size_t i = 0; i < next.runs.size(); ++i) {
      rows.push_back({next.runs[i], i, next.metric});
    }
    notes << tr("Law: %1").arg(Text::from(next.law));
    for (const std::string& note : next.notes) notes << tr("Note: %1").arg(Text::from(note));
  }
  if (controller_->updating()) verdict = tr("updating…") + u' ' + verdict;
  verdict_->setText(verdict);
  notes_->setText(notes.join(u'\n'));
  keepSelection(
      *view_, *rows_, [](const NextRow& row) { return row.run.model + '\x1f' + row.run.config; },
      [&] { rows_->setRows(std::make_shared<const std::vector<NextRow>>(std::move(rows))); });
  updateButtons();
}

std::vector<std::size_t> NextPanel::selectedPlaces() const {
  std::vector<std::size_t> places;
  for (const int row : selectedViewRows(*view_)) {
    places.push_back(rows_->rows()[static_cast<std::size_t>(rows_->sourceRow(row))].place);
  }
  return places;
}

void NextPanel::updateButtons() {
  const std::vector<std::size_t> places = selectedPlaces();
  const QString none = rows_->rowCount() == 0 ? tr("No run is proposed") : QString();
  QString why = !none.isEmpty() ? none : places.empty() ? tr("Select a run first") : QString();
  if (places.size() == 1) why = controller_->launchesFor(places).reason;
  setReason(queueIt_, tr("Queues the selected runs"), why);
  setReason(queueFirst_, tr("Queues as many of the first runs as the number says"), none);
}

void NextPanel::queueRuns(const std::vector<std::size_t>& places) {
  const NextController::Launches launches = controller_->launchesFor(places);
  for (const LaunchChoice& choice : launches.choices) Q_EMIT requests_->sweepWanted(choice);
  QString text = tr("%1 queued").arg(Text::amount(launches.cells, tr("run"), tr("runs")));
  if (!launches.reason.isEmpty()) text += u". "_s + launches.reason;
  Q_EMIT requests_->messageShown(text);
}

const PanelSpec kNextPanel{
    u"nextDock", [] { return NextPanel::tr("Next experiment"); }, PanelSpec::Place::BottomRight,
    true, [](const PanelContext& context) -> QWidget* { return new NextPanel(context); }};

}  // namespace bitfrontier

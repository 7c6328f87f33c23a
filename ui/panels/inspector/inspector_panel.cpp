// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspector/inspector_panel.h"

#include <algorithm>
#include <QAbstractSpinBox>
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLineEdit>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// A table as tall as its first rows: the panel around it scrolls. Texts that wrap have the height
/// that they need.
void fitRows(QTableView* view, int most) {
  if (view->wordWrap()) view->resizeRowsToContents();
  int height = view->horizontalHeader()->isHidden() ? 0 : view->horizontalHeader()->height();
  for (int row = 0; row < std::min(most, view->model()->rowCount()); ++row) {
    height += view->rowHeight(row);
  }
  view->setFixedHeight(height + 2 * view->frameWidth() + 2);
}

template <typename Table, typename Row>
void setRows(Table& table, std::vector<Row> rows) {
  table.setRows(std::make_shared<const std::vector<Row>>(std::move(rows)));
}

}  // namespace

InspectorPanel::InspectorPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent),
      requests_(&context.requests),
      controller_(new InspectorController(&context.session, &context.view, &context.decisions,
                                          &context.queue, this)),
      name_(new ElidedLabel(u"inspectorName"_s, true)),
      about_(new ElidedLabel(u"inspectorAbout"_s)),
      state_(makeText(u"inspectorState"_s)),
      bits_(makeText(u"inspectorBits"_s)),
      verified_(makeText(u"inspectorVerified"_s)),
      bar_(new StackedBar),
      worth_(makeFactTable()),
      provenance_(makeFactTable()),
      tasks_(makeTaskTable()),
      several_(makeReportTable(*controller_)) {
  setObjectName(u"inspectorPanel"_s);
  bar_->setObjectName(u"inspectorBar"_s);
  bar_->setAccessibleName(tr("Where the bits go"));
  severalView_ =
      makeTableView(several_.get(), u"inspectorSeveral"_s, tr("Selected points"), {22, 14, 24, 10});
  worthView_ = makeTableView(worth_.get(), u"inspectorWorth"_s, tr("What it is worth"), {14, 30});
  worthView_->horizontalHeader()->hide();
  worthView_->setWordWrap(true);
  worthView_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  tasksView_ = makeTableView(tasks_.get(), u"inspectorTasks"_s, tr("Tasks"), {16, 16, 7});
  provenanceView_ =
      makeTableView(provenance_.get(), u"inspectorProvenance"_s, tr("How it was made"), {16, 30});
  provenanceView_->horizontalHeader()->hide();
  provenanceView_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(6, 6, 6, 6);
  column->addWidget(name_);
  column->addWidget(about_);
  column->addWidget(state_);
  column->addWidget(severalView_);
  one_ = new QWidget;
  auto* point = new QVBoxLayout(one_);
  point->setContentsMargins(0, 0, 0, 0);
  for (QWidget* w : std::initializer_list<QWidget*>{bits_, bar_, worthView_, tasksView_}) {
    point->addWidget(w);
  }
  column->addWidget(one_);
  buttons_ = makeButtons();
  column->addWidget(buttons_);
  column->addWidget(verified_);
  column->addWidget(provenanceView_);
  column->addStretch();
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scrolled(content));
  // What is typed into is a field of its own to screen readers.
  for (auto* box : findChildren<QAbstractSpinBox*>()) {
    box->findChild<QLineEdit*>()->setAccessibleName(box->accessibleName());
  }
  connect(controller_, &InspectorController::changed, this, &InspectorPanel::showReports);
  showReports();
}

QWidget* InspectorPanel::makeButtons() {
  auto* buttons = new QWidget;
  auto* grid = new QGridLayout(buttons);
  grid->setContentsMargins(0, 0, 0, 0);
  verify_ = makeButton(u"inspectorVerify"_s, tr("Verify"), {});
  items_ = new QSpinBox;
  items_->setObjectName(u"inspectorItems"_s);
  items_->setAccessibleName(tr("Items to run again"));
  items_->setToolTip(tr("Items of the point's first task to run again"));
  items_->setRange(1, 100'000);
  items_->setValue(20);
  items_->setSuffix(tr(" items"));
  command_ = makeButton(u"inspectorCommand"_s, tr("Copy as command"), {});
  exclude_ = makeButton(u"inspectorExclude"_s, tr("Exclude…"),
                        tr("Leaves the selected points out of fits, with a reason"));
  baseline_ = makeButton(u"inspectorBaseline"_s, tr("Set baseline"),
                         tr("Compares the other points with this one"));
  grid->addWidget(verify_, 0, 0);
  grid->addWidget(items_, 0, 1);
  grid->addWidget(command_, 1, 0, 1, 2);
  grid->addWidget(exclude_, 2, 0);
  grid->addWidget(baseline_, 2, 1);
  connect(verify_, &QPushButton::clicked, this, [this] {
    if (controller_->verifying()) {
      controller_->cancelVerify();
    } else {
      controller_->verify(static_cast<std::size_t>(items_->value()));
    }
  });
  connect(command_, &QPushButton::clicked, this, [this] {
    if (controller_->reports().empty()) return;
    const QString command = controller_->command(controller_->reports().front());
    QGuiApplication::clipboard()->setText(command);
    Q_EMIT requests_->messageShown(tr("Copied: %1").arg(command));
  });
  connect(exclude_, &QPushButton::clicked, this,
          [this] { Q_EMIT requests_->excludeWanted(controller_->keys()); });
  connect(baseline_, &QPushButton::clicked, this, [this] {
    if (!controller_->keys().empty()) Q_EMIT requests_->baselineWanted(controller_->keys().front());
  });
  return buttons;
}

void InspectorPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  controller_->setActive(true);
}

void InspectorPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitRows(worthView_, 12);
}

void InspectorPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  controller_->setActive(false);
}

void InspectorPanel::showReports() {
  const auto& reports = controller_->reports();
  const std::size_t selected = controller_->selected();
  QString state = controller_->problem();
  if (selected == 0) {
    state =
        tr("Select a point in the plot or a row of the table to see its bits, its results and "
           "how it was made. Select several to compare them.");
  } else if (controller_->updating()) {
    state = tr("updating…");
  } else if (reports.empty() && state.isEmpty()) {
    state = tr("The selected points are not among those that the view's source and tasks choose.");
  }
  const bool several = reports.size() > 1;
  if (several && reports.size() < selected) {
    state = tr("Shown are %1 of %2 selected points.").arg(reports.size()).arg(selected);
  }
  state_->setText(state);
  state_->setVisible(!state.isEmpty());
  name_->setText(
      selected == 0     ? tr("Nothing selected")
      : reports.empty() ? controller_->updating() ? tr("Looking up…") : tr("Not in this view")
      : several ? Text::amount(selected, tr("point selected"), tr("points selected"))
                : Text::from(reports.front().point.model + " · " + reports.front().point.config));
  about_->setText(reports.empty() ? QString() : Text::from(reports.front().setTitle));
  about_->setVisible(!about_->text().isEmpty());
  setRows(*several_, several ? reports : std::vector<PointReport>());
  severalView_->setVisible(several);
  fitRows(severalView_, 12);
  one_->setVisible(!several && !reports.empty());
  provenanceView_->setVisible(!several && !reports.empty());
  buttons_->setVisible(!reports.empty());
  if (!several && !reports.empty()) showPoint(reports.front());
  verified_->setText(several ? QString() : controller_->verification());
  verified_->setVisible(!verified_->text().isEmpty());
  updateButtons();
}

void InspectorPanel::showPoint(const PointReport& report) {
  bits_->setText(bitsSentence(report));
  const BitBreakdown bits = bitsOf(report);
  bar_->setParts(bitParts(bits));
  bar_->setVisible(!bits.parts.empty());
  setRows(*worth_, worthOf(report, controller_->standing(report), controller_->metric()));
  fitRows(worthView_, 12);
  setRows(*tasks_, report.runs);
  fitRows(tasksView_, 8);
  setRows(*provenance_, provenanceOf(report, controller_->command(report)));
  fitRows(provenanceView_, 30);
}

void InspectorPanel::updateButtons() {
  const auto& reports = controller_->reports();
  const bool one = reports.size() == 1;
  const QString select = tr("Select one point first");
  const bool busy = controller_->verifying();
  verify_->setText(busy ? tr("Stop") : tr("Verify"));
  setReason(verify_, tr("Runs items again and compares each outcome with the stored one"),
            busy  ? QString()
            : one ? controller_->whyNotVerify()
                  : select);
  items_->setEnabled(verify_->isEnabled() && !busy);
  QString noCommand = one ? QString() : select;
  if (one && controller_->command(reports.front()).isEmpty()) {
    noCommand = tr("The numbers are from a paper or another program");
  }
  setReason(command_, tr("Copies the command that makes this point"), noCommand);
  setReason(baseline_, tr("Compares the other points with this one"), one ? QString() : select);
}

const PanelSpec kInspectorPanel{
    u"inspectorDock", [] { return InspectorPanel::tr("Inspector"); }, PanelSpec::Place::Right, true,
    [](const PanelContext& context) -> QWidget* { return new InspectorPanel(context); }};

}  // namespace bitfrontier

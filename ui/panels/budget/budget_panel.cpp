// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/budget/budget_panel.h"

#include <algorithm>
#include <cmath>
#include <QAbstractSpinBox>
#include <QClipboard>
#include <QFormLayout>
#include <QGuiApplication>
#include <QHeaderView>
#include <QInputDialog>
#include <QLineEdit>
#include <QLocale>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/runs/row_selection.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kSliderSteps = 1000;

QSpinBox* spinBox(const QString& name, int low, int high, int value, const QString& tip) {
  auto* box = new QSpinBox;
  box->setObjectName(name);
  box->setRange(low, high);
  box->setValue(value);
  box->setToolTip(tip);
  box->setStatusTip(tip);
  box->setMinimumWidth(50);
  return box;
}

/// Two labelled controls in one row.
void addPair(QFormLayout* form, const QString& label, QWidget* control, const QString& second,
             QWidget* other) {
  auto* row = new QHBoxLayout;
  auto* text = new QLabel(second);
  text->setBuddy(other);
  row->addWidget(control, 1);
  row->addWidget(text);
  row->addWidget(other, 1);
  auto* first = new QLabel(label);
  first->setBuddy(control);
  form->addRow(first, row);
  for (auto [widget, name] : {std::pair(control, label), std::pair(other, second)}) {
    widget->setAccessibleName(name.remove(u'&'));
  }
}

QString nameOf(const AdviceCandidate& c) { return Text::from(c.model + " " + c.config); }

QString points(double value, LawMetric metric) {
  const QString number =
      QLocale().toString(plotScale(metric) * value, 'f', metric == LawMetric::Accuracy ? 2 : 4);
  return metric == LawMetric::Accuracy ? BudgetPanel::tr("%1 points").arg(number)
                                       : BudgetPanel::tr("%1 nats").arg(number);
}

}  // namespace

BudgetPanel::BudgetPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent),
      requests_(&context.requests),
      settings_(&context.settings),
      controller_(new BudgetController(&context.decisions, &context.view, &context.queue, this)),
      rows_(std::make_unique<BudgetTable>()),
      free_(makeText(u"budgetFree"_s)),
      sentence_(makeText(u"budgetSentence"_s)),
      facts_(makeText(u"budgetFacts"_s)),
      items_(makeText(u"budgetItems"_s)),
      notes_(makeText(u"budgetNotes"_s)),
      state_(makeText(u"budgetState"_s)),
      bar_(new StackedBar) {
  setObjectName(u"budgetPanel"_s);
  auto* content = new QWidget;
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(6, 6, 6, 6);
  column->addWidget(makeInputs());
  column->addWidget(free_);
  QFont bold = sentence_->font();
  bold.setBold(true);
  sentence_->setFont(bold);
  column->addWidget(state_);
  column->addWidget(sentence_);
  column->addWidget(facts_);
  view_ = makeTableView(rows_.get(), u"budgetView"_s, tr("Candidates"), {26, 18, 10, 14, 26});
  view_->setItemDelegateForColumn(BudgetTable::kProbability, new ShareDelegate(view_));
  view_->setMinimumHeight(view_->verticalHeader()->defaultSectionSize() * 6);
  column->addWidget(view_, 1);
  bar_->setObjectName(u"budgetBar"_s);
  bar_->setAccessibleName(tr("What the memory goes to"));
  column->addWidget(items_);
  column->addWidget(bar_);
  auto* buttons = new QHBoxLayout;
  queueIt_ = makeButton(u"budgetQueue"_s, tr("Queue it"), tr("Runs the selected candidate"));
  command_ = makeButton(u"budgetCommand"_s, tr("Copy as command"),
                        tr("Copies the command that gives this answer"));
  buttons->addWidget(queueIt_);
  buttons->addWidget(command_);
  buttons->addStretch();
  column->addLayout(buttons);
  column->addWidget(notes_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(scrolled(content));

  // What is typed into is a field of its own to screen readers.
  for (auto* box : findChildren<QAbstractSpinBox*>()) {
    box->findChild<QLineEdit*>()->setAccessibleName(box->accessibleName());
  }
  connect(controller_, &BudgetController::changed, this, &BudgetPanel::showAnswer);
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &BudgetPanel::showCandidate);
  connect(queueIt_, &QPushButton::clicked, this, &BudgetPanel::queueIt);
  connect(command_, &QPushButton::clicked, this, [this] {
    QGuiApplication::clipboard()->setText(controller_->command());
    Q_EMIT requests_->messageShown(tr("Copied: %1").arg(controller_->command()));
  });
  const double bits = settings_->remembered(u"budget/bits"_s, 0).toDouble();
  chosen_ = bits > 0;
  if (chosen_) takeMemory(bits);
  showAnswer();
}

QWidget* BudgetPanel::makeInputs() {
  auto* inputs = new QWidget;
  auto* form = new QFormLayout(inputs);
  form->setContentsMargins(0, 0, 0, 0);
  form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
  form->setRowWrapPolicy(QFormLayout::DontWrapRows);
  const auto combo = [](const QString& name) {
    auto* box = new QComboBox;
    box->setObjectName(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->setMinimumContentsLength(8);
    return box;
  };
  set_ = combo(u"budgetSet"_s);
  addRow(form, tr("About"), set_);
  device_ = combo(u"budgetDevice"_s);
  device_->setToolTip(tr("Takes the memory of a device"));
  device_->addItem(tr("Any memory"), 0.0);
  for (const KnownDevice& known : knownDevices()) {
    device_->addItem(u"%1 · %2 GB"_s.arg(QString::fromUtf8(known.name)).arg(known.gigabytes),
                     known.gigabytes * 8e9);
  }
  const QStringList own = settings_->remembered(u"budget/devices"_s).toStringList();
  for (const QString& text : own) {
    const auto bits = parseMemory(text.section(u'·', -1));
    if (bits) device_->addItem(text, *bits);
  }
  device_->addItem(tr("Another device…"), -1.0);
  addRow(form, tr("Device"), device_);
  memory_ = new QLineEdit;
  memory_->setObjectName(u"budgetMemory"_s);
  memory_->setToolTip(tr("Memory with its unit, e.g. 24 GB or 2 MB; 1 GB is 1,000,000,000 bytes"));
  addRow(form, tr("Memory"), memory_);
  slider_ = new QSlider(Qt::Horizontal);
  slider_->setObjectName(u"budgetSlider"_s);
  slider_->setRange(0, kSliderSteps);
  slider_->setPageStep(50);
  slider_->setToolTip(tr("The memory, on a logarithmic scale"));
  slider_->setAccessibleName(tr("Memory slider"));
  form->addRow(slider_);
  context_ = spinBox(u"budgetContext"_s, 0, 10'000'000, 2048,
                     tr("Tokens kept for each sequence; 0 counts the weights alone"));
  context_->setSingleStep(512);
  batch_ = spinBox(u"budgetBatch"_s, 1, 100'000, 1, tr("Sequences at a time"));
  addPair(form, tr("Context"), context_, tr("Batch"), batch_);
  kv_ = combo(u"budgetKv"_s);
  for (const int bits : {16, 8, 4}) kv_->addItem(tr("%1 bits").arg(bits), bits);
  headroom_ = spinBox(u"budgetHeadroom"_s, 0, 90, 5,
                      tr("Share of the memory for activations and the program"));
  headroom_->setSuffix(u" %"_s);
  addPair(form, tr("KV cache"), kv_, tr("Headroom"), headroom_);
  inPlot_ = new QCheckBox(tr("Show in the plot"));
  inPlot_->setObjectName(u"budgetInPlot"_s);
  inPlot_->setToolTip(tr("Draws the memory as a line and the predicted cells as hollow points"));
  form->addRow(inPlot_);

  connectInputs();
  return inputs;
}

void BudgetPanel::connectInputs() {
  connect(set_, &QComboBox::activated, this,
          [this](int row) { controller_->show(static_cast<std::size_t>(row)); });
  connect(device_, &QComboBox::activated, this, [this] {
    const double bits = device_->currentData().toDouble();
    if (bits > 0) takeMemory(bits);
    if (bits < 0) addOwnDevice();
  });
  connect(memory_, &QLineEdit::editingFinished, this, [this] {
    const auto bits = parseMemory(memory_->text());
    if (bits) takeMemory(*bits);
    memory_->setText(memoryText(controller_->question().memoryBits));
  });
  connect(slider_, &QSlider::valueChanged, this, [this](int value) {
    if (silent_) return;
    const auto [low, high] = controller_->range();
    const double bits = low * std::pow(high / low, double(value) / kSliderSteps);
    // Three digits, as a person would say it.
    const double step = std::pow(10, std::floor(std::log10(bits / 8)) - 2);
    takeMemory(8 * step * std::round(bits / 8 / step));
  });
  for (QSpinBox* box : {context_, batch_, headroom_}) {
    connect(box, &QSpinBox::valueChanged, this, &BudgetPanel::edited);
  }
  connect(kv_, &QComboBox::activated, this, &BudgetPanel::edited);
  connect(inPlot_, &QCheckBox::toggled, controller_, &BudgetController::setInPlot);
}

void BudgetPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  controller_->setActive(true);
  if (read_) return;
  read_ = true;
  free_->setText(tr("Free now: being asked"));
  reading_.start([](std::stop_token) { return readGpuMemory(); },
                 [this](const GpuReading& reading) { takeReading(reading); });
}

void BudgetPanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  controller_->setActive(false);
}

void BudgetPanel::takeReading(const GpuReading& reading) {
  if (reading.gpus.empty()) {
    free_->setText(tr("Free GPU memory: %1").arg(reading.problem));
    return;
  }
  QStringList lines;
  for (const GpuMemory& gpu : reading.gpus) {
    lines << tr("%1: %2 free of %3")
                 .arg(gpu.name, Text::size(gpu.freeBits), Text::size(gpu.totalBits));
    device_->insertItem(1, tr("Here: %1, free now").arg(gpu.name), gpu.freeBits);
  }
  free_->setText(lines.join(u'\n'));
}

void BudgetPanel::addOwnDevice() {
  auto* dialog = new QInputDialog(this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(u"budgetOwnDevice"_s);
  dialog->setWindowTitle(tr("Another device"));
  dialog->setLabelText(tr("Name and memory, e.g. My laptop · 11 GB"));
  connect(dialog, &QInputDialog::textValueSelected, this, [this](const QString& text) {
    const auto bits = parseMemory(text.section(u'·', -1));
    if (!bits) {
      Q_EMIT requests_->messageShown(tr("A device is a name, a · and a memory such as 11 GB"));
      return;
    }
    device_->insertItem(device_->count() - 1, text, *bits);
    device_->setCurrentIndex(device_->count() - 2);
    QStringList own = settings_->remembered(u"budget/devices"_s).toStringList();
    settings_->remember(u"budget/devices"_s, own << text);
    takeMemory(*bits);
  });
  dialog->open();
}

/// What nobody has chosen suits the models that there are.
void BudgetPanel::suitMemory() {
  if (chosen_ || controller_->inPlot() || controller_->answers().empty()) return;
  chosen_ = true;
  const auto [low, high] = controller_->range();
  if (high >= 100 * 8e9) return;  // models of devices that people have: 24 GB
  BudgetQuestion question = controller_->question();
  const double middle = std::sqrt(low * high);
  const double step = 8 * std::pow(10, std::floor(std::log10(middle / 8)));
  question.memoryBits = step * std::round(middle / step);
  controller_->setQuestion(question);
}

void BudgetPanel::takeMemory(double bits) {
  chosen_ = true;
  BudgetQuestion question = controller_->question();
  question.memoryBits = bits;
  settings_->remember(u"budget/bits"_s, bits);
  controller_->setQuestion(question);
  inPlot_->setChecked(true);  // who moves the memory wants to see it
}

void BudgetPanel::edited() {
  if (silent_) return;
  BudgetQuestion question = controller_->question();
  question.context = context_->value();
  question.batch = batch_->value();
  question.kvBits = kv_->currentData().toDouble();
  question.headroomPercent = headroom_->value();
  controller_->setQuestion(question);
}

const AdviceCandidate* BudgetPanel::selected() const {
  const std::vector<int> selected = selectedViewRows(*view_);
  if (rows_->rowCount() == 0) return nullptr;
  const int row = selected.empty() ? 0 : rows_->sourceRow(selected.front());
  return &rows_->rows()[static_cast<std::size_t>(row)].candidate;
}

void BudgetPanel::showAnswer() {
  suitMemory();
  const auto& answers = controller_->answers();
  const bool updating = controller_->updating();
  state_->setText(!controller_->problem().isEmpty() ? controller_->problem()
                  : updating                        ? tr("updating…")
                                                    : QString());
  state_->setVisible(!state_->text().isEmpty());
  const auto [low, high] = controller_->range();
  const double bits = std::clamp(controller_->question().memoryBits, low, high);
  const BudgetQuestion& question = controller_->question();
  if (!memory_->hasFocus()) memory_->setText(memoryText(question.memoryBits));
  if (device_->currentData().toDouble() != question.memoryBits) device_->setCurrentIndex(0);
  silent_ = true;
  context_->setValue(static_cast<int>(question.context));
  batch_->setValue(static_cast<int>(question.batch));
  headroom_->setValue(static_cast<int>(question.headroomPercent));
  slider_->setValue(
      static_cast<int>(std::lround(kSliderSteps * std::log(bits / low) / std::log(high / low))));
  silent_ = false;
  const QSignalBlocker quiet(inPlot_);
  inPlot_->setChecked(controller_->inPlot());
  QStringList titles;
  for (const Advice& advice : answers) titles << Text::from(advice.title);
  QStringList old;
  for (int i = 0; i < set_->count(); ++i) old << set_->itemText(i);
  if (titles != old) {
    set_->clear();
    set_->addItems(titles);
    for (int i = 0; i < titles.size(); ++i) set_->setItemData(i, titles[i], Qt::ToolTipRole);
  }
  set_->setEnabled(titles.size() > 1);
  set_->setToolTip(titles.value(int(controller_->shown())));
  if (answers.empty()) {
    sentence_->setText(updating ? QString() : tr("No point is in view."));
    facts_->clear();
    notes_->clear();
    rows_->setRows(std::make_shared<const std::vector<BudgetRow>>());
    showCandidate();
    return;
  }
  set_->setCurrentIndex(static_cast<int>(controller_->shown()));
  const Advice& advice = answers[controller_->shown()];
  QString sentence = Text::from(advice.sentence);
  if (!sentence.isEmpty()) sentence[0] = sentence[0].toUpper();
  sentence_->setText(tr("%1: %2").arg(memoryText(controller_->answeredBits()), sentence));
  QStringList facts{tr("%1 of %2 combinations fit").arg(advice.fitting).arg(advice.cells)};
  if (std::isfinite(advice.regret)) {
    facts << tr("expected regret %1").arg(points(advice.regret, advice.metric));
  }
  if (advice.runnerUp && std::isfinite(advice.candidates[*advice.runnerUp].gap)) {
    const AdviceCandidate& other = advice.candidates[*advice.runnerUp];
    facts << tr("ahead of %1 by %2 (95 %: %3 to %4)")
                 .arg(nameOf(other), points(other.gap, advice.metric),
                      points(other.gapLow, advice.metric), points(other.gapHigh, advice.metric));
  }
  if (advice.weightsAlone) facts << tr("no key-value cache is known: weights alone count");
  facts_->setText(facts.join(u"; "_s));
  QStringList notes;
  for (const auto& [family, law] : advice.laws) {
    notes << tr("Law of %1: %2").arg(Text::from(family), Text::from(law));
  }
  for (const std::string& note : advice.notes) notes << tr("Note: %1").arg(Text::from(note));
  notes_->setText(notes.join(u'\n'));
  keepSelection(
      *view_, *rows_,
      [](const BudgetRow& row) { return row.candidate.model + '\x1f' + row.candidate.config; },
      [&] { rows_->setRows(std::make_shared<const std::vector<BudgetRow>>(budgetRows(advice))); });
  showCandidate();
}

void BudgetPanel::showCandidate() {
  const AdviceCandidate* candidate = selected();
  const QString tip = tr("Runs the selected candidate");
  if (!candidate) {
    items_->clear();
    bar_->setParts({});
    setReason(queueIt_, tip, tr("Nothing fits"));
    return;
  }
  const BudgetQuestion& question = controller_->question();
  const double memory = controller_->answeredBits();
  const double headroom = memory * question.headroomPercent / 100;
  const double used = candidate->weightBits + candidate->kvBits + headroom;
  items_->setText(tr("%1: weights %2 + key-value cache %3 + headroom %4 = %5 of %6")
                      .arg(nameOf(*candidate), Text::size(candidate->weightBits),
                           candidate->kvBits > 0 ? Text::size(candidate->kvBits) : u"0"_s,
                           headroom > 0 ? Text::size(headroom) : u"0"_s, Text::size(used),
                           memoryText(memory)));
  std::vector<StackedBar::Part> parts;
  const auto add = [&](const QString& name, double bits) {
    if (bits > 0) parts.push_back({name, bits / memory, Text::size(bits)});
  };
  add(tr("weights"), candidate->weightBits);
  add(tr("cache"), candidate->kvBits);
  add(tr("headroom"), headroom);
  bar_->setParts(std::move(parts));
  setReason(
      queueIt_, tip,
      candidate->measured ? tr("It has been run") : controller_->launchFor(*candidate).reason);
}

void BudgetPanel::queueIt() {
  const AdviceCandidate* candidate = selected();
  if (!candidate) return;
  const CellLaunch launch = controller_->launchFor(*candidate);
  if (launch.choice) {
    Q_EMIT requests_->sweepWanted(*launch.choice);
  } else {
    Q_EMIT requests_->messageShown(launch.reason);
  }
}

const PanelSpec kBudgetPanel{
    u"budgetDock", [] { return BudgetPanel::tr("Budget"); }, PanelSpec::Place::Right, true,
    [](const PanelContext& context) -> QWidget* { return new BudgetPanel(context); }};

}  // namespace bitfrontier

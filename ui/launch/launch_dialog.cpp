// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/launch_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QToolTip>
#include <QVBoxLayout>
#include <utility>

#include "core/base/error.h"
#include "core/device/device.h"
#include "core/pocket/suite.h"
#include "core/store/run_store.h"
#include "ui/base/screen_size.h"
#include "ui/base/text.h"
#include "ui/settings/preferences.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kPathRole = Qt::UserRole + 1;
constexpr int kDefaultItems = 200;

SweepPlan planOnStore(const SweepSpec& spec, const std::filesystem::path& file,
                      const JobContext& job) {
  const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
  return planSweep(spec, store, job);
}

std::vector<std::filesystem::path> checkedPaths(const QStandardItemModel& model) {
  std::vector<std::filesystem::path> paths;
  for (int row = 0; row < model.rowCount(); ++row) {
    const QStandardItem* item = model.item(row);
    if (item->checkState() == Qt::Checked) {
      paths.emplace_back(item->data(kPathRole).toString().toStdString());
    }
  }
  return paths;
}

void addPath(QStandardItemModel& model, const std::filesystem::path& path, bool checked) {
  auto* item = new QStandardItem(QString::fromStdString(
      path.stem() == path.filename() ? path.filename().string() : path.stem().string()));
  const QString full = QString::fromStdString(path.string());
  item->setData(full, kPathRole);
  item->setToolTip(full);
  item->setEditable(false);
  item->setCheckable(true);
  item->setCheckState(checked ? Qt::Checked : Qt::Unchecked);
  model.appendRow(item);
}

/// "int3-b64, int4-b64, … mxfp4": a taste of what the ticks mean.
QString configText(const std::vector<QuantConfig>& configs) {
  constexpr std::size_t kShown = 4;
  QStringList specs;
  for (std::size_t i = 0; i < configs.size(); ++i) {
    if (i < kShown || i + 1 == configs.size()) specs << Text::from(configs[i].spec());
    if (i == kShown && i + 1 < configs.size()) specs << u"…"_s;
  }
  return specs.join(u", "_s);
}

}  // namespace

LaunchDialog::LaunchDialog(std::filesystem::path store, QWidget* parent, PlanFunction plan)
    : QDialog(parent),
      store_(std::move(store)),
      planFunction_(plan ? std::move(plan) : PlanFunction(planOnStore)),
      models_(new QStandardItemModel(this)),
      tasks_(new QStandardItemModel(this)) {
  setObjectName(u"launchDialog"_s);
  setWindowTitle(tr("New sweep"));
  auto* top = new QHBoxLayout;
  top->addWidget(buildModels(), 3);
  top->addWidget(buildConfigs(), 6);
  top->addWidget(buildTasks(), 3);
  summary_ = new QLabel;
  summary_->setObjectName(u"launchSummary"_s);
  summary_->setTextFormat(Qt::PlainText);
  QFont bold = summary_->font();
  bold.setBold(true);
  summary_->setFont(bold);
  problem_ = new QLabel;
  problem_->setObjectName(u"launchProblem"_s);
  problem_->setWordWrap(true);
  problem_->hide();

  // No button is the default one: Enter in a field must not start thousands of cells.
  auto* buttons = new QDialogButtonBox;
  copy_ = buttons->addButton(tr("Copy as command"), QDialogButtonBox::ActionRole);
  copy_->setObjectName(u"launchCopy"_s);
  copy_->setToolTip(tr("Copies the command line that runs the same sweep"));
  start_ = buttons->addButton(tr("Start"), QDialogButtonBox::ActionRole);
  start_->setObjectName(u"launchStart"_s);
  start_->setToolTip(tr("Starts the sweep (Ctrl+Enter)"));
  QPushButton* cancel = buttons->addButton(QDialogButtonBox::Cancel);
  cancel->setObjectName(u"launchCancel"_s);
  cancel->setText(tr("Cancel"));  // a desktop's own text may take the key of another button
  for (QPushButton* button : {copy_, start_, cancel}) button->setAutoDefault(false);
  connect(start_, &QPushButton::clicked, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(copy_, &QPushButton::clicked, this, &LaunchDialog::copyCommand);

  auto* layout = new QVBoxLayout(this);
  layout->addLayout(top, 1);
  layout->addWidget(problem_);
  layout->addWidget(summary_);
  layout->addWidget(buttons);
  debounce_.setSingleShot(true);
  debounce_.setInterval(150);
  connect(&debounce_, &QTimer::timeout, this, &LaunchDialog::plan);
  connect(models_, &QStandardItemModel::itemChanged, this, &LaunchDialog::changed);
  connect(tasks_, &QStandardItemModel::itemChanged, this, &LaunchDialog::changed);
  // The button box leaves its later buttons out of the chain.
  setTabOrder(device_, start_);
  setTabOrder(start_, copy_);
  setTabOrder(copy_, cancel);
  loadSuite();
  loadDevices();
  changed();
  resizeToScreen(*this, {1080, 620});
}

LaunchDialog::~LaunchDialog() = default;

void LaunchDialog::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) {
    QDialog::keyPressEvent(event);
    return;
  }
  event->accept();
  if (event->modifiers() & Qt::ControlModifier) {
    start_->click();  // does nothing while there is nothing to start
  } else if (auto* button = qobject_cast<QPushButton*>(focusWidget())) {
    button->click();
  }
}

QListView* LaunchDialog::makeList(const QString& name, QStandardItemModel* model) {
  auto* view = new QListView;
  view->setObjectName(name);
  view->setModel(model);
  view->setUniformItemSizes(true);
  view->setTextElideMode(Qt::ElideMiddle);
  view->setMinimumHeight(120);
  return view;
}

QWidget* LaunchDialog::buildModels() {
  auto* group = new QGroupBox(tr("Models"));
  auto* layout = new QVBoxLayout(group);
  modelView_ = makeList(u"launchModels"_s, models_);
  modelView_->setAccessibleName(tr("Models"));
  layout->addWidget(modelView_);
  auto* add = new QPushButton(tr("Add &directory…"));
  add->setObjectName(u"launchAddModel"_s);
  add->setToolTip(tr("A folder with config.json, tokenizer.json and *.safetensors"));
  add->setAutoDefault(false);
  layout->addWidget(add);
  connect(add, &QPushButton::clicked, this, [this] {
    const QString directory = QFileDialog::getExistingDirectory(this, tr("Add a model"));
    if (!directory.isEmpty()) addModel(directory.toStdString());
  });
  return group;
}

QWidget* LaunchDialog::buildConfigs() {
  auto* group = new QGroupBox(tr("Configurations"));
  auto* layout = new QVBoxLayout(group);
  configs_ = new ConfigEditor;
  connect(configs_, &ConfigEditor::changed, this, &LaunchDialog::changed);
  layout->addWidget(configs_, 1);
  configList_ = new QLabel;
  configList_->setObjectName(u"launchConfigList"_s);
  configList_->setTextFormat(Qt::PlainText);
  configList_->setWordWrap(true);
  layout->addWidget(configList_);
  return group;
}

QWidget* LaunchDialog::buildTasks() {
  auto* group = new QGroupBox(tr("Tasks"));
  auto* layout = new QVBoxLayout(group);
  taskView_ = makeList(u"launchTasks"_s, tasks_);
  taskView_->setAccessibleName(tr("Tasks"));
  layout->addWidget(taskView_);
  auto* add = new QPushButton(tr("Add &task file…"));
  add->setObjectName(u"launchAddTask"_s);
  add->setAutoDefault(false);
  layout->addWidget(add);
  connect(add, &QPushButton::clicked, this, [this] {
    const QString file = QFileDialog::getOpenFileName(
        this, tr("Add a task"), QString(), tr("Task files (*.jsonl *.txt);;All files (*)"));
    if (!file.isEmpty()) addTask(file.toStdString());
  });
  auto* form = new QFormLayout;
  items_ = new QSpinBox;
  items_->setObjectName(u"launchItems"_s);
  items_->setRange(0, 1000000);
  items_->setSingleStep(50);
  items_->setSpecialValueText(tr("all"));
  items_->setValue(kDefaultItems);
  items_->setToolTip(tr("The first items of each task, in a fixed order; 0 takes all"));
  form->addRow(tr("&Items per task"), items_);
  device_ = new QComboBox;
  device_->setObjectName(u"launchDevice"_s);
  form->addRow(tr("De&vice"), device_);
  items_->setAccessibleName(tr("Items per task"));
  device_->setAccessibleName(tr("Device"));
  layout->addLayout(form);
  connect(items_, &QSpinBox::valueChanged, this, &LaunchDialog::changed);
  connect(device_, &QComboBox::currentIndexChanged, this, &LaunchDialog::changed);
  return group;
}

void LaunchDialog::loadSuite() {
  try {
    const PocketSuite suite = openPocketSuite();
    suiteDirectory_ = suite.directory;
    suiteModels_ = suite.models;
    suiteTasks_ = suite.tasks;
    for (const auto& path : suite.models) addPath(*models_, path, true);
    for (const auto& path : suite.tasks) addPath(*tasks_, path, true);
  } catch (const Error& e) {
    suiteProblem_ = tr("The pocket suite is missing: %1").arg(Text::from(e.what()));
  }
}

void LaunchDialog::loadDevices() {
  const Device cpu = cpuDevice();
  device_->addItem(tr("cpu · %1").arg(Text::from(cpu.name)), Text::from(cpu.id));
  // Looking for GPUs loads large libraries.
  deviceFinder_.start([](std::stop_token) { return listDevices(); },
                      [this](const std::vector<Device>& devices) {
                        const QString wanted = Preferences().device();
                        for (const Device& d : devices) {
                          if (d.id == "cpu") continue;
                          device_->addItem(d.available
                                               ? Text::from(d.id + " · " + d.name)
                                               : tr("%1 (not available)").arg(Text::from(d.id)),
                                           Text::from(d.id));
                          const int row = device_->count() - 1;
                          if (d.available) {
                            const bool first = wanted.isEmpty() && device_->currentIndex() == 0;
                            if (first || Text::from(d.id) == wanted) device_->setCurrentIndex(row);
                            continue;
                          }
                          device_->setItemData(row, Text::from(d.reason), Qt::ToolTipRole);
                          auto* items = qobject_cast<QStandardItemModel*>(device_->model());
                          if (items) items->item(row)->setEnabled(false);
                        }
                      });
}

bool LaunchDialog::addModel(const std::filesystem::path& directory) {
  if (!std::filesystem::exists(directory / "config.json")) {
    showProblem(tr("%1 is no model folder: it has no config.json")
                    .arg(QString::fromStdString(directory.string())));
    return false;
  }
  addPath(*models_, directory, true);
  changed();
  return true;
}

bool LaunchDialog::addTask(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) {
    showProblem(tr("%1 is no file").arg(QString::fromStdString(file.string())));
    return false;
  }
  addPath(*tasks_, file, true);
  changed();
  return true;
}

LaunchChoice LaunchDialog::choice() const {
  LaunchChoice c;
  c.suiteDirectory = suiteDirectory_;
  c.suiteModels = suiteModels_;
  c.suiteTasks = suiteTasks_;
  c.models = checkedPaths(*models_);
  c.tasks = checkedPaths(*tasks_);
  c.configs = configs_->choice();
  c.itemLimit = items_->value();
  c.device = device_->currentData().toString().toStdString();
  c.store = store_;
  return c;
}

std::size_t LaunchDialog::cellCount() const {
  const LaunchChoice c = choice();
  try {
    return c.models.size() * configurations(c.configs).size() * c.tasks.size();
  } catch (const Error&) {
    return 0;
  }
}

void LaunchDialog::changed() {
  const LaunchChoice c = choice();
  std::vector<QuantConfig> configs;
  QString wrong;
  try {
    configs = configurations(c.configs);
  } catch (const Error& e) {
    wrong = Text::from(e.what());
  }
  showProblem(wrong.isEmpty() ? suiteProblem_ : wrong);
  configList_->setText(configText(configs));
  const std::size_t cells = c.models.size() * configs.size() * c.tasks.size();
  start_->setEnabled(cells > 0);
  copy_->setEnabled(cells > 0);
  setStartText(cells);
  if (cells == 0) {
    debounce_.stop();
    planner_.cancel();
    summary_->setText(wrong.isEmpty()
                          ? tr("Choose at least one model, one configuration and one task.")
                          : tr("These configurations cannot be; see the line above."));
    return;
  }
  summary_->setText(gridText(configs.size()) + tr(" · planning…"));
  debounce_.start();
}

void LaunchDialog::showProblem(const QString& sentence) {
  problem_->setText(sentence);
  problem_->setVisible(!sentence.isEmpty());
}

QString LaunchDialog::gridText(std::size_t configs) const {
  const LaunchChoice c = choice();
  const std::size_t cells = c.models.size() * configs * c.tasks.size();
  return Text::amount(c.models.size(), tr("model"), tr("models")) + u" × "_s +
         Text::amount(configs, tr("configuration"), tr("configurations")) + u" × "_s +
         Text::amount(c.tasks.size(), tr("task"), tr("tasks")) + u" = "_s +
         Text::amount(cells, tr("cell"), tr("cells"));
}

void LaunchDialog::setStartText(std::size_t cells) {
  start_->setText(cells == 0 ? tr("Start")
                             : tr("Start %1").arg(Text::amount(cells, tr("cell"), tr("cells"))));
}

void LaunchDialog::plan() {
  planner_.start(
      [chosen = choice(), plan = planFunction_](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        return plan(sweepSpec(chosen), chosen.store, job);
      },
      [this](const SweepPlan& result) { showPlan(result); },
      [this](const QString& sentence) {
        summary_->setText(tr("Cannot be planned: %1").arg(sentence));
        start_->setEnabled(false);
      });
}

void LaunchDialog::showPlan(const SweepPlan& result) {
  const std::size_t open = result.cells.size() - result.done;
  QString text = gridText(configurations(choice().configs).size()) +
                 tr(" · %1 already done · ").arg(result.done);
  const auto [low, high] = result.secondsRange();
  text += open == 0 ? tr("nothing to do") : Text::durationRange(low, high);
  summary_->setText(text);
  start_->setEnabled(open > 0);
  setStartText(open);
}

void LaunchDialog::copyCommand() {
  const QString command = sweepCommand(choice());
  QGuiApplication::clipboard()->setText(command);
  QToolTip::showText(copy_->mapToGlobal(QPoint(0, copy_->height())), tr("Copied: %1").arg(command),
                     copy_);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/launch_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QGroupBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QToolTip>
#include <QVBoxLayout>
#include <utility>

#include "core/base/error.h"
#include "core/device/device.h"
#include "core/pocket/suite.h"
#include "core/store/run_store.h"
#include "ui/text.h"

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
  top->addWidget(buildGrid(), 4);
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

  auto* buttons = new QDialogButtonBox;
  copy_ = buttons->addButton(tr("Copy as command"), QDialogButtonBox::ActionRole);
  copy_->setObjectName(u"launchCopy"_s);
  copy_->setToolTip(tr("Copies the command line that runs the same sweep"));
  copy_->setAutoDefault(false);
  QPushButton* cancel = buttons->addButton(QDialogButtonBox::Cancel);
  cancel->setObjectName(u"launchCancel"_s);
  cancel->setAutoDefault(false);
  start_ = buttons->addButton(tr("Start"), QDialogButtonBox::AcceptRole);
  start_->setObjectName(u"launchStart"_s);
  start_->setDefault(true);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
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
  resize(820, 420);
}

LaunchDialog::~LaunchDialog() = default;

QListView* LaunchDialog::makeList(const QString& name, QStandardItemModel* model) {
  auto* view = new QListView;
  view->setObjectName(name);
  view->setModel(model);
  view->setUniformItemSizes(true);
  view->setTextElideMode(Qt::ElideMiddle);
  view->setMinimumHeight(120);
  return view;
}

QCheckBox* LaunchDialog::makeCheck(const QString& text, const QString& name, bool on,
                                   const QString& tip) {
  auto* box = new QCheckBox(text);
  box->setObjectName(name);
  box->setChecked(on);
  box->setToolTip(tip);
  connect(box, &QCheckBox::toggled, this, &LaunchDialog::changed);
  return box;
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

QWidget* LaunchDialog::buildGrid() {
  auto* group = new QGroupBox(tr("Configurations"));
  auto* layout = new QVBoxLayout(group);
  const auto section = [&](const QString& title, int columns, auto&& fill) {
    layout->addWidget(new QLabel(title));
    auto* grid = new QGridLayout;
    grid->setContentsMargins(12, 0, 0, 4);
    int i = 0;
    fill([&](QCheckBox* box) {
      grid->addWidget(box, i / columns, i % columns);
      ++i;
    });
    grid->setColumnStretch(columns, 1);
    layout->addLayout(grid);
  };
  section(tr("Bits per weight"), 4, [&](auto add) {
    for (const int b : {3, 4, 5, 6, 7, 8, 16}) {
      const QString tip = b == 16 ? tr("The baseline: not quantized, once per model") : QString();
      bits_.emplace_back(b, makeCheck(QString::number(b), u"bits%1"_s.arg(b), b != 7, tip));
      add(bits_.back().second);
    }
  });
  section(tr("Data types"), 2, [&](auto add) {
    for (const DataType t :
         {DataType::Int, DataType::Float, DataType::Dynamic, DataType::Quantile}) {
      const QString name = Text::from(dataTypeName(t));
      types_.emplace_back(t, makeCheck(name, u"type_%1"_s.arg(name), true));
      add(types_.back().second);
    }
  });
  section(tr("Block sizes"), 4, [&](auto add) {
    for (const int b : {32, 64, 128, 256, 512, 1024, 4096, 0}) {
      blocks_.emplace_back(b,
                           makeCheck(b == 0 ? tr("whole") : QString::number(b), u"block%1"_s.arg(b),
                                     b == 64 || b == 1024,
                                     b == 0 ? tr("One constant for the whole tensor") : QString()));
      add(blocks_.back().second);
    }
  });
  layout->addStretch();
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
    problem_->setText(tr("The pocket suite is missing: %1").arg(Text::from(e.what())));
    problem_->show();
  }
}

void LaunchDialog::loadDevices() {
  const Device cpu = cpuDevice();
  device_->addItem(tr("cpu · %1").arg(Text::from(cpu.name)), Text::from(cpu.id));
  // Looking for GPUs loads large libraries.
  deviceFinder_.start([](std::stop_token) { return listDevices(); },
                      [this](const std::vector<Device>& devices) {
                        for (const Device& d : devices) {
                          if (d.id == "cpu") continue;
                          device_->addItem(d.available
                                               ? Text::from(d.id + " · " + d.name)
                                               : tr("%1 (not available)").arg(Text::from(d.id)),
                                           Text::from(d.id));
                          const int row = device_->count() - 1;
                          if (d.available) {
                            if (device_->currentIndex() == 0) device_->setCurrentIndex(row);
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
    problem_->setText(tr("%1 is no model folder: it has no config.json")
                          .arg(QString::fromStdString(directory.string())));
    problem_->show();
    return false;
  }
  problem_->hide();
  addPath(*models_, directory, true);
  changed();
  return true;
}

bool LaunchDialog::addTask(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) {
    problem_->setText(tr("%1 is no file").arg(QString::fromStdString(file.string())));
    problem_->show();
    return false;
  }
  problem_->hide();
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
  for (const auto& [b, box] : bits_) {
    if (box->isChecked()) c.grid.bits.push_back(b);
  }
  for (const auto& [t, box] : types_) {
    if (box->isChecked()) c.grid.types.push_back(t);
  }
  for (const auto& [b, box] : blocks_) {
    if (box->isChecked()) c.grid.blockSizes.push_back(b);
  }
  c.itemLimit = items_->value();
  c.device = device_->currentData().toString().toStdString();
  c.store = store_;
  return c;
}

std::size_t LaunchDialog::cellCount() const {
  const SweepSpec spec = sweepSpec(choice());
  return spec.models.size() * spec.configs.size() * spec.tasks.size();
}

void LaunchDialog::changed() {
  const std::size_t cells = cellCount();
  start_->setEnabled(cells > 0);
  copy_->setEnabled(cells > 0);
  setStartText(cells);
  if (cells == 0) {
    debounce_.stop();
    planner_.cancel();
    summary_->setText(tr("Choose at least one model, one configuration and one task."));
    return;
  }
  summary_->setText(gridText() + tr(" · planning…"));
  debounce_.start();
}

QString LaunchDialog::gridText() const {
  const SweepSpec spec = sweepSpec(choice());
  const std::size_t cells = spec.models.size() * spec.configs.size() * spec.tasks.size();
  return Text::amount(spec.models.size(), tr("model"), tr("models")) + u" × "_s +
         Text::amount(spec.configs.size(), tr("configuration"), tr("configurations")) + u" × "_s +
         Text::amount(spec.tasks.size(), tr("task"), tr("tasks")) + u" = "_s +
         Text::amount(cells, tr("cell"), tr("cells"));
}

void LaunchDialog::setStartText(std::size_t cells) {
  start_->setText(cells == 0 ? tr("Start")
                             : tr("Start %1").arg(Text::amount(cells, tr("cell"), tr("cells"))));
}

void LaunchDialog::plan() {
  planner_.start(
      [spec = sweepSpec(choice()), store = store_, plan = planFunction_](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        return plan(spec, store, job);
      },
      [this](const SweepPlan& result) { showPlan(result); },
      [this](const QString& sentence) {
        summary_->setText(tr("Cannot be planned: %1").arg(sentence));
      });
}

void LaunchDialog::showPlan(const SweepPlan& result) {
  const std::size_t open = result.cells.size() - result.done;
  QString text = gridText() + tr(" · %1 already done · ").arg(result.done);
  text +=
      open == 0 ? tr("nothing to do") : tr("about %1").arg(Text::duration(result.estimatedSeconds));
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

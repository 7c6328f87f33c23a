// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/launch_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGroupBox>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QJsonDocument>
#include <QKeyEvent>
#include <QMenu>
#include <QSplitter>
#include <QToolTip>
#include <QVBoxLayout>
#include <utility>

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "core/pocket/suite.h"
#include "core/store/run_store.h"
#include "ui/base/screen_size.h"
#include "ui/base/text.h"
#include "ui/settings/app_settings.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kPathRole = Qt::UserRole + 1;
constexpr int kDefaultItems = 200;
constexpr std::size_t kAskAbove = 200;  ///< cells that one key starts without a question

SweepPreview previewOnStore(const SweepSpec& spec, const std::filesystem::path& file,
                            const PreviewDevice& device, const JobContext& job) {
  const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
  return engine().previewSweep(spec, store, device, job);
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

LaunchDialog::LaunchDialog(std::filesystem::path store, QWidget* parent, PreviewFunction preview)
    : QDialog(parent),
      store_(std::move(store)),
      preview_(preview ? std::move(preview) : PreviewFunction(previewOnStore)),
      models_(new QStandardItemModel(this)),
      tasks_(new QStandardItemModel(this)) {
  setObjectName(u"launchDialog"_s);
  setWindowTitle(tr("New sweep"));
  auto* choices = new QWidget;
  auto* top = new QHBoxLayout(choices);
  top->setContentsMargins(0, 0, 0, 0);
  top->addWidget(buildModels(), 3);
  top->addWidget(buildConfigs(), 6);
  top->addWidget(buildTasks(), 3);
  grid_ = new GridView;
  auto* halves = new QSplitter(Qt::Vertical);
  halves->setObjectName(u"launchHalves"_s);
  halves->setChildrenCollapsible(false);
  halves->addWidget(choices);
  halves->addWidget(grid_);
  halves->setStretchFactor(0, 4);
  halves->setStretchFactor(1, 5);
  summary_ = new QLabel;
  summary_->setObjectName(u"launchSummary"_s);
  summary_->setTextFormat(Qt::PlainText);
  QFont bold = summary_->font();
  bold.setBold(true);
  summary_->setFont(bold);
  cost_ = new QLabel;
  cost_->setObjectName(u"launchCost"_s);
  cost_->setTextFormat(Qt::PlainText);
  cost_->setWordWrap(true);
  problem_ = new QLabel;
  problem_->setObjectName(u"launchProblem"_s);
  problem_->setWordWrap(true);
  problem_->hide();

  QDialogButtonBox* buttons = buildButtons();
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(halves, 1);
  layout->addWidget(problem_);
  layout->addWidget(summary_);
  layout->addWidget(cost_);
  layout->addWidget(buttons);
  debounce_.setSingleShot(true);
  debounce_.setInterval(150);
  connect(&debounce_, &QTimer::timeout, this, &LaunchDialog::look);
  connect(&grid_->model(), &GridModel::edited, this, &LaunchDialog::showTotals);
  connect(models_, &QStandardItemModel::itemChanged, this, &LaunchDialog::changed);
  connect(tasks_, &QStandardItemModel::itemChanged, this, &LaunchDialog::changed);
  // The button box leaves its later buttons out of the chain.
  setTabOrder(device_, start_);
  setTabOrder(start_, copy_);
  setTabOrder(copy_, template_);
  setTabOrder(template_, buttons->button(QDialogButtonBox::Cancel));
  loadSuite();
  loadDevices();
  const QByteArray last = AppSettings().lastSweep();
  if (last.isEmpty()) {
    changed();
  } else {
    restore(QJsonDocument::fromJson(last).object());
  }
  resizeToScreen(*this, {1180, 780});
}

QDialogButtonBox* LaunchDialog::buildButtons() {
  // No button is the default one: Enter in a field must not start thousands of cells.
  auto* buttons = new QDialogButtonBox;
  copy_ = buttons->addButton(tr("Copy as command"), QDialogButtonBox::ActionRole);
  copy_->setObjectName(u"launchCopy"_s);
  copy_->setToolTip(tr("Copies the command line that runs the same sweep"));
  template_ = buttons->addButton(tr("Templat&e"), QDialogButtonBox::ActionRole);
  template_->setObjectName(u"launchTemplate"_s);
  template_->setToolTip(tr("Saves these choices as a file, or takes those of one"));
  template_->setMenu(new QMenu(template_));
  connect(template_->menu(), &QMenu::aboutToShow, this, &LaunchDialog::buildTemplateMenu);
  start_ = buttons->addButton(tr("Queue"), QDialogButtonBox::ActionRole);
  start_->setObjectName(u"launchStart"_s);
  QPushButton* cancel = buttons->addButton(QDialogButtonBox::Cancel);
  cancel->setObjectName(u"launchCancel"_s);
  cancel->setText(tr("Cancel"));  // a desktop's own text may take the key of another button
  for (QPushButton* button : {copy_, template_, start_, cancel}) button->setAutoDefault(false);
  connect(start_, &QPushButton::clicked, this, &LaunchDialog::queue);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(copy_, &QPushButton::clicked, this, &LaunchDialog::copyCommand);
  return buttons;
}

LaunchDialog::~LaunchDialog() = default;

void LaunchDialog::keyPressEvent(QKeyEvent* event) {
  if (event->key() != Qt::Key_Return && event->key() != Qt::Key_Enter) {
    QDialog::keyPressEvent(event);
    return;
  }
  event->accept();
  auto* button = qobject_cast<QPushButton*>(focusWidget());
  if (event->modifiers() & Qt::ControlModifier || button == start_) {
    startByKey();
  } else if (button) {
    button->click();
  }
}

void LaunchDialog::startByKey() {
  if (!start_->isEnabled()) return;
  if (open_ > kAskAbove && !asked_) {
    asked_ = true;
    start_->setText(startText());
    return;
  }
  start_->click();
}

QString LaunchDialog::startText() const {
  if (open_ == 0) return tr("Queue");
  const QString cells = Text::amount(open_, tr("cell"), tr("cells"));
  return asked_ ? tr("Press again to queue %1").arg(cells) : tr("Queue %1").arg(cells);
}

void LaunchDialog::queue() {
  AppSettings().setLastSweep(QJsonDocument(save()).toJson(QJsonDocument::Compact));
  accept();
}

QListView* LaunchDialog::makeList(const QString& name, QStandardItemModel* model) {
  auto* view = new QListView;
  view->setObjectName(name);
  view->setModel(model);
  view->setUniformItemSizes(true);
  view->setTextElideMode(Qt::ElideMiddle);
  view->setMinimumHeight(60);
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
  // Looking for GPUs loads large libraries, the engine among them.
  deviceFinder_.start([](std::stop_token) { return engine().listDevices(); },
                      [this](const std::vector<Device>& devices) {
                        devices_ = devices;
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
  c.leftOut = grid_->grid().leftOut();
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
  wrong_.clear();
  failure_.clear();
  try {
    configs = configurations(c.configs);
  } catch (const Error& e) {
    wrong_ = Text::from(e.what());
  }
  showProblem(wrong_.isEmpty() ? suiteProblem_ : wrong_);
  configList_->setText(configText(configs));
  const std::size_t cells = c.models.size() * configs.size() * c.tasks.size();
  grid_->model().reset([&](SweepGrid& grid) {
    grid.setChoice(c, std::move(configs));
    grid.setQueued(waitingCells(c));
  });
  if (cells == 0) {
    debounce_.stop();
    planner_.cancel();
  } else {
    debounce_.start();
  }
  showTotals();
}

void LaunchDialog::showProblem(const QString& sentence) {
  problem_->setText(sentence);
  problem_->setVisible(!sentence.isEmpty());
}

void LaunchDialog::useModels(const std::vector<std::filesystem::path>& directories) {
  {
    const QSignalBlocker quiet(models_);
    for (int row = 0; row < models_->rowCount(); ++row)
      models_->item(row)->setCheckState(Qt::Unchecked);
  }
  for (const auto& directory : directories) {
    bool known = false;
    for (int row = 0; row < models_->rowCount(); ++row) {
      QStandardItem* item = models_->item(row);
      if (item->data(kPathRole).toString().toStdString() != directory.string()) continue;
      item->setCheckState(Qt::Checked);
      known = true;
    }
    if (!known) addModel(directory);
  }
  modelView_->viewport()->update();
}

void LaunchDialog::copyCommand() {
  const QString command = sweepCommand(choice());
  QGuiApplication::clipboard()->setText(command);
  QToolTip::showText(copy_->mapToGlobal(QPoint(0, copy_->height())), tr("Copied: %1").arg(command),
                     copy_);
}

}  // namespace bitfrontier

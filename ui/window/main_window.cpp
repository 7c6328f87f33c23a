// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/main_window.h"

#include <map>
#include <QApplication>
#include <QCloseEvent>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>
#include <QStatusBar>
#include <QVBoxLayout>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "ui/base/focus_frame.h"
#include "ui/base/screen_size.h"
#include "ui/base/text.h"
#include "ui/export/export_controller.h"
#include "ui/jobs/desktop_session.h"
#include "ui/jobs/queue_file.h"
#include "ui/panels/all.h"
#include "ui/panels/models/models_panel.h"
#include "ui/settings/state_folder.h"
#include "ui/settings/theme.h"
#include "ui/window/desktop_tools.h"
#include "ui/window/plot_pane.h"
#include "ui/window/sweep_actions.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

Qt::DockWidgetArea dockArea(PanelSpec::Place place) {
  return place == PanelSpec::Place::Left    ? Qt::LeftDockWidgetArea
         : place == PanelSpec::Place::Right ? Qt::RightDockWidgetArea
                                            : Qt::BottomDockWidgetArea;
}

}  // namespace

MainWindow::MainWindow(SweepFunction sweep)
    : queue_(new SweepQueue(this, std::move(sweep))),
      session_(new StoreSession(this)),
      view_(new ViewController(session_, this)),
      decisions_(new Decisions(session_, view_, this)),
      actions_(new Actions(this)),
      bar_(new ViewBar),
      hint_(new HintBar),
      plot_(new FrontierPlot),
      requests_(new PanelRequests(this)),
      drop_(new DropTarget(this, session_)),
      progress_(new QLabel) {
  FocusFrame::install();
  setObjectName(u"mainWindow"_s);
  setWindowTitle(tr("Bitfrontier"));
  setWindowIcon(applicationIcon());
  exports_ = new ExportController(session_, view_, plot_, this);
  auto* center = new QWidget;
  auto* column = new QVBoxLayout(center);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(bar_);
  column->addWidget(hint_);
  pane_ = new PlotPane(plot_, view_, session_);
  column->addWidget(pane_, 1);
  setCentralWidget(center);
  setDockNestingEnabled(true);
  notice_ = new Notice(center, column);
  keeper_ =
      new ViewKeeper({[this] { return viewState(); },
                      [this](const ViewState& s, bool zoom) { applyView(s, zoom); },
                      [this](const ViewState& s, const QString& text) { setViewState(s, text); }},
                     viewLibraryFile(), this);
  exports_->setKeeper(keeper_);
  buildDocks();
  buildMenus();
  buildToolBar();
  desktop_ = new DesktopTools(this);
  progress_->setObjectName(u"progressLabel"_s);
  statusBar()->addPermanentWidget(progress_);
  connectView();
  connectActions();
  connectQueue();
  connectKeeping();
  connectDrop();
  new DesktopSession(
      queue_, [this] { return !isActiveWindow(); }, QDBusConnection::sessionBus,
      QDBusConnection::systemBus, this);
  actions_->updateIcons(palette());
  view_->setOptions(settings_.viewOptions());
  showOptions();
  new SweepActions(actions_, queue_, &panel<QueuePanel>(), this);
  updateStoreActions();
  arrangeDefault();  // first: docks side by side would make the window wider than the screen
  resizeToScreen(*this, {1440, 900});
  restoreLayout(settings_.geometry(), settings_.layout());
}

MainWindow::~MainWindow() {
  // While all panels still exist: a stopping sweep tells them.
  disconnect(queue_, nullptr, this, nullptr);
  keeper_->disconnect();  // whose edits end with it, which panels would be told of
  queue_->shutDown();
}

void MainWindow::buildDocks() {
  const PanelContext context{*session_, *view_,    *decisions_, *keeper_,
                             *queue_,   settings_, *requests_};
  for (const PanelSpec* spec : kPanels) {
    auto* dock = new QDockWidget(spec->title(), this);
    dock->setObjectName(QString::fromUtf16(spec->name));
    dock->setWidget(spec->make(context));
    addDockWidget(dockArea(spec->place), dock);
    dock->setVisible(spec->shown);
    docks_.push_back(dock);
  }
}

void MainWindow::arrangeDefault() {
  using Place = PanelSpec::Place;
  std::map<Place, QDockWidget*> first;
  // Beside each other, if only for a moment, they would make the window too wide for the screen.
  for (QDockWidget* dock : docks_) removeDockWidget(dock);
  for (std::size_t i = 0; i < kPanels.size(); ++i) {
    QDockWidget* dock = docks_[i];
    const Place place = kPanels[i]->place;
    dock->setFloating(false);
    addDockWidget(dockArea(place), dock);
    if (!first.try_emplace(place, dock).second) {
      tabifyDockWidget(first[place], dock);
    } else if (place == Place::BottomRight && first.contains(Place::BottomLeft)) {
      splitDockWidget(first[Place::BottomLeft], dock, Qt::Horizontal);
    }
    dock->setVisible(kPanels[i]->shown);
  }
  for (const auto& [place, dock] : first) dock->raise();
  const QList<QDockWidget*> bottom{first[Place::BottomLeft], first[Place::BottomRight]};
  resizeDocks(bottom, {width() * 11 / 20, width() * 9 / 20}, Qt::Horizontal);
  constexpr int kLowScreen = 760;  // there the plot needs what tables can do without
  const int below = height() * (height() < kLowScreen ? 20 : 30) / 100;
  resizeDocks(bottom, {below, below}, Qt::Vertical);
  resizeDocks({first[Place::Right]}, {width() * 24 / 100}, Qt::Horizontal);
}

void MainWindow::raisePanel(QStringView name) {
  for (QDockWidget* dock : docks_) {
    if (dock->objectName() != name) continue;
    dock->show();
    dock->raise();
  }
}

void MainWindow::openStore(const std::filesystem::path& file, StoreSession::Open how) {
  statusBar()->showMessage(tr("Opening %1").arg(QString::fromStdString(file.string())));
  lastError_.clear();
  pending_.reset();
  session_->open(file, how);
}

void MainWindow::openOrMake(const std::filesystem::path& file) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    openStore(file);
    return;
  }
  auto* box =
      new QMessageBox(QMessageBox::Question, tr("Bitfrontier"),
                      tr("There is no store %1.").arg(QString::fromStdString(file.string())),
                      QMessageBox::Cancel, this);
  box->setObjectName(u"newStoreBox"_s);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(tr("Make a new, empty one?"));
  QPushButton* make = box->addButton(tr("Make it"), QMessageBox::AcceptRole);
  make->setObjectName(u"newStoreMake"_s);
  connect(make, &QPushButton::clicked, this,
          [this, file] { openStore(file, StoreSession::Open::New); });
  box->open();
}

// The title, the list of recent stores and what can be done follow what was really opened.
void MainWindow::showStore() {
  const StoreSnapshot& snapshot = *session_->snapshot();
  const QString name = QString::fromStdString(snapshot.path.string());
  const bool writable = snapshot.readOnly.empty();
  updateTitle();
  if (shownStore_ != snapshot.path) {
    shownStore_ = snapshot.path;
    settings_.addRecentStore(snapshot.path);
    updateRecent();
    statusBar()->showMessage(writable ? name : Text::from(snapshot.readOnly), 5000);
  }
  updateStoreActions();
}

void MainWindow::updateStoreActions() {
  const SnapshotPtr& snapshot = session_->snapshot();
  const QString reason = snapshot ? Text::from(snapshot->readOnly) : tr("Open a store first");
  for (QAction* action : {actions_->newSweep, actions_->addPublished}) {
    Actions::setPossible(action, reason);
  }
}

void MainWindow::showFailure(const QString& sentence) {
  statusBar()->showMessage(sentence);
  lastError_ = sentence;
  pending_.reset();
  auto* box =
      new QMessageBox(QMessageBox::Warning, tr("Bitfrontier"), sentence, QMessageBox::Close, this);
  box->setObjectName(u"errorBox"_s);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

SweepJob* MainWindow::startSweep(const LaunchChoice& choice) {
  if (!session_->snapshot()) {
    showFailure(tr("Open a store first"));
    return nullptr;
  }
  SweepSpec spec;
  try {
    spec = sweepSpec(choice);
  } catch (const Error& e) {
    showFailure(Text::from(e.what()));
    return nullptr;
  }
  if (view_->options().source == SourceChoice::Published) {
    ViewOptions options = view_->options();
    options.source = SourceChoice::Measured;
    view_->setOptions(options);
  }
  raisePanel(u"queueDock");
  SweepJob* job = queue_->enqueue(std::move(spec), session_->path(), choice.device);
  updateHint();
  return job;
}

bool MainWindow::settled() const {
  return session_->snapshot() && !session_->busy() && !view_->busy() && view_->laws() &&
         plot_->laws() == view_->laws() && !plot_->busy() && !pane_->busy() &&
         !decisions_->updating() && !findChild<RunsPanel*>()->busy();
}

void MainWindow::connectView() {
  connect(bar_, &ViewBar::optionsEdited, view_, &ViewController::setOptions);
  connect(view_, &ViewController::optionsChanged, this, &MainWindow::showOptions);
  connect(view_, &ViewController::pointsChanged, this, [this] {
    plot_->setPoints(view_->points(), view_->facts(), view_->axes());
    bar_->setTasks(view_->tasks());
    showPlotted();
    updateHint();
  });
  connect(plot_, &FrontierPlot::pointsShown, this, &MainWindow::showPlotted);
  connect(view_, &ViewController::lawsChanged, this, [this] { plot_->setLaws(view_->laws()); });
  connect(view_, &ViewController::failed, this,
          [this](const QString& sentence) { statusBar()->showMessage(sentence); });
  connect(session_, &StoreSession::failed, this, &MainWindow::showFailure);
  connect(session_, &StoreSession::loaded, this, &MainWindow::showStore);
  connect(session_, &StoreSession::loaded, bar_,
          [this](const SnapshotPtr& snapshot) { bar_->filterEdit()->setWords(snapshot->words); });
  connect(&view_->selection(), &Selection::changed, this, &MainWindow::showPlotted);
  connect(plot_, &FrontierPlot::currentChanged, this, [this](int point) {
    if (point < 0) {
      statusBar()->clearMessage();
    } else {
      statusBar()->showMessage(describe(plot_->points()[static_cast<std::size_t>(point)]));
    }
  });
  connect(requests_, &PanelRequests::sweepWanted, this, &MainWindow::startSweep);
  connect(pane_, &PlotPane::excludeWanted, requests_, &PanelRequests::excludeWanted);
  connect(pane_, &PlotPane::baselineWanted, requests_, &PanelRequests::baselineWanted);
  connect(decisions_, &Decisions::predictionsChanged, this, &MainWindow::showPredictions);
  connect(requests_, &PanelRequests::launchWanted, this, [this] { showLaunchDialog(); });
  connect(requests_, &PanelRequests::messageShown, this,
          [this](const QString& sentence) { statusBar()->showMessage(sentence, 8000); });
  connect(hint_, &HintBar::newSweepWanted, this, [this] { showLaunchDialog(); });
  connect(hint_, &HintBar::publishedWanted, session_, &StoreSession::importPublished);
  connect(hint_, &HintBar::partialWanted, this,
          [this] { setViewFlag(&ViewOptions::partial, true); });
  connect(hint_, &HintBar::everythingWanted, this, [this] {
    ViewOptions options = view_->options();
    options.filter.clear();
    options.source = SourceChoice::Both;
    view_->setOptions(options);
  });
}

// As soon as the plot shows what the view has.
void MainWindow::showPlotted() {
  if (plot_->sharedPoints() != view_->points()) return;
  plot_->setSelected(view_->selectedPoints());
  bar_->setCounts(view_->points()->size(), view_->totalPoints(), plot_->scene().hidden,
                  view_->partialPoints());
}

void MainWindow::connectQueue() {
  connect(queue_, &SweepQueue::jobChanged, this, [this](int row) {
    if (row < 0) return;
    const SweepJob& job = *queue_->job(row);
    const SweepProgress& p = job.progress();
    if (job.active()) {
      progress_->setText(
          tr("%1 of %2 cells, %3 left").arg(p.cellsDone).arg(p.cellsTotal).arg(remainingText(p)));
    } else {
      progress_->clear();
    }
  });
  connect(queue_, &SweepQueue::idle, this, [this] {
    session_->reload();
    updateHint();
    if (stopping_) close();
  });
}

void MainWindow::keepQueue() {
  const auto say = [this](const QString& sentence) { statusBar()->showMessage(sentence); };
  connect(queue_, &SweepQueue::notKept, this, say);
  try {
    queue_->keepIn(stateFolder());
  } catch (const Error& e) {
    say(tr("The queue is not kept: %1").arg(Text::from(e.what())));
    return;
  }
  std::size_t interrupted = 0;
  for (int row = 0; row < queue_->size(); ++row)
    interrupted += queue_->job(row)->state() == SweepJob::State::Interrupted ? 1 : 0;
  if (interrupted == 0) return;
  raisePanel(u"queueDock");
  say(tr("%1 interrupted when the program ended; Resume goes on")
          .arg(Text::amount(interrupted, tr("sweep was"), tr("sweeps were"))));
}

void MainWindow::connectDrop() {
  connect(drop_, &DropTarget::modelsWanted, this, &MainWindow::showLaunchDialog);
  connect(&panel<ModelsPanel>(), &ModelsPanel::sweepWanted, this, &MainWindow::showLaunchDialog);
  connect(drop_, &DropTarget::hubModelWanted, this, [this](const std::string& model) {
    raisePanel(u"modelsDock");
    panel<ModelsPanel>().startDownload(Text::from(model));
  });
  connect(drop_, &DropTarget::storeWanted, this,
          [this](const std::filesystem::path& file) { openStore(file); });
  connect(drop_, &DropTarget::viewDropped, exports_, &ExportController::openFigure);
  connect(exports_, &ExportController::viewWanted, this, &MainWindow::setViewState);
  connect(exports_, &ExportController::failed, this, &MainWindow::showFailure);
  connect(exports_, &ExportController::said, this,
          [this](const QString& sentence, const QString& button, std::function<void()> action) {
            notice_->say(sentence, 8, button, std::move(action));
          });
  connect(drop_, &DropTarget::imported, this,
          [this](const QString& sentence) { statusBar()->showMessage(sentence, 8000); });
  connect(drop_, &DropTarget::failed, this, &MainWindow::showFailure);
}

void MainWindow::showOptions() {
  const ViewOptions& o = view_->options();
  bar_->setOptions(o);
  plot_->setOptions(o);
  actions_->fits->setChecked(o.fits);
  actions_->means->setChecked(o.means);
  actions_->frontier->setChecked(o.frontier);
  actions_->errorBars->setChecked(o.errorBars);
  actions_->partial->setChecked(o.partial);
  ViewOptions wanted = o;  // not what a store without accuracies has made of it
  wanted.metric = view_->wantedMetric();
  settings_.setViewOptions(wanted);
}

void MainWindow::showPredictions() {
  std::vector<PredictedPoint> shown;
  for (const PredictedCell& cell : decisions_->predictions()) {
    PredictedPoint p;
    p.point.family = cell.family;
    p.point.model = cell.model;
    p.point.config = cell.config;
    p.point.bits = cell.bits;
    p.point.totalBits = cell.totalBits;
    (view_->options().metric == LawMetric::Accuracy ? p.point.accuracy : p.point.crossEntropy) =
        cell.value;
    p.low = cell.low;
    p.high = cell.high;
    shown.push_back(std::move(p));
  }
  plot_->setPredictions(std::move(shown));
}

void MainWindow::updateHint() {
  using Hint = HintBar::Hint;
  if (view_->points()->empty() && queue_->busy()) {
    hint_->setHint(Hint::Waiting);
  } else if (view_->totalPoints() == 0) {
    hint_->setHint(Hint::EmptyStore);
  } else if (view_->points()->empty()) {
    hint_->setHint(Hint::NothingPasses);
  } else {
    const bool own = view_->hasMeasured() || queue_->busy();
    const bool papers = view_->onlyCitations();
    // While a sweep runs, every cell's neighbours are still to come.
    const bool partial = view_->partialPoints() > 0 && !view_->options().partial && !queue_->busy();
    const Hint foreign = papers ? Hint::OnlyPublished : Hint::OnlyImported;
    hint_->setHint(partial && (own || !papers) ? Hint::Partial
                   : own                       ? Hint::None
                                               : foreign,
                   view_->partialPoints());
  }
}

void MainWindow::setViewFlag(bool ViewOptions::*flag, bool on) {
  ViewOptions options = view_->options();
  options.*flag = on;
  view_->setOptions(options);
}

void MainWindow::showEvent(QShowEvent* event) {
  QMainWindow::showEvent(event);
  // Shares of the window's size, which may have been set after it was made.
  if (!arranged_ && settings_.layout().isEmpty()) arrangeDefault();
  arranged_ = true;
}

void MainWindow::changeEvent(QEvent* event) {
  QMainWindow::changeEvent(event);
  if (event->type() == QEvent::PaletteChange) actions_->updateIcons(palette());
}

bool MainWindow::askToStop() {
  if (!queue_->busy() || stopAllowed_) return true;
  QMessageBox box(QMessageBox::Question, tr("Bitfrontier"),
                  tr("A sweep is running. Stop it and quit?"), QMessageBox::NoButton, this);
  box.setObjectName(u"quitBox"_s);
  box.setInformativeText(
      tr("Finished cells stay stored; the list of sweeps is kept and can be resumed."));
  auto* stop = box.addButton(tr("Stop and quit"), QMessageBox::AcceptRole);
  auto* keep = box.addButton(tr("Keep running"), QMessageBox::RejectRole);
  stop->setObjectName(u"quitStop"_s);
  keep->setObjectName(u"quitKeep"_s);
  box.setDefaultButton(keep);
  box.exec();
  stopAllowed_ = stopAllowed_ || box.clickedButton() == stop;
  return stopAllowed_;
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (!askToStop()) {
    event->ignore();
    return;
  }
  if (queue_->busy() && !stopping_) {
    stopping_ = true;
    statusBar()->showMessage(tr("Stopping after this batch…"));
    queue_->stopAndKeep();
  }
  if (queue_->busy()) {
    event->ignore();  // closes when the queue is idle
    return;
  }
  settings_.setWindow(saveGeometry(), layout());
  Q_EMIT closing();
  event->accept();
}

}  // namespace bitfrontier

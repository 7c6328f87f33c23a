// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <QDockWidget>
#include <QLabel>
#include <QMainWindow>
#include <QMenu>
#include <QPointer>
#include <vector>

#include "ui/base/notice.h"
#include "ui/jobs/store_session.h"
#include "ui/jobs/sweep_queue.h"
#include "ui/launch/launch_choice.h"
#include "ui/panels/laws/law_panel.h"
#include "ui/panels/panel.h"
#include "ui/panels/queue/queue_panel.h"
#include "ui/panels/table/runs_panel.h"
#include "ui/plot/frontier_plot.h"
#include "ui/settings/app_settings.h"
#include "ui/view/view_controller.h"
#include "ui/view/view_keeper.h"
#include "ui/window/actions.h"
#include "ui/window/drop_target.h"
#include "ui/window/hint_bar.h"
#include "ui/window/view_bar.h"

namespace bitfrontier {

class DesktopTools;
class ExportController;
class PlotPane;

/// Arranges the panels and wires their signals; holds no logic of its own.
class MainWindow : public QMainWindow {
  Q_OBJECT

 public:
  /// `sweep` runs the sweeps of the queue.
  explicit MainWindow(SweepFunction sweep = defaultSweep());
  ~MainWindow() override;

  /// Opens a store and shows it. When that fails, a message box says why and all stays as it is.
  void openStore(const std::filesystem::path& file,
                 StoreSession::Open how = StoreSession::Open::Existing);
  /// The same for a name that the user has typed: asks before it makes a new store.
  void openOrMake(const std::filesystem::path& file);
  /// Queues a sweep into the open store and shows own runs. Nothing, with a message box, when the
  /// choice cannot be run (its calibration text is gone) or no store is open.
  SweepJob* startSweep(const LaunchChoice& choice);
  /// Opens the launch dialog, with these models alone when some are named; returns at once.
  void showLaunchDialog(const std::vector<std::filesystem::path>& models = {});
  /// Keeps the queue in the state folder and takes up what an earlier run of the program left.
  void keepQueue();
  DropTarget& dropTarget() { return *drop_; }

  /// All of what is shown, as one value; what is on its way while a store is being opened.
  ViewState viewState() const;
  /// Shows a view, of its store if that is there, else of the one that is open.
  /// `text` says what it was behind "Undo".
  void setViewState(const ViewState& state, const QString& text = {});
  /// Size, place and panels, as geometry() and layout() gave them; put inside the screen. False
  /// for a layout of another version, which is passed over.
  bool restoreLayout(const QByteArray& geometry, const QByteArray& layout);
  QByteArray layout() const { return saveState(kLayoutVersion); }
  ViewKeeper& keeper() { return *keeper_; }
  ExportController& exports() { return *exports_; }
  Notice& notice() { return *notice_; }
  /// Asks for a reason and leaves these points (by pointKey) out of laws, frontier and advice.
  void excludePoints(const std::vector<std::string>& keys);
  void setBaseline(const std::string& key);
  static constexpr int kLayoutVersion = 2;

  FrontierPlot& plot() { return *plot_; }
  PlotPane& pane() { return *pane_; }
  /// The panel of this type; there is one of each in `kPanels`.
  template <typename Panel>
  Panel& panel() {
    return *findChild<Panel*>();
  }
  RunsPanel& runs() { return panel<RunsPanel>(); }
  LawPanel& laws() { return panel<LawPanel>(); }
  SweepQueue& queue() { return *queue_; }
  StoreSession& session() { return *session_; }
  ViewController& view() { return *view_; }
  Actions& actions() { return *actions_; }
  HintBar& hint() { return *hint_; }
  DesktopTools& desktop() { return *desktop_; }
  /// Ticks the theme that is used in the menu.
  void showTheme(Theme theme);
  void forgetRecent();
  /// Asks, where a sweep runs, whether it may be stopped; then closing does not ask again.
  bool askToStop();
  /// Closing stops a running sweep without asking, once its batch is stored.
  void allowStop() { stopAllowed_ = true; }
  /// Loaded, fitted and drawn: nothing more will change by itself.
  bool settled() const;
  /// The sentence of the last failure to open or read the store; empty when there was none.
  const QString& lastError() const { return lastError_; }

 Q_SIGNALS:
  void newWindowWanted(const std::filesystem::path& store);
  void closing();  ///< for good

 protected:
  void closeEvent(QCloseEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void changeEvent(QEvent* event) override;

 private:
  void showFailure(const QString& sentence);
  void buildDocks();
  void buildMenus();
  void addPanelCommands();
  void buildToolBar();
  void connectView();
  void connectActions();
  void connectQueue();
  void connectKeeping();
  void connectContextMenus();
  void applyView(const ViewState& state, bool zoom);
  void applyWhole(const ViewState& state);
  void followStore();
  void updateTitle();
  /// A point in one line: its values, those against the baseline, its store where there are
  /// several.
  QString describe(const LawPoint& point) const;
  void showSets();
  void updateEditActions();
  void connectDrop();
  void arrangeDefault();
  void showOptions();
  void showPlotted();
  void showPredictions();
  void updateHint();
  void showStore();
  void updateStoreActions();
  void updateRecent();
  void chooseStore();
  /// Shows a panel and brings it to the front.
  void raisePanel(QStringView name);
  void setViewFlag(bool ViewOptions::*flag, bool on);
  void chooseTheme(Theme theme);
  void showHelp();

  AppSettings settings_;
  SweepQueue* queue_;
  StoreSession* session_;
  ViewController* view_;
  Decisions* decisions_;
  ViewKeeper* keeper_ = nullptr;
  Notice* notice_ = nullptr;
  std::optional<ViewState> pending_;  ///< to be shown as soon as its store is there
  std::string keptStore_;             ///< whose edits can be undone
  bool applying_ = false;
  Actions* actions_;
  ExportController* exports_;
  DesktopTools* desktop_;
  ViewBar* bar_;
  HintBar* hint_;
  FrontierPlot* plot_;
  PlotPane* pane_ = nullptr;
  PanelRequests* requests_;
  DropTarget* drop_;
  std::vector<QDockWidget*> docks_;  ///< as in kPanels
  QMenu *recent_ = nullptr, *panels_ = nullptr;
  QLabel* progress_;
  QString lastError_;
  std::filesystem::path shownStore_;
  bool stopAllowed_ = false, stopping_ = false;
  bool arranged_ = false;  ///< has been shown
};

}  // namespace bitfrontier

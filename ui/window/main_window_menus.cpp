// SPDX-License-Identifier: GPL-3.0-or-later
// Menus, tool bar and what actions do.
#include <QApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QMenuBar>
#include <QMessageBox>
#include <QPointer>
#include <QToolBar>

#include "ui/export/export_controller.h"
#include "ui/launch/launch_dialog.h"
#include "ui/settings/theme.h"
#include "ui/window/desktop_tools.h"
#include "ui/window/main_window.h"
#include "ui/window/plot_menu.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

void MainWindow::buildMenus() {
  Actions& a = *actions_;
  QMenu* file = menuBar()->addMenu(tr("&File"));
  file->setObjectName(u"fileMenu"_s);
  file->addActions({a.newSweep, a.openStore, a.newWindow});
  recent_ = file->addMenu(tr("Open &recent"));
  recent_->setObjectName(u"recentMenu"_s);
  file->addActions({a.addPublished, a.importFiles});
  file->addSeparator();
  file->addAction(a.saveView);
  file->addActions({a.exportFigure, a.exportViews, a.exportLaws, a.exportPoints});
  file->addSeparator();
  file->addActions({a.printPreview, a.print});
  file->addSeparator();
  file->addAction(a.quit);
  QMenu* edit = menuBar()->addMenu(tr("&Edit"));
  edit->setObjectName(u"editMenu"_s);
  edit->addActions({a.undo, a.redo});
  edit->addSeparator();
  edit->addActions({a.excludePoints, a.setBaseline});
  edit->addSeparator();
  edit->addActions(
      {a.copyFigure, a.copyRows, a.copyCsv, a.copyMarkdown, a.copyLatex, a.copyLaws, a.paste});
  edit->addSeparator();
  edit->addAction(a.focusFilter);
  edit->actions().last()->setText(tr("F&ilter"));
  QMenu* view = menuBar()->addMenu(tr("&View"));
  view->setObjectName(u"viewMenu"_s);
  view->addActions({a.fits, a.means, a.frontier, a.errorBars, a.partial});
  view->addSeparator();
  view->addActions({a.fitView, a.zoomIn, a.zoomOut, a.showAll});
  view->addSeparator();
  QMenu* theme = view->addMenu(tr("&Theme"));
  theme->addActions({a.themeSystem, a.themeLight, a.themeDark, a.themeContrast});
  panels_ = view->addMenu(tr("&Panels"));
  for (QDockWidget* dock : docks_) {
    QAction* toggle = dock->toggleViewAction();
    a.adopt(toggle, "panel", dock->objectName() + u"Toggle"_s,
            tr("Shows or hides the panel \"%1\"").arg(dock->windowTitle()));
    panels_->addAction(toggle);
  }
  view->addActions({a.resetLayout, a.fullScreen});
  auto* plot = new PlotMenu(view_, pane_, this);
  menuBar()->addMenu(plot);
  for (QAction* action : plot->choices()) {
    a.adopt(action, "points", action->objectName(), action->toolTip(), action->statusTip());
  }
  connect(plot, &PlotMenu::viewWanted, this, [this](const ViewOptions& o, const QString& text) {
    ViewState state = viewState();
    state.options = o;
    state.range.reset();
    setViewState(state, text);
  });
  QMenu* sweep = menuBar()->addMenu(tr("&Sweep"));
  sweep->setObjectName(u"sweepMenu"_s);
  sweep->addActions({a.newSweep, a.pause, a.cancel});
  addPanelCommands();
  QMenu* help = menuBar()->addMenu(tr("&Help"));
  help->setObjectName(u"helpMenu"_s);
  help->addActions({a.help, a.about, a.aboutQt});
  updateRecent();
}

// Of panels with menus of their own, so that the menu bar and the palette have every command.
void MainWindow::addPanelCommands() {
  QMenu* tools = menuBar()->addMenu(tr("T&ools"));
  tools->setObjectName(u"toolsMenu"_s);
  for (QDockWidget* dock : docks_) {
    QMenu* menu = nullptr;
    for (QAction* action : dock->widget()->findChildren<QAction*>()) {
      const QString name = action->objectName();
      if (name.isEmpty() || name.startsWith(u"_q_"_s) || name.startsWith(u"qt_"_s)) continue;
      if (!menu) menu = tools->addMenu(dock->windowTitle());
      const QByteArray icon = action->property("iconName").toByteArray();
      const QString reason = action->isEnabled() ? QString() : action->statusTip();
      actions_->adopt(action, icon.isEmpty() ? "panel" : icon.constData(), name, action->toolTip());
      if (!reason.isEmpty()) action->setStatusTip(reason);
      menu->addAction(action);
    }
  }
}

void MainWindow::buildToolBar() {
  Actions& a = *actions_;
  QToolBar* bar = addToolBar(tr("Main tool bar"));
  bar->setObjectName(u"mainToolBar"_s);
  bar->setIconSize({18, 18});
  bar->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
  bar->addActions({a.newSweep, a.pause});
  bar->addSeparator();
  bar->addActions({a.fits, a.means, a.frontier, a.errorBars});
  bar->addSeparator();
  bar->addActions({a.fitView, a.exportFigure});
  panels_->addAction(bar->toggleViewAction());
  QAction* toggle = bar->toggleViewAction();
  a.adopt(toggle, "panel", u"toolBarToggle"_s, tr("Shows or hides the tool bar"));
}

void MainWindow::connectActions() {
  Actions& a = *actions_;
  const auto on = [this](QAction* action, auto&& call) {
    connect(action, &QAction::triggered, this, std::forward<decltype(call)>(call));
  };
  on(a.newSweep, [this] { showLaunchDialog(); });
  on(a.openStore, [this] { chooseStore(); });
  on(a.importFiles, [this] { drop_->chooseFiles(); });
  on(a.paste, [this] { drop_->paste(); });
  on(a.addPublished, [this] { session_->importPublished(); });
  on(a.exportFigure, [this] { exports_->showDialog(); });
  on(a.exportViews, [this] { exports_->exportAllViews(); });
  on(a.printPreview, [this] { exports_->showPrintPreview(); });
  on(a.print, [this] { exports_->print(); });
  on(a.exportLaws, [this] { exports_->saveLaws(); });
  on(a.exportPoints, [this] { exports_->savePoints(); });
  on(a.copyFigure, [this] { exports_->copyFigure(); });
  on(a.copyRows, [this] { runs().copyRows(); });
  on(a.copyCsv, [this] { runs().copyRows(TableFormat::Csv); });
  on(a.copyMarkdown, [this] { runs().copyRows(TableFormat::Markdown); });
  on(a.copyLatex, [this] { runs().copyRows(TableFormat::Latex); });
  on(a.copyLaws, [this] { laws().copyRows(); });
  on(a.focusFilter, [this] {
    bar_->filterEdit()->setFocus(Qt::ShortcutFocusReason);
    bar_->filterEdit()->selectAll();
  });
  connect(a.fits, &QAction::toggled, this, [this](bool b) { setViewFlag(&ViewOptions::fits, b); });
  connect(a.means, &QAction::toggled, this,
          [this](bool b) { setViewFlag(&ViewOptions::means, b); });
  connect(a.frontier, &QAction::toggled, this,
          [this](bool b) { setViewFlag(&ViewOptions::frontier, b); });
  connect(a.errorBars, &QAction::toggled, this,
          [this](bool b) { setViewFlag(&ViewOptions::errorBars, b); });
  connect(a.partial, &QAction::toggled, this,
          [this](bool b) { setViewFlag(&ViewOptions::partial, b); });
  on(a.fitView, [this] { pane_->fitView(); });
  on(a.zoomIn, [this] { plot_->zoom(0.8); });
  on(a.zoomOut, [this] { plot_->zoom(1.25); });
  on(a.showAll, [this] { plot_->showEverySeries(); });
  showTheme(settings_.theme());
  on(a.themeSystem, [this] { chooseTheme(Theme::System); });
  on(a.themeLight, [this] { chooseTheme(Theme::Light); });
  on(a.themeDark, [this] { chooseTheme(Theme::Dark); });
  on(a.themeContrast, [this] { chooseTheme(Theme::HighContrast); });
  on(a.resetLayout, [this] {
    settings_.forgetWindow();
    arrangeDefault();
  });
  connect(a.fullScreen, &QAction::toggled, this, [this](bool full) {
    setWindowState(full ? windowState() | Qt::WindowFullScreen
                        : windowState() & ~Qt::WindowFullScreen);
  });
  on(a.help, [this] { showHelp(); });
  on(a.about, [this] { desktop_->showAbout(); });
  on(a.aboutQt, [] { QApplication::aboutQt(); });
}

void MainWindow::showLaunchDialog(const std::vector<std::filesystem::path>& models) {
  if (!actions_->newSweep->isEnabled()) {  // asked for by the line above the plot
    showFailure(actions_->newSweep->statusTip());
    return;
  }
  auto* dialog = new LaunchDialog(session_->path(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  std::vector<SweepSpec> waiting;
  for (int row = 0; row < queue_->size(); ++row) {
    const SweepJob& job = *queue_->job(row);
    if (job.pending() && job.store() == session_->path()) waiting.push_back(job.spec());
  }
  dialog->setWaiting(std::move(waiting));
  if (!models.empty()) dialog->useModels(models);
  connect(dialog, &QDialog::accepted, this, [this, dialog] { startSweep(dialog->choice()); });
  dialog->open();
}

void MainWindow::chooseStore() {
  QFileDialog dialog(this, tr("Open a store, or name a new one"));
  dialog.setAcceptMode(QFileDialog::AcceptSave);
  dialog.setOption(QFileDialog::DontConfirmOverwrite);
  dialog.setNameFilters({tr("Stores (*.bfdb)"), tr("All files (*)")});
  dialog.setDefaultSuffix(u"bfdb"_s);
  dialog.setLabelText(QFileDialog::Accept, tr("Open"));
  if (dialog.exec() != QDialog::Accepted || dialog.selectedFiles().isEmpty()) return;
  openOrMake(dialog.selectedFiles().first().toStdString());
}

void MainWindow::updateRecent() {
  if (!recent_) return;
  recent_->clear();
  for (const QString& name : settings_.recentStores()) {
    QAction* action = recent_->addAction(QFileInfo(name).fileName());
    actions_->adopt(action, "open", u"recent:"_s + name, name);
    connect(action, &QAction::triggered, this, [this, name] { openStore(name.toStdString()); });
  }
  recent_->setEnabled(!recent_->isEmpty());
}

void MainWindow::chooseTheme(Theme theme) {
  settings_.setTheme(theme);
  applyTheme(theme);
}

void MainWindow::showHelp() {
  auto* box = new QMessageBox(QMessageBox::NoIcon, tr("Keyboard and mouse"), QString(),
                              QMessageBox::Close, this);
  box->setObjectName(u"keysBox"_s);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setText(
      tr("<b>In the plot</b><table cellspacing='4'>"
         "<tr><td>wheel, + and −</td><td>zoom</td></tr>"
         "<tr><td>drag</td><td>move</td></tr>"
         "<tr><td>Shift and drag</td><td>select points; Ctrl and click: add one</td></tr>"
         "<tr><td>Ctrl and drag</td><td>zoom to a rectangle</td></tr>"
         "<tr><td>Plot &gt; Select by lasso</td><td>Shift and drag by hand</td></tr>"
         "<tr><td>Backspace, Alt+Left</td><td>the range before</td></tr>"
         "<tr><td>double click, Home</td><td>show all points</td></tr>"
         "<tr><td>Left, Right, Page Up, Page Down</td><td>walk the points of a series</td></tr>"
         "<tr><td>Up, Down</td><td>change the series</td></tr>"
         "<tr><td>Enter, click</td><td>select the point in the table</td></tr>"
         "<tr><td>click on the legend</td><td>isolate; with Ctrl: hide or show</td></tr>"
         "</table><b>Filter</b><br>"
         "words, field:value, field&gt;=number; all must hold.<br>"
         "or, - for not, brackets, lists (family:opt,bloom), units (size&lt;10GB)."));
  box->open();
}

void MainWindow::showTheme(Theme theme) {
  const Actions& a = *actions_;
  a.themeSystem->setChecked(theme == Theme::System);
  a.themeLight->setChecked(theme == Theme::Light);
  a.themeDark->setChecked(theme == Theme::Dark);
  a.themeContrast->setChecked(theme == Theme::HighContrast);
}

void MainWindow::forgetRecent() {
  settings_.forgetRecentStores();
  updateRecent();
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/actions.h"

#include <QGuiApplication>

#include "ui/settings/theme.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

// Some platforms leave standard keys empty (Quit and Preferences without a desktop).
QKeySequence standard(QKeySequence::StandardKey key, const char* fallback) {
  const QList<QKeySequence> keys = QKeySequence::keyBindings(key);
  return keys.isEmpty() || keys.first().isEmpty()
             ? QKeySequence(QString::fromLatin1(fallback), QKeySequence::PortableText)
             : keys.first();
}

QKeySequence keys(const char* text) {
  return QKeySequence(QString::fromLatin1(text), QKeySequence::PortableText);
}

}  // namespace

Actions::Actions(QObject* parent) : QObject(parent), themes_(new QActionGroup(this)) {
  makeStoreActions();
  makeEditActions();
  makeViewActions();
  makeThemes();
  makeOthers();
}

void Actions::makeStoreActions() {
  newSweep = make("newSweep", "new-sweep", tr("&New sweep…"),
                  tr("Quantize and evaluate models under a grid of configurations"),
                  standard(QKeySequence::New, "Ctrl+N"));
  openStore = make("openStore", "open", tr("&Open store…"),
                   tr("Opens a store of runs (.bfdb) or makes a new one"),
                   standard(QKeySequence::Open, "Ctrl+O"));
  addPublished = make("addPublished", "published", tr("Add &published results"),
                      tr("Adds the shipped numbers from papers to this store"));
  importFiles =
      make("importFiles", "open", tr("&Import…"),
           tr("Reads results, models or a store from files, as a drop on the window does"),
           keys("Ctrl+I"));
  paste = make("paste", "copy", tr("&Paste"),
               tr("Takes a file, a folder or the name of a model from the clipboard"),
               standard(QKeySequence::Paste, "Ctrl+V"));
  exportFigure =
      make("exportFigure", "export", tr("&Export figure…"),
           tr("Saves the plot as PDF, SVG, PNG, TeX or a script, as large as it is printed"),
           keys("Ctrl+E"));
  exportViews = make("exportViews", "export", tr("Export all &views…"),
                     tr("Saves the figure of each saved view into one folder"));
  printPreview = make("printPreview", "export", tr("P&age preview…"),
                      tr("Shows the page that the figure would be printed on"));
  print = make("print", "export", tr("Print fi&gure…"), tr("Prints the figure as large as it is"),
               standard(QKeySequence::Print, "Ctrl+P"));
  exportLaws = make("exportLaws", "laws", tr("Export &laws…"),
                    tr("Saves the fitted laws as JSON or CSV"), keys("Ctrl+Shift+E"));
  exportPoints = make("exportPoints", "points", tr("Export poin&ts…"),
                      tr("Saves the points that are seen, or all that pass the filter, as CSV"));
  quit = make("quit", "quit", tr("&Quit"), tr("Closes the program"),
              standard(QKeySequence::Quit, "Ctrl+Q"));
}

void Actions::makeEditActions() {
  copyFigure = make("copyFigure", "copy", tr("Copy &figure"),
                    tr("Puts the figure on the clipboard"), keys("Ctrl+Shift+C"));
  copyRows = make("copyRows", "copy", tr("&Copy table rows"),
                  tr("Copies the selected rows, or all, for a spreadsheet"),
                  standard(QKeySequence::Copy, "Ctrl+C"));
  copyCsv = make("copyCsv", "copy", tr("Copy table rows as CS&V"),
                 tr("Copies the selected rows, or all, with all digits"));
  copyMarkdown = make("copyMarkdown", "copy", tr("Copy table rows as &Markdown"),
                      tr("Copies the selected rows, or all, as they are shown"));
  copyLatex = make("copyLatex", "copy", tr("Copy table rows as LaT&eX"),
                   tr("Copies the selected rows, or all, as a table with booktabs"));
  copyLaws =
      make("copyLaws", "copy", tr("Copy &laws"), tr("Copies the table of laws for a spreadsheet"));
  focusFilter = make("focusFilter", "filter", tr("Fi&lter"), tr("Goes to the filter box"),
                     standard(QKeySequence::Find, "Ctrl+F"));
  undo = make("undo", "undo", tr("&Undo"), tr("Takes back the last change of the view"),
              standard(QKeySequence::Undo, "Ctrl+Z"));
  redo = make("redo", "redo", tr("&Redo"), tr("Makes the change again that was taken back"));
  redo->setShortcuts({keys("Ctrl+Shift+Z"), keys("Ctrl+Y")});
  excludePoints = make("excludePoints", "exclude", tr("E&xclude points…"),
                       tr("Leaves the selected points out of laws and frontier, with a reason"),
                       keys("Ctrl+Shift+X"));
  setBaseline = make("setBaseline", "baseline", tr("Set as &baseline"),
                     tr("Compares all points with the selected one"), keys("Ctrl+B"));
  saveView = make("saveView", "save-view", tr("&Save view"),
                  tr("Keeps filter, axes, zoom and exclusions under a name"),
                  standard(QKeySequence::Save, "Ctrl+S"));
  newWindow = make("newWindow", "new-window", tr("Open in new &window…"),
                   tr("Shows another store, or this one once more, beside this window"),
                   keys("Ctrl+Shift+N"));
}

void Actions::makeViewActions() {
  fits = make("showFits", "laws", tr("&Fitted laws"), tr("Draws the fitted law of each series"));
  means = make("showMeans", "means", tr("&Means"),
               tr("Joins the mean of each model by straight lines"));
  frontier = make("showFrontier", "frontier", tr("F&rontier"),
                  tr("Draws the Pareto frontier: no point has both fewer bits and a better value"));
  errorBars = make("showErrorBars", "error-bars", tr("&Error bars"),
                   tr("Draws one standard error up and down"));
  partial = make("showPartial", "show-all", tr("I&ncomplete points"),
                 tr("Shows points that lack some of the tasks that others have; no line joins them "
                    "with those"));
  for (QAction* a : {fits, means, frontier, errorBars, partial}) a->setCheckable(true);
  fitView = make("fitView", "fit", tr("Fit &all"), tr("Shows all points (Home in the plot)"),
                 keys("Ctrl+0"));
  zoomIn = make("zoomIn", "zoom-in", tr("Zoom &in"), tr("Shows less, larger"),
                standard(QKeySequence::ZoomIn, "Ctrl++"));
  zoomOut = make("zoomOut", "zoom-out", tr("Zoom &out"), tr("Shows more, smaller"),
                 standard(QKeySequence::ZoomOut, "Ctrl+-"));
  showAll = make("showAll", "show-all", tr("&Show every series"),
                 tr("Undoes the isolation of legend entries"), keys("Ctrl+Shift+A"));
}

void Actions::makeThemes() {
  themeSystem = make("themeSystem", "theme", tr("Like the &system"), tr("Follows the desktop"));
  themeLight = make("themeLight", "theme", tr("&Light"), tr("Dark text on light ground"));
  themeDark = make("themeDark", "theme", tr("&Dark"), tr("Light text on dark ground"));
  themeContrast = make("themeContrast", "theme", tr("&High contrast"),
                       tr("White and yellow on black, for weak eyes"));
  for (QAction* a : {themeSystem, themeLight, themeDark, themeContrast}) {
    a->setCheckable(true);
    themes_->addAction(a);
  }
}

void Actions::makeOthers() {
  resetLayout = make("resetLayout", "reset-layout", tr("Reset la&yout"),
                     tr("Puts all panels back where they were"));
  fullScreen = make("fullScreen", "full-screen", tr("F&ull screen"), tr("Uses the whole screen"),
                    keys("F11"));
  fullScreen->setCheckable(true);
  pause = make("pauseSweep", "pause", tr("&Pause"), tr("Pauses the sweep after its current batch"),
               keys("F9"));
  cancel = make("cancelSweep", "cancel", tr("&Cancel sweep"),
                tr("Stops the sweep after its current batch; finished cells stay stored"));
  help = make("help", "help", tr("&Keyboard and mouse"), tr("Says how the plot is used"));
  about = make("about", "about", tr("&About Bitfrontier"), tr("Version and licence"));
  aboutQt = make("aboutQt", "about", tr("About &Qt"), tr("The toolkit of this window"));
  quit->setMenuRole(QAction::QuitRole);
  about->setMenuRole(QAction::AboutRole);
  aboutQt->setMenuRole(QAction::AboutQtRole);
}

QAction* Actions::make(const char* name, const char* icon, const QString& text, const QString& tip,
                       const QKeySequence& shortcut) {
  auto* action = new QAction(text, this);
  action->setObjectName(QString::fromLatin1(name));
  action->setProperty("iconName", QString::fromLatin1(icon));
  QString shown = tip;
  if (!shortcut.isEmpty()) {
    action->setShortcut(shortcut);
    shown += u" (%1)"_s.arg(shortcut.toString(QKeySequence::NativeText));
  }
  action->setToolTip(shown);
  action->setStatusTip(tip);
  action->setProperty("tip", tip);
  all_ << action;
  return action;
}

void Actions::adopt(QAction* action, const char* icon, const QString& name, const QString& tip,
                    const QString& status) {
  action->setObjectName(name);
  action->setProperty("iconName", QString::fromLatin1(icon));
  action->setIcon(themedIcon(QString::fromLatin1(icon), QGuiApplication::palette()));
  action->setToolTip(tip);
  action->setStatusTip(status.isEmpty() ? tip : status);
  action->setProperty("tip", tip);
  all_ << action;
  connect(action, &QObject::destroyed, this,
          [this](QObject* gone) { all_.removeAll(static_cast<QAction*>(gone)); });
}

void Actions::setPossible(QAction* action, const QString& whyNot) {
  action->setEnabled(whyNot.isEmpty());
  action->setStatusTip(whyNot.isEmpty() ? action->property("tip").toString() : whyNot);
}

void Actions::updateIcons(const QPalette& palette) {
  for (QAction* action : all_) {
    action->setIcon(themedIcon(action->property("iconName").toString(), palette));
  }
}

}  // namespace bitfrontier

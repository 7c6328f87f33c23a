// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/scenes.h"

#include <QApplication>
#include <QDialog>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QLineEdit>
#include <QThread>

#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/window/command_palette.h"
#include "ui/window/desktop_tools.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

void showPoint(MainWindow& window) {
  const auto& frontiers = window.plot().scene().frontiers;
  if (window.plot().points().empty() || frontiers.empty()) return;
  const std::vector<int>& points = frontiers.front().points;
  window.plot().setCurrent(points[points.size() / 2]);
  window.view().selection().setOne(
      pointKey(window.plot().points()[static_cast<std::size_t>(window.plot().current())]));
}

void showPalette(MainWindow& window) {
  window.desktop().showPalette();
  if (auto* palette = window.findChild<CommandPalette*>()) palette->edit()->setText(u"exp"_s);
}

void showPanel(MainWindow& window, const QString& dockName) {
  auto* dock = window.findChild<QDockWidget*>(dockName);
  if (!dock) return;
  dock->show();
  dock->raise();
}

/// A new scene is one line.
std::vector<Scene> makeScenes() {
  using Page = PreferencesDialog::Page;
  std::vector<Scene> list{
      {"main", [](MainWindow&) {}},
      {"point", showPoint},
      {"launch", [](MainWindow& w) { w.showLaunchDialog(); }},
      {"export", [](MainWindow& w) { w.actions().exportFigure->trigger(); }},
      {"palette", showPalette},
      {"preferences", [](MainWindow& w) { w.desktop().showPreferences(Page::Appearance); }},
      {"shortcuts", [](MainWindow& w) { w.desktop().showPreferences(Page::Shortcuts); }},
      {"manual", [](MainWindow& w) { w.desktop().showManual(u"tutorial.md"_s); }},
      {"news", [](MainWindow& w) { w.desktop().showNews(); }},
      {"about", [](MainWindow& w) { w.desktop().showAbout(); }},
  };
  for (const PanelSpec* spec : kPanels) {
    const QString dock = QString::fromUtf16(spec->name);
    QString name = dock;
    name.remove(u"Dock"_s);
    list.push_back({name.toStdString(), [dock](MainWindow& w) { showPanel(w, dock); }});
  }
  return list;
}

}  // namespace

const std::vector<Scene>& scenes() {
  static const std::vector<Scene> list = makeScenes();
  return list;
}

void settle(const MainWindow& window) {
  constexpr int kPatienceMs = 60000, kQuietMs = 1200;
  QElapsedTimer total, quiet;
  total.start();
  quiet.start();
  while (total.elapsed() < kPatienceMs && quiet.elapsed() < kQuietMs) {
    QApplication::processEvents(QEventLoop::AllEvents, 50);
    if (!window.lastError().isEmpty()) throw Error(ErrorKind::Io, window.lastError().toStdString());
    if (!window.settled()) quiet.restart();
    QThread::msleep(10);
  }
}

QWidget* showScene(MainWindow& window, const std::string& name) {
  for (const Scene& scene : scenes()) {
    if (scene.name != name) continue;
    scene.prepare(window);
    settle(window);
    for (QDialog* dialog : window.findChildren<QDialog*>()) {
      if (dialog->isVisible()) return dialog;
    }
    return &window;
  }
  throw Error(ErrorKind::InvalidArgument, name + ": there is no such scene");
}

void leaveScene(MainWindow& window) {
  for (QDialog* dialog : window.findChildren<QDialog*>()) dialog->close();
  QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  window.plot().setCurrent(-1);
  window.view().selection().clear();
  window.actions().resetLayout->trigger();
}

}  // namespace bitfrontier

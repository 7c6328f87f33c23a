// SPDX-License-Identifier: GPL-3.0-or-later
// bitfrontier-gui: the window, or without one --export and --screenshot.
#include <cstdio>
#include <exception>
#include <memory>
#include <QApplication>
#include <QDialog>
#include <QElapsedTimer>
#include <QThread>

#include "app/gui/display.h"
#include "app/gui/gui_options.h"
#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/jobs/store_session.h"
#include "ui/settings/state_folder.h"
#include "ui/window/main_window.h"
#include "ui/window/windows.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// The user's own store is made on first use; one that the user named must exist.
std::filesystem::path storeToRead(const GuiOptions& options) {
  if (options.store.empty()) {
    const std::filesystem::path file = defaultStorePath();
    if (!std::filesystem::exists(file)) addPublishedResults(file);
    return file;
  }
  if (!std::filesystem::exists(options.store)) {
    throw Error(ErrorKind::NotFound, options.store.string() + ": no such file");
  }
  return options.store;
}

int runExport(const GuiOptions& options) {
  HeadlessExport request = options.headless;
  options.complete(request);
  request.store = storeToRead(options);
  for (const QString& line : exportHeadless(request)) {
    std::printf("%s\n", line.toUtf8().constData());
  }
  return kExitOk;
}

/// Lets the window work until nothing more changes by itself.
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

int takeScreenshot(const GuiOptions& options) {
  const std::filesystem::path store = storeToRead(options);
  if (options.themeGiven) applyTheme(options.theme);
  MainWindow window;
  window.resize(options.width, options.height);
  window.show();
  window.openStore(store);
  settle(window);
  QWidget* shown = &window;
  if (options.scene == "launch") window.showLaunchDialog();
  if (options.scene == "export") window.actions().exportFigure->trigger();
  if (options.scene == "point" && !window.plot().points().empty()) {
    const auto& frontiers = window.plot().scene().frontiers;
    if (!frontiers.empty()) {
      const std::vector<int>& points = frontiers.front().points;
      window.plot().setCurrent(points[points.size() / 2]);
      window.view().selection().setOne(
          pointKey(window.plot().points()[static_cast<std::size_t>(window.plot().current())]));
    }
  } else if (options.scene != "main") {
    settle(window);
    if (QWidget* dialog = window.findChild<QDialog*>()) shown = dialog;
  }
  const QString file = QString::fromStdString(options.screenshot);
  if (!shown->grab().save(file)) {
    throw Error(ErrorKind::Io, options.screenshot + ": cannot be written");
  }
  std::printf("%s: %d × %d pixels\n", options.screenshot.c_str(), shown->width(), shown->height());
  return kExitOk;
}

int runWindow(const GuiOptions& options) {
  if (!options.store.empty()) storeToRead(options);  // refuses what is not there
  AppSettings settings;
  applyTheme(options.themeGiven ? options.theme : settings.theme());
  Windows windows(stateFolder());
  windows.start(options.store, [&] { return storeToRead({}); });
  for (QWidget* widget : QApplication::topLevelWidgets()) {
    auto* window = qobject_cast<MainWindow*>(widget);
    if (!window) continue;
    window->keepQueue();  // one of them
    break;
  }
  return QApplication::exec();
}

/// Qt remarks on the session's directories even where nothing depends on them, and on what windows
/// that are drawn into a picture cannot do.
void printMessage(QtMsgType, const QMessageLogContext&, const QString& text) {
  if (text.startsWith(u"QStandardPaths: "_s) || text.contains(u"propagateSizeHints"_s)) return;
  std::fprintf(stderr, "bitfrontier-gui: %s\n", text.toUtf8().constData());
}

int guiMain(int argc, char** argv) {
  const GuiOptions options = parseGuiOptions(argc, argv);
  if (options.help) return options.exitCode;
  const bool exporting = !options.headless.figures.empty() || !options.headless.laws.empty();
  const bool picture = exporting || !options.screenshot.empty();
  if (picture) {
    qputenv("QT_QPA_PLATFORM", "offscreen");  // whatever display is named, and whether it answers
  } else if (!displayNamed()) {
    throw Error(ErrorKind::Unsupported,
                "there is no display; --export and --screenshot work without one, see --help");
  }
  qInstallMessageHandler(printMessage);
  const std::unique_ptr<QApplication> app = openApplication(argc, argv);
  if (options.checkDisplay) {
    std::printf("a window can be opened (%s)\n", displayNames().c_str());
    return kExitOk;
  }
  QApplication::setApplicationName(u"bitfrontier"_s);
  QApplication::setApplicationDisplayName(u"Bitfrontier"_s);
  QApplication::setApplicationVersion(QStringLiteral(BITFRONTIER_VERSION));
  QApplication::setDesktopFileName(u"io.github.bitfrontier.Bitfrontier"_s);
  if (exporting) return runExport(options);
  if (!options.screenshot.empty()) return takeScreenshot(options);
  return runWindow(options);
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) {
  try {
    return bitfrontier::guiMain(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "bitfrontier-gui: error: %s\n", e.what());
    return bitfrontier::kExitError;
  }
}

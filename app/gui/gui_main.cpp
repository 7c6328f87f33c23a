// SPDX-License-Identifier: GPL-3.0-or-later
// bitfrontier-gui: the window, or without one --export and --screenshot.
#include <cstdio>
#include <exception>
#include <memory>
#include <QApplication>

#include "app/gui/display.h"
#include "app/gui/gui_options.h"
#include "app/gui/scenes.h"
#include "app/gui/widget_report.h"
#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/help/crash_log.h"
#include "ui/jobs/store_session.h"
#include "ui/settings/language.h"
#include "ui/settings/preferences.h"
#include "ui/settings/state_folder.h"
#include "ui/window/end_signals.h"
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

void saveScene(MainWindow& window, const std::string& scene, const std::string& file) {
  QWidget* shown = showScene(window, scene);
  if (!shown->grab().save(QString::fromStdString(file))) {
    throw Error(ErrorKind::Io, file + ": cannot be written");
  }
  std::printf("%s: %d × %d pixels\n", file.c_str(), shown->width(), shown->height());
}

int takeScreenshot(const GuiOptions& options) {
  const std::filesystem::path store = storeToRead(options);
  if (options.themeGiven) applyTheme(options.theme);
  MainWindow window;
  window.resize(options.width, options.height);
  window.show();
  window.openStore(store);
  settle(window);
  static const std::string kEvery = "{scene}";
  const std::size_t at = options.screenshot.find(kEvery);
  if (at == std::string::npos) {
    saveScene(window, options.scene, options.screenshot);
    return kExitOk;
  }
  for (const Scene& scene : scenes()) {
    std::string file = options.screenshot;
    saveScene(window, scene.name, file.replace(at, kEvery.size(), scene.name));
    leaveScene(window);
  }
  return kExitOk;
}

int runWindow(const GuiOptions& options) {
  if (!options.store.empty()) storeToRead(options);  // refuses what is not there
  const Preferences preferences;
  preferences.applyAppearance();
  if (options.themeGiven) applyTheme(options.theme);
  if (preferences.crashLog()) {
    installCrashLog(stateFolder(), "bitfrontier-gui " BITFRONTIER_VERSION ", Qt " QT_VERSION_STR);
  }
  Windows windows(stateFolder());
  windows.start(options.store, [&] { return storeToRead({}); });
  for (const std::filesystem::path& more : options.more) windows.open(more);
  if (MainWindow* first = windows.windows().front()) {
    first->keepQueue();  // one of them
    const QString report = qEnvironmentVariable("BITFRONTIER_WIDGETS");
    if (!report.isEmpty()) reportWidgets(*first, report);
  }
  const EndSignals signals([&] { windows.quitUnasked(); });
  return QApplication::exec();
}

/// Qt remarks on the session's directories even where nothing depends on them, and on what windows
/// that are drawn into a picture cannot do.
void printMessage(QtMsgType, const QMessageLogContext&, const QString& text) {
  if (text.startsWith(u"QStandardPaths: "_s) || text.contains(u"This plugin does not support"_s))
    return;
  rememberLine(text.toStdString());
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
  const Preferences preferences;
  preferences.applyToEnvironment();  // before any library reads it
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
  // Figures of the command line are in English unless a language is asked for.
  installLanguage(!options.language.empty() ? QString::fromStdString(options.language)
                  : picture                 ? u"en"_s
                                            : preferences.language());
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

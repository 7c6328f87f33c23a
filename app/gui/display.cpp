// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/display.h"

#include <unistd.h>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "app/gui/gui_options.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr const char* kNames[] = {"WAYLAND_DISPLAY", "DISPLAY", "QT_QPA_PLATFORM"};
constexpr unsigned kPatienceSeconds = 30;

const char* value(const char* name) {
  const char* text = std::getenv(name);
  return text && *text ? text : nullptr;
}

/// The sentence for a display that does not answer: a signal handler may only write it.
std::string& patienceSentence() {
  static std::string sentence;
  return sentence;
}

void onAlarm(int) {
  const std::string& text = patienceSentence();
  const auto written = write(STDERR_FILENO, text.data(), text.size());
  static_cast<void>(written);
  _exit(kExitError);
}

/// What Qt said first about the platform: the reason.
std::string& firstRemark() {
  static std::string remark;
  return remark;
}

/// Qt's last words before it aborts.
void explainFatal(QtMsgType type, const QMessageLogContext& context, const QString& text) {
  if (type == QtFatalMsg) {
    const std::string reason = firstRemark().empty() ? "" : ": " + firstRemark();
    std::fprintf(stderr,
                 "bitfrontier-gui: error: the display cannot be opened (%s)%s; --export and "
                 "--screenshot work without one\n",
                 displayNames().c_str(), reason.c_str());
    std::fflush(stderr);
    _exit(kExitError);
  }
  if (QByteArrayView(context.category).startsWith("qt.qpa")) {
    if (firstRemark().empty()) firstRemark() = text.section(u'\n', 0, 0).toStdString();
    return;
  }
  if (text.startsWith(u"QStandardPaths: "_s)) return;
  std::fprintf(stderr, "bitfrontier-gui: %s\n", text.toUtf8().constData());
}

}  // namespace

bool displayNamed() {
  for (const char* name : kNames) {
    if (value(name)) return true;
  }
  return false;
}

std::string displayNames() {
  std::string names;
  for (const char* name : kNames) {
    if (!value(name)) continue;
    names += (names.empty() ? "" : " and ") + std::string(name) + "=" + value(name);
  }
  return names;
}

std::unique_ptr<QApplication> openApplication(int& argc, char** argv) {
  patienceSentence() = "bitfrontier-gui: error: the display does not answer (" + displayNames() +
                       "); --export and --screenshot work without one\n";
  const QtMessageHandler before = qInstallMessageHandler(explainFatal);
  const auto oldAction = std::signal(SIGALRM, onAlarm);
  alarm(kPatienceSeconds);
  auto app = std::make_unique<QApplication>(argc, argv);
  alarm(0);
  std::signal(SIGALRM, oldAction);
  qInstallMessageHandler(before);
  return app;
}

}  // namespace bitfrontier

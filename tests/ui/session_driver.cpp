// SPDX-License-Identifier: GPL-3.0-or-later
// The windows of bitfrontier-gui, driven by lines on stdin: what session_test.cpp kills.
#include <cstdio>
#include <iostream>
#include <nlohmann/json.hpp>
#include <QApplication>
#include <sstream>
#include <string>

#include "ui/base/text.h"
#include "ui/settings/state_folder.h"
#include "ui/view/exclusions.h"
#include "ui/window/windows.h"

namespace bitfrontier {
namespace {

void settle(const MainWindow& window) {
  while (!window.settled() && window.lastError().isEmpty()) {
    QApplication::processEvents(QEventLoop::WaitForMoreEvents);
  }
}

/// Does what a line says, to the first window.
void obey(const std::string& line, Windows& windows) {
  std::istringstream words(line);
  std::string verb;
  words >> verb;
  MainWindow& window = *windows.windows().front();
  ViewController& view = window.view();
  ViewOptions options = view.options();
  if (verb == "filter") {
    std::getline(words >> std::ws, options.filter);
    view.setOptions(options);
  } else if (verb == "rule") {
    options.rule = CountingRule::AllParameters;
    view.setOptions(options);
  } else if (verb == "zoom") {
    PlotRange range;
    words >> range.x.lower >> range.x.upper >> range.y.lower >> range.y.upper;
    window.plot().showRange(range);
  } else if (verb == "hide") {
    PlotVisibility hidden;
    std::string name;
    std::getline(words >> std::ws, name);
    hidden.hiddenValues.insert(QString::fromStdString(name));
    window.plot().setVisibility(hidden);
  } else if (verb == "select") {
    view.selection().setOne(pointKey(view.points()->front()));
  } else if (verb == "sort") {
    window.runs().pointView()->sortByColumn(2, Qt::DescendingOrder);
  } else if (verb == "pin") {
    window.runs().pointView()->setPinned(2);
    window.runs().pointTable().setGroupColumn(0);
  } else if (verb == "exclude") {
    const std::vector<std::string> keys{pointKey(view.points()->back())};
    view.setOptions(withExcluded(options, refsOf(*view.points(), keys), "planted"));
  } else if (verb == "panel") {
    window.findChild<QDockWidget*>(QStringLiteral("viewsDock"))->show();
  } else if (verb == "fresh") {
    window.notice().button()->click();
  }
  settle(window);
}

int drive(int argc, char** argv) {
  QApplication app(argc, argv);
  Windows windows(stateFolder());
  const std::filesystem::path fallback = argv[1];
  windows.start(argc > 2 ? argv[2] : "", [&] { return fallback; });
  settle(*windows.windows().front());
  std::string line;
  while (std::getline(std::cin, line)) {
    if (line == "quit") return 0;
    if (line == "state") {
      const MainWindow& window = *windows.windows().front();
      const QWidget* dock = window.findChild<QDockWidget*>(QStringLiteral("viewsDock"));
      const nlohmann::ordered_json answer{
          {"view", toJson(window.viewState())},
          {"panel", dock->isVisible()},
          {"recovered", windows.recovered()},
          {"notice", const_cast<MainWindow&>(window).notice().isVisible()
                         ? const_cast<MainWindow&>(window).notice().text().toStdString()
                         : std::string()}};
      std::printf("%s\n", answer.dump().c_str());
      std::fflush(stdout);
    } else if (line.starts_with("until ")) {  // so many points are shown
      const auto wanted = std::stoul(line.substr(6));
      while (windows.windows().front()->view().points()->size() != wanted) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
      }
      std::printf("there\n");
      std::fflush(stdout);
    } else if (line == "saved") {  // until the file has what is shown
      const auto text = [&] {
        std::FILE* in = std::fopen(windows.file().c_str(), "r");
        std::string all;
        for (int c; in && (c = std::fgetc(in)) != EOF;) all += static_cast<char>(c);
        if (in) std::fclose(in);
        return all;
      };
      const std::string view = toJson(windows.windows().front()->viewState()).dump();
      for (;;) {
        const std::string written = text();
        if (!written.empty() &&
            nlohmann::ordered_json::parse(written)["windows"][0]["view"].dump() == view) {
          break;
        }
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
      }
      std::printf("saved\n");
      std::fflush(stdout);
    } else {
      obey(line, windows);
    }
  }
  return 0;
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) { return bitfrontier::drive(argc, argv); }

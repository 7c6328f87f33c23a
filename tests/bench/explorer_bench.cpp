// SPDX-License-Identifier: GPL-3.0-or-later
// The window on large stores, offscreen: what the user waits for (wall time), what the GUI thread
// works for it, and its longest stall, that is how late an event was handled at most. Beside each
// stands what the same cost in the first versions, measured in the same process: every column of
// every run, records compared one by one, Qt's proxy model.
//   bench_explorer [RUNS]      36,000 runs without a number, besides tables of 100,000 rows
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <fstream>
#include <QApplication>
#include <QRegularExpression>
#include <QSemaphore>
#include <QSortFilterProxyModel>
#include <QTableView>
#include <QTemporaryDir>
#include <semaphore>
#include <thread>

#include "core/store/points.h"
#include "tests/bench/large_store.h"
#include "tests/bench/measure.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier::bench {
namespace {

double residentMb() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::atof(line.c_str() + 6) / 1024;
  }
  return 0;
}

/// Posts one event after the other to the GUI thread and notes how long each waited.
class Watchdog {
 public:
  Watchdog() : thread_([this](const std::stop_token& stop) { watch(stop); }) {}
  ~Watchdog() {
    thread_.request_stop();
    while (!ended_) QApplication::processEvents();
  }
  /// Forgets what was late so far, also the event under way.
  void restart() {
    ++round_;
    longest_ = 0;
  }
  double longestMs() const { return longest_; }

 private:
  void watch(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      const double start = seconds(Clock::Wall);
      const int round = round_;
      QMetaObject::invokeMethod(
          qApp, [this] { handled_.release(); }, Qt::QueuedConnection);
      handled_.acquire();
      const double late = 1000 * (seconds(Clock::Wall) - start);
      if (round == round_) longest_ = std::max<double>(longest_, late);
      std::this_thread::sleep_for(std::chrono::milliseconds(4));
    }
    ended_ = true;
  }

  std::binary_semaphore handled_{0};
  std::atomic<double> longest_ = 0;
  std::atomic<int> round_ = 0;
  std::atomic<bool> ended_ = false;
  std::jthread thread_;
};

struct Cost {
  double wallMs = 0, guiMs = 0, stallMs = 0;
};

/// Calls `work` and lets the window work until `ready`.
template <typename Work, typename Ready>
Cost cost(Watchdog& watchdog, Work work, Ready ready) {
  QApplication::processEvents();
  watchdog.restart();
  const double wall = seconds(Clock::Wall), gui = seconds(Clock::Thread);
  work();
  while (!ready()) QApplication::processEvents(QEventLoop::WaitForMoreEvents);  // the watchdog's
  const Cost result{1000 * (seconds(Clock::Wall) - wall), 1000 * (seconds(Clock::Thread) - gui),
                    watchdog.longestMs()};
  return result;
}

template <typename Work>
double wallMs(Work work) {
  const double start = seconds(Clock::Wall);
  work();
  return 1000 * (seconds(Clock::Wall) - start);
}

void print(const std::string& what, const Cost& cost, double before) {
  fmt::print("{:<44} {:>9.1f} {:>9.1f} {:>9.1f}", what, cost.wallMs, cost.guiMs, cost.stallMs);
  if (before > 0) fmt::print(" {:>10.1f} {:>7.1f}", before, before / cost.wallMs);
  fmt::print("\n");
  std::fflush(stdout);
}

/// All columns as records, filtered and joined from copies of them.
double openedAsBefore(const std::filesystem::path& file) {
  return wallMs([&] {
    const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
    const std::vector<RunRecord> all = store.runs();
    RunFilter partial;
    partial.includePartial = true;
    const auto points = aggregatePoints(all, {}), more = aggregatePoints(all, partial);
    std::vector<RunRecord> shown;
    for (const RunRecord& run : all) shown.push_back(run);
    if (points.size() + more.size() + shown.size() == 0) std::abort();
  });
}

/// Qt's own model: a text filter over every cell, then a sort.
double filteredByQt(QAbstractItemModel& model, const QString& text, int column) {
  QSortFilterProxyModel proxy;
  proxy.setSourceModel(&model);
  proxy.setFilterKeyColumn(-1);
  return wallMs([&] {
    proxy.setFilterRegularExpression(QRegularExpression(text));
    proxy.sort(column, Qt::DescendingOrder);
  });
}

/// A table of many points, filtered and sorted as the view and the table do it.
void tableBench(Watchdog& watchdog, int rows) {
  StoreSnapshot snapshot;
  std::vector<RunRecord> none;
  std::vector<LawPoint> points;
  for (int i = 0; i < rows; ++i) {
    const RunRecord run = plantedRun(i % 12, i / 12 % 10, i / 120 % 60, 0);
    LawPoint point;
    point.model = run.model;
    point.family = run.family;
    point.config = run.config + std::to_string(i / 7200);
    point.dataType = run.dataType;
    point.bits = run.bits;
    point.blockSize = 64 * (1 + i % 7);
    point.parameters = run.parameters;
    point.totalBits = run.modelBits.checkpointBytes + i;
    point.accuracy = run.result.accuracy + 1e-6 * (i * 7919 % 1000);
    point.accuracySe = 0.01;
    point.accuracyTasks = 1;
    point.tasks = "task";
    point.runIds = {i + 1};
    points.push_back(std::move(point));
  }
  snapshot.runs = rowsOf(none);
  snapshot.points = std::make_shared<const std::vector<LawPoint>>(std::move(points));
  snapshot.partial = std::make_shared<const std::vector<LawPoint>>();
  RunsPanel panel;
  panel.resize(900, 300);
  panel.show();
  const auto quiet = [&] { return !panel.busy(); };
  const Cost all = cost(
      watchdog, [&] { panel.setPoints(snapshot.points); }, quiet);
  print(fmt::format("table of {} points, all", rows), all, 0);
  auto qt = makePointTable();
  qt->setRows(snapshot.points);
  while (qt->busy()) QApplication::processEvents();
  for (const auto& [filter, text] : {std::pair{"family:family-3 bits>=4", "family-3"},
                                     std::pair{"family-3 or bits:3,5", "int[35]"}}) {
    LatestTask task;
    bool done = false;
    ViewOptions options;
    options.filter = filter;
    panel.pointTable().sort(3, Qt::AscendingOrder);
    while (panel.busy()) QApplication::processEvents();
    const Cost filtered = cost(
        watchdog,
        [&] {
          task.start([&](std::stop_token) { return choose(snapshot, options); },
                     [&](Choice choice) {
                       panel.setPoints(choice.points);
                       panel.pointTable().sort(2, Qt::DescendingOrder);
                       done = true;
                     });
        },
        [&] { return done && quiet(); });
    print(fmt::format("  \"{}\", sorted: {}", filter, panel.pointTable().rowCount()), filtered,
          filteredByQt(*qt, QString::fromUtf8(text), 2));
  }
}

int runBench(int runs) {
  StoreShape shape;
  shape.families = std::max(1, runs / (shape.models * shape.configs * shape.tasks));
  const LargeStore large(shape);
  Watchdog watchdog;
  fmt::print("{:<44} {:>9} {:>9} {:>9} {:>10} {:>7}\n", "milliseconds", "wall", "GUI CPU", "stall",
             "before", "ratio");
  MainWindow window;
  window.resize(1440, 900);
  const Cost shown = cost(
      watchdog, [&] { window.show(); }, [&] { return window.isVisible(); });
  print("window shown, empty", shown, 0);
  const double emptyMb = residentMb();
  const auto settled = [&] { return window.settled(); };
  const auto shownAll = [&] { return !window.runs().busy(); };
  std::size_t points = 0;
  const Cost loaded = cost(
      watchdog, [&] { window.openStore(large.file()); },
      [&] { return (points = window.view().points()->size()) > 0; });
  const double loadedMb = residentMb();
  const Cost fitted = cost(
      watchdog, [] {}, settled);
  const double fittedMb = residentMb();
  const double before = openedAsBefore(large.file());
  print(fmt::format("store of {} runs opened: {} points", shape.runs(), points), loaded, before);
  print("  and then its laws fitted", fitted, 0);
  fmt::print("resident {:.0f} MB, with the store {:.0f} MB, with its laws {:.0f} MB\n", emptyMb,
             loadedMb, fittedMb);

  for (int i = 0; i < 3; ++i) {
    const std::size_t there = window.session().snapshot()->runs->size();
    RunRecord run = plantedRun(0, 0, 0, 0);
    run.config = fmt::format("int3-b{}", 5000 + i);
    run.key += fmt::format(" more={}", i);
    std::jthread other([&] { RunStore::open(large.file()).add(run); });
    const Cost added = cost(
        watchdog, [] {}, [&] { return window.view().runs()->size() > there && shownAll(); });
    print("one run added by another process", added, before);
    print("  and then its laws fitted",
          cost(
              watchdog, [] {}, settled),
          0);
  }

  auto* runView = window.findChild<QTableView*>(u"runView"_s);
  auto* pointView = window.findChild<QTableView*>(u"pointView"_s);
  for (QTableView* view : {pointView, runView}) {
    const std::string what = view == runView ? "runs" : "points";
    const Cost all = cost(
        watchdog, [&] { view->selectAll(); }, shownAll);
    print(fmt::format("all {} {} selected", view->model()->rowCount(), what), all, 0);
    const std::size_t there = window.session().snapshot()->runs->size();
    std::jthread other([&] {
      RunRecord run = plantedRun(0, 0, 0, 0);
      run.config = "int3-b6000";
      run.key += " selected=" + what;
      RunStore::open(large.file()).add(run);
    });
    const Cost reloaded = cost(
        watchdog, [] {}, [&] { return window.view().runs()->size() > there && shownAll(); });
    print("  and one run added", reloaded, 0);
    cost(
        watchdog, [] {}, settled);
    view->clearSelection();
  }
  for (const char* filter : {"family:family-3 bits>=4", "family-3 or family-5", ""}) {
    ViewOptions options = window.view().options();
    options.filter = filter;
    const auto places = window.view().shownRuns();
    const Cost filtered = cost(
        watchdog, [&] { window.view().setOptions(options); },
        [&] { return window.view().shownRuns() != places && shownAll(); });
    print(fmt::format("window filtered by \"{}\"", filter), filtered, 0);
    cost(
        watchdog, [] {}, settled);
  }
  tableBench(watchdog, 100000);
  return 0;
}

}  // namespace
}  // namespace bitfrontier::bench

int main(int argc, char** argv) {
  qputenv("QT_QPA_PLATFORM", "offscreen");
  const QTemporaryDir settings;  // not the user's
  qputenv("XDG_CONFIG_HOME", settings.path().toUtf8());
  QApplication application(argc, argv);
  return bitfrontier::bench::runBench(argc > 1 ? std::atoi(argv[1]) : 36000);
}

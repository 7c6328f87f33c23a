// SPDX-License-Identifier: GPL-3.0-or-later
// The thread of the window only shows: reading, joining, filtering, sorting and fitting are done by
// others. Work is counted as CPU time of this thread against that of the whole process, which a
// busy machine does not change; bench_explorer prints what it takes in milliseconds.
#include <ctime>
#include <QApplication>
#include <QTest>

#include "core/store/run_store.h"
#include "tests/ui/planted_decisions.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/panels/table/runs_panel.h"
#include "ui/view/view_controller.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

double seconds(clockid_t clock) {
  timespec now{};
  clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// CPU time of this thread and of all since it was made.
class Work {
 public:
  double here() const { return seconds(CLOCK_THREAD_CPUTIME_ID) - here_; }
  double all() const { return seconds(CLOCK_PROCESS_CPUTIME_ID) - all_; }

 private:
  double here_ = seconds(CLOCK_THREAD_CPUTIME_ID), all_ = seconds(CLOCK_PROCESS_CPUTIME_ID);
};

#define VERIFY_ELSEWHERE(work)                                            \
  QVERIFY2((work).here() < 0.5 * (work).all(),                            \
           qPrintable(u"%1 of %2 ms of CPU time in the window's thread"_s \
                          .arg(1000 * (work).here(), 0, 'f', 1)           \
                          .arg(1000 * (work).all(), 0, 'f', 1)))

constexpr int kConfigs = 30, kModels = 60, kTasks = 5;

RunRecord planted(int model, int config, int task) {
  RunRecord run = testing::plantedRun("family-" + std::to_string(model % 6), 1e8 * (1 + model / 6),
                                      3 + config % 6, "task-" + std::to_string(task));
  run.config = "int" + std::to_string(run.bits) + "-b" + std::to_string(16 * (1 + config));
  run.key = std::to_string(model) + "|" + run.config + "|" + run.result.task;
  run.modelHash = "a hash that no short string holds, of model " + std::to_string(model);
  return run;
}

std::filesystem::path largeStore() {
  const std::filesystem::path file = testing::temporaryFile(u"large.bfdb"_s).toStdString();
  std::filesystem::remove(file);
  std::vector<RunRecord> runs;
  for (int model = 0; model < kModels; ++model) {
    for (int config = 0; config < kConfigs; ++config) {
      for (int task = 0; task < kTasks; ++task) runs.push_back(planted(model, config, task));
    }
  }
  RunStore::open(file).addAll(runs);
  return file;
}

}  // namespace

class StallTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void theWindowsThreadOnlyShows() {
    const std::filesystem::path file = largeStore();
    testing::PanelBench bench;
    StoreSession& session = bench.session;
    ViewController& view = bench.view;
    const std::unique_ptr<QWidget> made(kTablePanel.make(bench.context()));
    auto* panel = qobject_cast<RunsPanel*>(made.get());
    QVERIFY(panel);
    panel->resize(900, 300);
    panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(panel));
    const auto quiet = [&] {
      return session.snapshot() && !session.busy() && !view.busy() && view.laws() && !panel->busy();
    };

    {
      const Work work;
      session.open(file);
      QTRY_VERIFY(quiet() && panel->runTable().rowCount() == kConfigs * kModels * kTasks);
      QCOMPARE(panel->pointTable().rowCount(), kConfigs * kModels);
      VERIFY_ELSEWHERE(work);
    }
    {
      const Work work;
      RunRecord more = planted(0, 0, 0);
      more.config = "int3-b9999";
      more.key = "one more";
      RunStore::open(file).add(more);  // by this thread: a few milliseconds
      QTRY_COMPARE(panel->runTable().rowCount(), kConfigs * kModels * kTasks + 1);
      QTRY_VERIFY(quiet());
      VERIFY_ELSEWHERE(work);
    }
    {
      const Work work;
      ViewOptions options = view.options();
      options.filter = "family:family-1 bits>=4 -task:task-2";
      view.setOptions(options);
      QTRY_VERIFY(panel->runTable().rowCount() < kConfigs * kModels * kTasks);
      QTRY_VERIFY(quiet());
      QCOMPARE(panel->pointTable().rowCount(), kModels / 6 * kConfigs * 5 / 6);
      VERIFY_ELSEWHERE(work);
    }
  }
};

namespace {
const testing::Registered<StallTest> kStallTest;
}

}  // namespace bitfrontier

#include "stall_test.moc"

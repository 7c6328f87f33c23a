// SPDX-License-Identifier: GPL-3.0-or-later
// One process of the campaign of campaign_test.cpp, without models: it uses a store as a sweep, a
// reading command or the window's session does. Prints the key of each run once it is stored.
#include <signal.h>
#include <SQLiteCpp/SQLiteCpp.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>

#include "core/base/error.h"
#include "core/store/run_store.h"
#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

std::atomic<bool> stopped{false};

void acknowledge(const std::string& key) {
  const std::string line = key + "\n";
  if (::write(STDOUT_FILENO, line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    std::exit(4);
  }
}

void addRun(RunStore& store, const std::string& key) {
  RunRecord run = sampleRun(key);
  run.source.clear();
  run.result.correct.assign(60, 1);
  run.result.logLikelihood.assign(60, -1.5);
  store.add(run);
  acknowledge(key);
}

/// A sweep of `count` cells.
void writeRuns(const std::filesystem::path& file, const std::string& name, int count) {
  RunStore store = RunStore::open(file);
  for (int i = 0; i < count; ++i) addRun(store, name + "/" + std::to_string(i));
}

void readRuns(const std::filesystem::path& file) {
  const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
  std::printf("%zu\n", store.runs().size());
}

/// Gives up the rights of root for those of a user who owns nothing.
void becomeNobody() {
  constexpr uid_t kNobody = 65534;
  if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) std::exit(5);
}

/// An earlier version: has the store open with a write-ahead log. On SIGTERM it says how many runs
/// it sees, and changes them.
void haveLogOpen(const std::filesystem::path& file) {
  SQLite::Database database(file.string(), SQLite::OPEN_READWRITE, 10'000);
  database.execAndGet("PRAGMA journal_mode = WAL");
  database.execAndGet("SELECT count(*) FROM runs");
  acknowledge("open");
  while (!stopped) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  acknowledge(database.execAndGet("SELECT count(*) FROM runs").getString());
  database.exec("UPDATE runs SET model = 'theirs'");
}

/// The window: a sweep of its own in one thread, and in another a connection that follows the store
/// and loads it again whenever it has changed. Ends on SIGTERM.
void beSession(const std::filesystem::path& file, const std::string& name) {
  std::atomic<std::size_t> mine{0};
  std::jthread sweep([&](const std::stop_token& stop) {
    try {
      RunStore store = RunStore::open(file);
      for (int i = 0; !stop.stop_requested(); ++i) {
        addRun(store, name + "/" + std::to_string(i));
        ++mine;
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      }
    } catch (const std::exception& e) {
      std::fprintf(stderr, "%s\n", e.what());
      std::_Exit(1);
    }
  });
  while (mine == 0 && !stopped) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  const RunStore watched = RunStore::open(file, RunStore::Mode::ReadOnly);
  std::int64_t seen = watched.revision();
  while (!stopped) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    const std::int64_t now = watched.revision();
    if (now == seen) continue;
    seen = now;
    const std::size_t stored = mine;
    RunStore::open(file);  // another opening in this process must disturb nobody
    const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
    if (store.runs().size() < stored || watched.runs().size() < stored) {
      throw Error(ErrorKind::Conflict, "the session does not see its own runs");
    }
  }
}

int workerMain(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string mode = argv[1];
  const std::filesystem::path file = argv[2];
  struct sigaction action {};
  action.sa_handler = [](int) { stopped = true; };
  ::sigaction(SIGTERM, &action, nullptr);
  if (mode == "write" && argc == 5) {
    writeRuns(file, argv[3], std::atoi(argv[4]));
  } else if (mode == "read") {
    readRuns(file);
  } else if (mode == "log") {
    haveLogOpen(file);
  } else if (mode == "read-as-nobody") {
    becomeNobody();
    readRuns(file);
  } else if (mode == "write-as-nobody") {
    becomeNobody();
    writeRuns(file, "nobody", 1);
  } else if (mode == "session" && argc == 4) {
    beSession(file, argv[3]);
  } else {
    return 2;
  }
  return 0;
}

}  // namespace
}  // namespace bitfrontier

int main(int argc, char** argv) {
  try {
    return bitfrontier::workerMain(argc, argv);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "%s\n", e.what());
    return 1;
  }
}

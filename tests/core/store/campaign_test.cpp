// SPDX-License-Identifier: GPL-3.0-or-later
// A window that sweeps and looks, two writing processes and readers on one store, with kills: the
// store stays intact, nobody else gets an error, and no run that was stored is ever missing.
#include <gtest/gtest.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <chrono>
#include <memory>
#include <random>
#include <set>
#include <thread>

#include "core/store/run_store.h"
#include "tests/core/store/store_fixture.h"
#include "tests/core/store/worker_process.h"

namespace bitfrontier {
namespace {

using test::WorkerProcess;

constexpr int kRounds = 100;

class Campaign {
 public:
  Campaign(std::filesystem::path folder, unsigned seed)
      : folder_(std::move(folder)), file_(folder_ / "runs.bfdb"), random_(seed) {}

  void round(int number) {
    if (!session_) start(session_, "session" + std::to_string(number));
    // Every second round somebody is killed once it has stored some runs. 0: the session.
    const int victim = number % 2 == 1 ? some(0, 4) % 3 : -1;
    std::unique_ptr<WorkerProcess> writers[2], readers[2];
    for (int w = 0; w < 2; ++w) {
      const std::string name = "w" + std::to_string(w) + "-" + std::to_string(number);
      const int count = victim == w + 1 ? 100'000 : some(2, 8);
      writers[w] = std::make_unique<WorkerProcess>(
          folder_ / name, std::vector<std::string>{"write", file_, name, std::to_string(count)});
    }
    for (int r = 0; r < 2; ++r) {
      readers[r] = std::make_unique<WorkerProcess>(
          folder_ / ("r" + std::to_string(r) + "-" + std::to_string(number)),
          std::vector<std::string>{"read", file_});
    }
    if (victim >= 0) kill(victim == 0 ? *session_ : *writers[victim - 1]);
    for (int w = 0; w < 2; ++w) end(*writers[w], victim == w + 1);
    for (const auto& reader : readers) {
      // In the first round it may come before the store is made.
      if (reader->wait() != 0 && number > 0) ADD_FAILURE() << "reader: " << reader->err();
    }
    if (victim == 0 || some(0, 4) == 0) stopSession(victim == 0);
    check();
  }

  void finish() {
    if (session_) stopSession(false);
    // The last writer leaves one file.
    { RunStore::open(file_); }
    check();
    for (const char* more : {"-wal", "-shm", "-journal"}) {
      EXPECT_FALSE(std::filesystem::exists(file_.string() + more)) << more;
    }
  }

  std::size_t stored() const { return stored_.size(); }

 private:
  int some(int low, int high) { return std::uniform_int_distribution<int>(low, high)(random_); }

  void start(std::unique_ptr<WorkerProcess>& process, const std::string& name) {
    process = std::make_unique<WorkerProcess>(folder_ / name,
                                              std::vector<std::string>{"session", file_, name});
  }

  void kill(WorkerProcess& process) {
    const auto enough = process.lines().size() + static_cast<std::size_t>(some(0, 5));
    while (process.running() && process.lines().size() < enough) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    std::this_thread::sleep_for(std::chrono::microseconds(some(0, 4000)));
    process.signal(SIGKILL);
  }

  void end(WorkerProcess& process, bool killed) {
    EXPECT_EQ(process.wait(), killed ? -SIGKILL : 0) << process.err();
    for (const std::string& key : process.lines()) stored_.insert(key);
  }

  void stopSession(bool killed) {
    while (session_->running() && session_->lines().empty()) {  // not yet at work
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    session_->signal(SIGTERM);
    end(*session_, killed);
    session_.reset();
  }

  void check() {
    SQLite::Database database(file_.string(), SQLite::OPEN_READWRITE, 20'000);
    EXPECT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
    std::set<std::string> there;
    SQLite::Statement keys(database, "SELECT key FROM runs WHERE status = 'done'");
    while (keys.executeStep()) there.insert(keys.getColumn(0).getString());
    std::size_t missing = 0;
    for (const std::string& key : stored_) missing += there.contains(key) ? 0 : 1;
    EXPECT_EQ(missing, 0u) << "of " << stored_.size() << " stored runs are missing";
  }

  std::filesystem::path folder_, file_;
  std::mt19937 random_;
  std::unique_ptr<WorkerProcess> session_;
  std::set<std::string> stored_;
};

class CampaignTest : public StoreTest {
 protected:
  void SetUp() override {
    StoreTest::SetUp();
    // Locks and kills are the same everywhere; only a disk would be waited for.
    const std::filesystem::path memory = "/dev/shm";
    if (::access(memory.c_str(), W_OK) != 0) return;
    std::filesystem::remove_all(folder_);
    folder_ = memory / folder_.filename();
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
};

TEST_F(CampaignTest, ManyProcessesAndKillsLoseNothing) {
  Campaign campaign(folder_, 14);
  for (int round = 0; round < kRounds; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    ASSERT_NO_THROW(campaign.round(round));
    if (HasFailure()) return;
  }
  campaign.finish();
  EXPECT_GT(campaign.stored(), std::size_t{3 * kRounds});
}

TEST_F(CampaignTest, AStoreWhoseMakerIsKilledIsMadeByTheNext) {
  std::mt19937 random(15);
  for (int round = 0; round < 40; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const auto file = folder_ / (std::to_string(round) + ".bfdb");
    const std::string log = file.string();
    WorkerProcess first(log + "-1", {"write", file, "a", "100000"});
    WorkerProcess second(log + "-2", {"write", file, "b", "100000"});
    while (!std::filesystem::exists(file)) std::this_thread::yield();
    std::this_thread::sleep_for(
        std::chrono::microseconds(std::uniform_int_distribution<int>(0, 3000)(random)));
    first.signal(SIGKILL);
    EXPECT_EQ(first.wait(), -SIGKILL);
    second.signal(SIGKILL);
    EXPECT_EQ(second.wait(), -SIGKILL) << second.err();
    WorkerProcess third(log + "-3", {"write", file, "c", "2"});
    ASSERT_EQ(third.wait(), 0) << third.err();
    const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
    for (const WorkerProcess* process : {&first, &second, &third}) {
      for (const std::string& key : process->lines()) EXPECT_TRUE(store.hasDone(key)) << key;
    }
  }
}

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
// Servers, lines and disks that fail, and what a download then leaves.
#include <sys/resource.h>

#include <csignal>

#include "core/hub/model_name.h"
#include "tests/core/hub/fetch_fixture.h"

namespace bitfrontier {
namespace {

TEST_F(FetchTest, CutConnectionsAreResumed) {
  EXPECT_EQ(readFile(fetch("cut") / "model.safetensors"), weights());
  const nlohmann::json log = requests("cut");
  EXPECT_EQ(count(log, "range", "bytes=100000-"), 2U);  // asked of the hub, then of the storage
  EXPECT_EQ(count(log, "range", "bytes=200000-"), 2U);
  // Without any progress the tries are counted, and what is there is kept.
  fs::remove_all(dir_);
  fs::create_directories(partial().parent_path());
  writeFileAtomic(partial(), weights().substr(0, 5000));
  expectError(ErrorKind::Io, {"model.safetensors"}, [&] { fetch("cut-dead"); });
  EXPECT_EQ(count(requests("cut-dead"), "range", "bytes=5000-"), 8U);
  EXPECT_EQ(fs::file_size(partial()), 5000U);
  EXPECT_EQ(readFile(fetch("plain") / "model.safetensors"), weights());
}

TEST_F(FetchTest, PassingFaultsAreRetried) {
  for (const char* scenario : {"unavailable", "busy", "timeout"}) {
    fs::remove_all(dir_);
    HubSettings patient = settings(scenario);
    patient.retries = 5;  // of a blob's address and its storage together
    EXPECT_EQ(readFile(fetch(patient, "org/tiny") / "model.safetensors"), weights()) << scenario;
    EXPECT_GE(requests(scenario).size(), 10U);
  }
  std::vector<std::string> messages;
  JobContext job;
  job.report = [&](const Progress& p) {
    if (p.total == 0) messages.push_back(p.stage);
  };
  HubSettings s = settings("unavailable");
  s.retries = 1;
  expectError(ErrorKind::Io, {"HTTP 503", "come back later"}, [&] { fetch(s, "org/parts", job); });
  ASSERT_EQ(messages.size(), 1U);
  EXPECT_THAT(messages[0], HasSubstr("HTTP 503, trying again in"));
  // Nobody waits for an hour.
  expectError(ErrorKind::Io, {"HTTP 429"}, [&] { fetch("busy-long"); });
  EXPECT_EQ(requests("busy-long").size(), 1U);
}

TEST_F(FetchTest, DeadAndSilentServers) {
  HubSettings s = settings("plain");
  s.endpoint = "http://127.0.0.1:1";
  s.retries = 1;
  expectError(ErrorKind::Io, {"127.0.0.1"}, [&] { fetch(s, "org/tiny"); });
  s = settings("silent");
  s.timeout = std::chrono::seconds(4);  // enough for the answers before it on a busy machine
  s.retries = 0;
  expectError(ErrorKind::Io, {"model.safetensors"}, [&] { fetch(s, "org/tiny"); });
  expectError(ErrorKind::Io, {"redirects more than 10 times"}, [&] { fetch("loop"); });
  expectError(ErrorKind::Format, {"not valid JSON"}, [&] { fetch("garbage"); });
  // Of a page without end the beginning is read.
  s = settings("endless-error");
  s.retries = 1;
  expectError(ErrorKind::Io, {"model.safetensors", "HTTP 503"}, [&] { fetch(s, "org/tiny"); });
  EXPECT_EQ(count(requests("endless-error"), "server", "storage"), 2U);
}

TEST_F(FetchTest, ContentIsCompared) {
  const auto bad = ErrorKind::Format;
  expectError(
      bad,
      {"model.safetensors", "300000 bytes received have the hash", "not " + sha256Hex(weights())},
      [&] { fetch("bad-hash"); });
  EXPECT_FALSE(fs::exists(partial())) << "what is wrong is not kept";
  EXPECT_THROW(resolveModel("org/tiny", settings("plain")), Error);
  expectError(bad, {"sends more than the 299000 bytes"}, [&] { fetch("small-list"); });
  expectError(bad, {"states the size 300000, its list of files 301000"},
              [&] { fetch("big-list"); });
  expectError(bad, {"states the size 300005, its list of files 300000"},
              [&] { fetch("bad-length"); });
  expectError(bad, {"sends more than the 300000 bytes"}, [&] { fetch("endless"); });
  // With all blobs there nothing but the list is asked for, so that nothing can name a commit.
  fs::remove_all(dir_);
  expectError(bad, {"config.json", "states the commit ffff"}, [&] { fetch("moved"); });
}

TEST_F(FetchTest, WhatAnEarlierDownloadLeftIsContinued) {
  const auto leave = [&](const std::string& bytes) {
    fs::remove_all(dir_);
    fs::create_directories(partial().parent_path());
    writeFileAtomic(partial(), bytes);
  };
  const auto good = [&](const std::string& scenario) {
    EXPECT_EQ(readFile(fetch(scenario) / "model.safetensors"), weights()) << scenario;
    EXPECT_FALSE(fs::exists(partial()));
  };
  leave(weights().substr(0, 123'456));
  good("plain");
  EXPECT_EQ(count(requests("plain"), "range", "bytes=123456-"), 2U);
  leave(weights());  // only the rename was missing
  const std::size_t before = requests("plain").size();
  good("plain");
  EXPECT_EQ(requests("plain").size(), before + 4);  // the list and three small files
  leave(std::string(1000, 'x'));                    // not the start of this file
  good("plain");
  leave(weights() + "more");
  good("plain");
  leave(weights().substr(0, 1000));
  good("no-range");
  leave(weights().substr(0, 1000));
  good("no-such-range");
  leave(weights().substr(0, 1000));
  expectError(ErrorKind::Format, {"asked for the bytes from 1000, got 'bytes 1007-"},
              [&] { fetch("wrong-range"); });
  expectError(ErrorKind::Format, {"states the size 300009, its list of files 300000"},
              [&] { fetch("wrong-total"); });
  EXPECT_EQ(fs::file_size(partial()), 1000U);
}

TEST_F(FetchTest, DiskIsCheckedBefore) {
  HttpClient http(settings("plain"));
  const FetchPlan plan = planFetch(http, modelOf("org/huge"), {});
  expectError(ErrorKind::Io, {"1152921504.61 GB are to be downloaded", "GB free"},
              [&] { checkSpace({plan}, HubCache(dir_)); });
  EXPECT_NO_THROW(checkSpace({planFetch(http, modelOf("org/tiny"), {})}, HubCache(dir_)));
}

TEST_F(FetchTest, SizesBeyondCountingAreTooLarge) {
  const HubFile file{"x.bin", std::uint64_t{3} << 62, true, std::string(40, '0')};
  const FetchPlan plan{modelOf("org/huge"), kCommit, {{file, 0, false}, {file, 0, false}}};
  EXPECT_EQ(plan.totalBytes(), UINT64_MAX);
  EXPECT_EQ(plan.missingBytes(), UINT64_MAX);
  expectError(ErrorKind::Io, {"are to be downloaded"}, [&] {
    checkSpace({plan, plan}, HubCache(dir_));
  });
}

// The same errors as those of a disk without room.
TEST_F(FetchTest, FailedWritesKeepWhatIsThere) {
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  rlimit small = before;
  small.rlim_cur = 100'000;
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  expectError(ErrorKind::Io, {"cannot write", ".incomplete", "File too large"},
              [&] { fetch("plain"); });
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &before), 0);
  std::signal(SIGXFSZ, handler);
  EXPECT_EQ(fs::file_size(partial()), 100'000U);
  EXPECT_THROW(resolveModel("org/tiny", settings("plain")), Error);
  const std::size_t asked = count(requests("plain"), "range", "bytes=100000-");
  EXPECT_EQ(readFile(fetch("plain") / "model.safetensors"), weights());
  EXPECT_EQ(count(requests("plain"), "range", "bytes=100000-"), asked + 2);
}

TEST_F(FetchTest, CancelKeepsWhatIsThere) {
  std::stop_source source;
  JobContext job;
  job.stop = source.get_token();
  job.report = [&](const Progress& p) {
    if (p.done > 100'000) source.request_stop();
  };
  expectError(ErrorKind::Cancelled, {"cancelled"},
              [&] { fetch(settings("stalls"), "org/tiny", job); });
  const auto kept = fs::file_size(partial());
  EXPECT_GE(kept, 90'000U);
  EXPECT_LE(kept, 120'000U);
  EXPECT_THROW(resolveModel("org/tiny", settings("plain")), Error);
  EXPECT_EQ(readFile(fetch("plain") / "model.safetensors"), weights());
  EXPECT_GE(count(requests("plain"), "range", "bytes=" + std::to_string(kept) + "-"), 1U);
}

}  // namespace
}  // namespace bitfrontier

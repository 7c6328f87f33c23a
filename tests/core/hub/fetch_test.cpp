// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/hub/hub_fetch.h"
#include "tests/support/hub_server.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";

class FetchTest : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    // A proxy of the machine that runs the tests has no part in them.
    ::setenv("no_proxy", "127.0.0.1,localhost", 1);
    server_ = new test::HubServer();
  }
  static void TearDownTestSuite() { delete server_; }

  void SetUp() override {
    dir_ = fs::path(testing::TempDir()) /
           (std::string("fetch_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(dir_);
  }
  void TearDown() override { fs::remove_all(dir_); }

  HubSettings settings(const std::string& scenario) const {
    HubSettings s;
    s.cache = dir_;
    s.endpoint = server_->endpoint(scenario);
    s.timeout = std::chrono::seconds(5);
    s.retries = 3;
    s.firstPause = std::chrono::milliseconds(1);
    return s;
  }
  static HubModel modelOf(const std::string& text) { return *parseHubModel(text); }
  static fs::path fetch(const HubSettings& s, const std::string& model, JobContext job = {}) {
    HttpClient http(s);
    return fetchModel(http, planFetch(http, modelOf(model), job), job);
  }
  fs::path fetch(const std::string& scenario, const std::string& model = "org/tiny") const {
    return fetch(settings(scenario), model);
  }
  static void expectError(ErrorKind kind, const std::vector<std::string>& parts,
                          const std::function<void()>& call) {
    try {
      call();
      ADD_FAILURE() << "no error with '" << parts[0] << "'";
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), kind) << e.what();
      for (const std::string& part : parts) EXPECT_THAT(e.what(), HasSubstr(part));
    }
  }
  /// What the server was asked for, of a scenario.
  nlohmann::json requests(const std::string& scenario) const {
    HttpClient http(settings(scenario));
    return nlohmann::json::parse(
        http.get(server_->endpoint(scenario) + "/_log", std::size_t{1} << 24, {}).body);
  }
  static std::size_t count(const nlohmann::json& log, const std::string& key,
                           const std::string& value) {
    std::size_t n = 0;
    for (const auto& entry : log) n += entry.at(key).get<std::string>() == value ? 1U : 0U;
    return n;
  }
  static std::vector<std::string> names(const fs::path& directory) {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(directory)) {
      all.push_back(entry.path().filename().string());
    }
    std::sort(all.begin(), all.end());
    return all;
  }
  /// SHA-256 of org/tiny's weights; computed from their definition in hub_server.py.
  static std::string weights() {
    std::string content;
    std::string block = "safetensors";
    while (content.size() < 300'000) {
      const std::string hex = sha256Hex(block);
      block.clear();
      for (std::size_t i = 0; i < hex.size(); i += 2) {
        block += static_cast<char>(std::stoi(hex.substr(i, 2), nullptr, 16));
      }
      content += block;
    }
    content.resize(300'000);
    return content;
  }
  fs::path partial() const {
    return dir_ / "models--org--tiny" / "blobs" / (sha256Hex(weights()) + ".incomplete");
  }

  static test::HubServer* server_;
  fs::path dir_;
};
test::HubServer* FetchTest::server_ = nullptr;

TEST_F(FetchTest, LayoutIsThatOfTheHubsCache) {
  const fs::path snapshot = fetch("plain");
  const fs::path repo = dir_ / "models--org--tiny";
  EXPECT_EQ(snapshot, repo / "snapshots" / kCommit);
  EXPECT_EQ(readFile(repo / "refs" / "main"), kCommit);
  // Only what is read, and of two formats of weights the first.
  EXPECT_THAT(names(snapshot),
              ElementsAre("config.json", "model.safetensors", "tokenizer.json", "vocab.json"));
  EXPECT_EQ(readFile(snapshot / "model.safetensors"), weights());
  EXPECT_EQ(fs::read_symlink(snapshot / "model.safetensors").string(),
            "../../blobs/" + sha256Hex(weights()));
  // `git hash-object` of an empty JSON object.
  EXPECT_EQ(fs::read_symlink(snapshot / "vocab.json").string(),
            "../../blobs/9e26dfeeb6e641a33dae4961196235bdb965b21b");
  EXPECT_EQ(names(repo / "blobs").size(), 4U);
  EXPECT_EQ(resolveModel("org/tiny", settings("plain")), snapshot);
  // Nothing but the list is asked for again, and a lost link is made anew.
  fs::remove(snapshot / "vocab.json");
  const std::size_t before = requests("plain").size();
  EXPECT_EQ(fetch("plain"), snapshot);
  EXPECT_EQ(requests("plain").size(), before + 1);
  EXPECT_EQ(readFile(snapshot / "vocab.json"), "{}");
}

TEST_F(FetchTest, PartsAndRevisions) {
  const fs::path snapshot = fetch("plain", "org/parts@refs/pr/1");
  EXPECT_THAT(names(snapshot),
              ElementsAre("config.json", "merges.txt", "pytorch_model.bin.index.json",
                          "pytorch_model_00001-of-00002.bin", "pytorch_model_00002-of-00002.bin"));
  EXPECT_EQ(readFile(dir_ / "models--org--parts" / "refs" / "refs" / "pr" / "1"), kCommit);
  EXPECT_EQ(resolveModel("org/parts@refs/pr/1", settings("plain")), snapshot);
  EXPECT_EQ(modelName(snapshot), "parts@refs/pr/1");
  EXPECT_EQ(fetch("plain", "org/parts@" + kCommit), snapshot);
  EXPECT_FALSE(fs::exists(dir_ / "models--org--parts" / "refs" / kCommit));
  // The old name of a repository, which the hub redirects.
  EXPECT_EQ(readFile(fetch("plain", "old-tiny") / "model.safetensors"), weights());
  EXPECT_TRUE(fs::exists(dir_ / "models--old-tiny" / "refs" / "main"));
}

TEST_F(FetchTest, PlanTellsWhatIsThere) {
  HttpClient http(settings("plain"));
  const auto plan = [&] { return planFetch(http, modelOf("org/tiny"), {}); };
  const FetchPlan fresh = plan();
  EXPECT_EQ(fresh.commit, kCommit);
  EXPECT_EQ(fresh.totalBytes(), 300'000U + 3000 + 23 + 2);
  EXPECT_EQ(fresh.missingBytes(), fresh.totalBytes());
  EXPECT_FALSE(fs::exists(dir_)) << "a plan writes nothing";
  fs::create_directories(partial().parent_path());
  writeFileAtomic(partial(), weights().substr(0, 1234));
  EXPECT_EQ(plan().missingBytes(), fresh.totalBytes() - 1234);
  fetchModel(http, plan(), {});
  EXPECT_EQ(plan().missingBytes(), 0U);
}

TEST_F(FetchTest, TokenGoesToTheHubOnly) {
  HubSettings s = settings("plain");
  expectError(ErrorKind::NotFound, {"org/private", "no token is set"},
              [&] { fetch(s, "org/private"); });
  expectError(ErrorKind::Unsupported, {"org/gated is gated", "terms", "no token is set"},
              [&] { fetch(s, "org/gated"); });
  s.token = "hf_wrong";
  expectError(ErrorKind::NotFound, {"for the token that is set"}, [&] { fetch(s, "org/private"); });
  s.token = "hf_secret";
  const std::size_t before = requests("plain").size();
  EXPECT_EQ(fs::file_size(fetch(s, "org/private") / "model.safetensors"), 60'000U);
  fetch(s, "org/gated");
  // The storage answers 400 when a token comes along; here it is seen that the hub got it.
  const nlohmann::json log = requests("plain");
  std::size_t storage = 0;
  for (std::size_t i = before; i < log.size(); ++i) {
    const bool hub = log[i].at("server") == "hub";
    storage += hub ? 0U : 1U;
    EXPECT_EQ(log[i].at("authorization"), hub ? "Bearer hf_secret" : "");
    EXPECT_EQ(log[i].at("encoding"), "identity");
  }
  EXPECT_EQ(storage, 2U);
}

TEST_F(FetchTest, UnknownThingsAreNamed) {
  const auto missing = ErrorKind::NotFound;
  expectError(missing, {"no model org/none"}, [&] { fetch("plain", "org/none"); });
  expectError(missing, {"org/tiny has no revision v9"}, [&] { fetch("plain", "org/tiny@v9"); });
  expectError(missing, {"org/weightless has no weights"},
              [&] { fetch("plain", "org/weightless"); });
  expectError(missing, {"org/lacking has no model-00002-of-00002.safetensors"},
              [&] { fetch("plain", "org/lacking"); });
  HubSettings s = settings("plain");
  s.offline = true;
  expectError(ErrorKind::Unsupported, {"HF_HUB_OFFLINE"}, [&] { fetch(s, "org/tiny"); });
  EXPECT_FALSE(fs::exists(dir_ / "models--org--tiny"));
}

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
  s.timeout = std::chrono::seconds(1);
  s.retries = 0;
  expectError(ErrorKind::Io, {"model.safetensors"}, [&] { fetch(s, "org/tiny"); });
  expectError(ErrorKind::Io, {"redirects more than 10 times"}, [&] { fetch("loop"); });
  expectError(ErrorKind::Format, {"not valid JSON"}, [&] { fetch("garbage"); });
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
}

TEST_F(FetchTest, MirrorsWithoutDetails) {
  const fs::path snapshot = fetch("no-list");
  EXPECT_EQ(readFile(snapshot / "model.safetensors"), weights());
  EXPECT_EQ(fs::read_symlink(snapshot / "model.safetensors").filename().string(),
            sha256Hex(weights()));
  EXPECT_EQ(count(requests("no-list"), "method", "HEAD"), 4U);
  expectError(ErrorKind::Format, {"states no size or no hash"}, [&] { fetch("no-hash"); });
}

TEST_F(FetchTest, NamesCannotLeaveTheFolder) {
  EXPECT_THAT(names(fetch("evil")),
              ElementsAre("config.json", "model.safetensors", "tokenizer.json", "vocab.json"));
  expectError(ErrorKind::Format, {"config.json is there twice"}, [&] { fetch("twice"); });
}

TEST_F(FetchTest, DiskIsCheckedBefore) {
  HttpClient http(settings("plain"));
  const FetchPlan plan = planFetch(http, modelOf("org/huge"), {});
  expectError(ErrorKind::Io, {"1152921504.61 GB are to be downloaded", "GB free"},
              [&] { checkSpace({plan}, HubCache(dir_)); });
  EXPECT_NO_THROW(checkSpace({planFetch(http, modelOf("org/tiny"), {})}, HubCache(dir_)));
}

TEST_F(FetchTest, CancelKeepsWhatIsThere) {
  std::stop_source source;
  JobContext job;
  job.stop = source.get_token();
  job.report = [&](const Progress& p) {
    if (p.done > 100'000) source.request_stop();
  };
  expectError(ErrorKind::Cancelled, {"cancelled"},
              [&] { fetch(settings("slow"), "org/tiny", job); });
  const auto kept = fs::file_size(partial());
  EXPECT_GE(kept, 90'000U);
  EXPECT_LT(kept, 300'000U);
  EXPECT_THROW(resolveModel("org/tiny", settings("plain")), Error);
  EXPECT_EQ(readFile(fetch("plain") / "model.safetensors"), weights());
  EXPECT_GE(count(requests("plain"), "range", "bytes=" + std::to_string(kept) + "-"), 1U);
}

TEST_F(FetchTest, TwoAtOnceDownloadOnce) {
  std::vector<std::jthread> threads;
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      EXPECT_EQ(readFile(fetch("slow", "org/parts") / "pytorch_model_00002-of-00002.bin").size(),
                70'000U);
    });
  }
  threads.clear();
  std::size_t downloads = 0;
  for (const auto& entry : requests("slow")) {
    const std::string path = entry.at("path");
    downloads +=
        entry.at("server") == "storage" && path.find("00002-of") != std::string::npos ? 1U : 0U;
  }
  EXPECT_EQ(downloads, 1U);
}

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include <thread>

#include "core/hub/model_name.h"
#include "tests/core/hub/fetch_fixture.h"

namespace bitfrontier {
namespace {

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

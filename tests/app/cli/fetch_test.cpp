// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/base/resources.h"
#include "tests/app/cli/process.h"
#include "tests/core/sweep/tiny_model.h"
#include "tests/support/hub_server.h"

namespace bitfrontier {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;

class FetchCommand : public ::testing::Test {
 protected:
  FetchCommand()
      : dir_("fetch-cli"),
        server_({"me/pocket-neox=" + (resourceDir() / "pocket" / "pocket-neox-1").string()}) {
    use("plain");
    ::setenv("HF_HOME", dir_.path().c_str(), 1);
    ::setenv("no_proxy", "127.0.0.1", 1);
    for (const char* name : {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN", "HF_HUB_OFFLINE",
                             "TRANSFORMERS_OFFLINE"}) {
      ::unsetenv(name);
    }
  }
  void use(const std::string& scenario) const {
    ::setenv("HF_ENDPOINT", server_.endpoint(scenario).c_str(), 1);
  }
  struct Result {
    int code;
    std::string out;
    std::string err;
  };
  Result run(std::vector<std::string> arguments) {
    test::CliProcess process(dir_.path(), std::move(arguments));
    const int code = process.wait();
    return {code, process.out(), process.err()};
  }

  test::TempDir dir_;
  test::HubServer server_;
};

TEST_F(FetchCommand, FetchedModelsAreModels) {
  const Result dry = run({"fetch", "me/pocket-neox", "--dry-run", "--json"});
  ASSERT_EQ(dry.code, 0) << dry.err;
  const auto plan = nlohmann::json::parse(dry.out).at(0);
  EXPECT_EQ(plan.at("bytes"), plan.at("missing_bytes"));
  EXPECT_GT(plan.at("bytes").get<int>(), 100'000);
  EXPECT_FALSE(std::filesystem::exists(dir_.path() / "hub"));
  const Result missing = run({"eval", "--model", "me/pocket-neox", "--suite", "pocket"});
  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.err, HasSubstr("bitfrontier fetch me/pocket-neox"));

  const Result fetched = run({"fetch", "me/pocket-neox"});
  ASSERT_EQ(fetched.code, 0) << fetched.err;
  EXPECT_THAT(fetched.out, EndsWith("/hub/models--me--pocket-neox/snapshots/"
                                    "0123456789abcdef0123456789abcdef01234567\n"));
  const Result evaluated = run({"eval", "--model", "me/pocket-neox", "--suite", "pocket", "--items",
                                "4", "--device", "cpu", "--json"});
  EXPECT_EQ(evaluated.code, 0) << evaluated.err;
  const std::string packed = (dir_.path() / "packed").string();
  const Result quantized =
      run({"quantize", "--model", "me/pocket-neox", "--config", "int4-b64", "--out", packed});
  EXPECT_EQ(quantized.code, 0) << quantized.err;
  EXPECT_TRUE(std::filesystem::exists(packed + "/config.json"));
  const std::string store = (dir_.path() / "runs.bfdb").string();
  const Result swept =
      run({"sweep", "--models", "me/pocket-neox", "--suite", "pocket", "--configs", "int4-b64",
           "--items", "4", "--device", "cpu", "--store", store, "--quiet"});
  EXPECT_EQ(swept.code, 0) << swept.err;
  EXPECT_THAT(run({"runs", store, "--csv"}).out, HasSubstr(",pocket-neox,"));
}

TEST_F(FetchCommand, FamiliesShowTheirNeeds) {
  const Result table = run({"fetch", "--family", "pythia", "--up-to", "1b", "--dry-run"});
  EXPECT_EQ(table.code, 0) << table.err;
  for (const char* part : {"EleutherAI/pythia-70m", "70.4M", "166 MB", "282 MB", "141 MB",
                           "EleutherAI/pythia-1b", "6 models"}) {
    EXPECT_THAT(table.out, HasSubstr(part));
  }
  EXPECT_EQ(table.out.find("1.4b"), std::string::npos);
  const Result json = run({"fetch", "--family", "opt", "--dry-run", "--json"});
  EXPECT_EQ(nlohmann::json::parse(json.out).at("models").size(), 8U);
  EXPECT_EQ(run({"fetch", "--family", "llama", "--dry-run"}).code, 2);
  const Result family = run({"fetch", "pythia"});
  EXPECT_EQ(family.code, 2);
  EXPECT_THAT(family.err, HasSubstr("bitfrontier fetch --family pythia"));
  EXPECT_EQ(run({"fetch", "--family", "opt", "--up-to", "big", "--dry-run"}).code, 2);
  EXPECT_EQ(run({"fetch"}).code, 2);
  EXPECT_EQ(run({"fetch", "../etc"}).code, 2);
}

TEST_F(FetchCommand, InterruptKeepsThePart) {
  use("stalls");
  test::CliProcess process(dir_.path(), {"fetch", "org/tiny"});
  const auto blobs = dir_.path() / "hub" / "models--org--tiny" / "blobs";
  const auto partial = [&]() -> std::uintmax_t {
    std::error_code code;
    for (const auto& entry : std::filesystem::directory_iterator(blobs, code)) {
      if (entry.path().extension() == ".incomplete") return entry.file_size(code);
    }
    return 0;
  };
  while (process.running() && partial() < 40'000) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  process.signal(SIGINT);
  EXPECT_EQ(process.wait(), 130) << process.err();
  EXPECT_GE(partial(), 40'000U);
  use("plain");
  const Result again = run({"fetch", "org/tiny"});
  EXPECT_EQ(again.code, 0) << again.err;
}

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/hub/hub_fetch.h"
#include "tests/support/hub_server.h"

namespace bitfrontier {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

inline const std::string kCommit = "0123456789abcdef0123456789abcdef01234567";

/// A cache of its own, and a server for all tests of the program.
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
    s.timeout = std::chrono::seconds(60);  // a busy machine is no fault
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

  inline static test::HubServer* server_ = nullptr;
  fs::path dir_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/store/run_record.h"

namespace bitfrontier {

/// A folder of its own for each test, removed afterwards.
class StoreTest : public testing::Test {
 protected:
  void SetUp() override {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    folder_ = std::filesystem::temp_directory_path() /
              ("bf_store_" + std::string(test->name()) + "_" + std::to_string(::getpid()));
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
};

/// A finished run in which every field has a value that no default has.
inline RunRecord sampleRun(const std::string& key = "cell-1") {
  RunRecord run;
  run.key = key;
  run.model = "pocket-neox-3";
  run.family = "pocket-neox";
  run.modelPath = "models/pocket-neox-3";
  run.modelHash = "0f1e2d";
  run.parameters = 123456;
  run.linearParameters = 98304;
  run.config = "int4-b64";
  run.dataType = "int";
  run.bits = 4;
  run.blockSize = 64;
  run.method = "rtn2";
  run.calibration = "pocket text 9f8e";
  run.bitsPerParameter = 4.25;
  run.modelBits = {417792.0, 524688.1, 820224.7};
  run.result.task = "pocket_piqa";
  run.result.taskHash = "abc123";
  run.result.items = 3;
  run.result.itemLimit = 200;
  run.result.chance = 0.5;
  run.result.accuracy = 2.0 / 3;
  run.result.accuracySe = 0.1 + 0.2;  // not a short decimal
  run.result.accuracyNorm = 0.625;
  run.result.crossEntropy = 3.25;
  run.result.crossEntropySe = 1e-300;
  run.result.bitsPerByte = std::nextafter(1.5, 2.0);
  run.result.accuracyNormSe = 0.2795;
  run.result.accuracyBytes = 0.375;
  run.result.accuracyBytesSe = 0.2796;
  run.result.perplexity = 12.5;
  run.result.perplexitySe = 0.75;
  run.result.wordPerplexity = 98.25;
  run.result.bytePerplexity = 2.828125;
  run.result.bosProfile = "addbos";
  run.result.maxLength = 48;
  run.result.correct = {1, 0, 1};
  run.result.logLikelihood = {-1.5, -0.0, std::numeric_limits<double>::quiet_NaN()};
  run.result.seconds = 0.125;
  run.evaluatorVersion = "7";
  run.device = "cuda:0";
  run.createdAt = "2024-02-29T12:00:00Z";
  run.seconds = 1.75;
  run.status = RunStatus::Done;
  run.error = "nothing \"wrong\",\nreally";
  run.source = "a citation; with ünicode";
  return run;
}

/// The kind of Error that the call throws, and its text in `message`.
template <typename F>
ErrorKind errorOf(F&& call, std::string& message) {
  try {
    call();
  } catch (const Error& e) {
    message = e.what();
    return e.kind();
  }
  ADD_FAILURE() << "no Error was thrown";
  return ErrorKind::Cancelled;
}

}  // namespace bitfrontier

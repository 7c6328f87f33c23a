// SPDX-License-Identifier: GPL-3.0-or-later
// Logits of every reference checkpoint, in every container that can be opened, against those of the
// transformers package.
#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <string>

#include "core/base/error.h"
#include "core/checkpoint/checkpoint.h"
#include "core/model/causal_lm.h"
#include "tests/support/npy.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

class ReferenceLogits : public ::testing::TestWithParam<const char*> {
 protected:
  void SetUp() override {
    at::set_num_threads(1);  // threads that meet after every small operation only wait
    const char* cases = std::getenv("BITFRONTIER_CASES");
    dir_ = fs::path(cases ? cases : "../shared/cases") / "models" / GetParam();
    if (!fs::exists(dir_)) GTEST_SKIP() << "reference cases are not there (BITFRONTIER_CASES)";
  }

  /// Containers in which the checkpoint is there and which this build reads.
  std::vector<std::string> containers() const {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(dir_)) {
      if (!fs::exists(entry.path() / "config.json")) continue;
      try {
        Checkpoint::open(entry.path());
        found.push_back(entry.path().filename().string());
      } catch (const Error& error) {
        EXPECT_EQ(error.kind(), ErrorKind::Unsupported) << error.what();
      }
    }
    return found;
  }

  /// Largest difference from ref/<logits>; the file holds all rows or the last ones.
  double difference(const CausalLm& model, const std::string& ids, const std::string& logits) {
    c10::NoGradGuard guard;
    const auto prompt = test::readNpy<std::int64_t>(dir_ / "ref" / (ids + ".npy"), "<i8");
    const auto expected = test::readNpy<float>(dir_ / "ref" / (logits + ".npy"), "<f4");
    at::Tensor tokens = at::empty({1, static_cast<std::int64_t>(prompt.values.size())}, at::kLong);
    std::copy(prompt.values.begin(), prompt.values.end(), tokens.mutable_data_ptr<std::int64_t>());
    const at::Tensor got = model.logits(model.hidden(tokens))[0];
    const auto rows = static_cast<std::int64_t>(expected.shape[0]);
    at::Tensor want = at::empty({rows, got.size(1)}, at::kFloat);
    EXPECT_EQ(static_cast<std::size_t>(want.numel()), expected.values.size());
    std::copy(expected.values.begin(), expected.values.end(), want.mutable_data_ptr<float>());
    return (got.narrow(0, got.size(0) - rows, rows) - want).abs().max().item<double>();
  }

  fs::path dir_;
};

TEST_P(ReferenceLogits, AgreeInEveryContainer) {
  const std::vector<std::string> found = containers();
  EXPECT_GE(found.size(), 2U);
  for (const std::string& container : found) {
    SCOPED_TRACE(container);
    for (const WeightMemory memory : {WeightMemory::Widened, WeightMemory::Mapped}) {
      const CausalLm model = CausalLm::load(dir_ / container, DeviceId(), memory);
      if (container == "hub" && fs::exists(dir_ / "ref" / "logits_hub_fp32compute.npy")) {
        EXPECT_LE(difference(model, "ids_hub", "logits_hub_fp32compute"), 5e-5);
        continue;
      }
      for (int prompt = 0; prompt < 6; ++prompt) {
        const std::string number = std::to_string(prompt);
        EXPECT_LE(difference(model, "ids_" + number, "logits_" + number), 5e-5) << prompt;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Families, ReferenceLogits,
                         ::testing::Values("gpt2", "opt-pre", "opt-post-proj", "neox-par",
                                           "bloom-8h"),
                         [](const auto& family) {
                           std::string name = family.param;
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_family.h"

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <numeric>

#include "core/base/error.h"
#include "core/base/resources.h"
#include "core/hub/hub_model.h"
#include "core/model/architecture.h"

namespace bitfrontier {
namespace {

std::vector<HubFamily> shipped() {
  return readHubFamilies(resourceDir() / "hub" / "families.json");
}

TEST(HubFamilies, ShapesGiveTheParameters) {
  std::size_t models = 0;
  for (const HubFamily& family : shipped()) {
    double last = 0;
    for (const HubFamilyModel& model : family.models) {
      ++models;
      std::int64_t sum = 0;
      for (const TensorSlot& slot : tensorSlots(readModelConfig(model.config, model.repo))) {
        sum += std::accumulate(slot.shape.begin(), slot.shape.end(), std::int64_t{1},
                               std::multiplies<>());
      }
      EXPECT_EQ(sum, model.parameters) << model.repo;
      EXPECT_TRUE(parseHubModel(model.repo)) << model.repo;
      EXPECT_GT(model.nominalSize, last) << model.repo << " comes in order of size";
      last = model.nominalSize;
    }
  }
  EXPECT_EQ(models, 35U);
}

// As the models' authors state them.
TEST(HubFamilies, ParametersAreThePublishedOnes) {
  std::map<std::string, std::int64_t> counts;
  for (const HubFamily& family : shipped()) {
    for (const HubFamilyModel& model : family.models) counts[model.repo] = model.parameters;
  }
  const std::map<std::string, std::int64_t> published = {
      {"openai-community/gpt2", 124'439'808},    {"openai-community/gpt2-xl", 1'557'611'200},
      {"facebook/opt-350m", 331'196'416},        {"facebook/opt-6.7b", 6'658'473'984},
      {"EleutherAI/pythia-70m", 70'426'624},     {"EleutherAI/pythia-1b", 1'011'781'632},
      {"EleutherAI/pythia-12b", 11'846'072'320}, {"EleutherAI/gpt-neox-20b", 20'554'567'680},
      {"bigscience/bloom-560m", 559'214'592},    {"bigscience/bloom", 176'247'271'424}};
  for (const auto& [repo, count] : published) EXPECT_EQ(counts[repo], count) << repo;
}

TEST(HubFamilies, DiskAndMemory) {
  const HubFamily pythia = chooseFamily(shipped(), "pythia", 0);
  const HubFamilyModel& model = pythia.models.at(2);
  ASSERT_EQ(model.repo, "EleutherAI/pythia-70m");
  // 16-bit weights and six masks of 2048 x 2048 bytes: its model.safetensors has 166 MB.
  EXPECT_NEAR(static_cast<double>(model.diskBytes), 166.0e6, 0.5e6);
  EXPECT_EQ(model.bytesAt(32), 281'706'496U);
  EXPECT_EQ(model.bytesAt(16), 140'853'248U);
}

TEST(HubFamilies, ChosenByNameAndSize) {
  const auto repos = [](const std::string& family, double most) {
    std::vector<std::string> names;
    for (const auto& model : chooseFamily(shipped(), family, most).models)
      names.push_back(model.sizeName);
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(repos("pythia", parseModelSize("1b")),
            (Names{"14m", "31m", "70m", "160m", "410m", "1b"}));
  EXPECT_EQ(repos("bloomz", parseModelSize("1.1b")), (Names{"560m", "1b1"}));
  EXPECT_EQ(repos("opt", parseModelSize("350M")), (Names{"125m", "350m"}));
  EXPECT_EQ(repos("gpt2", 0).size(), 4U);
  EXPECT_THROW(repos("opt", parseModelSize("100m")), Error);
  EXPECT_THROW(repos("llama", 0), Error);
  EXPECT_EQ(parseModelSize("1b7"), 1.7e9);
  for (const char* bad : {"", "b", "1", "1x", "1b77", "-1b", "1 b", "1bb", "nan"}) {
    EXPECT_THROW(parseModelSize(bad), Error) << bad;
  }
}

}  // namespace
}  // namespace bitfrontier

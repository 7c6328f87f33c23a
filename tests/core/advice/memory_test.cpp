// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/memory.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "core/advice/cell_memory.h"
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/resources.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Memory, CacheByHand) {
  // Keys and values, 10 layers, 4 heads of 64, 1000 tokens, 2 sequences, 16 bits each.
  const ModelShape shape{10, 4, 64, 2048};
  EXPECT_EQ(kvCacheBits(shape, {1000, 2, 16, 0}), 2.0 * 10 * 4 * 64 * 1000 * 2 * 16);
  EXPECT_EQ(kvCacheBits(shape, {1000, 2, 8, 0}), 81'920'000);
  EXPECT_EQ(kvCacheBits(shape, {0, 2, 16, 0}), 0);
}

TEST(Memory, ShapesOfConfigurations) {
  // LLaMA with grouped queries, GPT-2, BLOOM, a multi-query model, one with a text part.
  ModelShape s = shapeOfConfig({{"num_hidden_layers", 32},
                                {"num_attention_heads", 32},
                                {"num_key_value_heads", 8},
                                {"hidden_size", 4096},
                                {"max_position_embeddings", 8192}},
                               "llama");
  EXPECT_EQ(s.layers, 32);
  EXPECT_EQ(s.kvHeads, 8);
  EXPECT_EQ(s.headDim, 128);
  EXPECT_EQ(s.longestContext, 8192);
  s = shapeOfConfig({{"n_layer", 12}, {"n_head", 12}, {"n_embd", 768}, {"n_positions", 1024}}, "g");
  EXPECT_EQ(s.kvHeads, 12);
  EXPECT_EQ(s.headDim, 64);
  s = shapeOfConfig({{"n_layer", 2}, {"n_head", 8}, {"hidden_size", 64}, {"multi_query", true}},
                    "f");
  EXPECT_EQ(s.kvHeads, 1);
  s = shapeOfConfig(
      {{"text_config", {{"num_hidden_layers", 3}, {"num_attention_heads", 2}, {"head_dim", 5}}}},
      "v");
  EXPECT_EQ(s.layers, 3);
  EXPECT_EQ(s.headDim, 5);
}

TEST(Memory, FaultsOfConfigurationsAreNamed) {
  const std::pair<json, const char*> wrong[] = {
      {{{"n_head", 2}}, "m.json does not state its number of layers"},
      {{{"n_layer", 2}}, "m.json does not state its number of attention heads"},
      {{{"n_layer", 2}, {"n_head", 3}, {"n_embd", 10}}, "hidden size 10 is no multiple of 3 heads"},
      {{{"n_layer", -2}}, "n_layer"},
      {json::array(), "m.json is no JSON object"}};
  for (const auto& [config, message] : wrong) {
    try {
      shapeOfConfig(config, "m.json");
      FAIL() << config;
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::Format);
      EXPECT_THAT(e.what(), HasSubstr(message));
    }
  }
}

TEST(Memory, ShippedShapesHoldTheModelsOfTheTables) {
  const auto shapes = readShapes(resourceDir() / "shapes.csv");
  ASSERT_TRUE(shapes.contains("OPT-6.7B"));
  // 2 x 32 layers x 32 heads x 128 x 2048 tokens x 2 bytes = 1 GiB.
  EXPECT_EQ(kvCacheBits(shapes.at("OPT-6.7B"), {2048, 1, 16, 0}), 8.0 * (1 << 30));
}

TEST(Memory, PublicModelsAreFoundByTheNamesTheyHaveInOtherStores) {
  const auto shapes = readShapes(resourceDir() / "shapes.csv");
  // Independent: the configurations that `bitfrontier fetch` knows.
  int compared = 0;
  const json known = readJson(resourceDir() / "hub" / "families.json");
  for (const json& family : known.at("families")) {
    if (family.at("name") == "bloomz") continue;
    for (const json& model : family.at("models")) {
      const std::string repo = model.at("repo");
      const ModelShape truth = shapeOfConfig(model.at("config"), repo);
      const auto found = findShape(shapes, repo);
      ASSERT_TRUE(found) << repo;
      EXPECT_EQ(found->layers, truth.layers) << repo;
      EXPECT_EQ(found->kvHeads, truth.kvHeads) << repo;
      EXPECT_EQ(found->headDim, truth.headDim) << repo;
      ++compared;
    }
  }
  EXPECT_GE(compared, 25);
  for (const char* name :
       {"meta-llama/Llama-2-7b-chat-hf", "TheBloke/Llama-2-7B-GPTQ", "llama_2_7b", "Llama-2-7B"}) {
    const auto found = findShape(shapes, name);
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->layers, 32) << name;
  }
  EXPECT_EQ(findShape(shapes, "EleutherAI/pythia-1.4b-deduped@step1000")->layers, 24);
  EXPECT_EQ(findShape(shapes, "meta-llama/Meta-Llama-3-8B-Instruct")->kvHeads, 8);
  for (const char* name : {"llama", "opt", "my-opt-125m-of-mine", "opt-12", "7b", ""}) {
    EXPECT_FALSE(findShape(shapes, name)) << name;
  }
}

TEST(Memory, ShapeFilesAreChecked) {
  const test::TempStore folder;
  const auto read = [&](const char* text) {
    const auto file = folder.folder() / "shapes.csv";
    std::ofstream(file) << "model,layers,kv_heads,head_dim\n" << text;
    return readShapes(file);
  };
  EXPECT_EQ(read("a,1,2,3\n").at("a").headDim, 3);
  EXPECT_THROW(read("a,0,2,3\n"), Error);
  EXPECT_THROW(read("a,1,2,3\na,1,2,3\n"), Error);
}

TEST(Memory, OfCellsFromOptionsOrFolder) {
  FamilyRuns family;
  for (const char* model : {"given", "folder", "unknown"}) {
    for (const char* config : {"fp16", "int4"}) {
      FamilyCell cell;
      cell.model = model;
      cell.config = config;
      family.cells.push_back(cell);
    }
  }
  const test::TempStore folder;
  std::ofstream(folder.folder() / "config.json")
      << R"({"n_layer": 1, "n_head": 1, "n_embd": 4, "n_positions": 5})";
  family.modelPaths["folder"] = folder.folder().string();
  MemoryOptions options;
  options.needs.context = 10;
  options.shapes["given"] = {1, 1, 1, 0};
  std::vector<std::string> notes;
  const auto bits = cacheBits(family, options, notes);
  ASSERT_EQ(bits.size(), 6u);
  EXPECT_EQ(bits[0], 2 * 10 * 16);
  EXPECT_EQ(bits[1], bits[0]);
  EXPECT_EQ(bits[2], 2 * 4 * 10 * 16);
  EXPECT_TRUE(std::isnan(bits[4]));
  EXPECT_THAT(notes, ElementsAre("made for 5 tokens of context, not 10: folder",
                                 AllOf(HasSubstr("layers and heads are not known"),
                                       HasSubstr("for the weights alone: unknown"))));
  for (const std::string name : {"u2", "u3", "u4", "u5"}) {
    FamilyCell cell;
    cell.model = name;
    family.cells.push_back(cell);
  }
  notes.clear();
  cacheBits(family, options, notes);
  ASSERT_EQ(notes.size(), 2u);
  EXPECT_THAT(notes[1], HasSubstr("alone: unknown, u2, u3 and 2 more"));
  options.needs.context = 0;
  notes.clear();
  EXPECT_EQ(cacheBits(family, options, notes)[4], 0);
  EXPECT_TRUE(notes.empty());
}

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/gguf_types.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <utility>

namespace bitfrontier {
namespace {

TEST(GgufTypes, OneNameForEverySpelling) {
  const std::pair<const char*, const char*> spellings[] = {
      {"q4_K_M", "Q4_K_M"},
      {"Q4_K_M.gguf", "Q4_K_M"},
      {"q4-k-m", "Q4_K_M"},
      {"Q4_KM", "Q4_K_M"},
      {"Q4_K - Medium", "Q4_K_M"},
      {"mostly Q5_K - Medium", "Q5_K_M"},
      {"Q3_K - Small", "Q3_K_S"},
      {"Q2_K - Medium", "Q2_K"},
      {"IQ3_S mix - 3.66 bpw", "IQ3_M"},
      {"IQ2_XXS - 2.0625 bpw", "IQ2_XXS"},
      {"IQ2XXS", "IQ2_XXS"},
      {"IQ4_KS - 4.25 bpw", "IQ4_KS"},
      {"TQ1_0 - 1.69 bpw ternary", "TQ1_0"},
      {"MXFP4 MoE", "MXFP4"},
      {"mxfp4_moe", "MXFP4"},
      {"all F32", "F32"},
      {"F16 (guessed)", "F16"},
      {"fp16", "F16"},
      {"BF16", "BF16"},
      {"UD-Q4_K_XL", "UD-Q4_K_XL"},
      {"ud-iq2_xxs", "UD-IQ2_XXS"},
      {"Q4_0_8_8", "Q4_0_8_8"},
      {"q4_k_r4", "Q4_K_R4"},
      {"IQ4_NL_4_4", "IQ4_NL_4_4"},
      {"GGUF Q2_K", "Q2_K"},
      {"i1-Q6_K", "Q6_K"},
      {"Q6_K-imat", "Q6_K"},
      {"nvfp4", "NVFP4"},
  };
  for (const auto& [text, name] : spellings) {
    const auto type = parseGgufType(text);
    ASSERT_TRUE(type) << text;
    EXPECT_EQ(type->name, name) << text;
  }
  for (const char* text : {"", "q", "q4", "quant", "Q9_0", "4bit", "f8", "AWQ", "Q4_K_MX", "XQ4_0",
                           "IQ4", "Q4_K_M or so", "int4", "F160", "Q40"}) {
    EXPECT_FALSE(parseGgufType(text)) << text;
  }
}

TEST(GgufTypes, BitsOfBlocksAreExactAndRecipesTypical) {
  // Bytes of a block and its weights, by ggml's structures.
  const struct {
    const char* name;
    double bytes, weights;
  } blocks[] = {{"Q4_0", 18, 32},   {"Q4_1", 20, 32},   {"Q5_0", 22, 32},    {"Q5_1", 24, 32},
                {"Q8_0", 34, 32},   {"Q6_K", 210, 256}, {"IQ4_NL", 18, 32},  {"IQ4_XS", 136, 256},
                {"TQ1_0", 54, 256}, {"TQ2_0", 66, 256}, {"MXFP4", 17, 32},   {"NVFP4", 36, 64},
                {"Q1_0", 18, 128},  {"Q2_0", 18, 64},   {"Q4_0_4_4", 18, 32}};
  for (const auto& block : blocks) {
    const auto type = parseGgufType(block.name);
    ASSERT_TRUE(type) << block.name;
    EXPECT_DOUBLE_EQ(type->bitsPerWeight, 8 * block.bytes / block.weights) << block.name;
    EXPECT_FALSE(type->mix) << block.name;
  }
  // A recipe is larger than its smallest block, and the recipes are in order.
  double last = 2.625;
  for (const char* name :
       {"Q2_K", "Q3_K_S", "Q3_K_M", "Q3_K_L", "Q4_K_S", "Q4_K_M", "Q5_K_S", "Q5_K_M"}) {
    const auto type = parseGgufType(name);
    ASSERT_TRUE(type) << name;
    EXPECT_TRUE(type->mix) << name;
    EXPECT_GT(type->bitsPerWeight, last) << name;
    last = type->bitsPerWeight;
  }
  EXPECT_NEAR(parseGgufType("q4_K_M")->bitsPerWeight, 4.85, 0.05);
  EXPECT_TRUE(std::isnan(parseGgufType("UD-Q8_K_XL")->bitsPerWeight));
}

TEST(GgufTypes, TernaryIsNotOneBit) {
  const auto type = parseGgufType("TQ1_0");
  EXPECT_EQ(type->bits, 2);
  EXPECT_EQ(type->dataType, "ternary");
  EXPECT_EQ(type->blockSize, 256);
  EXPECT_EQ(parseGgufType("MXFP4")->dataType, "float");
  EXPECT_EQ(parseGgufType("NVFP4")->blockSize, 16);
  EXPECT_EQ(parseGgufType("F32")->bits, 32);
}

TEST(GgufTypes, NamesInsideFileNames) {
  auto name = findGgufName("Llama-2-7B-Chat-Q4_K_M.gguf");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->type.name, "Q4_K_M");
  EXPECT_EQ(name->before, "Llama-2-7B-Chat");
  EXPECT_EQ(name->after, "");
  EXPECT_FALSE(name->several);
  name = findGgufName("open-llama-7b-q3_K.bin");
  EXPECT_EQ(name->type.name, "Q3_K");
  EXPECT_EQ(name->before, "open-llama-7b");
  name = findGgufName("Qwen3-4B-UD-IQ2_M-imat.gguf");
  EXPECT_EQ(name->type.name, "UD-IQ2_M");
  EXPECT_EQ(name->before, "Qwen3-4B");
  EXPECT_TRUE(name->imatrix);
  name = findGgufName("model.i1-IQ3_XS.gguf");
  EXPECT_TRUE(name->imatrix);
  EXPECT_EQ(name->before, "model");
  name = findGgufName("Q4_K_M+PLE Q8_0");
  EXPECT_EQ(name->type.name, "Q4_K_M");
  EXPECT_TRUE(name->several);
  EXPECT_TRUE(std::isnan(name->type.bitsPerWeight));
  EXPECT_FALSE(findGgufName(std::string(100000, 'q')));
}

}  // namespace
}  // namespace bitfrontier

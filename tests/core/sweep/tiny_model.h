// SPDX-License-Identifier: GPL-3.0-or-later
// A GPT-NeoX of some thousand random weights and three small tasks, written to a folder.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/checkpoint/safetensors.h"
#include "core/model/architecture.h"
#include "core/model/causal_lm.h"
#include "core/tokenizer/bpe/byte_level.h"

namespace bitfrontier::test {

/// A folder of its own that goes with the object.
class TempDir {
 public:
  explicit TempDir(const std::string& name)
      : path_(std::filesystem::temp_directory_path() /
              ("bf_" + name + "_" + std::to_string(::getpid()))) {
    std::filesystem::remove_all(path_);
    std::filesystem::create_directories(path_);
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TempDir(const TempDir&) = delete;
  TempDir& operator=(const TempDir&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline void writeText(const std::filesystem::path& path, const std::string& text) {
  std::filesystem::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

/// One token a byte, and the end of text.
inline std::string byteTokenizer() {
  nlohmann::json vocab = {{"<|endoftext|>", 0}};
  for (int byte = 0; byte < 256; ++byte) {
    vocab[bytesToToken(std::string(1, static_cast<char>(byte)))] = byte + 1;
  }
  const nlohmann::json byteLevel = {{"type", "ByteLevel"},
                                    {"add_prefix_space", false},
                                    {"trim_offsets", true},
                                    {"use_regex", true}};
  return nlohmann::json({{"version", "1.0"},
                         {"truncation", nullptr},
                         {"padding", nullptr},
                         {"added_tokens",
                          {{{"id", 0},
                            {"content", "<|endoftext|>"},
                            {"single_word", false},
                            {"lstrip", false},
                            {"rstrip", false},
                            {"normalized", false},
                            {"special", true}}}},
                         {"normalizer", nullptr},
                         {"pre_tokenizer", byteLevel},
                         {"post_processor", nullptr},
                         {"decoder", byteLevel},
                         {"model",
                          {{"type", "BPE"},
                           {"dropout", nullptr},
                           {"unk_token", nullptr},
                           {"continuing_subword_prefix", nullptr},
                           {"end_of_word_suffix", nullptr},
                           {"fuse_unk", false},
                           {"byte_fallback", false},
                           {"vocab", vocab},
                           {"merges", nlohmann::json::array()}}}})
      .dump();
}

inline std::filesystem::path writeTinyModel(const std::filesystem::path& dir,
                                            std::int64_t hidden = 16, std::uint64_t seed = 1) {
  ModelConfig config;
  config.modelType = "gpt_neox";
  config.vocabSize = 257;
  config.hiddenSize = hidden;
  config.layers = 2;
  config.heads = 2;
  config.intermediateSize = 2 * hidden;
  config.maxPositions = 64;
  config.rotaryFraction = 0.5;
  const CausalLm model = CausalLm::initialise(config, seed);
  std::filesystem::create_directories(dir);
  // Far from zero, so that quantization changes answers.
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (const auto& [name, tensor] : model.named()) {
    tensors.emplace_back(name, tensor.dim() == 2 ? tensor * 4 : tensor);
  }
  saveSafetensors(dir / "model.safetensors", tensors);
  writeText(dir / "config.json", writeModelConfig(config).dump());
  writeText(dir / "tokenizer.json", byteTokenizer());
  return dir;
}

/// A lambada, a piqa and a text task of `items` items each.
inline std::vector<std::filesystem::path> writeTinyTasks(const std::filesystem::path& dir,
                                                         int items = 12) {
  std::string lambada;
  std::string piqa;
  std::string text;
  for (int i = 0; i < items; ++i) {
    const std::string n = std::to_string(i);
    lambada += nlohmann::json({{"text", "word " + n + " then e"}}).dump() + "\n";
    piqa += nlohmann::json({{"goal", "open box " + n},
                            {"sol1", "lift lid"},
                            {"sol2", "turn " + n},
                            {"label", i % 2}})
                .dump() +
            "\n";
    text +=
        nlohmann::json({{"text", "A line about the number " + n + ", and nothing else."}}).dump() +
        "\n";
  }
  writeText(dir / "tiny_lambada.jsonl", lambada);
  writeText(dir / "tiny_piqa.jsonl", piqa);
  writeText(dir / "tiny_text.jsonl", text);
  return {dir / "tiny_lambada.jsonl", dir / "tiny_piqa.jsonl", dir / "tiny_text.jsonl"};
}

}  // namespace bitfrontier::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

namespace bitfrontier {

/// What of a model its key-value cache depends on.
struct ModelShape {
  std::int64_t layers = 0;
  std::int64_t kvHeads = 0;  ///< heads of keys and values; fewer than heads with grouped queries
  std::int64_t headDim = 0;
  std::int64_t longestContext = 0;  ///< tokens; 0 = not stated
};

/// Reads a config.json of any decoder-only model: the names of GPT-2, OPT, GPT-NeoX, BLOOM and
/// LLaMA-like configurations. Throws Format naming `where` and the field that is missing or wrong.
ModelShape shapeOfConfig(const nlohmann::json& config, std::string_view where);

/// The shape of the model in a folder; absent when it has no config.json. Throws Io or Format.
std::optional<ModelShape> readShape(const std::filesystem::path& folder);

/// Shapes by model name from a CSV with the columns model, layers, kv_heads, head_dim and
/// optionally context. Throws NotFound, Io or Format.
std::map<std::string, ModelShape> readShapes(const std::filesystem::path& csv);

/// The shape of a model by its name, or by the name of the public model that it is: letter case,
/// the owner ("facebook/"), a revision ("@step1000") and words such as -hf, -instruct, -deduped or
/// -gptq, which leave the architecture as it is, do not count; "7b1" is "7.1B".
std::optional<ModelShape> findShape(const std::map<std::string, ModelShape>& shapes,
                                    const std::string& model);

/// What must fit besides the weights.
struct MemoryNeeds {
  std::int64_t context = 2048;  ///< tokens kept for every sequence; 0 = weights only
  std::int64_t batch = 1;
  double kvBits = 16;     ///< bits of one key or value
  double headroom = 0.0;  ///< share of the memory left for activations and the program
};

/// Bits of keys and values: 2 layers kvHeads headDim context batch kvBits.
double kvCacheBits(const ModelShape& shape, const MemoryNeeds& needs);

}  // namespace bitfrontier

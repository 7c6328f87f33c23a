// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/memory.h"

#include <fmt/format.h>

#include <cctype>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <sstream>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/store/import/csv.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 32;

/// Words of a model's name that say nothing about its layers and heads.
const std::set<std::string> kWordsAside{
    "hf",   "instruct", "chat",  "it",   "base",  "deduped", "v0",      "v0.1",      "v0.2", "v0.3",
    "v1.0", "gptq",     "awq",   "gguf", "fp16",  "bf16",    "fp8",     "int8",      "int4", "4bit",
    "8bit", "3bit",     "w4a16", "w8a8", "w8a16", "bnb",     "dynamic", "quantized", "meta"};

/// "facebook/opt-6.7b" -> "opt-6.7b", "bigscience/bloom-7b1" -> "bloom-7.1b".
std::string plainName(std::string_view model) {
  std::string name(model.substr(0, model.find('@')));
  name.erase(0, name.rfind('/') + 1);
  for (char& c : name) {
    c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (c == '_' || c == ' ') c = '-';
  }
  std::string plain;
  std::istringstream words(name);
  for (std::string word; std::getline(words, word, '-');) {
    if (word.empty() || kWordsAside.contains(word)) continue;
    static const std::regex kParts("([0-9]+)b([0-9]+)");  // 7b1
    plain += (plain.empty() ? "" : "-") + std::regex_replace(word, kParts, "$1.$2b");
  }
  return plain;
}

/// The first of the names that the configuration has; 0 when it has none.
std::int64_t firstOf(const nlohmann::json& config, std::string_view where,
                     std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const auto found = config.find(name);
    if (found != config.end() && !found->is_null())
      return requireInt(config, name, where, 1, kMost);
  }
  return 0;
}

std::int64_t need(std::int64_t value, std::string_view where, std::string_view what) {
  if (value == 0) {
    throw Error(ErrorKind::Format, fmt::format("{} does not state {}", where, what));
  }
  return value;
}

}  // namespace

ModelShape shapeOfConfig(const nlohmann::json& config, std::string_view where) {
  if (!config.is_object()) {
    throw Error(ErrorKind::Format, fmt::format("{} is no JSON object", where));
  }
  // Models for text and images keep their language model's part in an object of its own.
  const auto text = config.find("text_config");
  if (text != config.end() && text->is_object() && !config.contains("hidden_size")) {
    return shapeOfConfig(*text, where);
  }
  ModelShape shape;
  shape.layers = need(firstOf(config, where, {"num_hidden_layers", "n_layer", "num_layers"}), where,
                      "its number of layers");
  const std::int64_t heads =
      need(firstOf(config, where, {"num_attention_heads", "n_head", "num_heads"}), where,
           "its number of attention heads");
  shape.kvHeads = firstOf(config, where, {"num_key_value_heads", "n_head_kv", "num_kv_heads"});
  if (shape.kvHeads == 0) shape.kvHeads = boolOr(config, "multi_query", where, false) ? 1 : heads;
  shape.headDim = firstOf(config, where, {"head_dim"});
  if (shape.headDim == 0) {
    const std::int64_t width =
        need(firstOf(config, where, {"hidden_size", "n_embd", "n_embed", "d_model"}), where,
             "its hidden size");
    if (width % heads != 0) {
      throw Error(ErrorKind::Format, fmt::format("{}: hidden size {} is no multiple of {} heads",
                                                 where, width, heads));
    }
    shape.headDim = width / heads;
  }
  shape.longestContext =
      firstOf(config, where, {"max_position_embeddings", "n_positions", "n_ctx", "seq_length"});
  return shape;
}

std::optional<ModelShape> readShape(const std::filesystem::path& folder) {
  const auto file = folder / "config.json";
  if (folder.empty() || !pathExists(file)) return std::nullopt;
  return shapeOfConfig(readJson(file), file.string());
}

std::map<std::string, ModelShape> readShapes(const std::filesystem::path& csv) {
  const CsvTable table = CsvTable::read(csv);
  std::map<std::string, ModelShape> shapes;
  for (const CsvTable::Row& row : table.rows()) {
    const auto number = [&](std::string_view column) {
      const long long value = table.integer(row, column);
      if (value < 1 || value > kMost) {
        table.fail(table.at(row, column), fmt::format("{} {} is not above zero", column, value));
      }
      return static_cast<std::int64_t>(value);
    };
    ModelShape shape{number("layers"), number("kv_heads"), number("head_dim"), 0};
    if (table.has("context") && !table.at(row, "context").text.empty()) {
      shape.longestContext = number("context");
    }
    const std::string& model = table.text(row, "model");
    if (!shapes.emplace(model, shape).second) {
      table.fail(table.at(row, "model"), fmt::format("{} is there twice", model));
    }
  }
  return shapes;
}

std::optional<ModelShape> findShape(const std::map<std::string, ModelShape>& shapes,
                                    const std::string& model) {
  if (const auto exact = shapes.find(model); exact != shapes.end()) return exact->second;
  const std::string name = plainName(model);
  for (const auto& [known, shape] : shapes) {
    if (plainName(known) == name) return shape;
  }
  return std::nullopt;
}

double kvCacheBits(const ModelShape& shape, const MemoryNeeds& needs) {
  return 2.0 * static_cast<double>(shape.layers) * static_cast<double>(shape.kvHeads) *
         static_cast<double>(shape.headDim) * static_cast<double>(needs.context) *
         static_cast<double>(needs.batch) * needs.kvBits;
}

}  // namespace bitfrontier

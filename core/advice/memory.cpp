// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/memory.h"

#include <fmt/format.h>

#include <initializer_list>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/store/csv.h"

namespace bitfrontier {
namespace {

constexpr std::int64_t kMost = std::int64_t{1} << 32;

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

double kvCacheBits(const ModelShape& shape, const MemoryNeeds& needs) {
  return 2.0 * static_cast<double>(shape.layers) * static_cast<double>(shape.kvHeads) *
         static_cast<double>(shape.headDim) * static_cast<double>(needs.context) *
         static_cast<double>(needs.batch) * needs.kvBits;
}

}  // namespace bitfrontier

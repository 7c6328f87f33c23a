// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_family.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {

using nlohmann::json;

namespace {

std::optional<double> sizeOf(std::string_view text) {
  double value = 0;
  const char* end = text.data() + text.size();
  const auto [unit, code] = std::from_chars(text.data(), end, value, std::chars_format::fixed);
  if (code != std::errc() || unit == end || !(value > 0)) return std::nullopt;
  const int letter = std::tolower(static_cast<unsigned char>(*unit));
  const double scale = letter == 'k' ? 1e3 : letter == 'm' ? 1e6 : letter == 'b' ? 1e9 : 0;
  const char* rest = unit + 1;
  // BLOOM's authors put the letter where the point would be.
  if (rest + 1 == end && std::isdigit(static_cast<unsigned char>(*rest)) != 0) {
    value += (*rest - '0') / 10.0;
    ++rest;
  }
  if (scale == 0 || rest != end) return std::nullopt;
  return value * scale;
}

std::uint64_t itemBytes(const json& model, const std::string& where) {
  const std::string& stored = requireString(model, "stored", where);
  if (stored == "F32") return 4;
  if (stored == "F16" || stored == "BF16") return 2;
  throw Error(ErrorKind::Format, fmt::format("{}: 'stored' is {}", where, stored));
}

HubFamilyModel readModel(const json& entry, const std::string& where) {
  HubFamilyModel model;
  model.repo = requireString(entry, "repo", where);
  model.sizeName = requireString(entry, "size", where);
  const auto size = sizeOf(model.sizeName);
  if (!size) throw Error(ErrorKind::Format, fmt::format("{}: 'size' is {}", where, model.sizeName));
  model.nominalSize = *size;
  model.parameters = requireInt(entry, "parameters", where, 1);
  model.config = requireObject(entry, "config", where);
  const char* layersName = model.config.contains("n_layer") ? "n_layer" : "num_hidden_layers";
  const auto layers =
      static_cast<std::uint64_t>(requireInt(model.config, layersName, where, 1, 10000));
  const auto mask =
      static_cast<std::uint64_t>(requireInt(entry, "mask_bytes_per_layer", where, 0, 1 << 30));
  model.diskBytes =
      static_cast<std::uint64_t>(model.parameters) * itemBytes(entry, where) + layers * mask;
  return model;
}

}  // namespace

std::vector<HubFamily> readHubFamilies(const std::filesystem::path& file) {
  const json root = readJson(file, {.maxBytes = std::uint64_t{4} << 20, .uniqueKeys = true});
  std::vector<HubFamily> families;
  for (const json& entry : requireArray(root, "families", file.string())) {
    HubFamily family;
    family.name = requireString(entry, "name", file.string());
    const std::string where = fmt::format("{}: family {}", file.string(), family.name);
    family.title = requireString(entry, "title", where);
    for (const json& model : requireArray(entry, "models", where)) {
      family.models.push_back(readModel(model, where));
    }
    families.push_back(std::move(family));
  }
  return families;
}

HubFamily chooseFamily(const std::vector<HubFamily>& families, std::string_view name,
                       double maxSize) {
  std::string known;
  for (const HubFamily& family : families) {
    known += (known.empty() ? "" : ", ") + family.name;
    if (family.name != name) continue;
    HubFamily chosen = family;
    if (maxSize > 0) {
      std::erase_if(chosen.models, [&](const auto& m) { return m.nominalSize > maxSize * 1.0001; });
    }
    if (!chosen.models.empty()) return chosen;
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("the smallest model of {} is {}", name,
                            family.models.empty() ? "missing" : family.models.front().sizeName));
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("there is no family \"{}\" (there are {})", name, known));
}

double parseModelSize(std::string_view text) {
  const auto size = sizeOf(text);
  if (!size) {
    throw Error(
        ErrorKind::InvalidArgument,
        fmt::format("a model size is a number with m or b such as 410m or 1.4b, not \"{}\"", text));
  }
  return *size;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/model_name.h"

#include <fmt/format.h>

#include <cctype>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/resources.h"
#include "core/hub/hub_cache.h"

namespace bitfrontier {

namespace fs = std::filesystem;

namespace {

bool isDirectory(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

}  // namespace

fs::path resolveModel(const std::string& text, const HubSettings& settings) {
  if (isDirectory(text)) return text;
  if (pathExists(text)) {
    throw Error(ErrorKind::NotFound,
                text.ends_with(".gguf")
                    ? fmt::format("{} is a GGUF file, which is not opened; take the folder with "
                                  "the model's config.json and safetensors",
                                  text)
                    : fmt::format("{} is no directory; give the folder with the model's "
                                  "config.json and weights",
                                  text));
  }
  const HubCache cache(settings.cache);
  const auto model = parseHubModel(text);
  if (!model) {
    throw Error(
        ErrorKind::NotFound,
        fmt::format("{} is no directory and cannot be the name of a model on the hub", text));
  }
  if (const auto found = cache.find(*model)) return *found;
  const bool other = model->revision != "main" && isDirectory(cache.repo(*model));
  throw Error(ErrorKind::NotFound,
              fmt::format("{0} is neither a directory nor {1} in the cache {2}; bitfrontier fetch "
                          "{0} gets it",
                          text, other ? "a revision that is" : "a model", settings.cache.string()));
}

fs::path resolveModel(const std::string& text) {
  // What is there needs no settings, which might be wrong.
  if (isDirectory(text)) return text;
  return resolveModel(text, HubSettings::fromEnvironment());
}

fs::path findModel(const std::string& text) {
  std::error_code error;
  if (!fs::exists(text, error) && text.find('/') == std::string::npos) {
    try {
      const fs::path pocket = resourceDir() / "pocket" / text;
      if (fs::exists(pocket / "model.safetensors", error)) return pocket;
    } catch (const Error&) {  // without a suite the name can still be one in the cache
    }
  }
  return resolveModel(text);
}

std::string modelName(const fs::path& directory) {
  std::error_code code;
  fs::path real = fs::weakly_canonical(directory, code);
  if (code || real.empty()) real = directory;
  if (!real.has_filename()) real = real.parent_path();
  return HubCache::snapshotName(real).value_or(real.filename().string());
}

std::string familyOf(std::string_view modelName) {
  const std::size_t dash = modelName.rfind('-');
  if (dash != std::string_view::npos && dash > 0 && dash + 1 < modelName.size() &&
      std::isdigit(static_cast<unsigned char>(modelName[dash + 1])) != 0) {
    return std::string(modelName.substr(0, dash));
  }
  return std::string(modelName);
}

}  // namespace bitfrontier

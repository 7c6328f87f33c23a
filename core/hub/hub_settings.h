// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

namespace bitfrontier {

/// Where the Hugging Face hub is and where its files are kept. Names and defaults of the
/// environment variables: constants.py of huggingface_hub 2.4.0.
struct HubSettings {
  using Environment = std::function<std::optional<std::string>(const char*)>;

  std::filesystem::path cache;       ///< HF_HUB_CACHE, else hub in HF_HOME
  std::string endpoint;              ///< HF_ENDPOINT, without a slash at the end
  std::string token;                 ///< HF_TOKEN or the token file; empty without one
  std::string certificates;          ///< a file of authorities instead of the system's, or empty
  bool offline = false;              ///< HF_HUB_OFFLINE
  std::chrono::seconds timeout{10};  ///< to connect, and without a byte received
  int retries = 5;                   ///< in a row without progress
  std::chrono::milliseconds firstPause{1000};  ///< before the first retry; doubles each time
  std::chrono::seconds longestPause{300};      ///< a server that asks for more is given up

  /// Reads the process's environment and the token file. Throws InvalidArgument for values that
  /// cannot be used.
  static HubSettings fromEnvironment();
  static HubSettings fromEnvironment(const Environment& get);
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// A model of a family on the hub, known before anything is downloaded.
struct HubFamilyModel {
  std::string repo;
  std::string sizeName;         ///< as the family's authors write it: "410m", "1b1"
  double nominalSize = 0;       ///< parameters by that name
  std::int64_t parameters = 0;  ///< exact, a tied head counted once
  std::uint64_t diskBytes = 0;  ///< of the weights' files as the hub has them, about
  nlohmann::json config;        ///< its shape in the names of config.json

  /// Of the weights in fp32, as a CPU computes, and in 16 bits.
  std::uint64_t bytesAt(int bitsPerWeight) const {
    return static_cast<std::uint64_t>(parameters) * static_cast<std::uint64_t>(bitsPerWeight) / 8;
  }
};

struct HubFamily {
  std::string name;                    ///< "pythia"
  std::string title;                   ///< "Pythia and GPT-NeoX"
  std::vector<HubFamilyModel> models;  ///< smallest first
};

/// Reads families.json. Throws NotFound, Io or Format.
std::vector<HubFamily> readHubFamilies(const std::filesystem::path& file);

/// The family of that name, with the models up to a nominal size (0 = all). Throws InvalidArgument
/// naming the families there are, or the smallest size.
HubFamily chooseFamily(const std::vector<HubFamily>& families, std::string_view name,
                       double maxSize);

/// "410m", "1.4b", "1b1" (= 1.1b) as a number of parameters. Throws InvalidArgument.
double parseModelSize(std::string_view text);

}  // namespace bitfrontier

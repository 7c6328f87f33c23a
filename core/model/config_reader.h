// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <string>

namespace bitfrontier {

/// Reads the fields of a config.json that have several names and defaults. The first name that is
/// there and not null counts. Error Format naming file, field and value for a wrong type or range.
class ConfigReader {
 public:
  using Names = std::initializer_list<const char*>;
  ConfigReader(const nlohmann::json& json, std::string origin)
      : json_(json), origin_(std::move(origin)) {}

  /// A size: 1 to 2^24.
  std::int64_t size(Names names, std::int64_t fallback) const;
  double number(Names names, double fallback) const;
  /// A number above zero.
  double positive(Names names, double fallback) const;
  bool flag(Names names, bool fallback) const;
  std::string text(Names names, const std::string& fallback) const;
  bool has(const char* name) const;
  const nlohmann::json& json() const { return json_; }
  const std::string& origin() const { return origin_; }

 private:
  const char* find(Names names) const;

  const nlohmann::json& json_;
  std::string origin_;
};

}  // namespace bitfrontier

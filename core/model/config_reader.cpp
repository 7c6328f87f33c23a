// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/config_reader.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {

bool ConfigReader::has(const char* name) const {
  const auto found = json_.find(name);
  return found != json_.end() && !found->is_null();
}

const char* ConfigReader::find(Names names) const {
  for (const char* name : names) {
    if (has(name)) return name;
  }
  return nullptr;
}

std::int64_t ConfigReader::size(Names names, std::int64_t fallback) const {
  const char* name = find(names);
  return name == nullptr ? fallback : requireInt(json_, name, origin_, 1, std::int64_t{1} << 24);
}

double ConfigReader::number(Names names, double fallback) const {
  const char* name = find(names);
  return name == nullptr ? fallback : requireNumber(json_, name, origin_);
}

double ConfigReader::positive(Names names, double fallback) const {
  const double value = number(names, fallback);
  if (!(value > 0.0)) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: {} is {}, not above 0", origin_, find(names), value));
  }
  return value;
}

bool ConfigReader::flag(Names names, bool fallback) const {
  const char* name = find(names);
  return name == nullptr ? fallback : requireBool(json_, name, origin_);
}

std::string ConfigReader::text(Names names, const std::string& fallback) const {
  const char* name = find(names);
  return name == nullptr ? fallback : requireString(json_, name, origin_);
}

}  // namespace bitfrontier

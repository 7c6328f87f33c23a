// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/eval_settings.h"

#include <fmt/format.h>

#include "core/base/error.h"

namespace bitfrontier {

std::string_view bosProfileName(BosProfile profile) {
  switch (profile) {
    case BosProfile::Harness:
      return "harness";
    case BosProfile::Never:
      return "nobos";
    case BosProfile::Always:
      return "addbos";
  }
  return "unknown";
}

BosProfile parseBosProfile(std::string_view name) {
  for (const BosProfile profile : {BosProfile::Harness, BosProfile::Never, BosProfile::Always}) {
    if (name == bosProfileName(profile)) return profile;
  }
  if (name == "harness-0.4.9.1") return BosProfile::Never;
  throw Error(
      ErrorKind::InvalidArgument,
      fmt::format("a BOS profile is harness, nobos (the same as harness-0.4.9.1) or addbos, "
                  "not \"{}\"",
                  name));
}

std::int64_t inputLength(const EvalSettings& settings, std::int64_t modelLength) {
  if (settings.maxLength < 0 || settings.maxLength > modelLength) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("inputs of {} tokens asked for, the model takes 1..{}",
                            settings.maxLength, modelLength));
  }
  return settings.maxLength > 0 ? settings.maxLength : modelLength;
}

}  // namespace bitfrontier

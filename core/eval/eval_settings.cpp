// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/eval_settings.h"

#include <fmt/format.h>

#include "core/base/error.h"
#include "core/model/model_config.h"

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

std::int64_t inputLength(const EvalSettings& settings, const ModelConfig& model) {
  const bool limited = model.positions != Positions::Alibi;
  if (settings.maxLength < 0 || (limited && settings.maxLength > model.maxPositions)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("inputs of {} tokens asked for, the model takes 1..{}",
                            settings.maxLength, model.maxPositions));
  }
  return settings.maxLength > 0 ? settings.maxLength : model.maxPositions;
}

}  // namespace bitfrontier

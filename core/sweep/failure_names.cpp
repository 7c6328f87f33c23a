// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "core/sweep/failure.h"

namespace bitfrontier {
namespace {

constexpr std::array<std::string_view, 5> kNames{"memory", "disk", "load", "nan", "other"};

}  // namespace

std::string_view failureCauseName(FailureCause cause) {
  return kNames[static_cast<std::size_t>(cause)];
}

FailureCause failureCauseOf(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    if (kNames[i] == name) return static_cast<FailureCause>(i);
  }
  return FailureCause::Other;
}

bool failsAgain(FailureCause cause) {
  return cause == FailureCause::OutOfMemory || cause == FailureCause::NotANumber;
}

}  // namespace bitfrontier

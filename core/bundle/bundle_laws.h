// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/job.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// law.json of a bundle: the laws that the data of a store choose, as `fit STORE --json` prints
/// them. Empty where there is no point.
std::string lawsJson(const RunStore& store, const JobContext& job = {});

}  // namespace bitfrontier

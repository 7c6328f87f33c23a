// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/job.h"
#include "core/checkpoint/checkpoint.h"

namespace bitfrontier {

/// Checkpoint::hash(), remembered by this process for as long as no file of the model's folder
/// changes its name, size or time of writing. For looks at what would run: what is stored is hashed
/// when it runs. May be called by several threads.
std::string rememberedHash(const Checkpoint& checkpoint, const JobContext& job = {});

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/architecture.h"

/// GPT-2: config.json fields and tensor names as in Hugging Face's checkpoints.
namespace bitfrontier::gpt2 {

Architecture architecture();

}  // namespace bitfrontier::gpt2

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/architecture.h"

/// GPT-NeoX and Pythia: config.json fields and tensor names as in Hugging Face's checkpoints.
namespace bitfrontier::gpt_neox {

Architecture architecture();

}  // namespace bitfrontier::gpt_neox

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/architecture.h"

/// Llama 2 and 3, Mistral, Ministral, Qwen2, Qwen3, SmolLM and SmolLM2 (which are Llamas):
/// config.json fields and tensor names as in Hugging Face's checkpoints.
namespace bitfrontier::llama {

Architecture architecture();

}  // namespace bitfrontier::llama

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/architecture.h"

/// BLOOM and BLOOMZ: config.json fields and tensor names as in Hugging Face's checkpoints.
namespace bitfrontier::bloom {

Architecture architecture();

}  // namespace bitfrontier::bloom

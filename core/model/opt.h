// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model/architecture.h"

/// OPT: config.json fields and tensor names as in Hugging Face's checkpoints.
namespace bitfrontier::opt {

Architecture architecture();

}  // namespace bitfrontier::opt

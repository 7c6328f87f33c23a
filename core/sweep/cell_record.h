// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/device/device_id.h"
#include "core/store/run_record.h"
#include "core/sweep/sweep.h"
#include "core/sweep/sweep_inputs.h"

namespace bitfrontier {

/// What is known of a cell before its model is loaded.
RunRecord newRecord(const SweepSpec& spec, const SweepInputs& inputs, const SweepCell& cell,
                    DeviceId device);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <string>

#include "core/base/job.h"
#include "core/model/causal_lm.h"
#include "core/quant/input_statistics.h"

namespace bitfrontier {

/// Statistics of the inputs of the linear layers of one decoder layer, by name, in the model as it
/// is now, on token ids [sequences, time]. Layers behind it are not run. Layers that read the same
/// input share one set. Moments are summed in fp32 within a batch of some thousand tokens and in
/// fp64 over batches. Checks the stop token per batch.
std::map<std::string, std::shared_ptr<const InputStatistics>> collectInputs(
    const CausalLm& model, std::int64_t layer, const at::Tensor& tokens,
    const JobContext& job = {});

}  // namespace bitfrontier

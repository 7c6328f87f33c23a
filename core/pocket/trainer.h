// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "core/base/job.h"
#include "core/device/device_id.h"
#include "core/pocket/family.h"

namespace bitfrontier::pocket {

/// How to train one member.
struct TrainingOptions {
  FamilyMember member;
  std::filesystem::path
      directory;  ///< holds tokenizer.json; gets config.json, model.safetensors, loss.csv
  DeviceId device;
  int threads = 0;           ///< 0 = leave as it is
  double weightDecay = 0.1;  ///< AdamW, on matrices only
  double clip = 1.0;         ///< norm of the gradient
  double warmup = 0.02;      ///< share of the steps with rising rate; then a cosine down to 10 %
  std::int64_t stateEvery = 1000;  ///< steps between two states that training can resume from
  std::function<void(std::int64_t)> onState;  ///< called with the step after each saved state
};

struct TrainingStep {
  std::int64_t step = 0, steps = 0;
  double loss = 0;  ///< nats per token, mean over the last steps
  double tokensPerSecond = 0;
};

struct TrainingResult {
  std::int64_t tokens = 0;  ///< seen
  double finalLoss = 0;     ///< nats per token, mean over the last 2 % of the steps
  double seconds = 0;       ///< of this call
  bool resumed = false;
};

/// Trains a new model on `corpus` (token ids) with AdamW, fixed seeds and a cosine schedule, and
/// saves it as an fp16 Hugging Face checkpoint. A state file in the directory is resumed and
/// removed at the end; stopping saves one and throws Cancelled.
TrainingResult train(const TrainingOptions& options, const std::vector<std::uint16_t>& corpus,
                     const std::function<void(const TrainingStep&)>& report,
                     const JobContext& job = {});

}  // namespace bitfrontier::pocket

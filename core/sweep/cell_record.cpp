// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/cell_record.h"

#include <fmt/chrono.h>

#include <ctime>

#include "core/modelquant/quantized_model.h"

namespace bitfrontier {
namespace {

std::string utcNow() {
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(std::time(nullptr)));
}

}  // namespace

RunRecord newRecord(const SweepSpec& spec, const SweepInputs& inputs, const SweepCell& cell,
                    DeviceId device) {
  const SweepModel& model = inputs.models[cell.model];
  const QuantConfig config = cellConfig(model, spec.configs[cell.config]);
  const Task& task = inputs.tasks[cell.task];
  RunRecord record;
  record.key = cell.key;
  record.model = model.name;
  record.family = model.family;
  record.modelPath = model.checkpoint.path().string();
  record.modelHash = model.hash;
  record.linearParameters = model.linearParameters;
  record.config = config.spec();
  record.dataType = dataTypeName(config.type);
  record.bits = config.bits;
  record.blockSize = config.blockSize;
  record.bitsPerParameter = config.bitsPerParameter();
  record.method = methodName(config);
  record.calibration = cellCalibration(model, config, spec);
  record.result.task = task.name;
  record.result.taskHash = task.hash;
  record.result.itemLimit = task.itemLimit;
  record.result.bosProfile = bosProfileName(spec.settings.bos);
  record.result.maxLength = spec.settings.maxLength;
  record.evaluatorVersion = kEvaluatorVersion;
  record.device = device.text();
  record.createdAt = utcNow();
  return record;
}

}  // namespace bitfrontier

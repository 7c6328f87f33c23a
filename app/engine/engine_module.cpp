// SPDX-License-Identifier: GPL-3.0-or-later
#include <functional>
#include <numeric>

#include "core/base/file.h"
#include "core/base/json.h"
#include "core/checkpoint/checkpoint.h"
#include "core/engine/engine.h"
#include "core/model/architecture.h"

namespace bitfrontier {
namespace {

SweepSummary run(const SweepSpec& spec, RunStore& store, std::string_view device,
                 const SweepEvents& events, const JobContext& job) {
  return runSweep(spec, store, resolveDevice(device), events, job);
}

ModelSummary summarize(const nlohmann::json& json, const std::filesystem::path& file) {
  const ModelConfig config = readModelConfig(json, file.string());
  ModelSummary summary{config.modelType, 0};
  for (const TensorSlot& slot : tensorSlots(config)) {
    summary.parameters += static_cast<double>(std::accumulate(
        slot.shape.begin(), slot.shape.end(), std::int64_t{1}, std::multiplies<>()));
  }
  return summary;
}

ModelSummary summarizeModel(const std::filesystem::path& folder) {
  return summarize(Checkpoint::open(folder).config(), folder / "config.json");
}

ModelSummary summarizeConfig(const std::filesystem::path& file) {
  return summarize(parseJson(readFile(file), file.string()), file);
}

}  // namespace
}  // namespace bitfrontier

extern "C" const bitfrontier::Engine* bitfrontier_engine() {
  using namespace bitfrontier;
  static const Engine engine{BITFRONTIER_VERSION, listDevices,    run, previewSweep, verifyRun,
                             summarizeModel,      summarizeConfig};
  return &engine;
}

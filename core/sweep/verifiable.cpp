// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "core/eval/evaluate.h"
#include "core/sweep/verify.h"

namespace bitfrontier {

std::string whyNotVerifiable(const RunRecord& run) {
  if (run.published()) return "the numbers are from " + run.source + ", not from a run made here";
  if (run.status != RunStatus::Done) return "the run did not end well";
  if (run.modelPath.empty()) return "the store does not say where the model was read from";
  std::error_code ignored;
  if (!std::filesystem::exists(run.modelPath, ignored)) {
    return fmt::format("the model is not there any more: {}", run.modelPath);
  }
  if (run.evaluatorVersion != kEvaluatorVersion) {
    return fmt::format("it was scored by evaluator {}, and this is evaluator {}",
                       run.evaluatorVersion, kEvaluatorVersion);
  }
  if (run.result.bosProfile.empty()) return "the store does not say what its first token was";
  if (run.result.correct.empty() && run.result.logLikelihood.empty()) {
    return "the outcomes of its items are not stored";
  }
  return {};
}

}  // namespace bitfrontier

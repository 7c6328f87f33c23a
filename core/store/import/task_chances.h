// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string_view>

namespace bitfrontier {

/// Accuracy of guessing on a task or group of lm-evaluation-harness: one divided by the number of
/// choices, also where the choice is generated and then searched for (MMLU-Pro); 0 where an answer
/// of any length is asked for. "name" also means "name_..." and "name-...", the longest name that
/// fits counts ("mmlu_pro_law" is MMLU-Pro, not MMLU). NaN for tasks that are not known, and for
/// those whose items have different numbers of choices, such as truthfulqa_mc1.
double chanceOfTask(std::string_view task);

/// The same from the description of a task that results files of 0.4 hold ("configs"): the fixed
/// list of "doc_to_choice", or 0 for output_type loglikelihood. NaN when it does not tell.
double chanceOfTaskConfig(const nlohmann::json& config);

}  // namespace bitfrontier

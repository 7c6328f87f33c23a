// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/eval/evaluate.h"
#include "core/eval/prepared_task.h"

namespace bitfrontier {

/// What a line of JSON asks to be scored.
struct ScoreLine {
  EncodedRequest request;
  bool rolling = false;  ///< a whole text, token by token
};

/// Reads {"context", "continuation"}, {"context_ids", "continuation_ids"} (an empty context becomes
/// the encoder's prefix token) or {"text"}. `where` names the line in errors; `vocabSize` bounds
/// the ids. Throws Format for anything else, and as requireScorable().
ScoreLine parseScoreLine(std::string_view line, std::string where, const RequestEncoder& encoder,
                         std::int64_t vocabSize, std::int64_t maxLength);

/// The answer to a line.
struct ScoreAnswer {
  double logLikelihood = 0;  ///< natural log
  bool greedy = false;       ///< every scored token is the most likely one; not for a text
  std::int64_t tokens = 0;   ///< scored tokens
};

/// Scores lines as one batch, in their order. Throws as prepare() and scoreRequests(), and Numeric
/// naming the line.
std::vector<ScoreAnswer> scoreLines(const CausalLm& model, std::span<const ScoreLine> lines,
                                    std::int64_t maxLength, const EvalOptions& options = {},
                                    const JobContext& job = {});

/// {"loglikelihood", "is_greedy", "tokens"} without a line end; `withIds` adds "context_ids" and
/// "continuation_ids" as they were scored (the windows of a text one after the other).
std::string formatScoreAnswer(const ScoreLine& line, const ScoreAnswer& answer, bool withIds);

}  // namespace bitfrontier

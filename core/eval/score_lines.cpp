// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/score_lines.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;

std::vector<std::int64_t> requireIds(const Json& object, const char* key, const std::string& where,
                                     std::int64_t vocabSize) {
  std::vector<std::int64_t> ids;
  for (const Json& value : requireArray(object, key, where)) {
    if (!value.is_number_integer() || value < 0 || value >= vocabSize) {
      throw Error(
          ErrorKind::Format,
          fmt::format("{}: {} holds {}, not an id within 0..{}", where, key,
                      value.dump(-1, ' ', false, Json::error_handler_t::replace).substr(0, 40),
                      vocabSize - 1));
    }
    ids.push_back(value.get<std::int64_t>());
  }
  return ids;
}

}  // namespace

ScoreLine parseScoreLine(std::string_view text, std::string where, const RequestEncoder& encoder,
                         std::int64_t vocabSize, std::int64_t maxLength) {
  const Json json = parseJson(text, where);
  ScoreLine line;
  if (json.is_object() && json.contains("text")) {
    line.rolling = true;
    line.request.pairs = encoder.windows(requireString(json, "text", where), maxLength);
  } else if (json.is_object() && json.contains("continuation_ids")) {
    EncodedPair pair{requireIds(json, "context_ids", where, vocabSize),
                     requireIds(json, "continuation_ids", where, vocabSize)};
    if (pair.context.empty()) pair.context = {encoder.prefix()};
    line.request.pairs.push_back(std::move(pair));
  } else if (json.is_object() && json.contains("continuation")) {
    line.request.pairs.push_back(encoder.pair(requireString(json, "context", where),
                                              requireString(json, "continuation", where)));
  } else {
    throw Error(ErrorKind::Format,
                fmt::format("{}: needs the fields context and continuation, or context_ids and "
                            "continuation_ids, or text",
                            where));
  }
  for (const EncodedPair& pair : line.request.pairs) requireScorable(pair, maxLength, where);
  line.request.where = std::move(where);
  return line;
}

std::vector<ScoreAnswer> scoreLines(const CausalLm& model, std::span<const ScoreLine> lines,
                                    std::int64_t maxLength, const EvalOptions& options,
                                    const JobContext& job) {
  std::vector<EncodedRequest> requests;
  requests.reserve(lines.size());
  for (const ScoreLine& line : lines) requests.push_back(line.request);
  const PreparedTask task = prepareRequests("requests", requests, maxLength);
  EvalOptions all = options;
  all.greedy = true;
  const std::vector<RequestScore> scores = scoreRequests(model, task, all, job);
  std::vector<ScoreAnswer> answers;
  answers.reserve(lines.size());
  for (std::size_t index = 0; index < lines.size(); ++index) {
    const PreparedTask::Item& item = task.items[index];
    ScoreAnswer answer{0, true, item.tokens};
    for (std::size_t k = 0; k < item.requests; ++k) {
      answer.logLikelihood += scores[item.slot + k].logLikelihood;
      answer.greedy = answer.greedy && scores[item.slot + k].greedy;
    }
    if (!std::isfinite(answer.logLikelihood)) {
      throw Error(ErrorKind::Numeric,
                  fmt::format("{}: the log likelihood is {}", lines[index].request.where,
                              answer.logLikelihood));
    }
    answers.push_back(answer);
  }
  return answers;
}

std::string formatScoreAnswer(const ScoreLine& line, const ScoreAnswer& answer, bool withIds) {
  nlohmann::ordered_json json = {{"loglikelihood", answer.logLikelihood}};
  if (!line.rolling) json["is_greedy"] = answer.greedy;
  json["tokens"] = answer.tokens;
  if (withIds) {
    nlohmann::ordered_json context = nlohmann::ordered_json::array();
    nlohmann::ordered_json continuation = nlohmann::ordered_json::array();
    for (const EncodedPair& pair : line.request.pairs) {
      if (line.rolling) {
        context.push_back(pair.context);
        continuation.push_back(pair.continuation);
      } else {
        context = pair.context;
        continuation = pair.continuation;
      }
    }
    json["context_ids"] = std::move(context);
    json["continuation_ids"] = std::move(continuation);
  }
  return json.dump();
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/advice/advise.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json candidateToJson(const AdviceCandidate& c) {
  Json equals = nullptr;
  if (std::isfinite(c.equals.parameters)) {
    equals = {{"reference", c.reference},
              {"parameters", c.equals.parameters},
              {"se", number(c.equals.se)},
              {"low", number(c.equals.low)},
              {"high", number(c.equals.high)}};
  } else if (!c.equals.problem.empty()) {
    equals = {{"reference", c.reference}, {"problem", c.equals.problem}};
  }
  return {{"family", c.family},
          {"model", c.model},
          {"config", c.config},
          {"bits", c.bits},
          {"measured", c.measured},
          {"weight_bits", number(c.weightBits)},
          {"kv_cache_bits", number(c.kvBits)},
          {"other_bits", number(c.otherBits)},
          {"other_bits_low", number(c.otherLow)},
          {"other_bits_high", number(c.otherHigh)},
          {"value", number(c.value)},
          {"value_se", number(c.valueSe)},
          {"predicted", number(c.predicted)},
          {"predicted_low", number(c.low)},
          {"predicted_high", number(c.high)},
          {"p_best", c.probability},
          {"equals", equals}};
}

Json index(const std::optional<std::size_t>& i) { return i ? Json(*i) : Json(nullptr); }

}  // namespace

Json adviceToJson(const Advice& a) {
  Json candidates = Json::array(), next = Json::array(), laws = Json::object();
  for (const AdviceCandidate& c : a.candidates) candidates.push_back(candidateToJson(c));
  for (const AdviceRun& r : a.next) {
    next.push_back({{"family", r.family},
                    {"model", r.model},
                    {"config", r.config},
                    {"expected_gain", number(r.gain)},
                    {"minutes", number(r.minutes)},
                    {"reason", r.reason}});
  }
  for (const auto& [family, law] : a.laws) laws[family] = law;
  return {{"title", a.title},
          {"metric", lawMetricName(a.metric)},
          {"memory_bits", a.memoryBits},
          {"usable_bits", a.usableBits},
          {"weights_alone", a.weightsAlone},
          {"memory_calibration", a.calibration},
          {"cells", a.cells},
          {"fitting", a.fitting},
          {"verdict", verdictName(a.verdict)},
          {"sentence", a.sentence},
          {"choice", index(a.choice)},
          {"best_measured", index(a.bestMeasured)},
          {"best_predicted", index(a.bestPredicted)},
          {"runner_up", index(a.runnerUp)},
          {"expected_regret", number(a.regret)},
          {"candidates", candidates},
          {"next", next},
          {"next_verdict", a.nextVerdict},
          {"laws", laws},
          {"notes", a.notes}};
}

}  // namespace bitfrontier

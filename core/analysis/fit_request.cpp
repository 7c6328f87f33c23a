// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/fit_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <type_traits>

#include "core/base/error.h"
#include "core/law/inference/law_prediction.h"

namespace bitfrontier {
namespace {

[[noreturn]] void refuse(std::string text) {
  throw Error(ErrorKind::InvalidArgument, std::move(text));
}

/// What only some laws use must not be given to others.
void checkUses(const JointOptions& options, const std::vector<std::string>& forms) {
  const auto any = [&](auto&& test) {
    return std::any_of(forms.begin(), forms.end(),
                       [&](const std::string& name) { return test(lawForm(name).info()); });
  };
  const std::string law = fmt::format("the law {}", lawForm(forms.front()).info().name);
  const std::string names = forms.size() == 1 ? law : "any of these laws";
  if (!options.formatNoise.empty() && !any([](const LawFormInfo& i) { return i.needsNoise; })) {
    refuse(fmt::format("--noise says nothing to {}: J3 and J3v use weight errors", names));
  }
  if (options.breaks != 1 && !any([](const LawFormInfo& i) { return i.name == "broken"; })) {
    refuse(fmt::format("--breaks says nothing to {}: it is of the law broken", names));
  }
  if (!options.reference.empty() && !any([](const LawFormInfo& i) { return i.joint; })) {
    refuse(fmt::format("--reference says nothing to {}, which is of one format", names));
  }
}

void checkRequest(const ChosenRequest&) {}
void checkRequest(const SeriesRequest&) {}
void checkRequest(const JointRequest& r) {
  lawForm(r.options.form);
  if (!r.sizes.empty()) requireLawOfSize(lawForm(r.options.form));
  checkUses(r.options, {r.options.form});
}
void checkRequest(const ComparisonRequest& r) {
  for (const std::string& name : r.forms) lawForm(name);
  checkUses(r.options, r.forms);
}
void checkRequest(const FamiliesRequest& r) { checkUses(r.options, {"J1"}); }
void checkRequest(const TwoStageRequest& r) {
  if (!lawForm(r.stages.linkForm).info().needsCrossEntropy) {
    refuse(fmt::format("--two-stage is link-sigmoid or link-exp, not \"{}\"", r.stages.linkForm));
  }
  checkUses(r.options, {r.stages.lossForm, r.stages.directForm});
}
void checkRequest(const TrainingRequest&) {}

}  // namespace

LawMetric metricOf(const FitRequest& request) {
  return std::visit(
      [](const auto& r) {
        using Request = std::decay_t<decltype(r)>;
        if constexpr (requires { r.metric; }) {
          return r.metric;
        } else if constexpr (std::is_same_v<Request, TwoStageRequest> ||
                             std::is_same_v<Request, TrainingRequest>) {
          return LawMetric::Accuracy;
        } else {
          return r.options.metric;
        }
      },
      request);
}

void check(const FitRequest& request) {
  std::visit([](const auto& r) { checkRequest(r); }, request);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/fit/joint_draft.h"

#include <fmt/format.h>

#include <cmath>
#include <utility>

namespace bitfrontier {

JointDraft::JointDraft(std::span<const LawPoint> all, const LawForm& form, const JointOptions& with)
    : points(all),
      info(form.info()),
      options(with),
      axis(form.info().overTotalBits ? LawAxis::TotalBits : with.axis),
      key(form.info().byBitWidth ? SeriesKey::Bits : with.formatKey) {}

void JointDraft::say(RemarkCode code, std::string text) {
  data.remarks.push_back({code, false, std::move(text)});
}

void JointDraft::refuse(RemarkCode code, std::string text) {
  data.remarks.push_back({code, true, std::move(text)});
  data.refused = true;
}

double JointDraft::sizeOf(const LawPoint& p) const {
  return axis == LawAxis::Parameters ? p.parameters : p.totalBits;
}

std::string JointDraft::label(const LawPoint& p) const {
  return info.joint ? seriesLabel(p, key) : std::string("all");
}

std::string JointDraft::sizeKey(const LawPoint& p) const {
  return positive(p.parameters) ? fmt::format("{}", p.parameters) : p.model;
}

bool JointDraft::paired() const {
  return options.covariance.has_value() && options.covariance->n == points.size() &&
         options.metric == LawMetric::Accuracy;
}

std::string pointName(const LawPoint& p) {
  return p.config.empty() ? p.model : p.model + " " + p.config;
}

bool positive(double value) { return std::isfinite(value) && value > 0; }

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "core/law/data/point_errors.h"
#include "core/law/fit/joint_data.h"

namespace bitfrontier {

/// What the steps of makeJointData() hand on. Internal to core/law.
struct JointDraft {
  JointDraft(std::span<const LawPoint> points, const LawForm& form, const JointOptions& options);

  std::span<const LawPoint> points;
  const LawFormInfo& info;
  const JointOptions& options;
  LawAxis axis;
  SeriesKey key;
  JointData data{};
  std::vector<std::size_t> used{};  ///< of `points`
  PointErrors errors{};
  bool sameItems = true;  ///< all points were scored on as many items

  void say(RemarkCode code, std::string text);
  void refuse(RemarkCode code, std::string text);

  double sizeOf(const LawPoint& p) const;  ///< on the axis
  std::string label(const LawPoint& p) const;
  std::string sizeKey(const LawPoint& p) const;  ///< points of one size have one
  bool paired() const;
};

/// "OPT-125M int4-b64".
std::string pointName(const LawPoint& p);
bool positive(double value);

}  // namespace bitfrontier

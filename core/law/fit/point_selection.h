// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/law/fit/joint_draft.h"

namespace bitfrontier {

/// Which points a law is fitted to: those with possible numbers, each configuration once, of one
/// family scored alike, above chance. Internal to core/law.
void selectPoints(JointDraft& draft);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/law/fit/joint_draft.h"

namespace bitfrontier {

/// Divides the points of a draft into formats and orders these, the reference first. Internal to
/// core/law.
void makeFormats(JointDraft& draft);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/work_timer.h"

#include <atomic>

namespace bitfrontier {
namespace {

std::atomic<double> suspended{0};

}  // namespace

double suspendedSeconds() { return suspended.load(); }

void addSuspendedSeconds(double seconds) { suspended.fetch_add(seconds); }

}  // namespace bitfrontier

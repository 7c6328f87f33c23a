// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "kernels/kernel_table.h"

namespace bitfrontier {

/// Threads for host kernels: those of libtorch's own team, as many as at::get_num_threads() of the
/// calling thread says (one inside a parallel region), so that kernels and libtorch never compete.
const bf_runner* hostRunner();

}  // namespace bitfrontier

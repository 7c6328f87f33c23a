// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

namespace bitfrontier {

/// $XDG_STATE_HOME/bitfrontier or ~/.local/state/bitfrontier: what should outlive a restart but is
/// no setting. It is made if it can be.
std::filesystem::path stateFolder();

}  // namespace bitfrontier

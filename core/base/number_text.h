// SPDX-License-Identifier: GPL-3.0-or-later
/// Numbers for people, the same on the command line and in the window (which puts the separators of
/// the user's language into them).
#pragma once

#include <string>

namespace bitfrontier {

/// The size of `bits` bits in the decimal unit that leaves one to three digits before the point, to
/// three digits: "24.1 GB", "512 kB", "125 B".
std::string formatBytes(double bits);
/// The same of a number of things: "1.23M", "6.7B", "350k", "12".
std::string formatCount(double value);
/// "1 h 2 min", "4 min 10 s", "12 s", "less than 1 s".
std::string formatDuration(double seconds);

}  // namespace bitfrontier

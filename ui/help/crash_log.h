// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace bitfrontier {

/// Keeps a line for the crash log; the last 64 are kept. Any thread.
void rememberLine(std::string_view line);
/// The lines kept, oldest first.
std::string rememberedLines();

/// From now on a crash (SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL) leaves
/// `folder`/crash-TIME-PID.txt with `version`, the stack and the remembered lines, says so on
/// stderr and then ends the program as the signal would have. The folder is made now; nothing is
/// sent anywhere. False when it cannot be made.
bool installCrashLog(const std::filesystem::path& folder, const std::string& version);
/// Takes the handlers back.
void removeCrashLog();
/// The newest crash log of a folder, or an empty path.
std::filesystem::path newestCrashLog(const std::filesystem::path& folder);

}  // namespace bitfrontier

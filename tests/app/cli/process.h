// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <thread>

#include "tests/support/child_process.h"

namespace bitfrontier::test {

/// The command line program as a child process; its output goes to files in `dir`, its input comes
/// from `in`.
class CliProcess : public ChildProcess {
 public:
  CliProcess(const std::filesystem::path& dir, std::vector<std::string> arguments,
             const std::filesystem::path& in = "/dev/null")
      : ChildProcess(BITFRONTIER_CLI, std::move(arguments), dir / "stdout.txt", dir / "stderr.txt",
                     in) {}
};

}  // namespace bitfrontier::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/child_process.h"

namespace bitfrontier::test {

/// store_worker as a child process; its output goes to files named after `log`.
class WorkerProcess : public ChildProcess {
 public:
  WorkerProcess(const std::filesystem::path& log, std::vector<std::string> arguments)
      : ChildProcess(BITFRONTIER_STORE_WORKER, std::move(arguments), log.string() + ".out",
                     log.string() + ".err") {}
};

}  // namespace bitfrontier::test

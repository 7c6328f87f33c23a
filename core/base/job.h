// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>

namespace bitfrontier {

/// A snapshot of how far a long call has come.
struct Progress {
  double fraction = 0;     ///< of the whole call, 0..1
  std::string stage;       ///< what is being done, lower case, for people
  std::int64_t done = 0;   ///< items of the stage finished
  std::int64_t total = 0;  ///< items of the stage; 0 when unknown
};

/// How a blocking call is cancelled and reports. Default constructed: never cancelled, silent.
struct JobContext {
  std::stop_token stop;
  std::function<void(const Progress&)> report;  ///< called on the working thread

  bool cancelled() const { return stop.stop_requested(); }
  /// Throws Error{Cancelled} when a stop was requested; call it per layer, batch or chunk.
  void throwIfCancelled() const;
  /// Calls `report` when there is one.
  void progress(const Progress& p) const;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace bitfrontier {

/// A device that models run on, as resolveDevice() found it usable: the CPU, or a GPU by its
/// number.
class DeviceId {
 public:
  /// The CPU.
  DeviceId() = default;
  static DeviceId cuda(int index) {
    DeviceId id;
    id.cuda_ = index;
    return id;
  }

  bool isCpu() const { return cuda_ < 0; }
  /// "cpu", "cuda:0"; as libtorch, the kernels and the store write it.
  std::string text() const { return isCpu() ? "cpu" : "cuda:" + std::to_string(cuda_); }
  bool operator==(const DeviceId&) const = default;

 private:
  int cuda_ = -1;
};

}  // namespace bitfrontier

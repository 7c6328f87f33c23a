// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bitfrontier {

/// How a model on the CPU, which computes in fp32, keeps weights that are stored in 16 bit. Hidden
/// states are the same bit for bit, logits but for rounding.
enum class WeightMemory {
  Auto,     ///< Widened when that takes at most half of the memory that is available, else Mapped
  Mapped,   ///< left in the mapped file; each layer is widened into a reused buffer when used
  Widened,  ///< all of it widened to fp32 on loading: twice the file's size, and the faster way
};

/// "auto", "mapped" or "widened".
std::string_view weightMemoryName(WeightMemory memory);
/// The reverse. Error InvalidArgument naming the three for anything else.
WeightMemory parseWeightMemory(std::string_view name);

/// Resolves Auto for weights that take `bytes` when widened, on this machine now.
WeightMemory chooseWeightMemory(WeightMemory wanted, std::int64_t bytes);

/// Bytes that can be used without swapping: MemAvailable, or what the control group leaves where
/// that is less.
std::int64_t availableMemory();

}  // namespace bitfrontier

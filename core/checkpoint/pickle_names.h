// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <c10/core/ScalarType.h>

#include <cstdint>
#include <optional>
#include <string_view>

namespace bitfrontier {

/// The functions and classes that a checkpoint may name.
enum class PickleGlobal {
  OrderedDict,
  RebuildTensor,
  RebuildTensorV2,
  RebuildTensorV3,  ///< only of tensors whose type has no storage class: 8-bit floats and the like
  RebuildParameter
};

/// Nothing unless it is one of the few above.
std::optional<PickleGlobal> pickleGlobal(std::string_view module, std::string_view name);

/// The element type of torch's storage class, such as "torch" "HalfStorage".
std::optional<at::ScalarType> storageClass(std::string_view module, std::string_view name);

/// Whether this is one of torch's types without a storage class, such as "torch" "float8_e4m3fn".
bool isTypeWithoutStorage(std::string_view module, std::string_view name);

/// The name of an opcode as pickletools has it, for messages; "unknown" for a byte that is none.
std::string_view pickleOpcodeName(std::uint8_t opcode);

}  // namespace bitfrontier

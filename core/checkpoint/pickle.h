// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <c10/core/ScalarType.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

namespace bitfrontier {

/// A value of a pickle. Containers and texts are kept by Pickle and named by their index, so that
/// cycles, sharing and depth cost nothing.
struct PickleValue {
  enum class Kind : std::uint8_t {
    None,
    Bool,
    Int,
    Float,    ///< its value is not kept
    Text,     ///< index into Pickle::texts
    Tuple,    ///< index into Pickle::sequences
    List,     ///< index into Pickle::sequences
    Dict,     ///< index into Pickle::dicts
    Global,   ///< a PickleGlobal
    Dtype,    ///< a class of storages: an at::ScalarType
    Storage,  ///< index into Pickle::storages
    Tensor,   ///< index into Pickle::tensors
  };
  Kind kind = Kind::None;
  std::int64_t number = 0;  ///< the value or the index

  std::size_t index() const { return static_cast<std::size_t>(number); }
};

/// What a persistent id refers to.
struct PickleStorage {
  at::ScalarType dtype = at::ScalarType::Float;
  std::string_view key;
  std::int64_t elements = 0;
};

/// A call of torch._utils._rebuild_tensor_v2, its numbers not yet checked.
struct PickleTensor {
  std::size_t storage = 0;
  std::int64_t offset = 0;  ///< in elements, like the strides
  std::size_t shape = 0;    ///< index into Pickle::sequences
  std::size_t strides = 0;  ///< index into Pickle::sequences
};

/// The result of reading one pickle, or several of one file.
struct Pickle {
  std::vector<std::string_view> texts;  ///< point into the pickle's bytes
  std::vector<std::vector<PickleValue>> sequences;
  std::vector<std::vector<std::pair<PickleValue, PickleValue>>> dicts;
  std::vector<PickleStorage> storages;
  std::vector<PickleTensor> tensors;
};

/// Reads the pickle that starts at byte `at` of `bytes`, adds what it builds to `pickle`, returns
/// its value and moves `at` behind it. Nothing is imported or called: of the virtual machine only
/// the opcodes are understood that torch.save uses for a state dict (protocol 2), and of the
/// globals only OrderedDict, the storage classes, _rebuild_tensor, _rebuild_tensor_v2 and
/// _rebuild_parameter of torch, each as a fixed case; what _rebuild_tensor_v3 makes is refused by
/// its type (float8_e4m3fn). Throws Unsupported for every other opcode or global, by its name;
/// Format, naming `where` and the byte, for what is malformed or beyond the limits (4 million
/// objects, 1000 open marks, texts of 64 KiB). Behaviour: pickletools of CPython and
/// torch/_weights_only_unpickler.py.
PickleValue readPickle(std::span<const std::byte> bytes, std::size_t& at, Pickle& pickle,
                       std::string_view where);

}  // namespace bitfrontier

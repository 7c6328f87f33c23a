// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "core/checkpoint/stored_tensor.h"

namespace bitfrontier {

/// The tensors of a state dict written by torch.save, in the order of the dict; `file` holds the
/// whole file, its weights are not read. Both formats are known: the ZIP archive with data.pkl
/// (torch 1.6 and newer) and the pickles in a row of older versions. Tensors may be views with
/// strides and may share memory, as tied heads do. See readPickle for what is refused. Throws
/// Format, naming `where`, tensor and numbers, for anything that is not in the file, repeated or
/// contradictory; Unsupported for big-endian files and what readPickle refuses.
/// Behaviour: torch/serialization.py of torch 2.11.
std::vector<StoredTensor> parseTorchFile(std::span<const std::byte> file, std::string_view where);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace bitfrontier {

/// Writes tensors (any device, any layout) so that equal input gives equal bytes: largest elements
/// first, then by name, header padded to 8 bytes. Replaces `path` atomically. Throws
/// InvalidArgument for a repeated or reserved name or an unstorable dtype, Io.
void saveSafetensors(const std::filesystem::path& path,
                     const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                     const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace bitfrontier

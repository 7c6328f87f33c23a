// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// Reads the `post_processor` of a tokenizer.json into the ids it puts around a single text:
/// TemplateProcessing, RobertaProcessing, BertProcessing, ByteLevel and sequences of them. Throws
/// Unsupported for any other component, Format for a malformed one.
void readPostProcessor(const nlohmann::json& description, std::string_view where,
                       std::vector<std::int32_t>& prefix, std::vector<std::int32_t>& suffix);

}  // namespace bitfrontier

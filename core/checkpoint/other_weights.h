// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>

namespace bitfrontier {

/// What a folder without a checkpoint in Hugging Face's form holds instead, and what can be done:
/// the end of a sentence whose subject is the folder ("holds its weights as GGUF (a.gguf), which is
/// not opened; ..."). Looks at names alone. Empty when nothing is recognised.
std::string describeOtherWeights(const std::filesystem::path& dir);

/// Throws Unsupported when a PEFT adapter lies beside a model: transformers would load both.
void refuseAdapterBeside(const std::filesystem::path& dir);

}  // namespace bitfrontier

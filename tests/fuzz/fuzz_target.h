// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// libFuzzer's entry point; every target defines it and `seeds()`. It returns 0 for input that was
/// accepted and `fuzz::kRefused` for input refused with an Error; anything else that is thrown, a
/// signal or a failed check is a finding.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace bitfrontier::fuzz {

/// libFuzzer would not keep an input for which the target returns -1, and refused inputs lead to
/// the next ones; the mutation driver only counts them.
#ifdef BITFRONTIER_LIBFUZZER
inline constexpr int kRefused = 0;
#else
inline constexpr int kRefused = -1;
#endif

/// Well-formed inputs to start from.
std::vector<std::string> seeds();

/// Ends the process when a property of accepted input does not hold.
void require(bool holds, const char* property);

}  // namespace bitfrontier::fuzz

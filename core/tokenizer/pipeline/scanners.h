// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string_view>

#include "core/tokenizer/text/piece.h"

namespace bitfrontier {

/// Cuts a text at and between the matches of one regular expression; every byte belongs to one
/// piece.
using Scanner = void (*)(std::string_view text, const PieceSink& sink);

/// The hand-written scanner for an expression that is in wide use, or null.
Scanner scannerFor(std::string_view pattern);

}  // namespace bitfrontier

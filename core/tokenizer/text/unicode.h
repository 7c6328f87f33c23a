// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace bitfrontier {

/// General categories, in utf8proc's order.
enum class Category : std::uint8_t {
  Cn,
  Lu,
  Ll,
  Lt,
  Lm,
  Lo,
  Mn,
  Mc,
  Me,
  Nd,
  Nl,
  No,
  Pc,
  Pd,
  Ps,
  Pe,
  Pi,
  Pf,
  Po,
  Sm,
  Sc,
  Sk,
  So,
  Zs,
  Zl,
  Zp,
  Cc,
  Cf,
  Cs,
  Co,
};

/// By Unicode 16, which the Oniguruma of the `tokenizers` package has: utf8proc's table (15) and a
/// supplement. Codes outside Unicode, such as -1 for an invalid byte, are Cn.
Category categoryOf(std::int32_t code);

/// What the scanners ask about a character, as bits.
enum CharFlag : std::uint8_t {
  kLetter = 1,     ///< L
  kNumber = 2,     ///< N
  kSpace = 4,      ///< White_Space
  kMark = 8,       ///< M
  kUpper = 16,     ///< Lu, Lt
  kLower = 32,     ///< Ll
  kWord = 64,      ///< Alphabetic, M, Nd, Pc: what `\w` has in common in Rust and Oniguruma
  kNumeric = 128,  ///< N of Unicode 17, Rust's char::is_numeric
};

/// One byte of flags for each of the 0x110000 codes, made at the first call.
const std::uint8_t* charFlagTable();

/// All flags of a character; none for codes outside Unicode.
inline std::uint8_t charFlags(std::int32_t code) {
  return static_cast<std::uint32_t>(code) < 0x110000 ? charFlagTable()[code] : std::uint8_t{0};
}

inline bool isLetter(std::int32_t code) { return (charFlags(code) & kLetter) != 0; }
inline bool isNumber(std::int32_t code) { return (charFlags(code) & kNumber) != 0; }
inline bool isNumeric(std::int32_t code) { return (charFlags(code) & kNumeric) != 0; }
inline bool isWhiteSpace(std::int32_t code) { return (charFlags(code) & kSpace) != 0; }
/// `\w` of Rust: with the two joiners.
inline bool isWordCharacter(std::int32_t code) {
  return code == 0x200c || code == 0x200d || (charFlags(code) & kWord) != 0;
}

}  // namespace bitfrontier

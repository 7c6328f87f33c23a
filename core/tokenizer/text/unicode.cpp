// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/text/unicode.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <vector>

namespace bitfrontier {

namespace {

struct Range {
  std::int32_t first;
  std::int32_t last;
  Category category;
};

// Where Unicode 16 differs from utf8proc 2.8 (Unicode 15.0), by first code.
constexpr Range supplement[] = {
    {0x897, 0x897, Category::Mn},     {0x1b4e, 0x1b4f, Category::Po},
    {0x1b7f, 0x1b7f, Category::Po},   {0x1c89, 0x1c89, Category::Lu},
    {0x1c8a, 0x1c8a, Category::Ll},   {0x2427, 0x2429, Category::So},
    {0x2ffc, 0x2fff, Category::So},   {0x31e4, 0x31e5, Category::So},
    {0x31ef, 0x31ef, Category::So},   {0xa7cb, 0xa7cc, Category::Lu},
    {0xa7cd, 0xa7cd, Category::Ll},   {0xa7da, 0xa7da, Category::Lu},
    {0xa7db, 0xa7db, Category::Ll},   {0xa7dc, 0xa7dc, Category::Lu},
    {0x105c0, 0x105f3, Category::Lo}, {0x10d40, 0x10d49, Category::Nd},
    {0x10d4a, 0x10d4d, Category::Lo}, {0x10d4e, 0x10d4e, Category::Lm},
    {0x10d4f, 0x10d4f, Category::Lo}, {0x10d50, 0x10d65, Category::Lu},
    {0x10d69, 0x10d6d, Category::Mn}, {0x10d6e, 0x10d6e, Category::Pd},
    {0x10d6f, 0x10d6f, Category::Lm}, {0x10d70, 0x10d85, Category::Ll},
    {0x10d8e, 0x10d8f, Category::Sm}, {0x10ec2, 0x10ec4, Category::Lo},
    {0x10efc, 0x10efc, Category::Mn}, {0x11380, 0x11389, Category::Lo},
    {0x1138b, 0x1138b, Category::Lo}, {0x1138e, 0x1138e, Category::Lo},
    {0x11390, 0x113b5, Category::Lo}, {0x113b7, 0x113b7, Category::Lo},
    {0x113b8, 0x113ba, Category::Mc}, {0x113bb, 0x113c0, Category::Mn},
    {0x113c2, 0x113c2, Category::Mc}, {0x113c5, 0x113c5, Category::Mc},
    {0x113c7, 0x113ca, Category::Mc}, {0x113cc, 0x113cd, Category::Mc},
    {0x113ce, 0x113ce, Category::Mn}, {0x113cf, 0x113cf, Category::Mc},
    {0x113d0, 0x113d0, Category::Mn}, {0x113d1, 0x113d1, Category::Lo},
    {0x113d2, 0x113d2, Category::Mn}, {0x113d3, 0x113d3, Category::Lo},
    {0x113d4, 0x113d5, Category::Po}, {0x113d7, 0x113d8, Category::Po},
    {0x113e1, 0x113e2, Category::Mn}, {0x116d0, 0x116e3, Category::Nd},
    {0x1171e, 0x1171e, Category::Mc}, {0x11bc0, 0x11be0, Category::Lo},
    {0x11be1, 0x11be1, Category::Po}, {0x11bf0, 0x11bf9, Category::Nd},
    {0x11f5a, 0x11f5a, Category::Mn}, {0x13460, 0x143fa, Category::Lo},
    {0x16100, 0x1611d, Category::Lo}, {0x1611e, 0x16129, Category::Mn},
    {0x1612a, 0x1612c, Category::Mc}, {0x1612d, 0x1612f, Category::Mn},
    {0x16130, 0x16139, Category::Nd}, {0x16d40, 0x16d42, Category::Lm},
    {0x16d43, 0x16d6a, Category::Lo}, {0x16d6b, 0x16d6c, Category::Lm},
    {0x16d6d, 0x16d6f, Category::Po}, {0x16d70, 0x16d79, Category::Nd},
    {0x18cff, 0x18cff, Category::Lo}, {0x1cc00, 0x1ccef, Category::So},
    {0x1ccf0, 0x1ccf9, Category::Nd}, {0x1cd00, 0x1ceb3, Category::So},
    {0x1e5d0, 0x1e5ed, Category::Lo}, {0x1e5ee, 0x1e5ef, Category::Mn},
    {0x1e5f0, 0x1e5f0, Category::Lo}, {0x1e5f1, 0x1e5fa, Category::Nd},
    {0x1e5ff, 0x1e5ff, Category::Po}, {0x1f8b2, 0x1f8bb, Category::So},
    {0x1f8c0, 0x1f8c1, Category::So}, {0x1fa89, 0x1fa89, Category::So},
    {0x1fa8f, 0x1fa8f, Category::So}, {0x1fabe, 0x1fabe, Category::So},
    {0x1fac6, 0x1fac6, Category::So}, {0x1fadc, 0x1fadc, Category::So},
    {0x1fadf, 0x1fadf, Category::So}, {0x1fae9, 0x1fae9, Category::So},
    {0x1fbcb, 0x1fbef, Category::So}, {0x2ebf0, 0x2ee5d, Category::Lo},
};

// Alphabetic, but neither letter, mark nor number: circled, squared and negative Latin letters.
constexpr Range otherAlphabetic[] = {{0x24b6, 0x24e9, Category::So},
                                     {0x1f130, 0x1f149, Category::So},
                                     {0x1f150, 0x1f169, Category::So},
                                     {0x1f170, 0x1f189, Category::So}};

// Numbers that came with Unicode 17.
constexpr Range newNumbers[] = {{0x11de0, 0x11de9, Category::Nd}, {0x16ff4, 0x16ff6, Category::Nl}};

template <typename Ranges>
const Range* lookUp(const Ranges& ranges, std::int32_t code) {
  const auto* it =
      std::lower_bound(std::begin(ranges), std::end(ranges), code,
                       [](const Range& range, std::int32_t value) { return range.last < value; });
  return it != std::end(ranges) && it->first <= code ? it : nullptr;
}

bool hasWhiteSpace(std::int32_t code) {
  switch (code) {
    case 0x20:
    case 0x85:
    case 0xa0:
    case 0x1680:
    case 0x2028:
    case 0x2029:
    case 0x202f:
    case 0x205f:
    case 0x3000:
      return true;
    default:
      return (code >= '\t' && code <= '\r') || (code >= 0x2000 && code <= 0x200a);
  }
}

std::uint8_t flagsOf(std::int32_t code) {
  const Category c = categoryOf(code);
  unsigned flags = 0;
  if (c >= Category::Lu && c <= Category::Lo) flags |= kLetter | kWord;
  if (c >= Category::Mn && c <= Category::Me) flags |= kMark | kWord;
  if (c >= Category::Nd && c <= Category::No) flags |= kNumber | kNumeric;
  if (c == Category::Nd || c == Category::Nl || c == Category::Pc) flags |= kWord;
  if (c == Category::Lu || c == Category::Lt) flags |= kUpper;
  if (c == Category::Ll) flags |= kLower;
  if (hasWhiteSpace(code)) flags |= kSpace;
  if (lookUp(otherAlphabetic, code) != nullptr) flags |= kWord;
  if (lookUp(newNumbers, code) != nullptr) flags |= kNumeric;
  return static_cast<std::uint8_t>(flags);
}

}  // namespace

Category categoryOf(std::int32_t code) {
  if (static_cast<std::uint32_t>(code) >= 0x110000) return Category::Cn;
  if (const Range* range = lookUp(supplement, code)) return range->category;
  return static_cast<Category>(utf8proc_category(code));
}

const std::uint8_t* charFlagTable() {
  static const std::vector<std::uint8_t> table = [] {
    std::vector<std::uint8_t> flags(0x110000);
    for (std::size_t code = 0; code < flags.size(); ++code) {
      flags[code] = flagsOf(static_cast<std::int32_t>(code));
    }
    return flags;
  }();
  return table.data();
}

}  // namespace bitfrontier

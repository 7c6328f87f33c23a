// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/text/normal_form.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/error.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

struct Range {
  std::int32_t first;
  std::int32_t last;
};

// Characters that take part in normalization since Unicode 10 to 15: combining marks, parts of new
// compositions, new compatibility characters. The package passes over them.
constexpr Range newer[] = {
    {0x7fd, 0x7fd},     {0x898, 0x89f},     {0x8ca, 0x8d3},     {0x9fe, 0x9fe},
    {0xc3c, 0xc3c},     {0xd3b, 0xd3c},     {0xeba, 0xeba},     {0x1715, 0x1715},
    {0x1abf, 0x1ace},   {0x1df6, 0x1dfa},   {0x32ff, 0x32ff},   {0xa7f2, 0xa7f4},
    {0xa82c, 0xa82c},   {0xab69, 0xab69},   {0x10781, 0x10785}, {0x10787, 0x107b0},
    {0x107b2, 0x107ba}, {0x10d24, 0x10d27}, {0x10eab, 0x10eac}, {0x10efd, 0x10eff},
    {0x10f46, 0x10f50}, {0x10f82, 0x10f85}, {0x11070, 0x11070}, {0x1133b, 0x1133b},
    {0x1145e, 0x1145e}, {0x11839, 0x1183a}, {0x11930, 0x11930}, {0x11938, 0x11938},
    {0x1193d, 0x1193e}, {0x11943, 0x11943}, {0x119e0, 0x119e0}, {0x11a34, 0x11a34},
    {0x11a47, 0x11a47}, {0x11a99, 0x11a99}, {0x11d42, 0x11d42}, {0x11d44, 0x11d45},
    {0x11d97, 0x11d97}, {0x11f41, 0x11f42}, {0x16ff0, 0x16ff1}, {0x1e030, 0x1e06d},
    {0x1e08f, 0x1e08f}, {0x1e130, 0x1e136}, {0x1e2ae, 0x1e2ae}, {0x1e2ec, 0x1e2ef},
    {0x1e4ec, 0x1e4ef}, {0x1f16c, 0x1f16c}, {0x1fbf0, 0x1fbf9},
};

// Roles of a character, as bits: it may join or reorder with what is before it, it is not what the
// form makes of it, it is newer than the package's tables.
constexpr std::uint8_t kCombines = 1;
constexpr std::uint8_t kNewer = 2;
constexpr std::uint8_t changesIn(NormalForm form) {
  return static_cast<std::uint8_t>(4U << static_cast<unsigned>(form));
}

// What a character that stays as it is, whatever stands before it, has none of. A newer one never
// has any.
constexpr std::uint8_t notFinal(NormalForm form) {
  return static_cast<std::uint8_t>(kCombines | changesIn(form));
}

constexpr std::int32_t hangulFirst = 0xac00;
constexpr std::int32_t hangulLast = 0xd7a3;

int optionsOf(NormalForm form) {
  switch (form) {
    case NormalForm::C:
      return UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    case NormalForm::D:
      return UTF8PROC_STABLE | UTF8PROC_DECOMPOSE;
    case NormalForm::KC:
      return UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT;
    default:
      return UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
  }
}

void appendMapped(std::string& out, std::string_view valid, NormalForm form) {
  if (valid.empty()) return;
  utf8proc_uint8_t* mapped = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(valid.data()),
                   static_cast<utf8proc_ssize_t>(valid.size()), &mapped,
                   static_cast<utf8proc_option_t>(optionsOf(form)));
  const std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> owner(mapped, &std::free);
  if (size < 0) {
    throw Error(ErrorKind::OutOfMemory,
                std::string("cannot normalize text: ") + utf8proc_errmsg(size));
  }
  out.append(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(size));
}

// For a character that has a decomposition.
void addRoles(std::int32_t code, std::vector<std::uint8_t>& roles) {
  const std::string text = toUtf8(code);
  for (const NormalForm form : {NormalForm::C, NormalForm::D, NormalForm::KC, NormalForm::KD}) {
    std::string mapped;
    appendMapped(mapped, text, form);
    if (mapped != text) roles[static_cast<std::size_t>(code)] |= changesIn(form);
    if (form != NormalForm::D) continue;
    // What follows the first part can compose with a character in front of it.
    for (std::size_t at = utf8At(mapped, 0).size; at < mapped.size();) {
      const Utf8Char part = utf8At(mapped, at);
      roles[static_cast<std::size_t>(part.code)] |= kCombines;
      at += part.size;
    }
  }
}

const std::vector<std::uint8_t>& roleTable() {
  static const std::vector<std::uint8_t> table = [] {
    std::vector<std::uint8_t> roles(0x110000);
    for (std::int32_t code = 0; code < 0x110000; ++code) {
      const utf8proc_property_t* property = utf8proc_get_property(code);
      auto& role = roles[static_cast<std::size_t>(code)];
      if (property->combining_class != 0) role |= kCombines;
      if (property->decomp_seqindex != UINT16_MAX) addRoles(code, roles);
    }
    for (std::int32_t code = hangulFirst; code <= hangulLast; ++code) {
      roles[static_cast<std::size_t>(code)] |= changesIn(NormalForm::D) | changesIn(NormalForm::KD);
    }
    for (std::size_t code = 0x1161; code <= 0x11c2; ++code) roles[code] |= kCombines;
    for (const Range& range : newer) {
      for (std::int32_t code = range.first; code <= range.last; ++code) {
        roles[static_cast<std::size_t>(code)] = kNewer;
      }
    }
    return roles;
  }();
  return table;
}

// A byte that is not valid counts as newer.
std::uint8_t rolesOf(std::int32_t code) {
  return code < 0 ? kNewer : roleTable()[static_cast<std::size_t>(code)];
}

bool isNewer(std::int32_t code) { return (rolesOf(code) & kNewer) != 0; }

std::size_t sizeOf(std::int32_t code) { return code < 0 ? 1 : toUtf8(code).size(); }

// A character that a form writes. It takes the place of the next 1 - `change` characters of the
// text; with a change of 1 it is added.
struct Written {
  std::int32_t code;
  int combiningClass;
  int change;
};

// Decomposed, marks in their canonical order.
std::vector<Written> decomposed(std::string_view text, bool compatibility) {
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE |
                                                      (compatibility ? UTF8PROC_COMPAT : 0));
  std::vector<Written> out;
  std::ptrdiff_t starter = 0;
  const auto order = [&] {
    std::stable_sort(out.begin() + starter, out.end(), [](const Written& a, const Written& b) {
      return a.combiningClass < b.combiningClass;
    });
  };
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8At(text, at);
    at += c.size;
    std::array<utf8proc_int32_t, 32> parts{c.code};
    utf8proc_ssize_t count = 1;
    int boundary = 0;
    if (!isNewer(c.code)) {
      count = utf8proc_decompose_char(c.code, parts.data(), parts.size(), options, &boundary);
    }
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const int combiningClass =
          isNewer(parts[i]) ? 0 : utf8proc_get_property(parts[i])->combining_class;
      if (combiningClass == 0) {
        order();
        starter = static_cast<std::ptrdiff_t>(out.size());
      }
      out.push_back({parts[i], combiningClass, i == 0 ? 0 : 1});
    }
  }
  order();
  return out;
}

// The composition of two characters, or -1.
std::int32_t composition(std::int32_t left, std::int32_t right) {
  if (isNewer(left) || isNewer(right)) return -1;
  std::array<utf8proc_int32_t, 2> pair{left, right};
  const utf8proc_ssize_t count = utf8proc_normalize_utf32(
      pair.data(), 2, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  return count == 1 ? pair[0] : -1;
}

std::vector<Written> composed(const std::vector<Written>& parts) {
  std::vector<Written> out;
  std::optional<std::size_t> starter;
  for (const Written& part : parts) {
    // A mark is kept from the starter by one of the same class, and a starter by any mark.
    const bool blocked =
        starter && *starter + 1 < out.size() && out.back().combiningClass >= part.combiningClass;
    const std::int32_t code = starter && !blocked ? composition(out[*starter].code, part.code) : -1;
    if (code >= 0) {
      out[*starter].code = code;
      out[*starter].change += part.change - 1;
      continue;
    }
    if (part.combiningClass == 0) starter = out.size();
    out.push_back(part);
  }
  return out;
}

}  // namespace

std::size_t normalizedSize(std::string_view text, NormalForm form, std::size_t size) {
  if (size == 0) return 0;
  // From a character on that joins nothing before it, text does not matter.
  std::size_t end = size;
  while (end < text.size()) {
    const Utf8Char c = utf8At(text, end);
    if ((rolesOf(c.code) & notFinal(form)) == 0) break;
    end += c.size;
  }
  text = text.substr(0, end);
  std::vector<Written> written = decomposed(text, form == NormalForm::KC || form == NormalForm::KD);
  if (form == NormalForm::C || form == NormalForm::KC) written = composed(written);
  std::size_t at = 0;
  std::size_t bytes = 0;
  for (const Written& character : written) {
    if (character.change > 0 ? at > size : at >= size) break;
    bytes += sizeOf(character.code);
    for (int i = character.change; i <= 0 && at < text.size(); ++i) at += utf8At(text, at).size;
  }
  return bytes;
}

std::string normalize(std::string_view text, NormalForm form) {
  const std::vector<std::uint8_t>& roles = roleTable();
  const std::uint8_t moving = notFinal(form);
  std::string out;
  out.reserve(text.size());
  std::size_t done = 0;  // written up to here
  std::size_t base = 0;  // the last character that the next one may join with
  bool open = false;     // text from `base` on has to be mapped
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = utf8At(text, at);
    const std::uint8_t role = c.code < 0 ? kNewer : roles[static_cast<std::size_t>(c.code)];
    const bool barrier = (role & kNewer) != 0;
    if (barrier || (role & moving) == 0) {
      if (open) {
        out += text.substr(done, base - done);
        appendMapped(out, text.substr(base, at - base), form);
        done = at;
        open = false;
      }
      base = barrier ? at + c.size : at;
    } else {
      open = true;
    }
    at += c.size;
  }
  out += text.substr(done, (open ? base : text.size()) - done);
  if (open) appendMapped(out, text.substr(base), form);
  return out;
}

}  // namespace bitfrontier

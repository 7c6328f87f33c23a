// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/regex/regex_property.h"

#include <fmt/format.h>

#include <array>
#include <utility>

#include "core/tokenizer/text/unicode.h"

namespace bitfrontier {

namespace {

// PCRE2's own \s has U+180E besides.
constexpr std::string_view spaceItems =
    "\\x{09}-\\x{0d}\\x{20}\\x{85}\\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"
    "\\x{205f}\\x{3000}";
constexpr std::string_view alphaItems =
    "\\p{L}\\p{Nl}\\x{24b6}-\\x{24e9}\\x{1f130}-\\x{1f149}\\x{1f150}-\\x{1f169}"
    "\\x{1f170}-\\x{1f189}";
constexpr std::string_view hexItems = "0-9A-Fa-f";

constexpr std::array<std::string_view, 30> categories = {
    "cn", "lu", "ll", "lt", "lm", "lo", "mn", "mc", "me", "nd", "nl", "no", "pc", "pd", "ps",
    "pe", "pi", "pf", "po", "sm", "sc", "sk", "so", "zs", "zl", "zp", "cc", "cf", "cs", "co"};

constexpr std::pair<std::string_view, std::string_view> longNames[] = {
    {"letter", "l"},
    {"uppercaseletter", "lu"},
    {"lowercaseletter", "ll"},
    {"titlecaseletter", "lt"},
    {"modifierletter", "lm"},
    {"otherletter", "lo"},
    {"mark", "m"},
    {"nonspacingmark", "mn"},
    {"spacingmark", "mc"},
    {"enclosingmark", "me"},
    {"number", "n"},
    {"decimalnumber", "nd"},
    {"letternumber", "nl"},
    {"othernumber", "no"},
    {"punctuation", "p"},
    {"connectorpunctuation", "pc"},
    {"dashpunctuation", "pd"},
    {"openpunctuation", "ps"},
    {"closepunctuation", "pe"},
    {"initialpunctuation", "pi"},
    {"finalpunctuation", "pf"},
    {"otherpunctuation", "po"},
    {"symbol", "s"},
    {"mathsymbol", "sm"},
    {"currencysymbol", "sc"},
    {"modifiersymbol", "sk"},
    {"othersymbol", "so"},
    {"separator", "z"},
    {"spaceseparator", "zs"},
    {"other", "c"},
    {"control", "cc"},
    {"format", "cf"},
    {"unassigned", "cn"},
    {"privateuse", "co"},
    {"cntrl", "cc"},
    {"digit", "nd"},
    {"punct", "p"}};

std::string simplified(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == ' ' || c == '_' || c == '-') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

bool isCategory(std::string_view key) {
  if (key.size() == 1) return std::string_view("clmnpsz").find(key[0]) != std::string_view::npos;
  for (const std::string_view category : categories) {
    if (category == key) return true;
  }
  return false;
}

std::string categoryItems(std::string_view key) {
  std::string name(key);
  name[0] = static_cast<char>(name[0] - 'a' + 'A');
  return fmt::format("\\p{{{}}}", name);
}

}  // namespace

std::optional<RegexProperty> RegexProperty::shorthand(char letter, bool inSet) {
  switch (letter) {
    case 'd':
      return RegexProperty("\\p{Nd}", "nd");
    case 'h':
      return RegexProperty(std::string(hexItems), "xdigit");
    case 's':
      return RegexProperty(std::string(spaceItems), "space");
    case 'w':
      // Oniguruma's table for single Latin-1 characters has superscript digits and fractions.
      return RegexProperty(fmt::format("{}\\p{{M}}\\p{{Nd}}\\p{{Pc}}{}", alphaItems,
                                       inSet ? "" : "\\x{b2}\\x{b3}\\x{b9}\\x{bc}-\\x{be}"),
                           "w");
    default:
      return std::nullopt;
  }
}

std::optional<RegexProperty> RegexProperty::posix(std::string_view name) {
  if (name == "alpha") return RegexProperty("\\p{Alphabetic}", "");
  if (name == "alnum") return RegexProperty("\\p{Alphabetic}\\p{Nd}", "");
  if (name == "upper") return RegexProperty("\\p{Uppercase}", "");
  if (name == "lower") return RegexProperty("\\p{Lowercase}", "");
  if (name == "digit") return RegexProperty("\\p{Nd}", "nd");
  if (name == "punct") return RegexProperty("\\p{P}\\p{S}", "punctsymbol");
  if (name == "space") return shorthand('s', true);
  if (name == "xdigit") return shorthand('h', true);
  if (name == "cntrl") return RegexProperty("\\p{Cc}", "cc");
  return std::nullopt;
}

std::optional<RegexProperty> RegexProperty::named(std::string_view name) {
  std::string key = simplified(name);
  for (const auto& [spelled, category] : longNames) {
    if (key == spelled) key = category;
  }
  if (isCategory(key)) return RegexProperty(categoryItems(key), key);
  if (key == "lc") return RegexProperty("\\p{Lu}\\p{Ll}\\p{Lt}", "lc");
  if (key == "space" || key == "whitespace") return shorthand('s', true);
  if (key == "xdigit") return shorthand('h', true);
  if (key == "any") return RegexProperty("\\x{0}-\\x{10ffff}", "any");
  if (key == "ascii") return RegexProperty("\\x{0}-\\x{7f}", "ascii");
  for (const auto& [spelled, property] :
       {std::pair("alpha", "Alphabetic"), std::pair("alphabetic", "Alphabetic"),
        std::pair("upper", "Uppercase"), std::pair("uppercase", "Uppercase"),
        std::pair("lower", "Lowercase"), std::pair("lowercase", "Lowercase"),
        std::pair("emoji", "Emoji")}) {
    if (key == spelled) return RegexProperty(fmt::format("\\p{{{}}}", property), "");
  }
  // Scripts: PCRE2 refuses a name it does not know.
  if (key.empty() || key.find_first_not_of("abcdefghijklmnopqrstuvwxyz") != std::string::npos) {
    return std::nullopt;
  }
  return RegexProperty(fmt::format("\\p{{sc:{}}}", key), "");
}

std::string RegexProperty::negatedItems() const {
  const bool single = items_.starts_with("\\p{") && items_.find('}') == items_.size() - 1;
  return single ? "\\P" + items_.substr(2) : std::string();
}

std::optional<CharSet> RegexProperty::members() const {
  const auto inCategory = [&](std::int32_t code) {
    const std::string_view category = categories[static_cast<std::size_t>(categoryOf(code))];
    return key_.size() == 1 ? category[0] == key_[0] : category == key_;
  };
  if (isCategory(key_)) return CharSet::where(inCategory);
  if (key_ == "space") return CharSet::where(isWhiteSpace);
  if (key_ == "xdigit") return CharSet({{'0', '9'}, {'A', 'F'}, {'a', 'f'}});
  if (key_ == "any") return CharSet({{0, 0x10ffff}});
  if (key_ == "ascii") return CharSet({{0, 0x7f}});
  if (key_ == "lc") {
    return CharSet::where([](std::int32_t c) { return (charFlags(c) & (kUpper | kLower)) != 0; });
  }
  if (key_ == "punctsymbol") {
    return CharSet::where([](std::int32_t c) {
      const Category category = categoryOf(c);
      return category >= Category::Pc && category <= Category::So;
    });
  }
  if (key_ == "w") {
    return CharSet::where([](std::int32_t c) { return (charFlags(c) & kWord) != 0; });
  }
  return std::nullopt;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/format_words.h"

#include <array>
#include <QCoreApplication>
#include <span>
#include <utility>

#include "ui/base/text.h"

namespace bitfrontier {
namespace {

using Word = std::pair<std::string_view, const char*>;

constexpr std::array kDataTypes{
    Word{"fp16", QT_TRANSLATE_NOOP("FormatWords", "16-bit float")},
    Word{"bf16", QT_TRANSLATE_NOOP("FormatWords", "bfloat16")},
    Word{"int", QT_TRANSLATE_NOOP("FormatWords", "integer")},
    Word{"float", QT_TRANSLATE_NOOP("FormatWords", "float")},
    Word{"dynamic", QT_TRANSLATE_NOOP("FormatWords", "dynamic exponent")},
    Word{"quantile", QT_TRANSLATE_NOOP("FormatWords", "quantiles")},
    Word{"nquantile", QT_TRANSLATE_NOOP("FormatWords", "quantiles of blocks")},
    Word{"nf", QT_TRANSLATE_NOOP("FormatWords", "normal float")},
    Word{"snf", QT_TRANSLATE_NOOP("FormatWords", "symmetric normal float")},
    Word{"af", QT_TRANSLATE_NOOP("FormatWords", "absolute float")},
    Word{"learned", QT_TRANSLATE_NOOP("FormatWords", "learned table")},
};
constexpr std::array kMethods{
    Word{"rtn", QT_TRANSLATE_NOOP("FormatWords", "round to nearest")},
    Word{"none", QT_TRANSLATE_NOOP("FormatWords", "not quantized")},
    Word{"gptq", "GPTQ"},
    Word{"awq", "AWQ"},
};

std::string_view find(std::span<const Word> words, std::string_view code) {
  for (const auto& [name, word] : words) {
    if (name == code) return word;
  }
  return {};
}

QString translated(std::string_view word, std::string_view code) {
  if (word.empty()) return Text::from(code);
  return QCoreApplication::translate("FormatWords", std::string(word).c_str());
}

}  // namespace

std::string_view dataTypeWord(std::string_view code) { return find(kDataTypes, code); }
std::string_view methodWord(std::string_view code) { return find(kMethods, code); }
QString dataTypeText(std::string_view code) { return translated(dataTypeWord(code), code); }
QString methodText(std::string_view code) { return translated(methodWord(code), code); }

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/law_latex.h"

#include <fmt/format.h>

#include <cmath>

#include "core/law/text/formula_text.h"

namespace bitfrontier {
namespace {

/// "1.2 \times 10^{-5}" where plain digits would be long.
std::string mathNumber(double value, int digits) {
  if (!std::isfinite(value)) return "--";
  std::string text = fmt::format("{:.{}g}", value, digits);
  const std::size_t e = text.find('e');
  if (e == std::string::npos) return "$" + text + "$";
  return fmt::format("${} \\times 10^{{{}}}$", text.substr(0, e), std::stoi(text.substr(e + 1)));
}

/// The general formula: optional parts stay out unless they are used, definitions follow.
std::string formulaLines(const PortableLaw& law) {
  const std::string left = law.ofError                         ? "1 - \\mathrm{accuracy}"
                           : law.metric == LawMetric::Accuracy ? "\\mathrm{accuracy}"
                                                               : "L";
  std::string lines;
  for (const std::string& line : formulaStatements(law)) {
    const std::size_t equals = line.find(" = ");
    const std::string name = equals == std::string::npos ? left : latexName(line.substr(0, equals));
    const std::string text = equals == std::string::npos ? line : line.substr(equals + 3);
    lines += (lines.empty() ? "\\[\n  " : ", \\quad ") + name + " = " +
             formulaText(parseFormula(text), FormulaStyle::Latex);
  }
  return lines + "\n\\]\n";
}

}  // namespace

std::string toLatex(std::span<const PortableLaw> laws) {
  std::string tex = "% Scaling laws exported by bitfrontier.\n";
  for (const PortableLaw& law : laws) {
    tex += fmt::format("\n\\paragraph{{{}}} {}", latexText(law.title), latexText(law.law));
    if (!law.source.empty()) tex += fmt::format(" ({})", latexText(law.source));
    tex += ".\n" + formulaLines(law);
    for (const std::string& note : law.notes) tex += "% " + latexText(note) + "\n";
    tex +=
        "\\begin{tabular}{llrrl}\n\\hline\n"
        " & parameter & value & s.e. & unit \\\\\n\\hline\n";
    for (const auto& [name, value] : law.constants) {
      tex += fmt::format("${}$ & constant & {} & & \\\\\n", latexName(name), mathNumber(value, 17));
    }
    for (const PortableLaw::Parameter& p : law.parameters) {
      tex += fmt::format("${}$ & {} & {} & {} & {} \\\\\n", latexName(p.name), latexText(p.meaning),
                         mathNumber(p.value, 6), mathNumber(p.se, 2), latexText(p.unit));
    }
    tex += fmt::format("\\hline\n\\end{{tabular}}\n\nFitted over {} from {} to {}.\n",
                       latexText(law.sizeMeaning), mathNumber(law.minSize, 4),
                       mathNumber(law.maxSize, 4));
  }
  return tex;
}

}  // namespace bitfrontier

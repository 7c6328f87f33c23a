// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/formula_text.h"

#include <fmt/format.h>

#include <array>
#include <cctype>
#include <cmath>

#include "core/law/numeric/exact_text.h"

namespace bitfrontier {
namespace {

using Kind = Formula::Kind;

/// How tightly a node holds together.
int strength(const Formula& f) {
  switch (f.kind) {
    case Kind::Add:
    case Kind::Subtract:
      return 1;
    case Kind::Multiply:
    case Kind::Divide:
    case Kind::Product:
      return 2;
    case Kind::Negate:
      return 3;
    case Kind::Power:
      return 4;
    case Kind::Number:
      return std::signbit(f.number) ? 3 : 5;
    case Kind::Name:
    case Kind::Call:
      return 5;
  }
  return 5;
}

std::string numberText(double number, FormulaStyle style) {
  std::string text = exactNumber(number);
  // gnuplot divides integers as integers.
  if (style == FormulaStyle::Gnuplot && text.find_first_of(".en") == std::string::npos) {
    text += ".0";
  }
  return text;
}

std::string_view functionName(const std::string& name, FormulaStyle style) {
  if (name == "ln" && (style == FormulaStyle::Python || style == FormulaStyle::Gnuplot)) {
    return "log";
  }
  return name;
}

std::string text(const Formula& f, FormulaStyle style);

/// A part, in brackets when it holds together less than `least`.
std::string part(const Formula& f, int least, FormulaStyle style) {
  const std::string inner = text(f, style);
  if (strength(f) >= least) return inner;
  return style == FormulaStyle::Latex ? "\\left(" + inner + "\\right)" : "(" + inner + ")";
}

std::string latexCall(const Formula& f) {
  const std::string inner = text(f.parts[0], FormulaStyle::Latex);
  if (f.name == "exp") return "\\exp\\left(" + inner + "\\right)";
  if (f.name == "log2") return "\\log_2\\left(" + inner + "\\right)";
  if (f.name == "max") {
    return "\\max\\left(" + inner + ", " + text(f.parts[1], FormulaStyle::Latex) + "\\right)";
  }
  return "\\ln\\left(" + inner + "\\right)";
}

std::string text(const Formula& f, FormulaStyle style) {
  const bool latex = style == FormulaStyle::Latex;
  switch (f.kind) {
    case Kind::Number:
      return numberText(f.number, style);
    case Kind::Name:
      return latex ? latexName(f.name) : f.name;
    case Kind::Negate:
      return "-" + part(f.parts[0], 3, style);
    case Kind::Add:
      return part(f.parts[0], 1, style) + " + " + part(f.parts[1], 1, style);
    case Kind::Subtract:
      return part(f.parts[0], 1, style) + " - " + part(f.parts[1], 2, style);
    case Kind::Multiply:
      return part(f.parts[0], 2, style) + (latex ? " \\, " : " * ") + part(f.parts[1], 3, style);
    case Kind::Divide:
      if (latex) {
        return "\\frac{" + text(f.parts[0], style) + "}{" + text(f.parts[1], style) + "}";
      }
      return part(f.parts[0], 2, style) + " / " + part(f.parts[1], 3, style);
    case Kind::Power:
      if (latex) return part(f.parts[0], 5, style) + "^{" + text(f.parts[1], style) + "}";
      return part(f.parts[0], 5, style) + (style == FormulaStyle::Plain ? "^" : "**") +
             part(f.parts[1], 5, style);
    case Kind::Call: {
      if (latex) return latexCall(f);
      std::string arguments;
      for (const Formula& p : f.parts)
        arguments += (arguments.empty() ? "" : ", ") + text(p, style);
      return fmt::format("{}({})", functionName(f.name, style), arguments);
    }
    case Kind::Product:
      return (latex ? "\\prod_i " : "prod_i ") + part(f.parts[0], 4, style);
  }
  return {};
}

}  // namespace

std::string formulaText(const Formula& formula, FormulaStyle style) { return text(formula, style); }

std::string latexName(std::string_view name) {
  std::string prefix;
  if (name.size() > 2 && name.starts_with("ln")) {
    prefix = "\\ln ";
    name.remove_prefix(2);
  }
  const std::size_t bar = name.find('_');
  std::string head(name.substr(0, bar)), below;
  static constexpr std::array<std::string_view, 7> kGreek{"alpha", "beta",   "gamma", "eta",
                                                          "rho",   "lambda", "eps"};
  std::size_t letters = 1;  // the rest of the head is a subscript: N0, gammaN, z0
  for (const std::string_view greek : kGreek) {
    if (head.starts_with(greek)) letters = greek.size();
  }
  if (letters < head.size()) below = head.substr(letters);
  head.resize(letters);
  if (letters > 1) head = head == "eps" ? "\\varepsilon" : "\\" + head;
  if (bar != std::string_view::npos) {
    const std::string_view index = name.substr(bar + 1);
    if (!below.empty()) below += ",";
    std::string words = latexText(index);  // blanks vanish in math mode
    for (std::size_t at = 0; (at = words.find(' ', at)) != std::string::npos; at += 2) {
      words.insert(at, "\\");
    }
    below += index.size() == 1 ? words : "\\mathrm{" + words + "}";
  }
  if (below.empty()) return prefix + head;
  return prefix + head + "_{" + below + "}";
}

std::string latexText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    switch (c) {
      case '\\':
        escaped += "\\textbackslash{}";
        break;
      case '~':
        escaped += "\\textasciitilde{}";
        break;
      case '^':
        escaped += "\\textasciicircum{}";
        break;
      case '&':
      case '%':
      case '$':
      case '#':
      case '_':
      case '{':
      case '}':
        escaped += '\\';
        escaped += c;
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

}  // namespace bitfrontier

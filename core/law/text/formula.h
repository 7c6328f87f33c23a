// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// A formula as it is printed for people ("E + exp(lnA0 - alpha * ln(N / N0))"), as a tree: + - * /
/// ^, unary minus, brackets, numbers, names, the functions exp, ln, log2, max, and "prod_i X".
struct Formula {
  enum class Kind {
    Number,
    Name,
    Negate,
    Add,
    Subtract,
    Multiply,
    Divide,
    Power,
    Call,
    Product  ///< of parts[0] over its index i
  };
  Kind kind = Kind::Number;
  double number = 0;
  std::string name;  ///< of a Name or a Call
  std::vector<Formula> parts;

  static Formula value(double number);
  static Formula named(std::string name);
};

/// Parses. Throws Error(Format) that names the text and the place.
Formula parseFormula(std::string_view text);

/// A name that stays or what stands for it, asked for every Name.
using FormulaBinding = std::function<std::optional<Formula>(const std::string& name)>;
/// The formula with names replaced; zeros and ones that come from that are taken out.
Formula bindFormula(const Formula& formula, const FormulaBinding& binding);

/// Whether the name occurs.
bool mentions(const Formula& formula, std::string_view name);

/// In double precision. Throws Error(InvalidArgument) naming a name without a value.
double evaluateFormula(const Formula& formula, const std::map<std::string, double>& values);

}  // namespace bitfrontier

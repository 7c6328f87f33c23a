// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

using Kind = Formula::Kind;

Formula node(Kind kind, std::vector<Formula> parts, std::string name = {}) {
  Formula f;
  f.kind = kind;
  f.name = std::move(name);
  f.parts = std::move(parts);
  return f;
}

/// Recursive descent: sum, product, sign, power, atom.
class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Formula all() {
    Formula f = sum();
    skip();
    if (at_ < text_.size()) fail("nothing more");
    return f;
  }

 private:
  [[noreturn]] void fail(std::string_view wanted) const {
    throw Error(ErrorKind::Format,
                fmt::format("formula '{}' needs {} at character {}", text_, wanted, at_ + 1));
  }
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }
  bool take(char c) {
    skip();
    if (at_ >= text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  void need(char c) {
    if (!take(c)) fail(fmt::format("'{}'", c));
  }

  Formula sum() {
    Formula left = product();
    for (;;) {
      if (take('+')) {
        left = node(Kind::Add, {std::move(left), product()});
      } else if (take('-')) {
        left = node(Kind::Subtract, {std::move(left), product()});
      } else {
        return left;
      }
    }
  }
  Formula product() {
    Formula left = sign();
    for (;;) {
      if (take('*')) {
        left = node(Kind::Multiply, {std::move(left), sign()});
      } else if (take('/')) {
        left = node(Kind::Divide, {std::move(left), sign()});
      } else {
        return left;
      }
    }
  }
  Formula sign() {
    if (take('-')) return node(Kind::Negate, {sign()});
    return power();
  }
  Formula power() {
    Formula base = atom();
    if (take('^')) return node(Kind::Power, {std::move(base), sign()});
    return base;
  }
  Formula atom() {
    skip();
    if (take('(')) {
      Formula inner = sum();
      need(')');
      return inner;
    }
    const char* begin = text_.data() + at_;
    const char* end = text_.data() + text_.size();
    if (begin == end) fail("a number or a name");
    if (std::isdigit(static_cast<unsigned char>(*begin)) != 0) {
      double number = 0;
      const auto result = std::from_chars(begin, end, number);
      at_ += static_cast<std::size_t>(result.ptr - begin);
      return Formula::value(number);
    }
    if (std::isalpha(static_cast<unsigned char>(*begin)) == 0) fail("a number or a name");
    const char* stop =
        std::find_if(begin, end, [](unsigned char c) { return std::isalnum(c) == 0 && c != '_'; });
    std::string name(begin, stop);
    at_ += name.size();
    if (name == "prod_i") return node(Kind::Product, {power()});
    if (!take('(')) return Formula::named(std::move(name));
    std::vector<Formula> arguments{sum()};
    while (take(',')) arguments.push_back(sum());
    need(')');
    const std::size_t wanted = name == "max" ? 2 : 1;
    if (name != "exp" && name != "ln" && name != "log2" && name != "max") {
      fail(fmt::format("exp, ln, log2 or max instead of the function '{}'", name));
    }
    if (arguments.size() != wanted) fail(fmt::format("{} arguments of {}", wanted, name));
    return node(Kind::Call, std::move(arguments), std::move(name));
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

bool isNumber(const Formula& f, double value) {
  return f.kind == Kind::Number && f.number == value;
}

/// Takes out what adds or multiplies nothing.
Formula simplified(Formula f) {
  const auto part = [&](std::size_t i) { return std::move(f.parts[i]); };
  switch (f.kind) {
    case Kind::Negate:
      if (isNumber(f.parts[0], 0)) return Formula::value(0);
      break;
    case Kind::Add:
      if (isNumber(f.parts[0], 0)) return part(1);
      if (isNumber(f.parts[1], 0)) return part(0);
      break;
    case Kind::Subtract:
      if (isNumber(f.parts[1], 0)) return part(0);
      break;
    case Kind::Multiply:
      if (isNumber(f.parts[0], 0) || isNumber(f.parts[1], 0)) return Formula::value(0);
      if (isNumber(f.parts[0], 1)) return part(1);
      if (isNumber(f.parts[1], 1)) return part(0);
      break;
    case Kind::Power:
      // Only exponents above zero meet a base of zero here: 0^eta is 0.
      if (isNumber(f.parts[0], 0)) return Formula::value(0);
      break;
    default:
      break;
  }
  return f;
}

}  // namespace

Formula Formula::value(double number) {
  Formula f;
  f.number = number;
  return f;
}

Formula Formula::named(std::string name) { return node(Kind::Name, {}, std::move(name)); }

Formula parseFormula(std::string_view text) { return Parser(text).all(); }

Formula bindFormula(const Formula& formula, const FormulaBinding& binding) {
  if (formula.kind == Kind::Name) return binding(formula.name).value_or(formula);
  Formula bound = formula;
  for (Formula& part : bound.parts) part = bindFormula(part, binding);
  return simplified(std::move(bound));
}

bool mentions(const Formula& formula, std::string_view name) {
  if (formula.kind == Kind::Name) return formula.name == name;
  return std::any_of(formula.parts.begin(), formula.parts.end(),
                     [&](const Formula& part) { return mentions(part, name); });
}

double evaluateFormula(const Formula& formula, const std::map<std::string, double>& values) {
  const auto part = [&](std::size_t i) { return evaluateFormula(formula.parts[i], values); };
  switch (formula.kind) {
    case Kind::Number:
      return formula.number;
    case Kind::Name: {
      const auto found = values.find(formula.name);
      if (found == values.end()) {
        throw Error(ErrorKind::InvalidArgument,
                    fmt::format("the formula's name {} has no value", formula.name));
      }
      return found->second;
    }
    case Kind::Negate:
      return -part(0);
    case Kind::Add:
      return part(0) + part(1);
    case Kind::Subtract:
      return part(0) - part(1);
    case Kind::Multiply:
      return part(0) * part(1);
    case Kind::Divide:
      return part(0) / part(1);
    case Kind::Power:
      return std::pow(part(0), part(1));
    case Kind::Call:
      if (formula.name == "exp") return std::exp(part(0));
      if (formula.name == "ln") return std::log(part(0));
      if (formula.name == "log2") return std::log2(part(0));
      return std::max(part(0), part(1));
    case Kind::Product:
      break;
  }
  throw Error(ErrorKind::InvalidArgument, "a product over i has no value before it is written out");
}

}  // namespace bitfrontier

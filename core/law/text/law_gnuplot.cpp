// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/law_gnuplot.h"

#include <fmt/format.h>

#include <cmath>

#include "core/law/numeric/exact_text.h"
#include "core/law/text/formula_text.h"

namespace bitfrontier {
namespace {

/// A string in single quotes on one line.
std::string quoted(std::string_view text) {
  std::string inner;
  for (const char c : text) {
    inner += c == '\n' || c == '\r' ? ' ' : c;
    if (c == '\'') inner += c;
  }
  return "'" + inner + "'";
}

std::string number(double value) {
  const std::string text = exactNumber(value);
  return text.find_first_of(".en") == std::string::npos ? text + ".0" : text;
}

/// Constants and parameters of law k get names of their own: a script has one name space.
Formula renamed(const PortableLaw& law, const Formula& formula, std::size_t k) {
  return bindFormula(formula, [&](const std::string& name) -> std::optional<Formula> {
    if (name == law.size) return Formula::named("x");
    return Formula::named(fmt::format("{}_law{}", name, k));
  });
}

std::string lawScript(const PortableLaw& law, std::size_t k) {
  std::string script = fmt::format("\n# {}\n", quoted(law.title + ". " + law.law));
  for (const std::string& note : law.notes) script += fmt::format("# {}\n", quoted(note));
  for (const auto& [name, value] : law.constants) {
    script += fmt::format("{}_law{} = {}\n", name, k, number(value));
  }
  for (const PortableLaw::Parameter& p : law.parameters) {
    script += fmt::format("{}_law{} = {}\n", p.identifier, k, number(p.value));
  }
  // Where tokens matter there is no curve over size alone: the law's values at the points.
  std::string plots;
  for (std::size_t f = 0; f < law.formats.size(); ++f) {
    const std::string id = fmt::format("{}_{}", k, f + 1);
    const std::string text =
        formulaText(renamed(law, law.formats[f].formula, k), FormulaStyle::Gnuplot);
    const std::string arguments = law.usesTokens ? fmt::format("x, D_law{}", k) : "x";
    script += fmt::format("f_{}({}) = {}{}{}\n", id, arguments, law.ofError ? "1.0 - (" : "", text,
                          law.ofError ? ")" : "");
    script += fmt::format("$points_{} << EOD\n", id);
    for (const PortableLaw::Point& p : law.points) {
      if (p.format != f) continue;
      script += fmt::format("{} {} {} {}\n", number(p.size), number(p.value),
                            std::isfinite(p.se) ? number(p.se) : "0.0",
                            std::isfinite(p.tokens) ? number(p.tokens) : "0.0");
    }
    script += "EOD\n";
    const std::string comma = plots.empty() ? "" : ", \\\n     ";
    plots += fmt::format("{}$points_{} using 1:2:3 with yerrorbars pt 7 lc {} title {}", comma, id,
                         f + 1, quoted(law.formats[f].label));
    plots += law.usesTokens ? fmt::format(
                                  ", $points_{0} using 1:(f_{0}($1, $4)) with points pt 2 lc {1} "
                                  "notitle",
                                  id, f + 1)
                            : fmt::format(", f_{}(x) with lines lc {} notitle", id, f + 1);
  }
  script += fmt::format("set title {}\nset xlabel {}\nset ylabel {}\n", quoted(law.title),
                        quoted(law.sizeMeaning), quoted(lawMetricName(law.metric)));
  script += fmt::format("set xrange [{}:{}]\nplot {}\n", number(law.minSize / 1.1),
                        number(law.maxSize * 1.1), plots);
  return script;
}

}  // namespace

std::string toGnuplot(std::span<const PortableLaw> laws) {
  std::string script =
      "# Scaling laws exported by bitfrontier.\n"
      "#   gnuplot -p FILE\n"
      "#   gnuplot -e \"set terminal pdfcairo; set output 'laws.pdf'\" FILE\n"
      "log2(x) = log(x) / log(2.0)\n"
      "max(a, b) = a > b ? a : b\n"
      "set samples 401\n"
      "set key noenhanced bottom right\n"
      "set title noenhanced\n"
      "set xlabel noenhanced\n"
      "set ylabel noenhanced\n"
      "set logscale x\n"
      "set grid\n";
  for (std::size_t i = 0; i < laws.size(); ++i) script += lawScript(laws[i], i + 1);
  return script;
}

}  // namespace bitfrontier

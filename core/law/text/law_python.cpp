// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/text/law_python.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "core/law/numeric/exact_text.h"
#include "core/law/text/formula_text.h"

namespace bitfrontier {
namespace {

/// A string literal: JSON's escapes are Python's too.
std::string literal(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::string number(double value) { return std::isfinite(value) ? exactNumber(value) : "None"; }

/// One comment line for each line of the text.
std::string comment(std::string_view text) {
  std::string lines = "# ";
  for (const char c : text) {
    if (c == '\n' || c == '\r') {
      lines += "\n# ";
    } else {
      lines += c;
    }
  }
  return lines + "\n";
}

std::string parametersOf(const PortableLaw& law) {
  std::string code = "    \"parameters\": {\n";
  for (const PortableLaw::Parameter& p : law.parameters) {
    std::string about = p.meaning;
    if (!p.unit.empty()) about += ", " + p.unit;
    if (std::isfinite(p.se)) about += fmt::format(" +- {:.2g}", p.se);
    code +=
        fmt::format("        {}: {},  {}", literal(p.identifier), number(p.value), comment(about));
  }
  return code + "    },\n";
}

std::string functionOf(const PortableLaw& law, std::size_t index) {
  std::string arguments;
  for (const PortableLaw::Parameter& p : law.parameters) arguments += ", " + p.identifier;
  std::string code = fmt::format("def _law_{}(format, {}, D{}):\n", index + 1, law.size, arguments);
  for (const auto& [name, value] : law.constants) {
    code += fmt::format("    {} = {}\n", name, number(value));
  }
  for (const PortableLaw::Format& f : law.formats) {
    code += fmt::format("    if format == {}:\n        return {}\n", literal(f.label),
                        formulaText(f.formula, FormulaStyle::Python));
  }
  return code + fmt::format("    raise KeyError(\"{} is no format of this law\" % format)\n", "%s");
}

std::string entryOf(const PortableLaw& law, std::size_t index) {
  std::string code =
      fmt::format("LAWS[{}] = {{\n    \"function\": _law_{},\n", literal(law.title), index + 1);
  code += fmt::format("    \"metric\": {},\n    \"of_error\": {},\n    \"size\": {},\n",
                      literal(lawMetricName(law.metric)), law.ofError ? "True" : "False",
                      literal(law.sizeMeaning));
  code += fmt::format("    \"uses_tokens\": {},\n    \"range\": ({}, {}),\n    \"farthest\": {},\n",
                      law.usesTokens ? "True" : "False", number(law.minSize), number(law.maxSize),
                      number(law.farthest));
  code += parametersOf(law);
  code += "    \"covariance\": [";
  for (std::size_t i = 0; i < law.covariance.size(); ++i) {
    const std::size_t k = law.parameters.size();
    code += (i % k == 0 ? "\n        " : " ") + number(law.covariance[i]) + ",";
  }
  code += law.covariance.empty() ? "],\n" : "\n    ],\n";
  code += "    \"formats\": [";
  for (const PortableLaw::Format& f : law.formats) {
    code += (&f == law.formats.data() ? "" : ", ") + literal(f.label);
  }
  code += "],\n    # (format, model, size, tokens, value, standard error)\n    \"points\": [\n";
  for (const PortableLaw::Point& p : law.points) {
    code += fmt::format("        ({}, {}, {}, {}, {}, {}),\n", literal(law.formats[p.format].label),
                        literal(p.model), number(p.size), number(p.tokens), number(p.value),
                        number(p.se));
  }
  return code + "    ],\n}\n";
}

constexpr std::string_view kHead =
    R"(# Scaling laws exported by bitfrontier. Python 3, no package needed.
#
#   predict(LAW, FORMAT, SIZE)      the metric at a size
#   predict_se(LAW, FORMAT, SIZE)   its standard error
#
#   python3 FILE LAW FORMAT SIZE    prints both
#   python3 FILE --plot OUT.pdf     draws data and curves (with matplotlib)
import sys
from math import exp, log, log2, sqrt

LAWS = {}
)";

constexpr std::string_view kTail = R"(

def _checked(law, size):
    low, high = law["range"]
    factor = max(size / high, low / size)
    if factor > law["farthest"] * (1 + 1e-9):
        raise ValueError("%g is %.3g times outside the measured range, %g times is the most"
                         % (size, factor, law["farthest"]))

def _value(law, format, size, tokens, values):
    if law["uses_tokens"] and tokens is None:
        raise ValueError("this law needs the training tokens")
    value = law["function"](format, size, tokens, *values)
    return 1 - value if law["of_error"] else value

def predict(law, format, size, tokens=None):
    law = LAWS[law]
    _checked(law, size)
    return _value(law, format, size, tokens, law["parameters"].values())

def predict_se(law, format, size, tokens=None):
    """Standard error of the curve (delta method); None without a covariance."""
    law = LAWS[law]
    _checked(law, size)
    values = list(law["parameters"].values())
    covariance = law["covariance"]
    if not covariance or None in covariance:
        return None
    slopes = []
    for i, v in enumerate(values):
        step = 1e-5 * max(abs(v), 0.01)
        up = values[:i] + [v + step] + values[i + 1:]
        down = values[:i] + [v - step] + values[i + 1:]
        slopes.append((_value(law, format, size, tokens, up)
                       - _value(law, format, size, tokens, down)) / (2 * step))
    n = len(values)
    return sqrt(max(0, sum(slopes[i] * covariance[i * n + k] * slopes[k]
                           for i in range(n) for k in range(n))))

def plot(file):
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as pyplot
    figure, axes = pyplot.subplots(len(LAWS), 1, squeeze=False, figsize=(7, 4.5 * len(LAWS)))
    for axis, (title, law) in zip(axes[:, 0], LAWS.items()):
        low, high = law["range"]
        for format in law["formats"]:
            points = [p for p in law["points"] if p[0] == format]
            drawn = axis.errorbar([p[2] for p in points], [p[4] for p in points],
                                  yerr=[p[5] or 0 for p in points], fmt="o", markersize=4,
                                  label=format)
            if law["uses_tokens"]:
                axis.plot([p[2] for p in points],
                          [predict(title, format, p[2], p[3]) for p in points], "x",
                          color=drawn[0].get_color())
                continue
            sizes = [low * (high / low) ** (i / 200) for i in range(201)]
            axis.plot(sizes, [predict(title, format, s) for s in sizes],
                      color=drawn[0].get_color())
        axis.set_xscale("log")
        axis.set_xlabel(law["size"])
        axis.set_ylabel(law["metric"])
        axis.set_title(title)
        axis.legend(fontsize="small")
    figure.tight_layout()
    figure.savefig(file)

if __name__ == "__main__":
    if len(sys.argv) == 3 and sys.argv[1] == "--plot":
        plot(sys.argv[2])
    elif len(sys.argv) in (4, 5):
        arguments = sys.argv[1:3] + [float(a) for a in sys.argv[3:]]
        print(predict(*arguments), predict_se(*arguments))
    else:
        for title, law in LAWS.items():
            print("%s: %s" % (title, ", ".join(law["formats"])))
)";

}  // namespace

std::string toPython(std::span<const PortableLaw> laws) {
  std::string code(kHead);
  for (std::size_t i = 0; i < laws.size(); ++i) {
    const PortableLaw& law = laws[i];
    code += "\n\n" + comment(fmt::format("{}. {}", law.title, law.law));
    code += comment(fmt::format(
        "{} = {}", law.ofError ? "1 - accuracy" : std::string(lawMetricName(law.metric)),
        law.formula));
    if (!law.source.empty()) code += comment("after " + law.source);
    for (const std::string& note : law.notes) code += comment(note);
    code += functionOf(law, i) + "\n\n" + entryOf(law, i);
  }
  return code + std::string(kTail);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
// Laws as others use them: the exported Python module and JSON, run by python3 without packages,
// give the values of the laws in C++; gnuplot and LaTeX are well formed.

#include <fmt/format.h>
#include <gmock/gmock.h>

#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "core/base/error.h"
#include "core/law/fit/joint_fit.h"
#include "core/law/numeric/exact_text.h"
#include "core/law/text/formula_text.h"
#include "core/law/text/joint_json.h"
#include "core/law/text/law_gnuplot.h"
#include "core/law/text/law_latex.h"
#include "core/law/text/law_python.h"
#include "core/law/text/portable_law.h"
#include "core/store/import/csv.h"
#include "tests/core/law/planted_law.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A folder of its own that goes with the test.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "law_script_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  std::filesystem::path write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  /// What a command run in the folder prints; empty, and a failure, when it ends with an error.
  std::string run(const std::string& command) const {
    const auto out = path_ / "out.txt";
    const int status = std::system(
        fmt::format("cd '{}' && {} > out.txt 2> err.txt", path_.string(), command).c_str());
    std::ostringstream text, error;
    text << std::ifstream(out).rdbuf();
    error << std::ifstream(path_ / "err.txt").rdbuf();
    EXPECT_EQ(status, 0) << command << "\n" << error.str();
    return text.str();
  }

 private:
  std::filesystem::path path_;
};

bool have(const char* program) {
  return std::system(fmt::format("command -v {} > /dev/null 2>&1", program).c_str()) == 0;
}

struct Place {
  std::size_t format = 0;
  double size = 0, tokens = 0, value = 0;
};

/// Places inside the data and (as far as permitted) outside, with the law's own values there.
std::vector<Place> placesOf(const JointFit& fit, const PortableLaw& law) {
  std::vector<Place> places;
  for (std::size_t f = 0; f < law.formats.size(); ++f) {
    for (const double t : {0.0, 0.31, 0.77, 1.0, 1.05}) {
      Place p;
      p.format = f;
      p.size = law.minSize * std::pow(law.maxSize / law.minSize, t);
      if (t > 1 && p.size / law.maxSize > law.farthest) continue;
      p.tokens = law.usesTokens ? 1e10 * (1 + t) : LawPoint::kAbsent;
      LawRow row = fit.row(f, p.size, p.tokens);
      if (law.size == "L") row.crossEntropy = p.size;
      p.value = fit.predict(row);
      places.push_back(p);
    }
  }
  return places;
}

std::string literal(const std::string& text) { return nlohmann::json(text).dump(); }

/// Lines of values by the module and by the JSON, and the checks.
void expectSameInPython(const JointFit& fit) {
  const std::string title = "law \"of\" tests, 100% \\o/";
  const PortableLaw law = portableLaw(fit, title);
  const std::vector<Place> places = placesOf(fit, law);
  ASSERT_GE(places.size(), 4u);
  nlohmann::json json = toJson(fit);
  addExpressions(law, json);
  std::string driver =
      "import json, law\nfrom math import exp, log, log2\n"
      "j = json.load(open('law.json'))\n"
      "names = dict(zip(j['identifiers'], [p['value'] for p in j['parameters']]))\n"
      "names.update(j['constants'], exp=exp, ln=log, log2=log2, max=max)\n"
      "def evaluate(format, size, tokens):\n"
      "    text = j['expressions'][format].replace('^', '**')\n"
      "    value = eval(text, dict(names, D=tokens, **{j['size_name']: size}))\n"
      "    return 1 - value if j['formula_gives'] == '1 - accuracy' else value\n"
      "def show(format, size, tokens):\n"
      "    print(repr(law.predict(TITLE, format, size, tokens)), repr(evaluate(format, size, "
      "tokens)), law.predict_se(TITLE, format, size, tokens))\n";
  driver = "TITLE = " + literal(title) + "\n" + driver;
  for (const Place& p : places) {
    driver +=
        fmt::format("show({}, {}, {})\n", literal(law.formats[p.format].label), exactNumber(p.size),
                    std::isfinite(p.tokens) ? exactNumber(p.tokens) : "None");
  }
  const Folder folder;
  folder.write("law.py", toPython(std::span(&law, 1)));
  folder.write("law.json", json.dump());
  folder.write("driver.py", driver);
  std::istringstream lines(folder.run("python3 -S -W error driver.py"));
  for (const Place& p : places) {
    std::string module, fromJson, se;
    ASSERT_TRUE(lines >> module >> fromJson >> se);
    const double scale = std::max(std::abs(p.value), 1.0);
    EXPECT_NEAR(std::strtod(module.c_str(), nullptr), p.value, 1e-12 * scale)
        << law.law << " " << law.formats[p.format].label << " at " << p.size;
    EXPECT_NEAR(std::strtod(fromJson.c_str(), nullptr), p.value, 1e-12 * scale)
        << law.law << " " << law.formats[p.format].label << " at " << p.size;
    EXPECT_NEAR(law.predict(p.format, p.size, p.tokens), p.value, 1e-12 * scale);
    if (law.size == "L" || law.covariance.empty()) continue;
    const double wanted = fit.predictSe(fit.row(p.format, p.size, p.tokens));
    if (std::isfinite(wanted)) {
      EXPECT_NEAR(std::strtod(se.c_str(), nullptr), wanted, 1e-6 + 1e-4 * wanted) << law.law;
    }
  }
}

std::vector<std::string> allNames() {
  std::vector<std::string> names;
  for (const LawForm* form : lawForms()) names.emplace_back(form->info().name);
  return names;
}

class EveryLaw : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (!have("python3")) GTEST_SKIP() << "no python3";
  }
};

TEST_P(EveryLaw, FittedIsTheSameInPython) {
  const test::PlantedData planted = test::plant(test::planted(GetParam()));
  const JointFit fit = fitJoint(planted.points, planted.options);
  ASSERT_FALSE(fit.parameters.empty()) << joinRemarks(fit.remarks);
  expectSameInPython(fit);
}

/// Everything a formula can have at once: whole tensors as blocks, several types, tokens, noise,
/// two breaks, a chance level.
TEST_P(EveryLaw, WithEveryPartIsTheSameInPython) {
  test::PlantedLaw law = test::planted(GetParam());
  const LawFormInfo& info = lawForm(GetParam()).info();
  law.manyFormats = info.joint;
  std::vector<LawPoint> points = test::grid(law);
  JointOptions options;
  options.form = GetParam();
  options.metric = law.metric;
  options.breaks = 2;
  for (LawPoint& p : points) {
    p.chance = 0.25;
    if (p.blockSize == 1024) {
      p.blockSize = 0;
      p.config = p.dataType + std::to_string(p.bits);
    }
    if (p.bits < 16) options.formatNoise[p.config] = std::pow(0.25, p.bits);
    options.trainingTokens[p.model] = 20 * p.parameters;
  }
  JointFit fit;
  fit.form = &lawForm(GetParam());
  fit.context = makeJointData(points, *fit.form, options).context;
  fit.axis = info.overTotalBits ? LawAxis::TotalBits : LawAxis::Parameters;
  fit.usable = true;
  fit.minSize = info.overTotalBits ? 1e9 : 1e8;
  fit.maxSize = 30 * fit.minSize;
  double step = 0;
  for (const LawParameter& p : fit.form->parameters(fit.context)) {
    const auto known = law.truth.find(p.name);
    FittedParameter fitted;
    static_cast<LawParameter&>(fitted) = p;
    step += 0.01;
    fitted.value = known != law.truth.end()
                       ? known->second
                       : std::clamp(0.3 + step, std::max(p.lower, -1.0), std::min(p.upper, 1.0));
    fit.parameters.push_back(fitted);
  }
  if (info.needsCrossEntropy) {
    for (const double loss : {2.0, 3.5}) {
      FittedPoint p;
      p.row.crossEntropy = loss;
      fit.points.push_back(p);
    }
  }
  expectSameInPython(fit);
}

INSTANTIATE_TEST_SUITE_P(Forms, EveryLaw, testing::ValuesIn(allNames()),
                         [](const testing::TestParamInfo<std::string>& law) {
                           std::string name = law.param;
                           std::erase(name, '-');
                           return name;
                         });

JointFit fitOf(const std::string& form) {
  const test::PlantedData planted = test::plant(test::planted(form));
  return fitJoint(planted.points, planted.options);
}

TEST(LawScript, PythonRefusesWhatTheLawRefuses) {
  if (!have("python3")) GTEST_SKIP() << "no python3";
  const JointFit fit = fitOf("J1");
  ASSERT_TRUE(fit.judgePrediction(4.1 * fit.maxSize)->refusal);
  ASSERT_FALSE(fit.judgePrediction(3.9 * fit.maxSize)->refusal);
  const PortableLaw law = portableLaw(fit, "planted");
  const Folder folder;
  folder.write("law.py", toPython(std::span(&law, 1)));
  folder.write("driver.py", fmt::format("import law\n"
                                        "print(law.predict('planted', 'fp16', {}))\n"
                                        "for size, format in (({}, 'fp16'), (1e9, 'int5')):\n"
                                        "    try:\n"
                                        "        print(law.predict('planted', format, size))\n"
                                        "    except (ValueError, KeyError) as e:\n"
                                        "        print(e)\n",
                                        3.9 * fit.maxSize, 4.1 * fit.maxSize));
  const std::string out = folder.run("python3 -S driver.py");
  EXPECT_THAT(out, HasSubstr("4.1 times outside the measured range, 4 times is the most"));
  EXPECT_THAT(out, HasSubstr("int5 is no format of this law"));
  const std::string listed = folder.run("python3 -S law.py");
  EXPECT_THAT(listed, HasSubstr("planted: fp16, int8-b64, int4-b64, int3-b64"));
  EXPECT_THAT(folder.run("python3 -S law.py planted fp16 1e9"), HasSubstr("0."));
}

TEST(LawScript, SeriesAndTrainingLaws) {
  if (!have("python3")) GTEST_SKIP() << "no python3";
  LawSeries points;
  points.family = "OPT";
  points.label = "4 bit";
  for (int i = 0; i < 7; ++i) {
    LawPoint p;
    p.model = std::to_string(i);
    p.parameters = 2.5e8 * std::pow(3, i);
    p.totalBits = 4 * p.parameters;
    p.accuracy = 0.7 - 0.1 * std::pow(p.totalBits / 1e10, -1.0 / 3);
    points.points.push_back(p);
  }
  const SeriesLaw series = fitSeries(points, seriesOptions(LawMetric::Accuracy));
  const PowerLaw power = powerLawOf(series.fit).value();
  ChinchillaFit training;
  training.parameters = {0.1, -0.2, 0.5, 0.34, 0.28, std::log(1e9), std::log(2e10)};
  const std::vector<TrainingRun> runs{{1e8, 1e9, 4}, {1e10, 1e12, 2}};
  const std::vector<PortableLaw> laws{portableLaw(series), portableLaw(training, runs, "runs.csv")};
  const Folder folder;
  folder.write("law.py", toPython(laws));
  folder.write("driver.py",
               "import law\nprint(repr(law.predict('OPT 4 bit', '4 bit', 1.7e11)))\n"
               "print(repr(law.predict('runs.csv', 'training', 3e9, 5e10)))\n");
  std::istringstream out(folder.run("python3 -S driver.py"));
  double first = 0, second = 0;
  out >> first >> second;
  EXPECT_NEAR(first, power.predict(1.7e11), 1e-12);
  EXPECT_NEAR(second, training.parameters.predict(3e9, 5e10), 1e-11);

  const CsvTable table = CsvTable::parse(toCsv(laws), "laws.csv");
  ASSERT_EQ(table.rows().size(), 9u);  // b0, c, a, alpha; E, A, alpha, B, beta
  EXPECT_EQ(table.number(table.rows()[1], "value"), power.values[0]);
  EXPECT_EQ(table.text(table.rows()[0], "parameter"), "b0");
}

TEST(LawScript, GnuplotDrawsEveryFormat) {
  std::vector<PortableLaw> laws{portableLaw(fitOf("J1"), "it's J1"),
                                portableLaw(fitOf("bivariate"), "widths"),
                                portableLaw(fitOf("chinchilla"), "tokens")};
  const std::string script = toGnuplot(laws);
  EXPECT_THAT(script, HasSubstr("set title 'it''s J1'"));
  EXPECT_THAT(script, HasSubstr("$points_1_4 << EOD"));
  EXPECT_THAT(script, HasSubstr("f_1_4(x) = 1.0 - (E_law1 + exp("));
  // gnuplot would divide 4 by 16 as integers.
  EXPECT_THAT(script, HasSubstr("log(4.0 / 16.0)"));
  EXPECT_THAT(script, HasSubstr("f_3_1(x, D_law3) = "));
  std::size_t blocks = 0, ends = 0;
  std::istringstream lines(script);
  for (std::string line; std::getline(lines, line);) {
    blocks += line.ends_with(" << EOD") ? 1 : 0;
    ends += line == "EOD" ? 1 : 0;
  }
  EXPECT_EQ(blocks, 4u + 4u + 1u);
  EXPECT_EQ(ends, blocks);
  if (!have("gnuplot")) return;
  const Folder folder;
  folder.write("law.gp", script + "print sprintf('%.15g %.15g', f_1_4(1e9), f_2_3(1e9))\n");
  std::istringstream values(
      folder.run("gnuplot -e \"set terminal svg; set output 'law.svg'\" law.gp 2>&1"));
  double one = 0, two = 0;
  values >> one >> two;
  EXPECT_NEAR(one, laws[0].predict(3, 1e9), 1e-12);
  EXPECT_NEAR(two, laws[1].predict(2, 1e9), 1e-12);
}

TEST(LawScript, LatexIsEscapedAndBalanced) {
  PortableLaw law = portableLaw(fitOf("J1"), "100% of a_b & c#d {x} ~ ^ \\ $1");
  law.notes = {"50 % of items_1"};
  std::vector<PortableLaw> laws{law, portableLaw(fitOf("broken"), "broken"),
                                portableLaw(fitOf("chen"), "chen")};
  const std::string tex = toLatex(laws);
  EXPECT_THAT(tex, HasSubstr("100\\% of a\\_b \\& c\\#d \\{x\\} \\textasciitilde{} "
                             "\\textasciicircum{} \\textbackslash{} \\$1"));
  EXPECT_THAT(tex, HasSubstr("1 - \\mathrm{accuracy} = E + \\exp\\left(\\ln A_{0} - \\alpha"));
  EXPECT_THAT(tex, HasSubstr("\\ln \\rho_{\\mathrm{int4-b64}}"));
  EXPECT_THAT(tex, HasSubstr("x = \\frac{N}{N_{0}}"));
  EXPECT_THAT(tex, HasSubstr("d_{i} = \\exp\\left(\\ln d_{i}\\right)"));
  EXPECT_THAT(tex, Not(HasSubstr("D_{0}")));  // no tokens: the optional part is left out
  int depth = 0, dollars = 0, left = 0;
  for (std::size_t i = 0; i < tex.size(); ++i) {
    if (tex[i] == '\\') {
      left += tex.compare(i, 5, "\\left") == 0 ? 1 : tex.compare(i, 6, "\\right") == 0 ? -1 : 0;
      ++i;
      continue;
    }
    depth += tex[i] == '{' ? 1 : tex[i] == '}' ? -1 : 0;
    dollars += tex[i] == '$' ? 1 : 0;
    ASSERT_GE(depth, 0);
  }
  EXPECT_EQ(depth, 0);
  EXPECT_EQ(left, 0);
  EXPECT_EQ(dollars % 2, 0);
  if (!have("pdflatex")) return;
  const Folder folder;
  folder.write("law.tex",
               "\\documentclass{article}\\begin{document}\n" + tex + "\\end{document}\n");
  folder.run("pdflatex -halt-on-error -interaction=nonstopmode law.tex");
}

TEST(LawScript, NothingFittedIsASentence) {
  JointFit none;
  none.form = &lawForm("J1");
  try {
    portableLaw(none, "OPT");
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("OPT has no law to export"));
  }
}

TEST(Formula, ParsesWhatItPrints) {
  for (const char* text :
       {"1 - 2 - 3", "1 - (2 - 3)", "2^-x", "-x^2", "(-x)^2", "a / (b * c)", "a / b * c",
        "exp(-(a + b))", "max(a, 0.5) * ln(b) + log2(c)", "(a + b)^(1 / c)", "1e-05 * a"}) {
    const Formula formula = parseFormula(text);
    const std::map<std::string, double> values{{"a", 1.5}, {"b", 2.5}, {"c", 3.5}, {"x", 0.7}};
    const std::string printed = formulaText(formula, FormulaStyle::Plain);
    EXPECT_EQ(evaluateFormula(parseFormula(printed), values), evaluateFormula(formula, values))
        << text << " became " << printed;
  }
  EXPECT_EQ(evaluateFormula(parseFormula("1 - 2 - 3"), {}), -4);
  EXPECT_EQ(evaluateFormula(parseFormula("2^-1"), {}), 0.5);
  EXPECT_EQ(evaluateFormula(parseFormula("-2^2"), {}), -4);
  EXPECT_EQ(formulaText(parseFormula("a^(b / 2)"), FormulaStyle::Python), "a**(b / 2)");
}

TEST(Formula, FaultsAreNamed) {
  const std::pair<const char*, const char*> wrong[] = {
      {"1 +", "needs a number or a name at character 4"},
      {"(1", "needs ')' at character 3"},
      {"sin(1)", "instead of the function 'sin'"},
      {"max(1)", "2 arguments of max"},
      {"a b", "needs nothing more at character 3"}};
  for (const auto& [text, message] : wrong) {
    try {
      parseFormula(text);
      FAIL() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::Format);
      EXPECT_THAT(e.what(), HasSubstr(message));
    }
  }
  EXPECT_THROW(evaluateFormula(parseFormula("y"), {}), Error);
}

}  // namespace
}  // namespace bitfrontier

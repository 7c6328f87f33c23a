// SPDX-License-Identifier: GPL-3.0-or-later
// `fit --export FILE`: the fitted laws for other programs, in the format that the file's name says.

#include "app/cli/fit/fit_export.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/law/text/law_gnuplot.h"
#include "core/law/text/law_latex.h"
#include "core/law/text/law_python.h"

namespace bitfrontier::cli {
namespace {

constexpr std::array<std::string_view, 5> kEndings{".json", ".csv", ".tex", ".py", ".gp"};

}  // namespace

void checkExports(const FitCommand& command) {
  for (const auto& file : command.exports) {
    const std::string ending = file.extension().string();
    if (std::find(kEndings.begin(), kEndings.end(), ending) == kEndings.end()) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("--export {}: the name ends with {}", file.string(),
                              fmt::join(kEndings, ", ")));
    }
  }
}

void writeExports(const FitCommand& command, std::vector<PortableLaw> laws,
                  const nlohmann::json& json) {
  if (command.exports.empty()) return;
  if (laws.empty()) {
    throw Error(ErrorKind::NotFound, "no law was fitted, so nothing is exported");
  }
  std::set<std::string> titles;  // scripts look laws up by them
  for (PortableLaw& law : laws) {
    const std::string title = law.title;
    for (int i = 2; !titles.insert(law.title).second; ++i)
      law.title = fmt::format("{} ({})", title, i);
  }
  for (const auto& file : command.exports) {
    const std::string ending = file.extension().string();
    std::string text;
    if (ending == ".json") {
      text = json.dump(2) + "\n";
    } else if (ending == ".csv") {
      text = toCsv(laws);
    } else if (ending == ".tex") {
      text = toLatex(laws);
    } else if (ending == ".py") {
      text = toPython(laws);
    } else {
      text = toGnuplot(laws);
    }
    writeFileAtomic(file, text);
    fmt::print(stderr, "{} law{} written to {}\n", laws.size(), laws.size() == 1 ? "" : "s",
               file.string());
  }
}

}  // namespace bitfrontier::cli

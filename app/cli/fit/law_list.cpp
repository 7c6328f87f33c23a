// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/fit/law_list.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/law/text/joint_json.h"

namespace bitfrontier::cli {

int listLaws(const FitCommand& command) {
  for (const GivenOption& given : command.given) {
    if (given.option == FitOption::Json || given.option == FitOption::Store) continue;
    throw Error(ErrorKind::InvalidArgument, fmt::format("{} does not go with --laws", given.name));
  }
  if (command.output.json) {
    nlohmann::json all = nlohmann::json::array();
    for (const LawForm* form : lawForms()) all.push_back(toJson(*form));
    fmt::print("{}\n", all.dump(2));
    return kOk;
  }
  Table table({{"law"}, {"of"}, {"what it says"}, {"formula"}, {"source"}});
  for (const LawForm* form : lawForms()) {
    const LawFormInfo& info = form->info();
    table.add({std::string(info.name),
               info.joint               ? "family"
               : info.needsCrossEntropy ? "loss"
                                        : "series",
               std::string(info.title), std::string(info.formula), std::string(info.source)});
  }
  table.print();
  return kOk;
}

}  // namespace bitfrontier::cli

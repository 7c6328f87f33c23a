// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "core/quant/quant_axes.h"

namespace bitfrontier::cli {
namespace {

std::string bitRange(const DataTypeInfo& info) {
  return info.lowestBits == info.highestBits
             ? fmt::format("{}", info.lowestBits)
             : fmt::format("{}-{}", info.lowestBits, info.highestBits);
}

int printJson() {
  nlohmann::ordered_json json;
  for (const DataTypeInfo& info : dataTypes())
    json["types"].push_back({{"name", info.name},
                             {"lowest_bits", info.lowestBits},
                             {"highest_bits", info.highestBits},
                             {"explanation", info.explanation}});
  for (const SpecAlias& alias : specAliases())
    json["aliases"].push_back(
        {{"name", alias.name}, {"spec", alias.spec}, {"explanation", alias.explanation}});
  for (const NamedAxis& axis : specAxes())
    for (const AxisValue& value : axis.values)
      json["axes"][std::string(axis.name)].push_back(
          {{"notation", value.notation}, {"explanation", value.explanation}});
  fmt::print("{}\n", json.dump(2));
  return kOk;
}

int printTypes(const OutputOptions& output) {
  if (output.json) return printJson();
  fmt::print(
      "A configuration is <type><bits>, a block and what else applies, for example "
      "int4-b64, nf4-b64-sdq or int3-b128r-gptq.\n\n");
  Table types({{"type"}, {"bits", Table::Align::Right}, {""}});
  for (const DataTypeInfo& info : dataTypes())
    types.add({std::string(info.name), bitRange(info), std::string(info.explanation)});
  types.print();
  fmt::print("\n");
  Table aliases({{"short for"}, {"spec"}, {""}});
  for (const SpecAlias& alias : specAliases())
    aliases.add({std::string(alias.name), std::string(alias.spec), std::string(alias.explanation)});
  aliases.print();
  for (const NamedAxis& axis : specAxes()) {
    fmt::print("\n");
    Table table({{std::string(axis.name)}, {""}});
    for (const AxisValue& value : axis.values)
      table.add({std::string(value.notation), std::string(value.explanation)});
    table.print();
  }
  return kOk;
}

}  // namespace

void addTypes(CLI::App& app, Context& context) {
  auto output = std::make_shared<OutputOptions>();
  CLI::App* command = app.add_subcommand(
      "types",
      "List the data types, block constants and methods of configurations, each with a line");
  addOutputOptions(*command, *output, false);
  command->callback(
      [&context, output] { context.action = [output] { return printTypes(*output); }; });
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "core/quant/codebook_for.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::string spec;
  OutputOptions output;
};

int printCodebook(const Options& options) {
  const QuantConfig config = QuantConfig::parseType(options.spec);
  const std::vector<float> values = codebookFor(config);
  // The block size plays a part in few tables only: then it is named too.
  const bool blockMatters = config.type == DataType::AbsoluteFloat ||
                            config.type == DataType::BlockQuantile ||
                            config.type == DataType::Learned;
  const bool whole = blockMatters || config.constant == ConstantType::E8M0;
  const std::string type = whole ? config.spec() : config.typeSpec();
  const std::string sample =
      config.tablePerTensor()
          ? " for the standard normal distribution (estimated on each tensor when used)"
          : "";
  if (options.output.json) {
    nlohmann::ordered_json json = {{"type", type},
                                   {"data_type", dataTypeName(config.type)},
                                   {"bits", config.bits},
                                   {"values", values}};
    if (config.type == DataType::Float) {
      json["exponent_bits"] = config.exponentBits;
      json["mantissa_bits"] = config.mantissaBits;
    }
    if (config.tablePerTensor()) json["sample"] = "standard normal";
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  if (options.output.csv) {
    fmt::print("code,value\n");
    for (std::size_t i = 0; i < values.size(); ++i) fmt::print("{},{:.9g}\n", i, values[i]);
    return kOk;
  }
  fmt::print("{}: {} values{}\n", type, values.size(), sample);
  Table table({{"code", Table::Align::Right}, {"value", Table::Align::Right}});
  for (std::size_t i = 0; i < values.size(); ++i) {
    table.add({fmt::format("{}", i), fmt::format("{:.7f}", values[i])});
  }
  table.print();
  return kOk;
}

}  // namespace

void addCodebook(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "codebook", "Print the values of a k-bit data type (bitfrontier types lists all)");
  command->add_option("spec", options->spec, allowedSpecs())->required();
  addOutputOptions(*command, options->output);
  command->callback(
      [&context, options] { context.action = [options] { return printCodebook(*options); }; });
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "core/quant/quantize.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::string spec;
  OutputOptions output;
};

int printCodebook(const Options& options) {
  const QuantConfig config = QuantConfig::parseType(options.spec);
  const std::vector<float> values = codebookFor(config);
  // The block size plays no part in a table, so the name is the spec up to it.
  const std::string spec = config.spec();
  const std::string type = spec.substr(0, spec.find('-'));
  if (options.output.json) {
    nlohmann::ordered_json json = {{"type", type},
                                   {"data_type", dataTypeName(config.type)},
                                   {"bits", config.bits},
                                   {"values", values}};
    if (config.type == DataType::Float) {
      json["exponent_bits"] = config.exponentBits;
      json["mantissa_bits"] = config.mantissaBits;
    }
    if (config.type == DataType::Quantile) json["sample"] = "standard normal";
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  if (options.output.csv) {
    fmt::print("code,value\n");
    for (std::size_t i = 0; i < values.size(); ++i) fmt::print("{},{:.9g}\n", i, values[i]);
    return kOk;
  }
  fmt::print("{}: {} values{}\n", type, values.size(),
             config.type == DataType::Quantile
                 ? " for the standard normal distribution (estimated on each tensor when used)"
                 : "");
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
  CLI::App* command = app.add_subcommand("codebook", "Print the values of a k-bit data type");
  command->add_option("spec", options->spec, std::string(allowedSpecs()))->required();
  addOutputOptions(*command, options->output);
  command->callback(
      [&context, options] { context.action = [options] { return printCodebook(*options); }; });
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/table.h"
#include "core/device/device.h"

namespace bitfrontier::cli {
namespace {

int printDevices(const OutputOptions& output) {
  const std::vector<Device> devices = listDevices();
  if (output.json) {
    nlohmann::ordered_json json = nlohmann::ordered_json::array();
    for (const Device& device : devices) {
      json.push_back({{"id", device.id},
                      {"name", device.name},
                      {"memory", device.memory},
                      {"cores", device.cores},
                      {"available", device.available},
                      {"reason", device.reason},
                      {"kernels", device.kernels}});
    }
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  Table table({{"device"},
               {"name"},
               {"memory", Table::Align::Right},
               {"cores", Table::Align::Right},
               {"kernels"},
               {"state"}});
  for (const Device& device : devices) {
    table.add({device.id, device.name,
               device.memory > 0 ? formatBytes(8.0 * static_cast<double>(device.memory)) : "",
               device.cores > 0 ? fmt::format("{}", device.cores) : "", device.kernels,
               device.available ? "available" : device.reason});
  }
  table.print();
  return kOk;
}

}  // namespace

void addDevices(CLI::App& app, Context& context) {
  auto output = std::make_shared<OutputOptions>();
  CLI::App* command =
      app.add_subcommand("devices", "List what models can run on, or why they cannot");
  addOutputOptions(*command, *output, false);
  command->callback(
      [&context, output] { context.action = [output] { return printDevices(*output); }; });
}

}  // namespace bitfrontier::cli

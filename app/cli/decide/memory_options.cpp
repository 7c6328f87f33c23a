// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/decide/memory_options.h"

#include <CLI/CLI.hpp>

#include "core/base/file.h"
#include "core/base/resources.h"

namespace bitfrontier::cli {

MemoryOptions MemoryNeedsOptions::options() const {
  MemoryOptions memory;
  memory.needs = needs;
  const auto shipped = resourceDir() / "shapes.csv";
  if (pathExists(shipped)) memory.shapes = readShapes(shipped);
  for (const auto& file : shapes) {
    for (auto& [model, shape] : readShapes(file)) memory.shapes[model] = shape;
  }
  return memory;
}

void addMemoryNeedsOptions(CLI::App& command, MemoryNeedsOptions& options) {
  command
      .add_option("--context", options.needs.context,
                  "Tokens of context to keep for each sequence (0 = count the weights alone)")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  command.add_option("--batch", options.needs.batch, "Sequences at a time")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command.add_option("--kv-bits", options.needs.kvBits, "Bits of a cached key or value")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command
      .add_option("--shapes", options.shapes,
                  "CSV with model, layers, kv_heads, head_dim of models without config.json")
      ->type_name("FILE");
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/merge.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>
#include <system_error>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "core/base/error.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  std::vector<std::filesystem::path> others;
  OutputOptions output;
};

nlohmann::ordered_json toJson(const std::filesystem::path& other, const MergeCounts& counts) {
  nlohmann::ordered_json conflicts = nlohmann::ordered_json::array();
  for (const MergeConflict& c : counts.conflicts) {
    conflicts.push_back({{"key", c.key},
                         {"model", c.model},
                         {"config", c.config},
                         {"task", c.task},
                         {"field", c.field},
                         {"here", c.here},
                         {"there", c.there},
                         {"added_beside", c.kept}});
  }
  return {{"from", other.string()},
          {"added", counts.added},
          {"already_there", counts.alreadyThere},
          {"unfinished_left_out", counts.unfinished},
          {"conflicts", conflicts}};
}

void print(const std::filesystem::path& other, const MergeCounts& counts,
           const std::filesystem::path& store) {
  fmt::print("{}: {} runs added to {}, {} were there", other.string(), counts.added, store.string(),
             counts.alreadyThere);
  if (counts.unfinished > 0) fmt::print(", {} failed or cancelled left out", counts.unfinished);
  fmt::print("\n");
  for (const MergeConflict& c : counts.conflicts) {
    fmt::print("  conflict: {} {} on {} has {} {} here and {} there; {}\n", c.model, c.config,
               c.task, c.field, c.here, c.there,
               c.kept ? "both are kept, the other one under a source of its own"
                      : "the other one was kept before");
  }
}

int mergeStores(const Options& options, const JobContext& job) {
  std::error_code error;
  for (const auto& other : options.others) {
    if (std::filesystem::equivalent(options.store, other, error)) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} cannot be merged with itself", other.string()));
    }
  }
  // All are opened before the first run is added.
  std::vector<RunStore> others;
  for (const auto& other : options.others) others.push_back(openForReading(other));
  RunStore store = RunStore::open(options.store);
  auto json = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < others.size(); ++i) {
    const MergeCounts counts = mergeStore(store, others[i], job);
    if (options.output.json) {
      json.push_back(toJson(options.others[i], counts));
    } else {
      print(options.others[i], counts, options.store);
    }
  }
  if (options.output.json) fmt::print("{}\n", json.dump(2));
  return kOk;
}

}  // namespace

void addMerge(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("merge", "Add the runs of other stores to a store");
  command->add_option("store", options->store, "Store to add to, made when absent")
      ->type_name("STORE")
      ->required();
  command->add_option("others", options->others, "Stores to read; they stay as they are")
      ->type_name("OTHER")
      ->required();
  addOutputOptions(*command, options->output, false);
  command->callback([&context, options] {
    context.action = [&context, options] { return mergeStores(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli

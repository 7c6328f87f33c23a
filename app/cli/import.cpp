// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "core/base/error.h"
#include "core/base/resources.h"
#include "core/store/published.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::vector<std::filesystem::path> files;
  std::filesystem::path store = "bitfrontier.bfdb";
  bool published = false;
  OutputOptions output;
};

int importRuns(const Options& options) {
  if (options.files.empty() && !options.published) {
    throw Error(ErrorKind::InvalidArgument, "import needs a CSV file or --published");
  }
  std::vector<RunRecord> records;
  // Everything is read before the store is touched.
  if (options.published) records = readPublishedFolder(resourceDir() / "published");
  for (const auto& file : options.files) {
    const std::vector<RunRecord> more = readPublishedCsv(file);
    records.insert(records.end(), more.begin(), more.end());
  }
  RunStore store = RunStore::open(options.store);
  const AddCounts counts = importRecords(store, records);
  if (options.output.json) {
    fmt::print("{}\n", nlohmann::ordered_json({{"store", options.store.string()},
                                               {"added", counts.added},
                                               {"already_there", counts.alreadyThere},
                                               {"different", counts.different}})
                           .dump(2));
    return kOk;
  }
  fmt::print("{} runs added to {}, {} were there\n", counts.added, options.store.string(),
             counts.alreadyThere);
  if (counts.different > 0) {
    fmt::print("{} runs are stored with other results and were left as they are\n",
               counts.different);
  }
  return kOk;
}

}  // namespace

void addImport(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("import", "Add numbers from papers to a store");
  command->add_option("files", options->files, "CSV files (columns: resources/published/README.md)")
      ->type_name("FILE.csv");
  command->add_flag("--published", options->published, "All published results that are shipped");
  command->add_option("--store", options->store, "Store to add to, made when absent")
      ->type_name("FILE")
      ->capture_default_str();
  addOutputOptions(*command, options->output, false);
  command->callback(
      [&context, options] { context.action = [options] { return importRuns(*options); }; });
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/advice/report.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/base/file.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store, file;
  FilterOptions filter;
  ReportOptions report;
  std::string smallBlock, largeBlock;
  bool json = false, markdown = false;
};

int run(Options options, const JobContext& job) {
  if (!options.smallBlock.empty()) options.report.smallBlock = parseBlock(options.smallBlock);
  if (!options.largeBlock.empty()) options.report.largeBlock = parseBlock(options.largeBlock);
  const RunStore store = openForReading(options.store);
  const RunFilter filter = options.filter.filter(store);
  Report report;
  {
    ProgressLine line;
    report = makeReport(store, filter, options.report, reportingOn(line, job));
  }
  const bool json = options.json || (!options.markdown && options.file.extension() == ".json");
  const std::string text = json ? reportToJson(report).dump(2) + "\n" : reportToMarkdown(report);
  if (options.file.empty()) {
    fmt::print("{}", text);
  } else {
    writeFileAtomic(options.file, text);
    fmt::print("report of {} written to {}\n", options.store.string(), options.file.string());
  }
  return kOk;
}

}  // namespace

void addReport(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "report",
      "Compute the statements of the k-bit paper on a store: best widths, blocks against "
      "bits, data types, laws, correlation, instability");
  addStoreOption(*command, options->store, "Store to read");
  CLI::Option* json = command->add_flag("--json", options->json, "JSON");
  command->add_flag("--markdown", options->markdown, "Markdown (the default)")->excludes(json);
  command->add_option("-o,--out", options->file, "File to write instead of printing")
      ->type_name("FILE");
  command->add_option("--small-block", options->smallBlock,
                      "Block size that is compared with one more bit (the smallest there is)");
  command->add_option("--large-block", options->largeBlock,
                      "against this one (the largest there is)");
  command
      ->add_option("--perplexity-limit", options->report.perplexityLimit,
                   "Perplexity above which a quantized model counts as broken")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  command->add_option("--draws", options->report.draws, "Draws behind each probability")
      ->check(CLI::Range(100, 1000000))
      ->capture_default_str();
  command->add_option("--seed", options->report.seed, "Seed of the draws")->capture_default_str();
  addFilterOptions(*command, options->filter, true);
  command->callback([&context, options] {
    context.action = [&context, options] { return run(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <CLI/CLI.hpp>
#include <limits>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "core/base/error.h"
#include "core/base/resources.h"
#include "core/store/import/import_csv.h"
#include "core/store/import/import_harness.h"
#include "core/store/import/import_llamacpp.h"
#include "core/store/import/published.h"
#include "core/store/import/read_results.h"

namespace bitfrontier::cli {
namespace {

constexpr auto kAllOfThem = std::numeric_limits<std::size_t>::max() - 1;

struct Options {
  std::vector<std::filesystem::path> files, harness, csv, llamacpp;
  std::filesystem::path store = "bitfrontier.bfdb";
  bool published = false, dryRun = false;
  std::vector<std::string> map, set;
  std::string block, parameters, linearParameters;
  ImportOptions run;
  OutputOptions output;
};

std::optional<double> countOption(const std::string& text, const char* name) {
  if (text.empty()) return std::nullopt;
  return parseParameterCount(text, name);
}

/// Runs that are stored with another result, each with both values.
std::vector<std::string> differentRuns(const RunStore& store, const std::vector<RunRecord>& runs) {
  std::map<std::string, RunRecord> stored;
  RunFilter imported;
  imported.measured = false;
  for (RunRecord& run : store.runs(imported)) {
    if (run.status == RunStatus::Done) stored.emplace(run.key, std::move(run));
  }
  std::vector<std::string> texts;
  for (const RunRecord& run : runs) {
    const auto found = stored.find(run.key);
    if (found == stored.end() || resultText(found->second) == resultText(run)) continue;
    texts.push_back(fmt::format("{} {} {}: {} is stored, {} is in the file", run.model, run.config,
                                run.result.task, resultText(found->second), resultText(run)));
  }
  return texts;
}

int importRuns(Options options) {
  ImportOptions& run = options.run;
  if (!options.block.empty()) run.blockSize = parseBlock(options.block);
  run.parameters = countOption(options.parameters, "--parameters");
  run.linearParameters = countOption(options.linearParameters, "--linear-parameters");
  std::vector<CsvMapping> mapping;
  for (const bool constant : {false, true}) {
    for (const std::string& text : constant ? options.set : options.map) {
      const auto entries = parseCsvMappings(text, constant);
      mapping.insert(mapping.end(), entries.begin(), entries.end());
    }
  }
  if (options.files.empty() && options.harness.empty() && options.csv.empty() &&
      options.llamacpp.empty() && !options.published) {
    throw Error(ErrorKind::InvalidArgument,
                "import needs a file (results of lm-evaluation-harness, a CSV or llama.cpp table) "
                "or --published");
  }
  ImportedRuns all;
  // Everything is read before the store is touched.
  if (options.published) all.append({readPublishedFolder(resourceDir() / "published"), {}});
  for (const auto& file : options.files) all.append(readResults(file, mapping, run));
  for (const auto& file : options.harness) all.append(readHarness(file, run));
  for (const auto& file : options.csv) all.append(readMappedCsv(file, mapping, run));
  for (const auto& file : options.llamacpp) all.append(readLlamaCpp(file, run));
  keepNewest(all);
  AddCounts counts;
  std::vector<std::string> different;
  if (!options.dryRun) {
    RunStore store = RunStore::open(options.store);
    different = differentRuns(store, all.runs);
    counts = importRecords(store, all.runs);
  }
  if (options.output.json) {
    fmt::print("{}\n", nlohmann::ordered_json({{"store", options.store.string()},
                                               {"read", all.runs.size()},
                                               {"added", counts.added},
                                               {"already_there", counts.alreadyThere},
                                               {"different", counts.different},
                                               {"different_runs", different},
                                               {"notes", all.sentences(kAllOfThem)}})
                           .dump(2));
    return kOk;
  }
  for (const std::string& note : all.sentences()) fmt::print(stderr, "note: {}\n", note);
  if (options.dryRun) {
    fmt::print("{} runs read; nothing is stored\n", all.runs.size());
    for (const RunRecord& record : all.runs) {
      fmt::print("  {} {} {}: {} ({})\n", record.model, record.config, record.result.task,
                 resultText(record), record.source);
    }
    return kOk;
  }
  fmt::print("{} runs added to {}, {} were there\n", counts.added, options.store.string(),
             counts.alreadyThere);
  if (counts.different > 0) {
    fmt::print(
        "{} runs are stored with other results and were left as they are; give these "
        "another --source to keep both\n",
        counts.different);
    constexpr std::size_t kShown = 10;
    for (std::size_t i = 0; i < std::min(different.size(), kShown); ++i) {
      fmt::print("  {}\n", different[i]);
    }
    if (different.size() > kShown) fmt::print("  and {} more\n", different.size() - kShown);
  }
  return kOk;
}

}  // namespace

void addImport(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("import", "Add results measured elsewhere to a store");
  command
      ->add_option(
          "files", options->files,
          "Files, recognized by their content: results_*.json of "
          "lm-evaluation-harness or a folder of them, tables of quantizations (.md, .csv), "
          "logs of llama-perplexity, CSV with columns as in "
          "resources/published/README.md or with --map")
      ->type_name("FILE");
  command->add_option("--harness", options->harness, "Results of lm-evaluation-harness")
      ->type_name("FILE|DIR");
  command->add_option("--csv", options->csv, "CSV with any columns; see --map")->type_name("FILE");
  command
      ->add_option("--llamacpp", options->llamacpp,
                   "Tables of quantizations, or logs of llama-perplexity")
      ->type_name("FILE");
  command->add_flag("--published", options->published, "All published results that are shipped");
  command->add_option(
      "--map", options->map,
      "Columns of a CSV: field=column, or field:task=column where tasks are columns, or field=a "
      "text with {column}; e.g. model=name,accuracy_percent:piqa=acc_piqa. A column's name may "
      "have "
      "commas: accuracy=results.piqa.acc,none, or quotes around it");
  command->add_option("--set", options->set, "Values the CSV does not have: field=value, ...");
  command->add_option("--source", options->run.source, "Citation (the file or program otherwise)");
  command->add_option("--model", options->run.model, "Name of the model");
  command->add_option("--family", options->run.family, "Family (the model without its size)");
  command->add_option("--config", options->run.config, "Name of the quantization");
  command->add_option("--bits", options->run.bits, "Bits of a quantized weight")
      ->check(CLI::Range(1, 32));
  command->add_option("--type", options->run.dataType, "Data type, e.g. int or nf");
  command->add_option("--block", options->block, "Block size (a number or tensor)");
  command->add_option("--method", options->run.method, "e.g. rtn or gptq");
  command->add_option("--parameters", options->parameters, "Parameters of the model, e.g. 6.7B");
  command->add_option("--linear-parameters", options->linearParameters,
                      "Those of them that are quantized");
  command->add_option("--bits-per-parameter", options->run.bitsPerParameter,
                      "Bits of a quantized weight with its share of constants, e.g. 4.25");
  command->add_option("--task", options->run.task, "Name of the task when the file has none");
  command->add_option("--filter", options->run.filter,
                      "Of lm-evaluation-harness's filters, where a task has several, e.g. "
                      "flexible-extract");
  command->add_flag("--dry-run", options->dryRun, "Show what would be stored");
  command->add_option("--store", options->store, "Store to add to, made when absent")
      ->type_name("FILE")
      ->capture_default_str();
  addOutputOptions(*command, options->output, false);
  command->callback(
      [&context, options] { context.action = [options] { return importRuns(*options); }; });
}

}  // namespace bitfrontier::cli

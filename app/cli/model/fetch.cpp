// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "app/cli/table.h"
#include "core/base/error.h"
#include "core/base/resources.h"
#include "core/hub/hub_family.h"
#include "core/hub/hub_fetch.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::vector<std::string> models;
  std::string family;
  std::string upTo;
  std::filesystem::path cache;
  bool dryRun = false;
  bool quiet = false;
  OutputOptions output;
};

std::string bytesText(std::uint64_t bytes) { return formatBytes(8.0 * static_cast<double>(bytes)); }

std::vector<HubFamily> allFamilies() {
  return readHubFamilies(resourceDir() / "hub" / "families.json");
}

HubFamily familyOf(const Options& options) {
  const double most = options.upTo.empty() ? 0 : parseModelSize(options.upTo);
  return chooseFamily(allFamilies(), options.family, most);
}

/// "pythia" alone would be asked for on the hub and not found; "gpt2" is a model as well.
void refuseFamilyAsModel(const std::string& text) {
  for (const HubFamily& family : allFamilies()) {
    const bool model = std::ranges::any_of(
        family.models, [&](const HubFamilyModel& m) { return m.repo.ends_with("/" + text); });
    if (family.name == text && !model) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{0} is a family of {1} models: bitfrontier fetch --family {0}", text,
                              family.models.size()));
    }
  }
}

/// What a family's models need, from the list that is shipped; the hub is not asked.
int printFamily(const Options& options, const HubSettings& settings) {
  const HubFamily family = familyOf(options);
  const HubCache cache(settings.cache);
  std::uint64_t disk = 0;
  nlohmann::ordered_json json = {{"family", family.name}, {"models", nlohmann::json::array()}};
  constexpr auto kRight = Table::Align::Right;
  Table table({{"model"},
               {"parameters", kRight},
               {"disk, about", kRight},
               {"memory, fp32", kRight},
               {"memory, 16 bit", kRight},
               {"in the cache"}});
  for (const HubFamilyModel& model : family.models) {
    const bool cached = cache.find({model.repo}).has_value();
    if (!cached) disk += model.diskBytes;
    table.add({model.repo, formatCount(static_cast<double>(model.parameters)),
               bytesText(model.diskBytes), bytesText(model.bytesAt(32)),
               bytesText(model.bytesAt(16)), cached ? "yes" : "no"});
    json["models"].push_back({{"model", model.repo},
                              {"parameters", model.parameters},
                              {"disk_bytes", model.diskBytes},
                              {"memory_bytes_fp32", model.bytesAt(32)},
                              {"memory_bytes_16bit", model.bytesAt(16)},
                              {"cached", cached}});
  }
  json["missing_disk_bytes"] = disk;
  if (options.output.json) {
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  table.print();
  fmt::print("{}: {} models, about {} to download into {}\n", family.title, family.models.size(),
             bytesText(disk), settings.cache.string());
  return kOk;
}

std::vector<HubModel> modelsOf(const Options& options) {
  std::vector<HubModel> models;
  for (const std::string& text : options.models) {
    const auto model = parseHubModel(text);
    if (!model) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("\"{}\" is not ORG/NAME or ORG/NAME@REVISION", text));
    }
    refuseFamilyAsModel(text);
    models.push_back(*model);
  }
  if (!options.family.empty()) {
    for (const HubFamilyModel& model : familyOf(options).models) models.push_back({model.repo});
  }
  if (models.empty()) throw Error(ErrorKind::InvalidArgument, "fetch needs a model or --family");
  return models;
}

nlohmann::ordered_json toJson(const FetchPlan& plan) {
  nlohmann::ordered_json json = {{"model", plan.model.text()},
                                 {"commit", plan.commit},
                                 {"bytes", plan.totalBytes()},
                                 {"missing_bytes", plan.missingBytes()},
                                 {"files", nlohmann::json::array()}};
  for (const FetchPlan::File& f : plan.files) {
    json["files"].push_back({{"path", f.file.path},
                             {"bytes", f.file.size},
                             {"hash", f.file.hash},
                             {"have_bytes", f.have}});
  }
  return json;
}

void printPlans(const Options& options, const std::vector<FetchPlan>& plans) {
  if (options.output.json) {
    auto json = nlohmann::ordered_json::array();
    for (const FetchPlan& plan : plans) json.push_back(toJson(plan));
    fmt::print("{}\n", json.dump(2));
    return;
  }
  constexpr auto kRight = Table::Align::Right;
  Table table({{"model"}, {"file"}, {"size", kRight}, {"on disk", kRight}});
  std::uint64_t missing = 0;
  for (const FetchPlan& plan : plans) {
    missing += plan.missingBytes();
    for (const FetchPlan::File& f : plan.files) {
      table.add({plan.model.text(), f.file.path, bytesText(f.file.size), bytesText(f.have)});
    }
  }
  table.print();
  fmt::print("{} to download\n", bytesText(missing));
}

/// Draws progress with speed and the time that is left; messages of waiting get a line each.
class Meter {
 public:
  Meter(ProgressLine& line, std::uint64_t total) : line_(line), total_(total) {}

  void start(std::string model, std::uint64_t before, std::uint64_t have) {
    model_ = std::move(model);
    before_ = before;
    if (!started_) {
      started_ = true;
      firstBytes_ = before + have;
      begin_ = Clock::now();
    }
  }
  void show(const Progress& progress) {
    if (progress.total == 0) return line_.note(fmt::format("{}: {}", model_, progress.stage));
    const auto now = Clock::now();
    const std::uint64_t bytes = before_ + static_cast<std::uint64_t>(progress.done);
    if (now - drawn_ < std::chrono::milliseconds(100) && bytes < total_) return;
    drawn_ = now;
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const double got = bytes > firstBytes_ ? static_cast<double>(bytes - firstBytes_) : 0;
    std::string text = fmt::format("{} of {}", bytesText(bytes), bytesText(total_));
    if (seconds > 1 && got > 0) {
      const double speed = got / seconds;
      text += fmt::format(", {}/s, {} left", bytesText(static_cast<std::uint64_t>(speed)),
                          formatDuration(static_cast<double>(total_ - bytes) / speed));
    }
    line_.show(static_cast<double>(bytes) / static_cast<double>(std::max<std::uint64_t>(total_, 1)),
               fmt::format("{}  {} {}", text, model_, progress.stage), bytes == total_);
  }

 private:
  using Clock = std::chrono::steady_clock;
  ProgressLine& line_;
  std::uint64_t total_;
  std::uint64_t before_ = 0;
  std::uint64_t firstBytes_ = 0;
  bool started_ = false;
  std::string model_;
  Clock::time_point begin_{};
  Clock::time_point drawn_{};
};

int fetch(const Options& options, const JobContext& stop) {
  HubSettings settings = HubSettings::fromEnvironment();
  if (!options.cache.empty()) settings.cache = options.cache;
  if (options.dryRun && options.models.empty() && !options.family.empty()) {
    return printFamily(options, settings);
  }
  const std::vector<HubModel> models = modelsOf(options);
  HttpClient http(settings);
  ProgressLine line(options.quiet);
  std::vector<FetchPlan> plans;
  for (const HubModel& model : models) {
    JobContext job = stop;
    job.report = [&](const Progress& p) {
      line.note(fmt::format("{}: {}", model.text(), p.stage));
    };
    plans.push_back(planFetch(http, model, job));
  }
  if (options.dryRun) {
    printPlans(options, plans);
    return kOk;
  }
  checkSpace(plans, HubCache(settings.cache));
  std::uint64_t total = 0;
  for (const FetchPlan& plan : plans) total += plan.totalBytes();
  Meter meter(line, total);
  auto json = nlohmann::ordered_json::array();
  std::uint64_t before = 0;
  for (const FetchPlan& plan : plans) {
    meter.start(plan.model.text(), before, plan.totalBytes() - plan.missingBytes());
    JobContext job = stop;
    job.report = [&](const Progress& progress) { meter.show(progress); };
    const std::filesystem::path directory = fetchModel(http, plan, job);
    before += plan.totalBytes();
    if (!options.output.json) fmt::print("{}\n", directory.string());
    json.push_back(toJson(plan));
    json.back()["path"] = directory.string();
  }
  if (options.output.json) fmt::print("{}\n", json.dump(2));
  return kOk;
}

}  // namespace

void addFetch(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("fetch", "Download models from the Hugging Face hub into its cache");
  command->add_option("models", options->models, "ORG/NAME or ORG/NAME@REVISION")
      ->type_name("MODEL");
  CLI::Option* family =
      command->add_option("--family", options->family, "gpt2, opt, pythia, bloom or bloomz");
  command
      ->add_option("--up-to", options->upTo, "With --family: models up to this size, such as 1.4b")
      ->type_name("SIZE")
      ->needs(family);
  command
      ->add_option("--cache", options->cache,
                   "Folder of the cache (HF_HUB_CACHE, HF_HOME/hub, ~/.cache/huggingface/hub)")
      ->type_name("DIR");
  command->add_flag("--dry-run", options->dryRun,
                    "Only show what would be downloaded; of a family, what it needs");
  command->add_flag("--quiet", options->quiet, "No progress on stderr");
  addOutputOptions(*command, options->output, false);
  command->footer(
      "A stopped download is continued by the same command. HF_TOKEN, HF_ENDPOINT, HF_HOME,\n"
      "HF_HUB_CACHE, HF_HUB_OFFLINE and the proxies of the environment are honoured. What is in\n"
      "the cache is a model for every other command: --model EleutherAI/pythia-70m");
  command->callback([&context, options] {
    context.action = [&context, options] { return fetch(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli

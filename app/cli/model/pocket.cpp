// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/base/resources.h"
#include "core/device/device.h"
#include "core/pocket/manifest.h"
#include "core/pocket/quality.h"

namespace bitfrontier::cli {
namespace {

struct PocketOptions {
  std::filesystem::path directory;
  std::string family = "neox";
  std::vector<std::size_t> sizes;
  std::string device = "cpu";
  int threads = 0;

  std::filesystem::path suite() const {
    return directory.empty() ? resourceDir() / "pocket" : directory;
  }
};

int build(const PocketOptions& options, const JobContext& job) {
  pocket::buildSuite(options.suite(), job);
  fmt::print("built tasks, held-out text and tokenizer in {}\n", options.suite().string());
  return kOk;
}

int train(const PocketOptions& options, const JobContext& job) {
  std::vector<std::size_t> sizes = options.sizes;
  if (sizes.empty()) {
    for (std::size_t i = 1; i <= pocket::pocketFamily(options.family).size(); ++i) {
      sizes.push_back(i);
    }
  }
  const DeviceId device = resolveDevice(options.device);
  for (const std::size_t size : sizes) {
    ProgressLine line;
    const auto report = [&](const pocket::TrainingStep& step) {
      const double left =
          static_cast<double>((step.steps - step.step) * pocket::kBatch * pocket::kContext) /
          step.tokensPerSecond;
      line.show(static_cast<double>(step.step) / static_cast<double>(step.steps),
                fmt::format("size {}: loss {:.4f}, {:.0f} tokens/s, {} left", size, step.loss,
                            step.tokensPerSecond, formatDuration(left)),
                step.step == step.steps);
    };
    const pocket::TrainingResult result = pocket::trainMember(options.suite(), options.family, size,
                                                              device, options.threads, report, job);
    line.note(fmt::format("trained size {} of {}: {:.1f}M tokens, final loss {:.4f}, {}", size,
                          options.family, static_cast<double>(result.tokens) / 1e6,
                          result.finalLoss, formatDuration(result.seconds)));
  }
  return kOk;
}

int verify(const PocketOptions& options, const JobContext& job) {
  const pocket::VerifyReport report = pocket::verifySuite(options.suite(), job);
  for (const std::string& problem : report.problems) fmt::print("wrong: {}\n", problem);
  if (!report.problems.empty()) return kFailure;
  fmt::print("{}: {} hashes agree with the manifest\n", options.suite().string(),
             report.checked.size());
  return kOk;
}

int measure(const PocketOptions& options, const JobContext& stopOnly) {
  ProgressLine line;
  JobContext job = stopOnly;
  job.report = [&line](const Progress& progress) {
    if (progress.total > 0) line.show(progress.fraction, progress.stage);
  };
  const pocket::QualityReport report = pocket::measureQuality(options.suite(), job);
  for (const pocket::QualityCondition& condition : report.conditions) {
    fmt::print("{}  {}\n", condition.holds ? "holds" : "FAILS", condition.text);
  }
  return report.holds() ? kOk : kFailure;
}

}  // namespace

void addPocket(CLI::App& app, Context& context) {
  CLI::App* command =
      app.add_subcommand("pocket", "The embedded suite: build, train, verify, measure");
  command->require_subcommand(1);
  const auto options = std::make_shared<PocketOptions>();
  const auto add = [&](const char* name, const char* help,
                       int (*action)(const PocketOptions&, const JobContext&)) {
    CLI::App* sub = command->add_subcommand(name, help);
    sub->add_option("--dir", options->directory,
                    "Folder of the suite (default: the installed one)");
    sub->callback([&context, options, action] {
      context.action = [&context, options, action] { return action(*options, context.job()); };
    });
    return sub;
  };
  add("build", "Make tasks, held-out text and tokenizer from their seeds", build);
  CLI::App* trainCommand = add("train", "Train checkpoints; a stopped training is resumed", train);
  trainCommand->add_option("--family", options->family, "neox, gpt2, opt or bloom")
      ->capture_default_str();
  trainCommand->add_option("--size", options->sizes, "Sizes, 1 = smallest (default: all)");
  trainCommand->add_option("--device", options->device, "cpu, cuda or auto")->capture_default_str();
  trainCommand->add_option("--threads", options->threads, "CPU threads (default: all)");
  add("verify", "Re-derive corpus and tasks, check every hash of the manifest", verify);
  add("measure", "Measure the quality conditions and record them in the manifest", measure);
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <chrono>
#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/model/calibration_options.h"
#include "app/cli/options.h"
#include "app/cli/progress_line.h"
#include "core/base/error.h"
#include "core/device/device.h"
#include "core/hub/model_name.h"
#include "core/modelquant/checkpoint_export.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path model, out;
  std::string config;
  bool dequantized = false;
  std::string nonFinite = "error";
  CalibrationOptions calibration;
  std::string device = "auto";
  bool quiet = false;
  OutputOptions output;
};

void print(const Options& options, const QuantConfig& config, const ExportResult& result,
           double seconds) {
  if (options.output.json) {
    fmt::print("{}\n", nlohmann::ordered_json({{"out", options.out.string()},
                                               {"config", config.spec()},
                                               {"dequantized", options.dequantized},
                                               {"tensors", result.tensors},
                                               {"parameters", result.parameters},
                                               {"quantized_bytes", result.quantizedBytes},
                                               {"file_bytes", result.fileBytes},
                                               {"clamped", result.clamped},
                                               {"seconds", seconds}})
                           .dump(2));
    return;
  }
  fmt::print("{}: {} tensors, {} parameters as {}", options.out.string(), result.tensors,
             formatCount(static_cast<double>(result.parameters)), config.spec());
  if (!config.isBaseline() && result.parameters > 0) {
    fmt::print(" ({:.4f} bits each)", 8.0 * static_cast<double>(result.quantizedBytes) /
                                          static_cast<double>(result.parameters));
  }
  fmt::print(", {} in all, {} s\n", formatBytes(8.0 * static_cast<double>(result.fileBytes)),
             formatPlain(seconds, 2));
  if (result.clamped > 0) {
    fmt::print("{} weights were not finite and have been replaced\n", result.clamped);
  }
}

int run(const Options& options, const JobContext& stop) {
  const QuantConfig config = QuantConfig::parse(options.config);
  const std::filesystem::path model = findModel(options.model.string());
  ExportOptions exported;
  exported.dequantized = options.dequantized;
  exported.nonFinite = options.nonFinite == "clamp" ? NonFinite::Clamp : NonFinite::Fail;
  exported.calibration = calibrationText(options.calibration);
  if (config.needsCalibration()) exported.device = resolveDevice(options.device);
  const auto start = std::chrono::steady_clock::now();
  ExportResult result;
  {
    ProgressLine line(options.quiet);
    JobContext job{stop.stop, {}};
    job.report = [&](const Progress& progress) {
      line.show(progress.fraction,
                fmt::format("{} {}/{} tensors", progress.stage, progress.done, progress.total),
                progress.done == progress.total);
    };
    result = exportQuantized(model, options.out, config, exported, job);
  }
  print(options, config, result,
        std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
  return kOk;
}

}  // namespace

void addQuantize(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "quantize", "Write a quantized checkpoint that every command opens like any model");
  command
      ->add_option("--model", options->model,
                   "Checkpoint directory, model in the Hugging Face cache, or model of the suite")
      ->required()
      ->type_name("DIR");
  command->add_option("--config", options->config, allowedSpecs())->required()->type_name("SPEC");
  command->add_option("--out", options->out, "Folder to write, made when absent")
      ->required()
      ->type_name("DIR");
  command->add_flag("--dequantized", options->dequantized,
                    "Write a plain fp16 Hugging Face checkpoint of the quantized weights");
  command
      ->add_option("--non-finite", options->nonFinite,
                   "NaN and Inf in weights: error, or clamp (NaN to 0, Inf to the block's largest)")
      ->check(CLI::IsMember({"error", "clamp"}))
      ->capture_default_str();
  addCalibrationOptions(*command, options->calibration);
  command->add_option("--device", options->device, "Where a calibrating model runs")
      ->capture_default_str();
  command->add_flag("--quiet", options->quiet, "No progress on stderr");
  addOutputOptions(*command, options->output, false);
  command->footer(
      "Works tensor by tensor: memory stays below twice the largest tensor and 300 MB, however\n"
      "large the model. Only -gptq, -awq and -wmse load the whole model, since they look at the\n"
      "inputs of each layer.");
  command->callback([&context, options] {
    context.action = [&context, options] { return run(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli

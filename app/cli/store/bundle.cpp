// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bundle/bundle.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>
#include <nlohmann/json.hpp>

#include "app/cli/cli.h"
#include "app/cli/options.h"
#include "core/base/file.h"
#include "core/bundle/bundle_laws.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  std::filesystem::path store;
  std::filesystem::path out;
  std::vector<std::filesystem::path> figures;
  OutputOptions output;
};

struct UnpackOptions {
  std::filesystem::path file;
  std::filesystem::path to;
  bool verify = false;
  OutputOptions output;
};

nlohmann::ordered_json toJson(const BundleManifest& manifest) {
  auto parts = nlohmann::ordered_json::array();
  for (const auto& part : manifest.parts) {
    parts.push_back({{"name", part.name}, {"sha256", part.sha256}, {"bytes", part.bytes}});
  }
  return {{"program", manifest.program},
          {"evaluator", manifest.evaluator},
          {"schema", manifest.schema},
          {"runs", manifest.runs},
          {"parts", parts}};
}

int pack(const Options& options, const JobContext& job) {
  const RunStore store = openForReading(options.store);
  std::vector<BundlePart> parts;
  if (std::string laws = lawsJson(store, job); !laws.empty()) {
    parts.push_back({"law.json", std::move(laws)});
  }
  for (const auto& figure : options.figures) {
    parts.push_back({"figures/" + figure.filename().string(), readFile(figure)});
  }
  std::filesystem::path out = options.out;
  if (out.empty()) out = std::filesystem::path(options.store).replace_extension(kBundleEnding);
  const BundleManifest manifest = writeBundle(store, std::move(parts), out, job);
  if (options.output.json) {
    nlohmann::ordered_json json = toJson(manifest);
    json["file"] = out.string();
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  fmt::print("{}: {} runs, {} parts\n", out.string(), manifest.runs, manifest.parts.size());
  for (const auto& part : manifest.parts) {
    fmt::print("  {}  {} ({} bytes)\n", part.sha256, part.name, part.bytes);
  }
  return kOk;
}

int unpack(const UnpackOptions& options, const JobContext& job) {
  std::filesystem::path folder = options.to;
  if (folder.empty()) folder = std::filesystem::path(options.file).replace_extension();
  const BundleManifest manifest =
      options.verify ? verifyBundle(options.file, job) : unpackBundle(options.file, folder, job);
  if (options.output.json) {
    nlohmann::ordered_json json = toJson(manifest);
    if (!options.verify) json["folder"] = folder.string();
    fmt::print("{}\n", json.dump(2));
    return kOk;
  }
  fmt::print("{}: {} parts have the hashes of its manifest; {} runs, written by Bitfrontier {}\n",
             options.file.string(), manifest.parts.size(), manifest.runs, manifest.program);
  if (!options.verify) fmt::print("unpacked into {}\n", folder.string());
  return kOk;
}

}  // namespace

void addBundle(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand(
      "bundle", "Put a store, its laws, figures and scripts into one file with hashes");
  addStoreOption(*command, options->store, "Store to read; a snapshot of it goes in");
  command->add_option("--out", options->out, "File to write (STORE with the ending .bfz)")
      ->type_name("FILE.bfz");
  command->add_option("--figure", options->figures, "Figures, scripts or tables to put in")
      ->type_name("FILE")
      ->delimiter(',');
  addOutputOptions(*command, options->output, false);
  command->footer("The same store and files give the same bytes.");
  command->callback([&context, options] {
    context.action = [&context, options] { return pack(*options, context.job()); };
  });
}

void addUnbundle(CLI::App& app, Context& context) {
  auto options = std::make_shared<UnpackOptions>();
  CLI::App* command =
      app.add_subcommand("unbundle", "Verify every hash of a .bfz file, and unpack it");
  command->add_option("file", options->file, "Bundle to read")->type_name("FILE.bfz")->required();
  command->add_option("--to", options->to, "Folder to make (FILE without its ending)")
      ->type_name("DIR");
  command->add_flag("--verify", options->verify, "Only verify; nothing is written");
  addOutputOptions(*command, options->output, false);
  command->callback([&context, options] {
    context.action = [&context, options] { return unpack(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/manifest.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/pocket/corpus.h"

namespace bitfrontier::pocket {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// Files of a checkpoint whose hashes the manifest holds.
constexpr const char* kCheckpointFiles[] = {"config.json", "model.safetensors", "tokenizer.json",
                                            "tokenizer_config.json"};

Json readManifest(const fs::path& directory) {
  const fs::path file = directory / kManifest;
  if (!fs::exists(file)) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} does not exist; bitfrontier pocket build makes it", file.string()));
  }
  // Parsed for its checks first, then with the order of its members kept.
  readJson(file);
  return Json::parse(readFile(file));
}

void writeManifest(const fs::path& directory, const Json& manifest) {
  writeFileAtomic(directory / kManifest, manifest.dump(2) + "\n");
}

Json describeData(const PocketData& data) {
  Json tasks = Json::array();
  for (const SuiteFile& file : data.tasks) {
    tasks.push_back({{"file", "tasks/" + file.name}, {"sha256", sha256Hex(file.content)}});
  }
  return {{"worldSeed", kWorldSeed},
          {"corpus",
           {{"documents", data.corpusDocuments},
            {"bytes", data.corpusBytes},
            {"sha256", data.corpusSha256}}},
          {"tokenizer",
           {{"file", "tokenizer.json"},
            {"vocabulary", kVocabulary},
            {"sha256", sha256Hex(data.tokenizerJson)}}},
          {"tasks", tasks}};
}

Json describeCheckpoint(const fs::path& directory, const FamilyMember& member,
                        const TrainingResult& result, const std::string& command) {
  const ParameterSummary parameters = CausalLm::initialise(member.config, 0).parameters();
  Json files;
  for (const char* name : kCheckpointFiles)
    files[name] = sha256File(directory / member.name / name);
  return {{"name", member.name},
          {"parameters",
           {{"linear", parameters.linear},
            {"embedding", parameters.embedding},
            {"other", parameters.other}}},
          {"seed", member.seed},
          {"learningRate", member.learningRate},
          {"tokens", result.tokens},
          {"finalLoss", result.finalLoss},
          {"trainingSeconds", result.seconds},
          {"command", command},
          {"sha256", files}};
}

}  // namespace

void buildSuite(const fs::path& directory, const JobContext& job) {
  const PocketData data = buildPocketData(job);
  fs::create_directories(directory / "tasks");
  for (const SuiteFile& file : data.tasks) {
    writeFileAtomic(directory / "tasks" / file.name, file.content);
  }
  writeFileAtomic(directory / "tokenizer.json", data.tokenizerJson);
  Json manifest = {{"format", 1}};
  manifest.update(describeData(data));
  Json checkpoints = Json::array();
  if (fs::exists(directory / kManifest)) {
    const Json old = readManifest(directory);
    if (old.contains("checkpoints")) checkpoints = old["checkpoints"];
    if (old.contains("quality")) manifest["quality"] = old["quality"];
  }
  manifest["checkpoints"] = checkpoints;
  writeManifest(directory, manifest);
}

TrainingResult trainMember(const fs::path& directory, const std::string& family, std::size_t size,
                           DeviceId device, int threads,
                           const std::function<void(const TrainingStep&)>& report,
                           const JobContext& job) {
  const std::vector<FamilyMember> members = pocketFamily(family);
  if (size < 1 || size > members.size()) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("family {} has sizes 1 to {}, not {}", family, members.size(), size));
  }
  readManifest(directory);
  TrainingOptions options;
  options.member = members[size - 1];
  options.directory = directory / options.member.name;
  options.device = device;
  options.threads = threads;
  fs::create_directories(options.directory);
  writeFileAtomic(options.directory / "tokenizer.json", readFile(directory / "tokenizer.json"));
  const std::vector<std::uint16_t> corpus = tokenizeCorpus(directory.string(), job);
  const TrainingResult result = train(options, corpus, report, job);

  Json manifest = readManifest(directory);
  Json& checkpoints = manifest["checkpoints"];
  const Json entry = describeCheckpoint(
      directory, options.member, result,
      fmt::format("bitfrontier pocket train --family {} --size {}", family, size));
  bool replaced = false;
  for (Json& old : checkpoints) {
    if (old.value("name", "") == options.member.name) {
      old = entry;
      replaced = true;
    }
  }
  if (!replaced) checkpoints.push_back(entry);
  std::sort(checkpoints.begin(), checkpoints.end(),
            [](const Json& a, const Json& b) { return a.value("name", "") < b.value("name", ""); });
  writeManifest(directory, manifest);
  return result;
}

VerifyReport verifySuite(const fs::path& directory, const JobContext& job) {
  const Json manifest = readManifest(directory);
  VerifyReport report;
  const auto check = [&report](const std::string& what, const std::string& expected,
                               const std::string& found) {
    if (expected == found) {
      report.checked.push_back(what);
    } else {
      report.problems.push_back(fmt::format("{} has SHA-256 {}, the manifest says {}", what, found,
                                            expected.empty() ? "nothing" : expected));
    }
  };
  const auto fileHash = [&](const fs::path& file) {
    return fs::exists(file) ? sha256File(file, job) : std::string("none: the file is missing");
  };

  // What the seeds give today, against the manifest; and the files, against both.
  const Json derived = describeData(buildPocketData(job));
  const auto recorded = [&manifest](const char* part) {
    return manifest.contains(part) && manifest[part].is_object()
               ? manifest[part].value("sha256", std::string())
               : std::string();
  };
  check("the training corpus derived from its seed", recorded("corpus"),
        derived["corpus"]["sha256"].get<std::string>());
  check("the tokenizer derived from the corpus", recorded("tokenizer"),
        derived["tokenizer"]["sha256"].get<std::string>());
  check("tokenizer.json", recorded("tokenizer"), fileHash(directory / "tokenizer.json"));
  if (manifest.value("tasks", Json::array()) != derived["tasks"]) {
    report.problems.push_back("the tasks derived from the seeds differ from the manifest's");
  }
  for (const Json& task : derived["tasks"]) {
    const auto file = task["file"].get<std::string>();
    check(file, task["sha256"].get<std::string>(), fileHash(directory / file));
  }
  if (!manifest.contains("checkpoints") || !manifest["checkpoints"].is_array() ||
      manifest["checkpoints"].empty()) {
    report.problems.push_back("the manifest lists no checkpoints");
    return report;
  }
  for (const Json& checkpoint : manifest["checkpoints"]) {
    const std::string name = checkpoint.value("name", "");
    for (const char* file : kCheckpointFiles) {
      const Json hashes = checkpoint.value("sha256", Json::object());
      check(fmt::format("{}/{}", name, file), hashes.value(file, std::string()),
            fileHash(directory / name / file));
    }
  }
  return report;
}

}  // namespace bitfrontier::pocket

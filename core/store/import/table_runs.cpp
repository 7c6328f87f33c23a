// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/table_runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = TableEntry::kAbsent;
constexpr double kFewestBits = 0.5, kMostBits = 40;  // of a weight, in a file that can be
constexpr double kFewestParameters = 1000;
/// Sizes in names are rounded, and gemma-2b has 2.5e9: within this factor they agree.
constexpr double kNameFactor = 3;

/// Parameters of a model that follow from sizes of its rows, and how.
struct Derived {
  double parameters = kNaN;
  std::string from;
  int rank = 0;
  const TableEntry* entry = nullptr;
};

void consider(Derived& best, const TableEntry& entry) {
  Derived one{kNaN, {}, 0, &entry};
  if (!std::isfinite(entry.totalBits)) return;
  if (entry.bits >= 16) {
    one = {entry.totalBits / entry.bits, fmt::format("the size of the {} file", entry.written), 4,
           &entry};
  } else if (std::isfinite(entry.bitsPerWeight)) {
    one = {entry.totalBits / entry.bitsPerWeight,
           fmt::format("size and bits per weight of {}", entry.written), 3, &entry};
  } else if (!entry.typicalBits && std::isfinite(entry.typeBits)) {
    one = {entry.totalBits / entry.typeBits,
           fmt::format("the size of {} at {:.4g} bits per weight", entry.written, entry.typeBits),
           1, &entry};
  }
  // More bits, less doubt about embeddings that have another type.
  const bool better = one.rank > best.rank ||
                      (one.rank == best.rank && one.rank > 0 && entry.bits > best.entry->bits);
  if (better) best = std::move(one);
}

[[noreturn]] void refuse(const TableEntry& entry, const std::string& why) {
  throw Error(ErrorKind::Format,
              fmt::format("{}: {} of {}{}{}", entry.where, why, entry.written,
                          entry.sizeText.empty() ? "" : ", size ", entry.sizeText));
}

void checkSize(const TableEntry& entry, const std::optional<double>& named) {
  if (entry.totalBits <= 0) refuse(entry, "the size is not above zero");
  if (entry.parameters < kFewestParameters) {
    refuse(entry, fmt::format("{:.3g} parameters cannot be a model", entry.parameters));
  }
  if (named &&
      (entry.parameters > *named * kNameFactor || entry.parameters < *named / kNameFactor)) {
    refuse(entry,
           fmt::format("{:.3g} parameters contradict the {:.3g} in the model's name: another "
                       "unit of size?",
                       entry.parameters, *named));
  }
  const double perWeight = std::isfinite(entry.totalBits) && std::isfinite(entry.parameters)
                               ? entry.totalBits / entry.parameters
                               : entry.bitsPerWeight;
  if (perWeight < kFewestBits || perWeight > kMostBits) {
    refuse(entry, fmt::format("{:.3g} bits per weight cannot be", perWeight));
  }
}

}  // namespace

std::string someOf(const std::vector<std::string>& texts, std::size_t most) {
  if (texts.size() <= most + 1) return fmt::format("{}", fmt::join(texts, ", "));
  return fmt::format(
      "{} and {} more",
      fmt::join(texts.begin(), texts.begin() + static_cast<std::ptrdiff_t>(most), ", "),
      texts.size() - most);
}

void completeSizes(std::vector<TableEntry>& entries, const ImportOptions& options,
                   std::vector<std::string>& assumed) {
  std::map<std::string, Derived> derived;
  for (const TableEntry& entry : entries) consider(derived[entry.model], entry);
  std::vector<std::string> types;
  std::set<std::string> said;
  bool byType = false, typical = false;
  for (TableEntry& entry : entries) {
    const std::string& model = entry.model;
    const auto named = parametersOfName(model);
    const Derived& from = derived[entry.model];
    const auto say = [&](const std::string& sentence) {
      if (said.insert(sentence).second) assumed.push_back(sentence);
    };
    // The name is rounded, but a guess from a type's bits is no better.
    const bool nameFirst = named && from.rank <= 1;
    if (options.parameters) {
      entry.parameters = *options.parameters;
    } else if (std::isfinite(entry.parameters)) {
      // Stated.
    } else if (from.rank > 0 && !nameFirst) {
      entry.parameters = from.parameters;
      say(fmt::format("{:.4g} parameters{}{} follow from {}", from.parameters,
                      model.empty() ? "" : " of ", model, from.from));
    } else if (named) {
      entry.parameters = *named;
      say(fmt::format("{:.4g} parameters are what the name {} says", *named, model));
    }
    if (!std::isfinite(entry.totalBits) && !std::isfinite(entry.bitsPerWeight) &&
        std::isfinite(entry.typeBits) && std::isfinite(entry.parameters)) {
      entry.bitsPerWeight = entry.typeBits;
      byType = true;
      typical = typical || entry.typicalBits;
      const std::string& name = entry.typeName.empty() ? entry.config : entry.typeName;
      const std::string type = fmt::format("{} {:.4g}", name, entry.typeBits);
      if (std::find(types.begin(), types.end(), type) == types.end()) types.push_back(type);
    }
    if (std::isfinite(entry.totalBits) && std::isfinite(entry.parameters) && options.parameters &&
        !std::isfinite(entry.bitsPerWeight)) {
      entry.bitsPerWeight = entry.totalBits / entry.parameters;
    }
    checkSize(entry, options.parameters ? std::nullopt : named);
  }
  if (byType) {
    assumed.push_back(fmt::format(
        "sizes that are not stated are parameters times bits per weight of the formats ({}){}, "
        "embeddings counted like all other weights",
        someOf(types, 12), typical ? "; those of mixed types are as in a Llama 3.1 8B file" : ""));
  }
}

bool namesGgufTypes(const std::vector<TableEntry>& entries) {
  return std::any_of(entries.begin(), entries.end(), [](const TableEntry& entry) {
    return !entry.typeName.empty() && entry.bits < 16;
  });
}

std::vector<RunRecord> runsOfEntries(const std::vector<TableEntry>& entries,
                                     const std::string& stem, const ImportOptions& options,
                                     const std::string& source, std::vector<std::string>& notRead) {
  std::vector<RunRecord> runs;
  std::map<std::string, std::size_t> places;
  const bool ofLlamaCpp = namesGgufTypes(entries);
  for (const TableEntry& entry : entries) {
    RunRecord run;
    run.model = entry.model;
    run.family = options.family.empty() ? familyOfModel(run.model) : options.family;
    // "7B" alone says nothing of the family.
    if (options.family.empty() && run.family == run.model && parametersOfName(run.model)) {
      run.family = stem;
    }
    run.config = entry.config;
    run.bits = entry.bits;
    run.dataType = entry.dataType;
    run.blockSize = entry.blockSize;
    run.method = entry.method;
    run.parameters = entry.parameters;
    run.linearParameters = options.linearParameters.value_or(kNaN);
    run.bitsPerParameter = entry.bitsPerWeight;
    if (!std::isfinite(run.bitsPerParameter)) {
      run.bitsPerParameter = entry.totalBits / entry.parameters;
    }
    if (!std::isfinite(run.bitsPerParameter)) {
      run.bitsPerParameter = std::isfinite(entry.typeBits) ? entry.typeBits : entry.bits;
    }
    fillModelBits(run);
    if (std::isfinite(entry.totalBits)) {
      run.modelBits.allParameters = run.modelBits.checkpointBytes = entry.totalBits;
    }
    run.source = options.source.empty() ? source : options.source;
    run.evaluatorVersion = ofLlamaCpp ? "llama.cpp" : "table";
    for (const TableResult& result : entry.results) {
      run.result = {};
      TaskResult& r = run.result;
      r.task = result.task;
      if (r.task.empty()) r.task = options.task;
      if (r.task.empty() && result.perplexity)
        r.task = ofLlamaCpp ? "wikitext-2 (llama.cpp)" : "wikitext-2";
      if (r.task.empty()) r.task = "accuracy";
      if (result.perplexity) {
        if (!(result.value >= 1)) {
          throw Error(ErrorKind::Format, fmt::format("{}: perplexity {} of {} is below 1",
                                                     entry.where, result.value, entry.written));
        }
        r.crossEntropy = std::log(result.value);
        r.crossEntropySe = result.se / result.value;
      } else {
        r.accuracy = result.value;
        r.accuracySe = result.se;
        r.chance = chanceOfTask(r.task.substr(0, r.task.find(" (")));
      }
      run.key = importKey(run);
      const auto [place, isNew] = places.emplace(run.key, runs.size());
      if (isNew) {
        runs.push_back(run);
        continue;
      }
      const TaskResult& first = runs[place->second].result;
      const bool same =
          result.perplexity ? first.crossEntropy == r.crossEntropy : first.accuracy == r.accuracy;
      if (!same) {
        notRead.push_back(fmt::format(
            "line {} \"{}\" ({} of {} is there before, with another number)",
            entry.where.substr(entry.where.rfind(':') + 1), entry.written, run.config, run.model));
      }
    }
  }
  return runs;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/csv_record.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>
#include <map>

#include "core/store/import/gguf_types.h"

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

void readAccuracy(const CsvRowReader& row, TaskResult& result) {
  result.accuracy = row.number("accuracy");
  const double percent = row.number("accuracy_percent");
  const bool inPercent = std::isnan(result.accuracy);
  if (inPercent) result.accuracy = percent / 100;
  if (std::isnan(result.accuracy)) return;
  const char* field = inPercent ? "accuracy_percent" : "accuracy";
  if (result.accuracy < 0 || result.accuracy > 1) {
    row.fail(field,
             fmt::format("{} {} is not within {}", field, inPercent ? percent : result.accuracy,
                         inPercent ? "0..100" : "0..1 (accuracy_percent is for percent)"));
  }
  result.accuracySe = row.number("accuracy_se");
  if (std::isnan(result.accuracySe)) result.accuracySe = row.number("accuracy_se_percent") / 100;
  if (std::isnan(result.accuracySe)) result.accuracySe = row.errorOf(field) / (inPercent ? 100 : 1);
  if (result.accuracySe < 0) row.fail("accuracy_se", "a standard error is negative");
  if (std::isnan(result.accuracySe) && result.items > 1) {
    result.accuracySe =
        std::sqrt(result.accuracy * (1 - result.accuracy) / static_cast<double>(result.items - 1));
  }
  result.chance = row.number("chance");
  if (std::isnan(result.chance)) result.chance = chanceOfTask(result.task);
  if (result.chance < 0 || result.chance >= 1) row.fail("chance", "chance is not within 0..1");
}

void readCrossEntropy(const CsvRowReader& row, TaskResult& result) {
  result.crossEntropy = row.number("cross_entropy");
  result.crossEntropySe = row.number("cross_entropy_se");
  const double perplexity = row.number("perplexity");
  if (std::isnan(result.crossEntropy) && !std::isnan(perplexity)) {
    if (perplexity < 1) row.fail("perplexity", fmt::format("perplexity {} is below 1", perplexity));
    result.crossEntropy = std::log(perplexity);
    double error = row.number("perplexity_se");
    if (std::isnan(error)) error = row.errorOf("perplexity");
    result.crossEntropySe = error / perplexity;
  }
  if (result.crossEntropy < 0) row.fail("cross_entropy", "a cross-entropy is negative");
  result.bitsPerByte = row.number("bits_per_byte");
}

/// Total bits as the file states them; NaN when it does not.
double statedBits(const CsvRowReader& row, CsvAssumptions& assumed) {
  const double bits = row.positive("total_bits");
  if (!std::isnan(bits)) return bits;
  for (const char* field :
       {"size_gib", "size_gb", "size_mib", "size_mb", "size_bytes", "file_size"}) {
    const double size = row.sizeInBits(field, assumed.sizeUnit);
    if (!std::isnan(size)) return size;
  }
  return kNaN;
}

void readModel(const CsvRowReader& row, const ImportOptions& options, RunRecord& run) {
  run.model = options.model.empty() ? row.text("model") : options.model;
  if (run.model.empty()) row.fail("model", "model is empty");
  run.family = options.family.empty() ? row.text("family") : options.family;
  if (run.family.empty()) run.family = familyOfModel(run.model);
  run.parameters = options.parameters.value_or(row.positive("parameters"));
  if (std::isnan(run.parameters)) run.parameters = parametersOfName(run.model).value_or(kNaN);
  run.linearParameters = options.linearParameters.value_or(row.positive("linear_parameters"));
  if (run.linearParameters > run.parameters) {
    row.fail("linear_parameters", "linear_parameters exceeds parameters");
  }
}

/// Refuses sizes that no file has.
void checkSizes(const CsvRowReader& row, const RunRecord& run) {
  if (run.parameters < 1000) {
    row.fail("parameters",
             fmt::format("{:.3g} parameters of {} cannot be a model", run.parameters, run.model));
  }
  const auto named = parametersOfName(run.model);
  if (named && (run.parameters > 3 * *named || run.parameters < *named / 3)) {
    row.fail("parameters", fmt::format("{:.3g} parameters contradict the {:.3g} in the name {}",
                                       run.parameters, *named, run.model));
  }
  const double bits = run.modelBits.checkpointBytes / run.parameters;
  if (bits < 0.5 || bits > 40) {
    row.fail("total_bits",
             fmt::format("{:.3g} bits per weight of {} {} cannot be", bits, run.model, run.config));
  }
}

void readConfig(const CsvRowReader& row, const ImportOptions& options, RunRecord& run,
                CsvAssumptions& assumed) {
  run.config = options.config.empty() ? row.text("config") : options.config;
  const auto gguf = findGgufName(run.config);
  // A name of 16 bits stays as it is: fp16, bf16 and fp32 are what sweeps call theirs.
  if (gguf && gguf->type.bits < 16 && gguf->before.empty() && gguf->after.empty() &&
      !gguf->several) {
    run.config = gguf->type.name + (gguf->imatrix ? " imatrix" : "");
  }
  run.bitsPerParameter = options.bitsPerParameter.value_or(row.positive("bits_per_parameter"));
  double bits = options.bits ? *options.bits : row.number("bits");
  if (bits < 1 || bits > 32) row.fail("bits", fmt::format("bits {} is not within 1..32", bits));
  if (std::isnan(bits) && gguf) bits = gguf->type.bits;
  if (std::isnan(bits)) {
    row.fail("bits",
             "there is neither bits nor a config fp16, f16, bf16 or a type of GGUF (Q4_K_M)");
  }
  run.bits = static_cast<int>(bits);  // scales make 4.25 bits of codes of 4
  if (bits != run.bits) {
    assumed.fractions = true;
    if (std::isnan(run.bitsPerParameter)) run.bitsPerParameter = bits;
  }
  run.dataType = options.dataType.empty() ? row.text("data_type") : options.dataType;
  run.method = options.method.empty() ? row.text("method") : options.method;
  run.blockSize =
      options.blockSize ? *options.blockSize : row.whole("block_size", 0, std::int64_t{1} << 40, 0);
  if (gguf) {
    if (run.dataType.empty()) run.dataType = gguf->type.dataType;
    if (run.method.empty() && run.bits < 16) {
      run.method = gguf->imatrix ? "imatrix" : "rtn";
    }
    if (run.blockSize == 0) run.blockSize = gguf->type.blockSize;
  }
  if (run.dataType.empty()) run.dataType = run.bits >= 16 ? "fp16" : "int";
  if (run.method.empty()) run.method = run.bits >= 16 ? "none" : "rtn";
  if (run.config.empty()) {
    const std::string& stem =
        run.method == "none" || run.method == "rtn" ? run.dataType : run.method;
    run.config = run.bits >= 16 ? "fp16" : fmt::format("{}{}", stem, bits);
    if (run.blockSize > 0 && run.bits < 16) run.config += fmt::format("-b{}", run.blockSize);
  }
}

/// Bits of a weight that nobody states: of a GGUF type, else the code's and a constant of 16 bits
/// for each block.
double bitsByName(const RunRecord& run, CsvAssumptions& assumed) {
  if (const auto gguf = findGgufName(run.config); gguf && run.bits < 16) {
    if (!std::isnan(gguf->type.bitsPerWeight)) {
      assumed.types.insert(fmt::format("{} {:.4g}{}", gguf->type.name, gguf->type.bitsPerWeight,
                                       gguf->type.mix ? " (typical)" : ""));
    }
    return gguf->type.bitsPerWeight;
  }
  if (run.blockSize == 0 || run.bits >= 16) return run.bits;
  assumed.blockConstants = true;
  return run.bits + 16.0 / static_cast<double>(run.blockSize);
}

void readBits(const CsvRowReader& row, RunRecord& run, CsvAssumptions& assumed) {
  const double stated = statedBits(row, assumed);
  if (std::isnan(run.parameters) && !std::isnan(stated) && !std::isnan(run.bitsPerParameter)) {
    run.parameters = stated / run.bitsPerParameter;
    assumed.sentences.insert("parameters that are not stated are size over bits per weight");
  }
  if (std::isnan(run.bitsPerParameter)) {
    if (std::isnan(stated)) {
      run.bitsPerParameter = bitsByName(run, assumed);
      assumed.embeddings =
          assumed.embeddings || (run.bits < 16 && std::isnan(run.linearParameters));
    } else if (!std::isnan(run.parameters)) {
      run.bitsPerParameter = stated / run.parameters;
    }
  }
  fillModelBits(run);
  if (!std::isnan(stated)) run.modelBits.allParameters = run.modelBits.checkpointBytes = stated;
  checkSizes(row, run);
}

}  // namespace

RunRecord csvRun(const CsvRowReader& row, const std::filesystem::path& file,
                 const ImportOptions& options, CsvAssumptions& assumed) {
  RunRecord run;
  readModel(row, options, run);
  readConfig(row, options, run, assumed);
  readBits(row, run, assumed);
  run.seconds = row.number("seconds");
  if (std::isnan(run.seconds)) run.seconds = 0;
  run.source = options.source.empty() ? row.text("source") : options.source;
  if (run.source.empty()) run.source = file.filename().string();
  run.evaluatorVersion = "csv";
  return run;
}

void readCsvResult(const CsvRowReader& row, TaskResult& result) {
  readAccuracy(row, result);
  readCrossEntropy(row, result);
}

void parametersFrom16Bit(std::vector<RunRecord>& runs, CsvAssumptions& assumed) {
  std::map<std::string, double> sizes;
  for (const RunRecord& run : runs) {
    if (run.bits == 16 && std::isnan(run.parameters) && run.modelBits.checkpointBytes > 0) {
      sizes[run.model] = run.modelBits.checkpointBytes;
    }
  }
  for (RunRecord& run : runs) {
    const auto size = sizes.find(run.model);
    if (size == sizes.end() || !std::isnan(run.parameters)) continue;
    run.parameters = size->second / 16;
    const double total = run.modelBits.checkpointBytes;
    if (std::isnan(run.bitsPerParameter)) {
      run.bitsPerParameter = std::isnan(total) ? bitsByName(run, assumed) : total / run.parameters;
    }
    fillModelBits(run);
    if (!std::isnan(total)) run.modelBits.allParameters = run.modelBits.checkpointBytes = total;
    assumed.sentences.insert(fmt::format("{:.4g} parameters of {} follow from its 16-bit row",
                                         run.parameters, run.model));
  }
  for (RunRecord& run : runs) {
    if (std::isnan(run.bitsPerParameter)) run.bitsPerParameter = bitsByName(run, assumed);
  }
}

std::string CsvAssumptions::note() const {
  std::vector<std::string> all(sentences.begin(), sentences.end());
  if (sizeUnit) all.emplace_back("file_size has no unit and is taken as GB");
  if (!types.empty()) {
    all.push_back(
        fmt::format("bits per weight are those of the formats' names: {}", fmt::join(types, ", ")));
  }
  if (blockConstants) {
    all.emplace_back("each block counts with a constant of 16 bits (bits_per_parameter says it)");
  }
  if (embeddings) {
    all.emplace_back("embeddings count as quantized (linear_parameters says what is)");
  }
  if (fractions) {
    all.emplace_back("bits with a fraction are bits per weight; the codes have the whole part");
  }
  return fmt::format("{}", fmt::join(all, "; "));
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/published.h"

#include <fmt/chrono.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <set>
#include <string>
#include <system_error>

#include "core/base/error.h"
#include "core/store/import/csv.h"

namespace bitfrontier {
namespace {

constexpr std::string_view kPublishedVersion = "published";

double positive(const CsvTable& table, const CsvTable::Row& row, std::string_view column) {
  const double value = table.number(row, column);
  if (value <= 0) {
    table.fail(table.at(row, column), fmt::format("{} {} is not above zero", column, value));
  }
  return value;
}

void readResult(const CsvTable& table, const CsvTable::Row& row, TaskResult& result) {
  result.task = table.text(row, "task");
  const double percent = table.numberOrAbsent(row, "accuracy_percent");
  const double perplexity = table.numberOrAbsent(row, "perplexity");
  const CsvTable::Field& percentField = table.at(row, "accuracy_percent");
  if (std::isnan(percent) == std::isnan(perplexity)) {
    table.fail(percentField, "a row needs either accuracy_percent or perplexity");
  }
  if (!std::isnan(perplexity)) {
    if (perplexity < 1) {
      table.fail(table.at(row, "perplexity"), fmt::format("perplexity {} is below 1", perplexity));
    }
    result.crossEntropy = std::log(perplexity);
    return;
  }
  if (percent < 0 || percent > 100) {
    table.fail(percentField, fmt::format("accuracy {} is not within 0..100 percent", percent));
  }
  result.accuracy = percent / 100;
  result.items = table.integer(row, "items");
  if (result.items < 2) {
    table.fail(table.at(row, "items"),
               fmt::format("{} items give no standard error", result.items));
  }
  result.accuracySe =
      std::sqrt(result.accuracy * (1 - result.accuracy) / static_cast<double>(result.items - 1));
  result.chance = table.number(row, "chance");
  if (result.chance < 0 || result.chance >= 1) {
    table.fail(table.at(row, "chance"), fmt::format("chance {} is not within 0..1", result.chance));
  }
}

RunRecord readRow(const CsvTable& table, const CsvTable::Row& row) {
  RunRecord run;
  run.model = table.text(row, "model");
  run.family = table.text(row, "family");
  run.parameters = positive(table, row, "parameters");
  run.linearParameters = positive(table, row, "linear_parameters");
  if (run.linearParameters > run.parameters) {
    table.fail(table.at(row, "linear_parameters"), "linear_parameters exceeds parameters");
  }
  run.config = table.text(row, "config");
  run.dataType = table.text(row, "data_type");
  const long long bits = table.integer(row, "bits");
  if (bits < 1 || bits > 32) {
    table.fail(table.at(row, "bits"), fmt::format("{} bits are not within 1..32", bits));
  }
  run.bits = static_cast<int>(bits);
  run.blockSize = table.integer(row, "block_size");
  if (run.blockSize < 0) table.fail(table.at(row, "block_size"), "block_size is negative");
  run.method = table.text(row, "method");
  run.bitsPerParameter = positive(table, row, "bits_per_parameter");
  const double rest = run.parameters - run.linearParameters;
  run.modelBits.linearOnly = run.linearParameters * run.bitsPerParameter;
  run.modelBits.allParameters = run.parameters * run.bitsPerParameter;
  run.modelBits.checkpointBytes = run.modelBits.linearOnly + 16 * rest;
  readResult(table, row, run.result);
  run.source = table.text(row, "source");
  run.evaluatorVersion = kPublishedVersion;
  run.key = fmt::format("{}|{}|{}|{}|{}", kPublishedVersion, run.source, run.model, run.config,
                        run.result.task);
  return run;
}

}  // namespace

std::vector<RunRecord> readPublishedCsv(const std::filesystem::path& file) {
  const CsvTable table = CsvTable::read(file);
  std::vector<RunRecord> records;
  std::set<std::string> keys;
  for (const CsvTable::Row& row : table.rows()) {
    records.push_back(readRow(table, row));
    if (!keys.insert(records.back().key).second) {
      table.fail(row.front(), fmt::format("{} {} on {} of {} is there twice", records.back().model,
                                          records.back().config, records.back().result.task,
                                          records.back().source));
    }
  }
  return records;
}

std::vector<RunRecord> readPublishedFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (entry.path().extension() == ".csv") files.push_back(entry.path());
  }
  if (error) {
    throw Error(ErrorKind::NotFound, fmt::format("cannot list the published results in {}: {}",
                                                 folder.string(), error.message()));
  }
  std::sort(files.begin(), files.end());
  std::vector<RunRecord> all;
  for (const auto& file : files) {
    std::vector<RunRecord> records = readPublishedCsv(file);
    all.insert(all.end(), std::make_move_iterator(records.begin()),
               std::make_move_iterator(records.end()));
  }
  return all;
}

AddCounts importRecords(RunStore& store, std::span<const RunRecord> records) {
  std::vector<RunRecord> dated(records.begin(), records.end());
  const std::string now = fmt::format(
      "{:%Y-%m-%dT%H:%M:%SZ}",
      fmt::gmtime(std::chrono::system_clock::to_time_t(std::chrono::system_clock::now())));
  for (RunRecord& record : dated) {
    if (record.createdAt.empty()) record.createdAt = now;
  }
  return store.addAll(dated);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/law/data/item_outcomes.h"
#include "core/law/data/law_point.h"
#include "core/store/import/csv.h"

namespace bitfrontier::test {

/// Reference data sets kept outside the tree; tests skip when they are absent.
class LawCases : public testing::Test {
 protected:
  void SetUp() override {
    const char* cases = std::getenv("BITFRONTIER_CASES");
    folder_ = std::filesystem::path(cases != nullptr ? cases : "") / "laws";
    if (!std::filesystem::exists(folder_ / "reference.json")) {
      GTEST_SKIP() << "no reference cases (BITFRONTIER_CASES)";
    }
    reference_ = readJson(folder_ / "reference.json");
  }

  /// The synthetic set with outcomes of items: 6 sizes x 4 formats.
  std::vector<LawPoint> synthetic() const {
    const CsvTable table = CsvTable::read(folder_ / "synth" / "synth_A.csv");
    std::vector<LawPoint> points;
    for (const auto& row : table.rows()) {
      LawPoint p;
      p.family = "synthetic";
      p.model = table.text(row, "size_B") + "B";
      p.config = table.text(row, "format");
      p.dataType = p.config.substr(0, p.config.find('_'));
      p.bits = static_cast<int>(table.number(row, "k_bits"));
      p.blockSize = p.bits < 16 ? 64 : 0;
      p.parameters = 1e9 * table.number(row, "size_B");
      p.totalBits = table.number(row, "total_bits");
      p.accuracy = table.number(row, "acc");
      p.accuracySe = std::sqrt(p.accuracy * (1 - p.accuracy) / table.number(row, "n_items"));
      p.chance = 0;
      points.push_back(p);
    }
    return points;
  }

  ItemOutcomes syntheticItems() const {
    std::ifstream in(folder_ / "synth" / "synth_A.items.txt");
    std::vector<std::vector<std::uint8_t>> rows;
    std::string line;
    while (std::getline(in, line)) {
      std::vector<std::uint8_t>& row = rows.emplace_back();
      for (const char c : line) row.push_back(c == '1' ? 1 : 0);
    }
    ItemOutcomes outcomes(rows.size());
    const std::vector<std::span<const std::uint8_t>> views(rows.begin(), rows.end());
    outcomes.addTask("synthetic", views);
    return outcomes;
  }

  /// Mean zero-shot accuracy of 16 bit, GPTQ 4 and GPTQ 3: "OPT", "OPT-no66B" or "BLOOM"; with
  /// `withRtn` round to nearest too. Total bits are nominal.
  std::vector<LawPoint> gptq(const std::string& set, bool withRtn = false) const {
    const CsvTable table = CsvTable::read(folder_ / "quant_tables" / "gptq_opt_bloom.csv");
    std::vector<LawPoint> points;
    for (const auto& row : table.rows()) {
      const std::string family = table.text(row, "family"), method = table.text(row, "method");
      if (family != set.substr(0, set.find('-'))) continue;
      if (set == "OPT-no66B" && table.text(row, "size") == "66B") continue;
      if (method == "rtn" && !withRtn) continue;
      LawPoint p;
      p.family = family;
      p.model = family + "-" + table.text(row, "size");
      p.bits = static_cast<int>(table.number(row, "k_bits"));
      p.config = method == "fp16" ? "fp16" : method + std::to_string(p.bits);
      p.dataType = method == "fp16" ? "fp16" : "int";
      p.parameters = table.number(row, "n_total");
      p.totalBits = table.number(row, "bits_nominal");
      p.accuracy = table.number(row, "acc_mean5") / 100;
      p.accuracySe = table.number(row, "se_mean5_pp") / 100;
      p.crossEntropy = std::log(table.number(row, "ppl_wikitext2"));
      points.push_back(p);
    }
    return points;
  }

  std::filesystem::path folder_;
  nlohmann::json reference_;
};

}  // namespace bitfrontier::test

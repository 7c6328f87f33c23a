// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include "tests/app/cli/process.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier::test {

/// Runs of the program in a folder of the test's own.
class CliRuns : public ::testing::Test {
 protected:
  struct Result {
    int code;
    std::string out;
    std::string err;
  };

  CliRuns() : dir_("cli_" + testName()) {}
  Result run(std::vector<std::string> arguments) {
    CliProcess process(dir_.path(), std::move(arguments));
    const int code = process.wait();
    return {code, process.out(), process.err()};
  }
  std::string path(const std::string& name) const { return (dir_.path() / name).string(); }
  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
    return path(name);
  }

  TempDir dir_;

 private:
  static std::string testName() {
    std::string name = ::testing::UnitTest::GetInstance()->current_test_info()->name();
    std::replace(name.begin(), name.end(), '/', '_');  // of a parameter
    return name;
  }
};

/// A table of results as somebody else may have it, one configuration a row.
struct ResultTable {
  struct Row {
    std::string model, family, config, type = "int", accuracy, perplexity;
    double parameters = 1e9, bits = 4, totalBits = 4e9;
    int items = 2000;
  };
  std::vector<Row> rows;

  /// Accuracy is J1 of size and format with a lack of fit of a few tenths of a point; loss is what
  /// a logistic link makes of it.
  void add(const std::string& family, int sizes, double floor = 0.25,
           const std::string& reference = "fp16") {
    for (int s = 0; s < sizes; ++s) {
      const double size = 1e8 * std::pow(200.0, s / (sizes - 1.0));
      int format = 0;
      for (const auto& [config, bits, shift] :
           {std::tuple{reference.c_str(), 16, 0.0}, std::tuple{"int8", 8, -0.02},
            std::tuple{"int4", 4, -0.16}, std::tuple{"int3", 3, -0.8}}) {
        const double error = floor + 0.2 * std::exp(-0.25 * (std::log(size / 1e9) + shift)) +
                             0.002 * std::sin(7.0 * s + 3.0 * format++ + 20 * floor);
        const double loss = 2.6 - 0.4 * std::log((1 - error) / error);
        rows.push_back({family + "-" + std::to_string(s), family, config,
                        bits == 16 ? "fp16" : "int", fmt::format("{:.5f}", 1 - error),
                        fmt::format("{:.5f}", std::exp(loss)), size, double(bits), size * bits});
      }
    }
  }
  std::string csv() const {
    std::string text = "model,family,config,data_type,parameters,bits,total_bits,items,acc,ppl\n";
    for (const Row& r : rows) {
      text += fmt::format("{},{},{},{},{},{},{},{},{},{}\n", r.model, r.family, r.config, r.type,
                          r.parameters, r.bits, r.totalBits, r.items, r.accuracy, r.perplexity);
    }
    return text;
  }
};

}  // namespace bitfrontier::test

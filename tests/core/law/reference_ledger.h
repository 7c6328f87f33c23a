// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <set>
#include <string>
#include <vector>

#include "core/base/json.h"

namespace bitfrontier::test {

/// The numbers of one part of reference.json and which of them a test has compared. A test that
/// ends with EXPECT_THAT(ledger.left(), IsEmpty()) cannot have forgotten one. Paths are as in
/// "models/J1/params/E".
class ReferenceLedger {
 public:
  explicit ReferenceLedger(const nlohmann::json& part) : flat_(part.flatten()) {
    for (const auto& [path, leaf] : flat_.items()) {
      // Texts describe how the numbers were made; an empty list or object is flattened to null.
      if (leaf.is_number()) left_.insert(path.substr(1));
    }
  }

  double number(const std::string& path) {
    left_.erase(path);
    const auto found = flat_.find("/" + path);
    if (found == flat_.end() || !found->is_number()) {
      ADD_FAILURE() << "the reference has no number " << path;
      return NAN;
    }
    return found->get<double>();
  }
  void near(const std::string& path, double value, double tolerance) {
    EXPECT_NEAR(value, number(path), tolerance) << path;
  }
  void relative(const std::string& path, double value, double tolerance) {
    const double expected = number(path);
    EXPECT_NEAR(value, expected, tolerance * std::abs(expected)) << path;
  }
  /// Numbers whose path starts with `prefix` are no claim about this program, for the reason that
  /// the caller writes beside the call, or another test compares them.
  void skip(const std::string& prefix) {
    const std::size_t before = left_.size();
    std::erase_if(left_, [&](const std::string& path) { return path.starts_with(prefix); });
    EXPECT_LT(left_.size(), before) << "nothing left under " << prefix;
  }

  /// Names below `path` for which there is at least one number.
  std::vector<std::string> names(const std::string& path) const {
    std::set<std::string> found;
    const std::string prefix = "/" + path + "/";
    for (const auto& [name, leaf] : flat_.items()) {
      if (!leaf.is_number() || !name.starts_with(prefix)) continue;
      const std::string rest = name.substr(prefix.size());
      found.insert(rest.substr(0, rest.find('/')));
    }
    return {found.begin(), found.end()};
  }
  /// Paths that nothing has compared.
  std::vector<std::string> left() const { return {left_.begin(), left_.end()}; }

 private:
  nlohmann::json flat_;
  std::set<std::string> left_;
};

}  // namespace bitfrontier::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/law/fit/joint_law.h"
#include "tests/core/law/reference_ledger.h"

namespace bitfrontier::test {

/// The reference's name of a parameter as ours: C0_x is C_x, and 16 bits are fp16 instead of
/// fp1616.
inline std::string ourName(std::string name) {
  if (name.starts_with("C0_")) name = "C_" + name.substr(3);
  if (name.ends_with("_fp1616")) name = name.substr(0, name.size() - 2);
  return name;
}

/// Compares the values of all parameters below `path`: absolute tolerance.
inline void compareParameters(ReferenceLedger& ledger, const std::string& path, const JointFit& fit,
                              double tolerance) {
  ASSERT_FALSE(fit.parameters.empty()) << path << ": " << joinRemarks(fit.remarks);
  EXPECT_EQ(ledger.names(path).size(), fit.parameters.size()) << path;
  for (const std::string& name : ledger.names(path)) {
    const auto k = fit.find(ourName(name));
    ASSERT_TRUE(k.has_value()) << path << " " << name;
    ledger.near(path + "/" + name, fit.parameters[*k].value, tolerance);
  }
}

/// The same with standard errors: relative tolerance.
inline void compareErrors(ReferenceLedger& ledger, const std::string& path, const JointFit& fit,
                          double tolerance) {
  ASSERT_FALSE(fit.parameters.empty()) << path << ": " << joinRemarks(fit.remarks);
  for (const std::string& name : ledger.names(path)) {
    const auto k = fit.find(ourName(name));
    ASSERT_TRUE(k.has_value()) << path << " " << name;
    ledger.relative(path + "/" + name, fit.parameters[*k].se, tolerance);
  }
}

}  // namespace bitfrontier::test

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <QObject>
#include <QString>
#include <QTest>
#include <string>
#include <vector>

#include "core/law/data/law_point.h"

// A wait ends when its condition holds, or when the program must be thought to hang. How long that
// takes says how busy the machine is, and no test asks that.
#undef QTRY_VERIFY
#undef QTRY_COMPARE
#define QTRY_VERIFY(condition) \
  QTRY_VERIFY_WITH_TIMEOUT(condition, ::bitfrontier::testing::kPatience)
#define QTRY_COMPARE(actual, expected) \
  QTRY_COMPARE_WITH_TIMEOUT(actual, expected, ::bitfrontier::testing::kPatience)

namespace bitfrontier::testing {

/// Milliseconds; below the five minutes after which Qt ends a test function.
inline constexpr int kPatience = 240'000;

/// The test classes of a program; each file adds its own before main begins.
using Factory = std::function<std::unique_ptr<QObject>()>;
std::vector<Factory>& factories();

template <typename Test>
struct Registered {
  Registered() {
    factories().push_back([] { return std::make_unique<Test>(); });
  }
};

/// A point on a planted law: accuracy c - a (bits / 1e9)^-alpha.
LawPoint plantedPoint(const std::string& family, double parameters, int bits,
                      const std::string& dataType = "int", std::int64_t blockSize = 64);
/// sizes x bits {3, 4, 16} of one family, eight sizes from 1e8 to 1.28e10 parameters.
std::vector<LawPoint> plantedFamily(const std::string& family);
/// The same points marked as published under a citation.
std::vector<LawPoint> published(std::vector<LawPoint> points, const std::string& citation);
/// A file below the temporary folder of this run of the tests.
QString temporaryFile(const QString& name);

}  // namespace bitfrontier::testing

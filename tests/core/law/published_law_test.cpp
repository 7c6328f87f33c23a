// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way from the shipped tables to laws.

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>

#include "core/base/resources.h"
#include "core/law/data/scaling_law.h"
#include "core/store/import/published.h"
#include "core/store/points.h"

namespace bitfrontier {
namespace {

std::vector<LawSeries> shippedSeries() {
  return makeSeries(aggregatePoints(readPublishedFolder(resourceDir() / "published"), RunFilter{}),
                    SeriesKey::Bits);
}

const LawSeries& one(const std::vector<LawSeries>& all, const std::string& family,
                     const std::string& label) {
  for (const LawSeries& s : all) {
    if (s.family == family && s.label == label) return s;
  }
  ADD_FAILURE() << "no series " << family << " " << label;
  return all.front();
}

TEST(PublishedLaws, SeriesOfTheGptqTables) {
  const auto all = shippedSeries();
  for (const char* label : {"3 bit", "3 bit, gptq", "4 bit", "4 bit, gptq", "16 bit"}) {
    EXPECT_EQ(one(all, "OPT", label).points.size(), 9u) << label;
    EXPECT_EQ(one(all, "BLOOM", label).points.size(), 6u) << label;
  }
}

TEST(PublishedLaws, FourBitGptqIsALaw) {
  for (const char* family : {"OPT", "BLOOM"}) {
    for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
      FitOptions options;
      options.metric = metric;
      const LawFit fit = fitLaw(one(shippedSeries(), family, "4 bit, gptq"), options);
      ASSERT_TRUE(fit.usable) << fit.note;
      EXPECT_GT(fit.r2, 0.95) << family;
      EXPECT_GT(fit.values[2], 0.02);
      EXPECT_LT(fit.values[2], 1);
      EXPECT_GE(fit.convergedStarts, fit.starts / 2) << family;
    }
  }
}

TEST(PublishedLaws, FourBitsBeatSixteenAtEqualBits) {
  const auto all = shippedSeries();
  for (const char* family : {"OPT", "BLOOM"}) {
    const LawFit four = fitLaw(one(all, family, "4 bit, gptq"), {});
    const LawFit sixteen = fitLaw(one(all, family, "16 bit"), {});
    for (double b = std::max(four.minBits, sixteen.minBits);
         b < std::min(four.maxBits, sixteen.maxBits); b *= 2) {
      EXPECT_GT(four.predict(b), sixteen.predict(b)) << family << " " << b;
    }
  }
}

TEST(PublishedLaws, FourSizesAreFittedWithAWarning) {
  FitOptions options;
  options.metric = LawMetric::CrossEntropy;
  const LawFit fit = fitLaw(one(shippedSeries(), "LLaMA", "16 bit"), options);
  EXPECT_EQ(fit.n, 4);
  EXPECT_THAT(fit.note, testing::HasSubstr("with only 4 model sizes"));
}

TEST(PublishedLaws, CollapseUnderRoundToNearestIsNotALaw) {
  // At 3 bits by RTN larger models are worse; OPT-66B collapses at 4 bits already.
  const auto all = shippedSeries();
  LawFit fit = fitLaw(one(all, "OPT", "3 bit"), {});
  EXPECT_FALSE(fit.usable);
  EXPECT_THAT(fit.note, testing::HasSubstr("accuracy does not rise with total bits"));
  for (const auto& [family, label] : {std::pair{"BLOOM", "3 bit"}, std::pair{"OPT", "4 bit"}}) {
    fit = fitLaw(one(all, family, label), {});
    EXPECT_FALSE(fit.usable) << family << " " << label;
    EXPECT_THAT(fit.note, testing::HasSubstr("the law does not describe the data"));
  }
}

}  // namespace
}  // namespace bitfrontier

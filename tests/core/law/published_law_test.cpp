// SPDX-License-Identifier: GPL-3.0-or-later
// The whole way from the shipped tables to laws.

#include <gmock/gmock.h>

#include <cmath>
#include <filesystem>

#include "core/base/resources.h"
#include "core/law/fit/series_law.h"
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

SeriesLaw lawOf(const std::string& family, const std::string& label,
                LawMetric metric = LawMetric::Accuracy) {
  return fitSeries(one(shippedSeries(), family, label), seriesOptions(metric));
}

std::string notes(const SeriesLaw& law) { return joinRemarks(law.fit.remarks); }

TEST(PublishedLaws, FourBitGptqIsALaw) {
  for (const char* family : {"OPT", "BLOOM"}) {
    for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
      const SeriesLaw law = lawOf(family, "4 bit, gptq", metric);
      EXPECT_GT(law.fit.r2, 0.95) << family;
      const PowerLaw power = powerLawOf(law.fit).value();
      EXPECT_GT(power.values[2], 0.02);
      EXPECT_LT(power.values[2], 1);
      EXPECT_GE(law.fit.agreed, law.fit.starts / 2) << family;
      // Cross-entropies have no errors of their own here; see the lack of fit.
      EXPECT_TRUE(law.fit.usable || metric == LawMetric::CrossEntropy) << notes(law);
    }
  }
}

TEST(PublishedLaws, FourBitsBeatSixteenAtEqualBits) {
  for (const char* family : {"OPT", "BLOOM"}) {
    const JointFit four = lawOf(family, "4 bit, gptq").fit, sixteen = lawOf(family, "16 bit").fit;
    for (double b = std::max(four.minBits, sixteen.minBits);
         b < std::min(four.maxBits, sixteen.maxBits); b *= 2) {
      EXPECT_GT(four.predict(four.row(0, b)), sixteen.predict(sixteen.row(0, b)))
          << family << " " << b;
    }
  }
}

TEST(PublishedLaws, FourSizesAreTooFewForOneFormat) {
  const SeriesLaw law = lawOf("LLaMA", "16 bit", LawMetric::CrossEntropy);
  EXPECT_EQ(law.fit.n, 4);
  EXPECT_FALSE(law.fit.usable);
  EXPECT_THAT(notes(law), testing::HasSubstr("4 sizes are too few for the 3 parameters"));
}

TEST(PublishedLaws, CollapseUnderRoundToNearestIsNotALaw) {
  // At 3 bits by RTN larger models are worse and guess; OPT-66B collapses at 4 bits already.
  const SeriesLaw guessing = lawOf("OPT", "3 bit");
  EXPECT_FALSE(guessing.fit.usable);
  EXPECT_THAT(notes(guessing), testing::HasSubstr("all points are at chance"));
  for (const auto& [family, label] :
       {std::pair{"BLOOM", "3 bit"}, std::pair{"OPT", "4 bit"}, std::pair{"OPT", "3 bit, gptq"}}) {
    const SeriesLaw law = lawOf(family, label);
    EXPECT_FALSE(law.fit.usable) << family << " " << label;
    EXPECT_THAT(notes(law), testing::HasSubstr("the law does not describe the data"));
  }
}

}  // namespace
}  // namespace bitfrontier

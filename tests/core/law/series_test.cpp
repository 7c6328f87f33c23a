// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <cmath>

#include "core/base/error.h"
#include "core/law/data/piecewise_curve.h"
#include "core/law/data/series.h"

namespace bitfrontier {
namespace {

LawPoint point(const std::string& model, int bits, std::int64_t block, const std::string& type,
               double totalBits, double accuracy = 0.5) {
  LawPoint p;
  p.family = "fam";
  p.model = model;
  p.bits = bits;
  p.blockSize = block;
  p.dataType = type;
  p.config = type + std::to_string(bits) + "-b" + std::to_string(block);
  p.totalBits = totalBits;
  p.accuracy = accuracy;
  return p;
}

std::vector<std::string> labels(const std::vector<LawSeries>& series) {
  std::vector<std::string> all;
  for (const LawSeries& s : series) all.push_back(s.label);
  return all;
}

using Strings = std::vector<std::string>;

TEST(Series, DividedByEachKey) {
  const std::vector<LawPoint> points{
      point("b", 16, 0, "fp16", 320),   point("b", 4, 64, "int", 90), point("a", 4, 64, "int", 45),
      point("a", 4, 1024, "float", 42), point("a", 3, 0, "int", 30),  point("a", 8, 64, "int", 80)};
  const auto bits = makeSeries(points, SeriesKey::Bits);
  EXPECT_EQ(labels(bits), (Strings{"3 bit", "4 bit", "8 bit", "16 bit"}));
  ASSERT_EQ(bits[1].points.size(), 3u);
  EXPECT_EQ(bits[1].points[0].totalBits, 42);
  EXPECT_EQ(bits[1].points[2].model, "b");
  EXPECT_EQ(labels(makeSeries(points, SeriesKey::BlockSize)),
            (Strings{"block 64", "block 1024", "whole tensor", "16 bit"}));
  const std::vector<LawPoint> large{point("a", 4, 0, "int", 1), point("a", 4, 4096, "int", 2),
                                    point("a", 4, -1, "int", 3)};
  EXPECT_EQ(labels(makeSeries(large, SeriesKey::BlockSize)),
            (Strings{"block 4096", "row", "whole tensor"}));
  EXPECT_EQ(labels(makeSeries(points, SeriesKey::DataType)), (Strings{"float", "fp16", "int"}));
  EXPECT_EQ(labels(makeSeries(points, SeriesKey::Config)),
            (Strings{"float4-b1024",
                     "fp16"
                     "16-b0",
                     "int3-b0", "int4-b64", "int8-b64"}));
}

TEST(Series, UnlikePointsStayApart) {
  std::vector<LawPoint> points(5, point("a", 4, 64, "int", 40));
  points[1].source = "paper";
  points[2].method = "gptq";
  points[3].itemLimit = 200;
  points[4].family = "other";
  const auto series = makeSeries(points, SeriesKey::Bits);
  ASSERT_EQ(series.size(), 5u);
  EXPECT_EQ(labels(series), (Strings{"4 bit, all items", "4 bit, 200 items each",
                                     "4 bit, gptq, all items", "4 bit", "4 bit"}));
  EXPECT_EQ(series[1].itemLimit, 200);
  EXPECT_EQ(series[2].method, "gptq");
  EXPECT_EQ(series[3].family, "other");
  EXPECT_EQ(series[4].source, "paper");
}

TEST(Series, TasksAndSettingsStayApart) {
  std::vector<LawPoint> points(4, point("a", 4, 64, "int", 40));
  points[0].tasks = points[3].tasks = "arc, lambada, piqa";
  points[1].tasks = "arc, lambada";
  points[2].tasks = "arc, lambada, hellaswag";
  points[3].textTasks = "wikitext";
  // Three tasks against three others: the names tell them apart.
  EXPECT_EQ(labels(makeSeries(points, SeriesKey::Bits)),
            (Strings{"4 bit, 2 tasks", "4 bit, tasks arc, lambada, hellaswag",
                     "4 bit, tasks arc, lambada, piqa"}));
  // Accuracy tasks do not matter to a cross-entropy.
  EXPECT_EQ(labels(makeSeries(points, SeriesKey::Bits, LawMetric::CrossEntropy)),
            (Strings{"4 bit, 0 tasks", "4 bit, 1 task"}));
  std::vector<LawPoint> settings(3, point("a", 4, 64, "int", 40));
  settings[1].bosProfile = "nobos";
  settings[2].maxLength = 64;
  EXPECT_EQ(makeSeries(settings, SeriesKey::Bits).size(), 3u);
}

TEST(Series, NamesRoundTrip) {
  for (const SeriesKey key :
       {SeriesKey::Bits, SeriesKey::BlockSize, SeriesKey::DataType, SeriesKey::Config}) {
    EXPECT_EQ(parseSeriesKey(seriesKeyName(key)), key);
  }
  for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
    EXPECT_EQ(parseLawMetric(lawMetricName(metric)), metric);
  }
  EXPECT_THROW(parseLawMetric("speed"), Error);
}

TEST(Piecewise, MeansAtModelsJoinedInLogBits) {
  LawSeries series;
  // Model a at 2^10 and 2^12 (mean place 2^11, mean value 0.4); b at 2^13; c without a number.
  series.points = {point("a", 4, 64, "int", 1024, 0.3), point("a", 4, 64, "float", 4096, 0.5),
                   point("b", 4, 64, "int", 8192, 0.8),
                   point("c", 4, 64, "int", 9000, LawPoint::kAbsent)};
  const PiecewiseCurve curve = piecewiseLinear(series, LawMetric::Accuracy);
  ASSERT_EQ(curve.totalBits.size(), 2u);
  EXPECT_NEAR(curve.totalBits[0], 2048, 1e-9);
  EXPECT_NEAR(curve.at(curve.totalBits[0]), 0.4, 1e-12);
  EXPECT_NEAR(curve.at(4096), 0.6, 1e-12);
  EXPECT_NEAR(curve.at(2048 * std::pow(4, 0.25)), 0.5, 1e-12);
  EXPECT_NEAR(curve.at(curve.totalBits[1]), 0.8, 1e-12);
  EXPECT_TRUE(std::isnan(curve.at(2000)));
  EXPECT_TRUE(std::isnan(curve.at(8200)));
  EXPECT_TRUE(std::isnan(curve.at(std::nan(""))));
  EXPECT_TRUE(std::isnan(piecewiseLinear({}, LawMetric::Accuracy).at(1)));
}

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
// Each fault that figures are looked through for, in a figure that has it and in one that has not.
#include <QTest>
#include <set>

#include "tests/ui/registry.h"
#include "ui/base/colour_vision.h"
#include "ui/export/figure_lint.h"
#include "ui/plot/glyph.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using Kind = LintRemark::Kind;

FigureSpec plantedSpec() {
  FigureSpec spec;
  std::vector<LawPoint> points = testing::plantedFamily("planted");
  for (LawPoint& p : points) p.evaluator = "1";
  spec.points = std::make_shared<const std::vector<LawPoint>>(points);
  spec.laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
  spec.look.preset = *findPreset(u"neurips"_s);
  return spec;
}

template <typename Change>
FigureSpec withPoints(Change change) {
  FigureSpec spec = plantedSpec();
  std::vector<LawPoint> points = *spec.points;
  change(points);
  spec.points = std::make_shared<const std::vector<LawPoint>>(points);
  return spec;
}

std::set<Kind> kinds(const FigureSpec& spec) {
  std::set<Kind> found;
  for (const LintRemark& remark : lintFigure(spec)) {
    found.insert(remark.kind);
    if (!remark.text.endsWith(u'.') || !remark.advice.endsWith(u'.')) qFatal("no sentences");
  }
  return found;
}

}  // namespace

class FigureLintTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void goodFiguresAreLeftAlone() {
    for (const LintRemark& remark : lintFigure(plantedSpec())) QFAIL(qPrintable(remark.text));
  }

  void smallText() {
    FigureSpec spec = plantedSpec();
    spec.look.preset.font = 5;
    QVERIFY(kinds(spec).contains(Kind::SmallText));
    spec.look.preset.font = 6;
    QVERIFY(!kinds(spec).contains(Kind::SmallText));
  }

  // Bits 5 and 6 of the grey palette are nearly alike; names beside the lines are another cue.
  void alikeColours() {
    FigureSpec spec = withPoints([](std::vector<LawPoint>& points) {
      for (LawPoint& p : points) {
        if (p.bits < 16) p.bits += 2;
      }
    });
    spec.laws = computeLaws(*spec.points, SeriesKey::Bits, LawMetric::Accuracy);
    spec.look.palette = FigurePalette::Grey;
    spec.options.labels = false;
    QVERIFY(kinds(spec).contains(Kind::AlikeColours));
    spec.options.labels = true;
    spec.look.preset = *findPreset(u"slide"_s);
    QVERIFY(!kinds(spec).contains(Kind::AlikeColours));
    spec.options.labels = false;
    spec.look.palette = FigurePalette::OkabeIto;
    QVERIFY(lintFigure(spec).size() < 4);  // in colour they differ
    spec.visibility.hiddenValues = {u"5 bit"_s};
    spec.look.palette = FigurePalette::Grey;
    QVERIFY(!kinds(spec).contains(Kind::AlikeColours));
  }

  void missingUnit() {
    FigureSpec spec = plantedSpec();
    spec.look.yTitle = u"Accuracy"_s;
    QVERIFY(kinds(spec).contains(Kind::NoUnit));
    spec.look.yTitle = u"Accuracy (%)"_s;
    QVERIFY(!kinds(spec).contains(Kind::NoUnit));
    // What the axes say by themselves has a unit, whatever is on them.
    spec.look.yTitle.clear();
    for (const XAxis x : {XAxis::TotalBits, XAxis::Memory, XAxis::Parameters, XAxis::Seconds}) {
      for (const YAxis y : {YAxis::Metric, YAxis::Difference, YAxis::Residual, YAxis::Error}) {
        for (const LawMetric metric : {LawMetric::Accuracy, LawMetric::CrossEntropy}) {
          spec.options.x = x;
          spec.options.y = y;
          spec.options.metric = metric;
          QVERIFY(!kinds(spec).contains(Kind::NoUnit));
        }
      }
    }
  }

  void unequalItems() {
    QVERIFY(kinds(withPoints([](auto& points) {
              points[0].itemLimit = 100;
            })).contains(Kind::UnequalItems));
    QVERIFY(kinds(withPoints([](auto& points) {
              points[0].accuracyTasks += 1;
            })).contains(Kind::UnequalItems));
    QVERIFY(!kinds(withPoints([](auto& points) {
               for (LawPoint& p : points) p.itemLimit = 100;
             })).contains(Kind::UnequalItems));
  }

  void truncatedAxis() {
    FigureSpec spec = plantedSpec();
    spec.range = PlotRange{{1e9, 1e10}, {0, 100}};
    QVERIFY(kinds(spec).contains(Kind::Truncated));
    spec.range = PlotRange{{1e7, 1e13}, {0, 100}};
    QVERIFY(!kinds(spec).contains(Kind::Truncated));
  }

  void mixedVersions() {
    QVERIFY(kinds(withPoints([](auto& points) {
              points[0].evaluator = "2";
            })).contains(Kind::MixedVersions));
    QVERIFY(kinds(withPoints([](auto& points) {
              for (LawPoint& p : points) p.evaluator = "mixed";
            })).contains(Kind::MixedVersions));
    QVERIFY(!kinds(withPoints([](auto& points) {
               points[0].evaluator.clear();  // not known
             })).contains(Kind::MixedVersions));
  }

  void titlesThatAreTooLong() {
    FigureSpec spec = plantedSpec();
    spec.look.xTitle = QString(300, u'x') + u" (bits)"_s;
    QVERIFY(kinds(spec).contains(Kind::LongTitle));
    spec.look.xTitle = u"Size (bits)"_s;
    QVERIFY(!kinds(spec).contains(Kind::LongTitle));
  }

  void fontsThatAreNotHere() {
    FigureSpec spec = plantedSpec();
    spec.look.font = u"No Such Font"_s;
    QVERIFY(kinds(spec).contains(Kind::OtherFont));
    spec.look.font = u"DejaVu Sans"_s;
    QVERIFY(!kinds(spec).contains(Kind::OtherFont));
  }

  void cutLegend() {
    FigureSpec spec = withPoints([](auto& points) {
      const std::vector<LawPoint> one = points;
      points.clear();
      for (int family = 0; family < 60; ++family) {
        for (LawPoint p : one) {
          p.family = "a-family-with-a-long-name-" + std::to_string(family);
          points.push_back(p);
        }
      }
    });
    spec.look.preset = *findPreset(u"icml"_s);
    QVERIFY(kinds(spec).contains(Kind::LegendCut));
    spec.look.legend = false;
    QVERIFY(!kinds(spec).contains(Kind::LegendCut));
  }

  // Okabe-Ito: what a figure of 3, 4, 8 and 16 bit shows can be told apart by everybody; in grey
  // the names beside the lines help, which the lint asks for. Families differ in shape besides.
  void colourBlindSafe() {
    for (const bool dark : {false, true}) {
      const PlotStyle style = PlotStyle::forFigure(8, dark);
      for (const Vision vision : {Vision::Normal, Vision::Deuteranopia, Vision::Protanopia,
                                  Vision::Tritanopia, Vision::Grey}) {
        const QStringList values{u"3 bit"_s, u"4 bit"_s, u"8 bit"_s, u"16 bit"_s};
        for (int a = 0; a < values.size(); ++a) {
          for (int b = a + 1; b < values.size(); ++b) {
            const auto colour = [&](int i) {
              return labOf(seenWith(vision, style.seriesColor(SeriesKey::Bits, values[i], i)));
            };
            const double difference = deltaE2000(colour(a), colour(b));
            const double least = vision == Vision::Grey ? 4 : kAlike;
            QVERIFY2(difference > least,
                     qPrintable(u"%1, %2 in %3: %4"_s.arg(values[a], values[b], visionName(vision))
                                    .arg(difference)));
          }
        }
      }
    }
    for (int a = 0; a < 8; ++a) {
      for (int b = a + 1; b < 8; ++b) QVERIFY(familyOutline(a) != familyOutline(b));
    }
  }
};

namespace {
const testing::Registered<FigureLintTest> kFigureLintTest;
}

}  // namespace bitfrontier

#include "figure_lint_test.moc"

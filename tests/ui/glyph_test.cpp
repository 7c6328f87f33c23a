// SPDX-License-Identifier: GPL-3.0-or-later
#include <QImage>
#include <QTest>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/plot/glyph.h"
#include "ui/plot/plot_content.h"
#include "ui/plot/plot_scene.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QImage drawn(int family, int method, bool hollow) {
  constexpr int kSide = 40;
  QImage image(kSide, kSide, QImage::Format_Grayscale8);
  image.fill(Qt::white);
  QCPPainter painter(&image);
  painter.setAntialiasing(true);
  const QCPScatterStyle style =
      glyphStyle(family, method, QPen(Qt::black, 2), hollow ? QBrush(Qt::NoBrush) : Qt::black, 30);
  style.applyTo(&painter, style.pen());
  style.drawShape(&painter, QPointF(kSide / 2.0, kSide / 2.0));
  return image;
}

/// Pixels that are dark in one picture and light in the other.
int difference(const QImage& a, const QImage& b) {
  int count = 0;
  for (int y = 0; y < a.height(); ++y) {
    for (int x = 0; x < a.width(); ++x) {
      count += std::abs(qGray(a.pixel(x, y)) - qGray(b.pixel(x, y))) > 128;
    }
  }
  return count;
}

int lookOf(const std::vector<QString>& names, const std::vector<int>& looks, const QString& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? -1 : looks[static_cast<std::size_t>(at - names.begin())];
}

}  // namespace

/// Families, methods and widths can be told apart, and keep their looks.
class GlyphTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyFamilyHasItsOwnOutline() {
    constexpr int kFamilies = 60;
    for (const bool hollow : {false, true}) {
      std::vector<QImage> pictures;
      for (int i = 0; i < kFamilies; ++i) pictures.push_back(drawn(i, 0, hollow));
      for (int i = 0; i < kFamilies; ++i) {
        for (int j = 0; j < i; ++j) {
          QVERIFY2(difference(pictures[std::size_t(i)], pictures[std::size_t(j)]) >= 25,
                   qPrintable(u"%1 and %2, hollow %3"_s.arg(i).arg(j).arg(hollow)));
        }
      }
    }
  }

  void everyMethodHasItsOwnFill() {
    constexpr int kMethods = 16;
    for (int family = 0; family < 8; ++family) {
      for (const bool hollow : {false, true}) {
        for (int i = 0; i < kMethods; ++i) {
          for (int j = 0; j < i; ++j) {
            QVERIFY2(difference(drawn(family, i, hollow), drawn(family, j, hollow)) >= 12,
                     qPrintable(u"family %1: methods %2 and %3"_s.arg(family).arg(i).arg(j)));
          }
        }
      }
    }
  }

  // What a filter leaves away changes no look of what is left.
  void filtersChangeNoLook() {
    std::vector<RunRecord> runs;
    for (const char* family :
         {"zeta", "alpha", "mu", "beta", "eta", "pi", "tau", "phi", "chi", "psi"}) {
      for (RunRecord run : testing::plantedRuns(family, {"t"}, 2)) {
        run.id = static_cast<std::int64_t>(runs.size()) + 1;
        runs.push_back(run);
        if (run.bits >= 16) continue;
        for (const char* method : {"gptq", "awq"}) {
          run.id = static_cast<std::int64_t>(runs.size()) + 1;
          run.method = method;
          runs.push_back(run);
        }
      }
    }
    const StoreFacts facts = storeFacts(runs);
    QCOMPARE(facts.families.front(), std::string("zeta"));
    QCOMPARE(facts.families.size(), std::size_t{10});
    QCOMPARE(facts.methods, (std::vector<std::string>{"gptq", "awq"}));
    const auto pointsOf = [&](auto keep) {
      std::vector<LawPoint> points;
      for (const RunRecord& run : runs) {
        if (!keep(run)) continue;
        LawPoint p = testing::plantedPoint(run.family, run.parameters, run.bits);
        p.method = run.method;
        points.push_back(p);
      }
      return points;
    };
    ViewOptions options;
    options.series = SeriesKey::BlockSize;
    const PlotScene all =
        makeScene(pointsOf([](const RunRecord&) { return true; }), options, facts);
    QCOMPARE(std::set<int>(all.familyLooks.begin(), all.familyLooks.end()).size(), std::size_t{10});
    QCOMPARE(lookOf(all.families, all.familyLooks, u"zeta"_s), 0);
    QCOMPARE(lookOf(all.families, all.familyLooks, u"alpha"_s), 1);
    QCOMPARE(all.methods, (std::vector<QString>{u"rtn"_s, u"gptq"_s, u"awq"_s}));
    for (const std::string& only : facts.families) {
      const PlotScene some = makeScene(
          pointsOf([&](const RunRecord& r) { return r.family == only && r.method != "gptq"; }),
          options, facts);
      QCOMPARE(some.families.size(), std::size_t{1});
      QCOMPARE(some.familyLooks.front(),
               lookOf(all.families, all.familyLooks, some.families.front()));
      QCOMPARE(lookOf(some.methods, some.methodLooks, u"awq"_s),
               lookOf(all.methods, all.methodLooks, u"awq"_s));
      for (std::size_t v = 0; v < some.values.size(); ++v) {
        QCOMPARE(some.valueLooks[v], lookOf(all.values, all.valueLooks, some.values[v]));
      }
    }
    // Without 4 bit and 64-blocks there are fewer values, in the same colours.
    PlotStyle style = PlotStyle::forFigure(8, false);
    options.series = SeriesKey::Bits;
    const PlotScene wide =
        makeScene(pointsOf([](const RunRecord&) { return true; }), options, facts);
    const PlotScene narrow =
        makeScene(pointsOf([](const RunRecord& r) { return r.bits != 3; }), options, facts);
    QCOMPARE(valueColor(narrow, 0, SeriesKey::Bits, style),
             valueColor(wide, 1, SeriesKey::Bits, style));
  }

  void everyWidthHasItsOwnColour() {
    for (const bool dark : {false, true}) {
      const PlotStyle style = PlotStyle::forFigure(8, dark);
      std::vector<QColor> colours;
      for (const int bits : {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 32}) {
        colours.push_back(style.seriesColor(SeriesKey::Bits, u"%1 bit"_s.arg(bits), 0));
      }
      for (std::size_t i = 0; i < colours.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
          const int distance = std::abs(colours[i].red() - colours[j].red()) +
                               std::abs(colours[i].green() - colours[j].green()) +
                               std::abs(colours[i].blue() - colours[j].blue());
          QVERIFY2(distance >= 40, qPrintable(u"%1 and %2"_s.arg(i).arg(j)));
        }
      }
    }
  }

  void methodsHaveLegendEntriesThatIsolate() {
    auto points = testing::plantedFamily("a");
    for (LawPoint p : testing::plantedFamily("a")) {
      if (p.bits >= 16) continue;
      p.method = "gptq";
      points.push_back(p);
    }
    const PlotScene scene = makeScene(points, {});
    QCOMPARE(scene.families, (std::vector<QString>{u"a"_s}));
    QCOMPARE(scene.methods, (std::vector<QString>{u"rtn"_s, u"gptq"_s}));
    PlotVisibility visibility;
    visibility.hiddenMethods = {u"rtn"_s};
    for (const PlotGroup& group : scene.groups) {
      const bool gptq = group.method >= 0 && scene.methods[std::size_t(group.method)] == u"gptq"_s;
      QCOMPARE(visibility.shows(scene, group), gptq || group.method < 0);
    }
  }
};

namespace {
const testing::Registered<GlyphTest> kGlyphTest;
}

}  // namespace bitfrontier

#include "glyph_test.moc"

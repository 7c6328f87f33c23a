// SPDX-License-Identifier: GPL-3.0-or-later
// What a publisher asks of a figure, read from its bytes: size, size of the text, fonts, no
// pictures.
#include <QRegularExpression>
#include <QSet>
#include <QTest>

#include "tests/ui/registry.h"
#include "ui/base/colour_vision.h"
#include "ui/export/figure_export.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// The file with its packed streams unpacked.
QByteArray unpacked(const QByteArray& pdf) {
  QByteArray text;
  qsizetype from = 0;
  while (true) {
    const qsizetype start = pdf.indexOf("stream\n", from);
    if (start < 0) return text + pdf.mid(from);
    const qsizetype end = pdf.indexOf("endstream", start);
    text += pdf.mid(from, start - from);
    QByteArray packed = pdf.mid(start + 7, end - start - 7);
    packed.prepend(QByteArray(4, 0));  // qUncompress expects a size
    text += packed.mid(4, 1) == "x" ? qUncompress(packed) : packed.mid(4);
    from = end + 9;
  }
}

FigureSpec specOf(const QString& preset) {
  FigureSpec spec;
  const std::vector<LawPoint> points = testing::plantedFamily("planted");
  spec.points = std::make_shared<const std::vector<LawPoint>>(points);
  spec.laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
  spec.look.preset = *findPreset(preset);
  return spec;
}

}  // namespace

class FigurePdfTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void sizeTextAndFontsAreThePresets_data() {
    QTest::addColumn<QString>("preset");
    for (const FigurePreset& p : figurePresets()) QTest::newRow(qPrintable(p.id)) << p.id;
  }
  void sizeTextAndFontsAreThePresets() {
    QFETCH(QString, preset);
    FigureSpec spec = specOf(preset);
    spec.look.title = u"A title"_s;
    const QString pdf = QString::fromLatin1(unpacked(renderFigure(spec, FigureFormat::Pdf)));
    const auto box = QRegularExpression(u"/MediaBox \\[0 0 ([0-9.]+) ([0-9.]+)\\]"_s).match(pdf);
    QVERIFY(box.hasMatch());
    QCOMPARE(box.captured(1).toDouble(), double(spec.look.preset.width));
    QCOMPARE(box.captured(2).toDouble(), double(spec.look.preset.height));
    QSet<QString> sizes;
    auto fonts = QRegularExpression(u"/F\\d+ ([0-9.]+) Tf"_s).globalMatch(pdf);
    while (fonts.hasNext()) sizes << fonts.next().captured(1);
    QCOMPARE(sizes, QSet<QString>{QString::number(spec.look.preset.font)});
    QVERIFY(pdf.contains(u"/FontFile2"_s) && pdf.contains(u"/ToUnicode"_s));
    QVERIFY(!pdf.contains(u"/Subtype /Image"_s) && !pdf.contains(u"/Subtype/Image"_s));
  }

  void sizesCanBeChosen() {
    FigureSpec spec = specOf(u"icml"_s);
    spec.look.preset.width = 301;
    spec.look.preset.height = 199;
    spec.look.preset.font = 9;
    const QByteArray pdf = unpacked(renderFigure(spec, FigureFormat::Pdf));
    QVERIFY(pdf.contains("/MediaBox [0 0 301.000000 199.000000]"));
    QVERIFY(pdf.contains(" 9 Tf") && !pdf.contains(" 8 Tf"));
  }

  void palettesChangeTheColours() {
    FigureSpec spec = specOf(u"icml"_s);
    QSet<QByteArray> files;
    for (const auto palette :
         {FigurePalette::OkabeIto, FigurePalette::Grey, FigurePalette::Tab10}) {
      spec.look.palette = palette;
      files << renderFigure(spec, FigureFormat::Svg);
      QCOMPARE(findPalette(paletteName(palette)), palette);
    }
    QCOMPARE(files.size(), 3);
    spec.look.palette = FigurePalette::Grey;
    const QImage grey = renderImage(spec, 2);
    for (int y = 0; y < grey.height(); ++y) {
      for (int x = 0; x < grey.width(); ++x) {
        const QColor c = grey.pixelColor(x, y);
        QVERIFY(c.red() == c.green() && c.green() == c.blue());
      }
    }
  }

  // Pairs of the supplementary data of Sharma, Wu and Dalal (2005).
  void differencesOfColoursAreThePublishedOnes() {
    struct Pair {
      Lab first, second;
      double difference;
    };
    const Pair pairs[] = {{{50, 2.6772, -79.7751}, {50, 0, -82.7485}, 2.0425},
                          {{50, -1.3802, -84.2814}, {50, 0, -82.7485}, 1.0000},
                          {{50, 2.5, 0}, {73, 25, -18}, 27.1492},
                          {{50, 2.5, 0}, {50, 0, -2.5}, 4.3065},
                          {{60.2574, -34.0099, 36.2677}, {60.4626, -34.1751, 39.4387}, 1.2644},
                          {{2.0776, 0.0795, -1.1350}, {0.9033, -0.0636, -0.5514}, 0.9082}};
    for (const Pair& p : pairs) {
      QVERIFY(std::abs(deltaE2000(p.first, p.second) - p.difference) < 1e-4);
      QVERIFY(std::abs(deltaE2000(p.second, p.first) - p.difference) < 1e-4);
    }
    for (const Vision vision : kVisions) {
      const QColor grey = seenWith(vision, QColor(120, 120, 120));
      QVERIFY(std::abs(grey.red() - 120) < 2 && std::abs(grey.blue() - 120) < 2);
    }
  }
};

namespace {
const testing::Registered<FigurePdfTest> kFigurePdfTest;
}

}  // namespace bitfrontier

#include "figure_pdf_test.moc"

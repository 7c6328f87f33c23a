// SPDX-License-Identifier: GPL-3.0-or-later
// The files that draw a figure again elsewhere.
#include <QClipboard>
#include <QFile>
#include <QGuiApplication>
#include <QMimeData>
#include <QProcess>
#include <QRegularExpression>
#include <QSet>
#include <QStandardPaths>
#include <QTest>

#include "core/store/import/csv.h"
#include "tests/ui/registry.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_plot.h"
#include "ui/export/figure_scripts.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

FigureSpec specOf(const QString& preset) {
  FigureSpec spec;
  std::vector<LawPoint> points = testing::plantedFamily("planted");
  const auto papers = testing::published(testing::plantedFamily("O'PT"), "Doe & Roe 2023");
  points.insert(points.end(), papers.begin(), papers.end());
  spec.points = std::make_shared<const std::vector<LawPoint>>(points);
  spec.laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
  spec.look.preset = *findPreset(preset);
  return spec;
}

/// Pixels of strong colour in `a` that have none like them within one pixel in `b`.
int strayPixels(const QImage& a, const QImage& b, const QRect& part) {
  const auto like = [&b](int x, int y, const QColor& c) {
    for (int dx = -1; dx <= 1; ++dx) {
      for (int dy = -1; dy <= 1; ++dy) {
        const QColor other = b.pixelColor(x + dx, y + dy);
        if (std::abs(other.hsvHue() - c.hsvHue()) % 350 < 25 && other.hsvSaturation() > 60) {
          return true;
        }
      }
    }
    return false;
  };
  int stray = 0;
  for (int y = part.top(); y <= part.bottom(); ++y) {
    for (int x = part.left(); x <= part.right(); ++x) {
      const QColor c = a.pixelColor(x, y);
      if (c.hsvSaturation() > 180 && !like(x, y, c)) ++stray;
    }
  }
  return stray;
}

}  // namespace

class FigureScriptTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  // Markers and curves lie where they lie in the figure, to a pixel.
  void pythonDrawsTheSameFigure() {
    const QString python = QStandardPaths::findExecutable(u"python3"_s);
    QProcess probe;
    probe.start(python, {u"-c"_s, u"import matplotlib"_s});
    if (python.isEmpty() || !probe.waitForFinished(testing::kPatience) || probe.exitCode() != 0) {
      QSKIP("Matplotlib is not installed");
    }
    const FigureSpec spec = specOf(u"icml"_s);
    const QString script = testing::temporaryFile(u"again.py"_s);
    exportFigure(spec, script);
    exportFigure(spec, testing::temporaryFile(u"again.csv"_s));
    QProcess process;
    process.start(python, {script});
    QVERIFY(process.waitForFinished(testing::kPatience));
    QVERIFY2(process.exitCode() == 0, process.readAllStandardError().constData());
    const QImage again(testing::temporaryFile(u"again-python.png"_s));
    const QImage figure = QImage::fromData(renderFigure(spec, FigureFormat::Png));
    QCOMPARE(again.width(), figure.width());
    QVERIFY(std::abs(again.height() - figure.height()) <= 1);  // Matplotlib rounds down
    const double scale = spec.look.pngDpi / 72.0;
    const QRect axes = makeFigurePlot(spec).axes();
    const QRect part =
        QRectF(axes.left() * scale, axes.top() * scale, axes.width() * scale, axes.height() * scale)
            .toRect()
            .adjusted(4, 4, -4, -4);
    const int there = strayPixels(figure, again, part), back = strayPixels(again, figure, part);
    QVERIFY2(there < 60 && back < 60, qPrintable(u"%1 and %2"_s.arg(there).arg(back)));
    // And the comparison sees a shift of three pixels.
    QVERIFY(strayPixels(figure, again.copy(3, 3, again.width(), again.height()), part) > 500);
  }

  void texIsWhole() {
    const QString tex = QString::fromUtf8(figureTex(specOf(u"icml"_s)));
    int depth = 0;
    for (qsizetype i = 0; i < tex.size(); ++i) {
      if (i > 0 && tex[i - 1] == u'\\') continue;
      depth += tex[i] == u'{' ? 1 : tex[i] == u'}' ? -1 : 0;
      QVERIFY(depth >= 0);
    }
    QCOMPARE(depth, 0);
    QSet<QString> declared, used;
    auto marks = QRegularExpression(u"pgfdeclareplotmark\\{(\\w+)\\}"_s).globalMatch(tex);
    while (marks.hasNext()) declared << marks.next().captured(1);
    marks = QRegularExpression(u"mark=(bfmark\\w+)"_s).globalMatch(tex);
    while (marks.hasNext()) used << marks.next().captured(1);
    QVERIFY(!used.isEmpty());
    QCOMPARE(declared, used);
    QCOMPARE(tex.count(u"\\begin{"_s), tex.count(u"\\end{"_s));
    QVERIFY(tex.contains(u"Doe \\& Roe 2023"_s) && tex.contains(u"$^{10}$"_s));
    QVERIFY(tex.contains(u"\\paperwidth=234bp"_s));
  }

  void clipboardHasFourFormats() {
    const FigureSpec spec = specOf(u"icml"_s);
    QGuiApplication::clipboard()->setMimeData(figureMimeData(spec));
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    QVERIFY(!qvariant_cast<QImage>(data->imageData()).isNull());
    QVERIFY(data->data(u"image/svg+xml"_s).contains("<svg"));
    QVERIFY(data->data(u"application/pdf"_s).startsWith("%PDF-1.6"));
    QCOMPARE(data->data(u"text/tab-separated-values"_s), figureTable(spec));
    QCOMPARE(data->text().toUtf8(), figureTable(spec));
  }

  void tableHasTheDrawnPoints() {
    FigureSpec spec = specOf(u"icml"_s);
    spec.range = PlotRange{{1e9, 1e10}, {0, 100}};
    const auto table = CsvTable::parse(figureTable(spec).toStdString(), "table");
    QCOMPARE(table.separator(), '\t');
    QCOMPARE(table.rows().size(), drawnPoints(spec).size());
    QVERIFY(!table.rows().empty() && table.rows().size() < spec.points->size());
    for (const CsvTable::Row& row : table.rows()) {
      const double bits = table.number(row, "total_bits");
      QVERIFY(bits >= 1e9 && bits <= 1e10);
    }
  }
};

namespace {
const testing::Registered<FigureScriptTest> kFigureScriptTest;
}

}  // namespace bitfrontier

#include "figure_script_test.moc"

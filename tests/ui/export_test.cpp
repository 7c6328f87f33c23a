// SPDX-License-Identifier: GPL-3.0-or-later
#include <QFile>
#include <QFileInfo>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTest>
#include <QXmlStreamReader>

#include "core/base/error.h"
#include "core/store/export.h"
#include "tests/ui/registry.h"
#include "ui/export/export_controller.h"
#include "ui/export/export_dialog.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_plot.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

class ExportTest : public QObject {
  Q_OBJECT

 private:
  FigureSpec makeSpec(const QString& preset) {
    FigureSpec spec;
    std::vector<LawPoint> points = testing::plantedFamily("planted");
    const auto papers = testing::published(testing::plantedFamily("OPT"), "Doe et al. 2023");
    points.insert(points.end(), papers.begin(), papers.end());
    spec.points = std::make_shared<const std::vector<LawPoint>>(points);
    spec.laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
    spec.look.preset = *findPreset(preset);
    return spec;
  }

  QString run(const QString& program, const QStringList& arguments) {
    QProcess process;
    process.start(program, arguments);
    if (!process.waitForFinished()) return {};
    return QString::fromUtf8(process.readAllStandardOutput());
  }

 private Q_SLOTS:
  void pdfTextIsTextAtTheRightSize_data() {
    QTest::addColumn<QString>("preset");
    for (const FigurePreset& p : figurePresets()) QTest::newRow(qPrintable(p.id)) << p.id;
  }
  void pdfTextIsTextAtTheRightSize() {
    QFETCH(QString, preset);
    if (QStandardPaths::findExecutable(u"pdftotext"_s).isEmpty())
      QSKIP("pdftotext is not installed");
    const FigureSpec spec = makeSpec(preset);
    const QString file = testing::temporaryFile(preset + u".pdf"_s);
    exportFigure(spec, file);
    const QString text = run(u"pdftotext"_s, {file, u"-"_s});
    for (const QString& wanted :
         {u"Mean zero-shot accuracy (%)"_s, u"Total model bits"_s, u"10¹⁰"_s, u"3 bit"_s,
          u"planted"_s, u"Doe et al. 2023"_s, u"n = 48 points"_s}) {
      QString flat = text;
      flat.replace(u'\n', u' ');
      QVERIFY2(flat.contains(wanted), qPrintable(wanted + u" in "_s + flat));
    }
    QCOMPARE(figureSize(spec), QSizeF(spec.look.preset.width, spec.look.preset.height));
    const QString info = run(u"pdfinfo"_s, {file});
    QVERIFY2(info.contains(
                 u"%1 x %2 pts"_s.arg(figureSize(spec).width()).arg(figureSize(spec).height())),
             qPrintable(info));
    const QStringList images =
        run(u"pdfimages"_s, {u"-list"_s, file}).split(u'\n', Qt::SkipEmptyParts);
    QCOMPARE(images.size(), qsizetype{2});  // two lines of heading, no picture
    const QString fonts = run(u"pdffonts"_s, {file});
    QVERIFY2(fonts.contains(u"TrueType"_s) && fonts.contains(u"yes"_s), qPrintable(fonts));
  }

  void svgHasTextAndNoPictures() {
    const FigureSpec spec = makeSpec(u"column"_s);
    const QByteArray svg = renderFigure(spec, FigureFormat::Svg);
    QXmlStreamReader reader(svg);
    int texts = 0, images = 0;
    QString all;
    QSet<QString> fonts;
    while (!reader.atEnd()) {
      reader.readNext();
      if (!reader.isStartElement()) continue;
      if (reader.name() == "image"_L1) ++images;
      const QString font = reader.attributes().value(u"font-family"_s).toString();
      if (!font.isEmpty()) fonts << font;
      if (reader.name() == "text"_L1) {
        ++texts;
        all += reader.readElementText(QXmlStreamReader::IncludeChildElements) + u' ';
      }
    }
    QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
    QVERIFY(texts > 10);
    QCOMPARE(images, 0);
    QVERIFY2(all.contains(u"Mean zero-shot accuracy (%)"_s), qPrintable(all));
    QVERIFY(!fonts.contains(u"Sans Serif"_s));
    QVERIFY(svg.contains("viewBox=\"0 0 234 "));
  }

  void pngHasResolutionAndInk() {
    FigureSpec spec = makeSpec(u"text"_s);
    const QImage image = QImage::fromData(renderFigure(spec, FigureFormat::Png));
    QCOMPARE(image.width(), qRound(spec.look.preset.width * 300 / 72.0));
    QCOMPARE(qRound(image.dotsPerMeterX() * 0.0254), 300);
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); y += 2) {
      for (int x = 0; x < image.width(); x += 2) colours << image.pixel(x, y);
    }
    QVERIFY(colours.size() > 20);
    spec.look.dark = true;
    const QImage dark = renderImage(spec, 2);
    QVERIFY(qGray(dark.pixel(1, 1)) < 60);
  }

  void drawnFigureStaysInside() {
    // Nothing may touch the border: text that would be cut off does.
    for (const FigurePreset& preset : figurePresets()) {
      const QImage image = renderImage(makeSpec(preset.id), 3);
      for (int x = 0; x < image.width(); ++x) {
        QVERIFY2(qGray(image.pixel(x, 0)) > 250 && qGray(image.pixel(x, image.height() - 1)) > 250,
                 qPrintable(preset.id));
      }
      for (int y = 0; y < image.height(); ++y) {
        QVERIFY2(qGray(image.pixel(0, y)) > 250 && qGray(image.pixel(image.width() - 1, y)) > 250,
                 qPrintable(preset.id));
      }
    }
  }

  // What is seen is exported: the part of the plane, its points and their number.
  void zoomIsExported() {
    FigureSpec spec = makeSpec(u"text"_s);
    const int all = static_cast<int>(drawnPoints(spec).size());
    QCOMPARE(all, 48);
    spec.range = PlotRange{{1e9, 1e10}, {30, 70}};
    int inside = 0;
    for (const LawPoint& p : *spec.points) {
      inside += p.totalBits >= 1e9 && p.totalBits <= 1e10 && p.accuracy >= 0.3 && p.accuracy <= 0.7;
    }
    QVERIFY(inside > 0 && inside < all);
    QCOMPARE(static_cast<int>(drawnPoints(spec).size()), inside);
    QVERIFY2(figureNote(spec).startsWith(u"n = %1 of 48 points"_s.arg(inside)),
             qPrintable(figureNote(spec)));
    const QByteArray zoomed = renderFigure(spec, FigureFormat::Svg);
    QVERIFY(!zoomed.contains("10¹¹"));
    ExportDialog dialog(spec);
    auto* part = dialog.findChild<QCheckBox*>(u"exportPart"_s);
    QVERIFY(part->isChecked() && dialog.spec().range.has_value());
    part->setChecked(false);
    QVERIFY(!dialog.spec().range.has_value());
    spec.range.reset();
    QVERIFY(renderFigure(spec, FigureFormat::Svg).contains("10¹¹"));
    QVERIFY(ExportDialog(spec).findChild<QCheckBox*>(u"exportPart"_s)->isHidden());
  }

  // However much there is to explain, the size is the preset's and the legend takes a quarter of it
  // at most; an entry that is cut explains nothing, one that is left out is counted.
  void legendsTakeAQuarterAtMost() {
    for (const FigurePreset& preset : figurePresets()) {
      FigureSpec spec = makeSpec(preset.id);
      std::vector<LawPoint> points;
      for (int family = 0; family < 60; ++family) {
        for (LawPoint p :
             testing::plantedFamily(std::to_string(family) + "-a-family-with-quite-a-long-name")) {
          p.itemLimit = family % 5 * 100;
          points.push_back(p);
        }
      }
      spec.points = std::make_shared<const std::vector<LawPoint>>(points);
      QCOMPARE(figureSize(spec), QSizeF(preset.width, preset.height));
      const FigurePlot figure = makeFigurePlot(spec);
      const QRect axes = figure.axes();
      QVERIFY2(figure.missingEntries > 0, qPrintable(preset.id));
      QVERIFY(4 * figure.legend->height() <= preset.height);
      QVERIFY2(4 * axes.height() > preset.height, qPrintable(preset.id));
      const auto entries = figure.legend->entries();
      QVERIFY(entries.back()->text().contains(QString::number(figure.missingEntries)));
      const QRect page(0, 0, preset.width, preset.height);
      for (const LegendEntry* entry : entries) {
        QVERIFY2(entry->outerRect().size() == entry->minimumOuterSizeHint() &&
                     page.contains(entry->outerRect()) && !entry->outerRect().intersects(axes),
                 qPrintable(preset.id + u": "_s + entry->text()));
      }
    }
  }

  // On a small screen, too: Qt makes dialogs smaller than what is in them.
  void previewIsShownWhole() {
    for (const FigurePreset& preset : figurePresets()) {
      ExportDialog dialog(makeSpec(preset.id));
      dialog.show();
      const auto* picture = dialog.findChild<QLabel*>(u"exportPreview"_s);
      const QSize image = picture->pixmap().deviceIndependentSize().toSize();
      QVERIFY2(picture->contentsRect().width() >= image.width() &&
                   picture->contentsRect().height() >= image.height(),
               qPrintable(preset.id));
      dialog.resize(100, 100);
      QVERIFY(picture->height() >= image.height());
    }
  }

  void noteSaysOnlyWhatIsTrue() {
    const QString linear = u"linear layers at k bits, all else at 16"_s;
    FigureSpec spec = makeSpec(u"column"_s);
    spec.points = std::make_shared<const std::vector<LawPoint>>(testing::plantedFamily("a"));
    QVERIFY2(figureNote(spec).contains(linear), qPrintable(figureNote(spec)));
    const auto noteOf = [&](auto change) {
      auto points = testing::plantedFamily("a");
      change(points.front());
      spec.points = std::make_shared<const std::vector<LawPoint>>(points);
      return figureNote(spec);
    };
    for (const char* config :
         {"int3-b64-emb", "int3-b64-head", "Q4_K_M", "gptq4-g128", "UD-Q2_K_XL"}) {
      const QString note = noteOf([&](LawPoint& p) { p.config = config; });
      QVERIFY2(!note.contains(linear) && note.contains(u"as stored"_s), qPrintable(note));
    }
    const QString note = noteOf([](LawPoint& p) { p.source = "llama.cpp, table.md"; });
    QVERIFY2(!note.contains(linear), qPrintable(note));
  }

  void refusals() {
    QVERIFY_EXCEPTION_THROWN(figureFormat("figure.bmp"), Error);
    QVERIFY_EXCEPTION_THROWN(exportFigure(makeSpec(u"column"_s), u"/nonexistent/dir/f.pdf"_s),
                             Error);
    QVERIFY(!findPreset(u"nosuch"_s));
    for (const QString& name : presetNames()) QVERIFY2(findPreset(name), qPrintable(name));
    QCOMPARE(findPreset(u"column"_s)->id, u"icml"_s);
  }

  void lawFiles() {
    const FigureSpec spec = makeSpec(u"column"_s);
    const auto json = QJsonDocument::fromJson(lawsFile(*spec.laws, u"laws.json"_s));
    QCOMPARE(json.array().size(), qsizetype(spec.laws->laws.size()));
    for (int i = 0; i < json.array().size(); ++i) {
      const QJsonObject law = json.array()[i].toObject();
      const auto parameters = spec.laws->laws[std::size_t(i)].law->parameters.size();
      QCOMPARE(law[u"values"_s].toArray().size(), qsizetype(parameters));
      QVERIFY(!law[u"expression"_s].toString().isEmpty());
    }
    const QByteArray csv = lawsFile(*spec.laws, u"laws.csv"_s);
    QCOMPARE(csv.count('\n'), qsizetype(spec.laws->laws.size()) + 1);
    QVERIFY(csv.startsWith("family,label,"));
  }

  void dialogChangesTheSpec() {
    ExportDialog dialog(makeSpec(u"column"_s));
    dialog.findChild<QComboBox*>(u"exportPreset"_s)->setCurrentIndex(1);
    dialog.findChild<QCheckBox*>(u"exportNote"_s)->setChecked(false);
    QCOMPARE(dialog.spec().look.preset.id, figurePresets()[1].id);
    QVERIFY(!dialog.spec().look.note);
    QVERIFY(!dialog.findChild<QLabel*>(u"exportPreview"_s)->pixmap().isNull());
  }
};

namespace {
const testing::Registered<ExportTest> kExportTest;
}

}  // namespace bitfrontier

#include "export_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// Figures that show their view again: what is put into their files, and what becomes of it.
#define POINTERHOLDER_TRANSITION 4

#include <qpdf/QPDF.hh>
#include <qpdf/QPDFWriter.hh>

#include <cstring>
#include <fstream>
#include <QDialog>
#include <QDropEvent>
#include <QLabel>
#include <QMessageBox>
#include <QMimeData>
#include <QPainter>
#include <QPdfWriter>
#include <QPushButton>
#include <QSvgGenerator>
#include <QTest>
#include <QUrl>
#include <random>

#include "core/base/error.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/random_view.h"
#include "tests/ui/registry.h"
#include "ui/export/export_controller.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_view.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr FigureFormat kPictures[] = {FigureFormat::Pdf, FigureFormat::Svg, FigureFormat::Png};

FigureSpec plantedSpec() {
  FigureSpec spec;
  const std::vector<LawPoint> points = testing::plantedFamily("planted");
  spec.store = "/home/somebody/secret/runs.bfdb";
  spec.points = std::make_shared<const std::vector<LawPoint>>(points);
  spec.laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
  spec.options.filter = "bits>=3 <é&\"'>";
  spec.options.others = {"/home/somebody/secret/more.bfdb"};
  spec.range = PlotRange{{1e9, 1e10}, {30, 70}};
  spec.visibility.hiddenValues = {u"4 bit"_s};
  spec.look.preset = *findPreset(u"acl"_s);
  spec.look.preset.font = 9;
  spec.look.title = u"A & B, 50 %"_s;
  spec.look.palette = FigurePalette::Tab10;
  return spec;
}

QByteArray contentOf(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QString put(const QString& name, const QByteArray& bytes) {
  const QString file = testing::temporaryFile(u"figure-"_s + name);
  std::ofstream(file.toStdString(), std::ios::binary) << bytes.toStdString();
  return file;
}

std::string refusal(const QString& file) {
  try {
    viewOfFigure(file.toStdString());
    return {};
  } catch (const Error& e) {
    return e.what();
  }
}

void dropOn(QWidget& window, const QString& file) {
  QMimeData data;
  data.setUrls({QUrl::fromLocalFile(file)});
  const QPoint at = window.rect().center();
  QDragEnterEvent enter(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &enter);
  QVERIFY(enter.isAccepted());
  QDropEvent drop(at, Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
  QCoreApplication::sendEvent(&window, &drop);
}

std::filesystem::path plantedStore(const QString& name) {
  const auto file = testing::temporaryFile(name).toStdString();
  RunStore store = RunStore::open(file);
  store.addAll(testing::plantedRuns("planted", {"piqa"}));
  store.addAll(testing::plantedRuns("other", {"piqa"}, 4, 200, -0.05));
  return file;
}

}  // namespace

class FigureViewTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyViewReadsBackEqual() {
    std::mt19937 random(8);
    for (int i = 0; i < 200; ++i) {
      const ViewState state = testing::randomView(random);
      FigureSpec spec;
      spec.store = state.store;
      spec.options = state.options;
      spec.range = state.range;
      spec.visibility = state.hidden;
      spec.look.preset = figurePresets()[random() % figurePresets().size()];
      spec.look.dark = random() % 2;
      spec.look.title = QString(int(random() % 5), u'é');
      std::vector<std::string> complaints;
      const FigureView back = parseFigureView(figureViewText(spec).toStdString(), "f", &complaints);
      QVERIFY2(complaints.empty(), complaints.empty() ? "" : complaints.front().c_str());
      ViewOptions options = state.options;
      for (std::string& other : options.others) {
        other = std::filesystem::path(other).filename().string();
      }
      QVERIFY(back.view.options == options);
      QVERIFY(back.view.range == state.range && back.view.hidden == state.hidden);
      QVERIFY(back.look == spec.look);
    }
  }

  void everyFormatHoldsTheView() {
    const FigureSpec spec = plantedSpec();
    for (const FigureFormat format : kPictures) {
      const QString file = testing::temporaryFile(u"holds."_s + formatEnding(format));
      exportFigure(spec, file);
      std::vector<std::string> complaints;
      const FigureView back = viewOfFigure(file.toStdString(), &complaints);
      QVERIFY(complaints.empty());
      QCOMPARE(back.view.store, std::string("runs.bfdb"));
      QCOMPARE(back.view.options.filter, spec.options.filter);
      QVERIFY(back.view.range == spec.range && back.view.hidden == spec.visibility);
      QVERIFY(back.look == spec.look);
      FigureSpec without = spec;
      without.look.embed = false;
      exportFigure(without, file);
      QVERIFY2(refusal(file).find("has no view in it") != std::string::npos, refusal(file).c_str());
    }
  }

  // A figure for a blind review says neither when it was made nor in whose folders.
  void filesAreTheSameForTheSameFigure() {
    const FigureSpec spec = plantedSpec();
    for (const FigureFormat format : kPictures) {
      const QByteArray bytes = renderFigure(spec, format);
      QCOMPARE(bytes, renderFigure(spec, format));
      QVERIFY(!bytes.contains("CreationDate") && !bytes.contains("somebody"));
    }
    QVERIFY(!figureViewText(spec).contains("somebody"));
  }

  // Publishers and LaTeX tools pack files again, with all objects in compressed streams.
  void repackedPdfsAreRead() {
    const QString file = testing::temporaryFile(u"plain.pdf"_s),
                  packed = testing::temporaryFile(u"packed.pdf"_s);
    exportFigure(plantedSpec(), file);
    QPDF pdf;
    pdf.processFile(file.toStdString().c_str());
    QPDFWriter writer(pdf, packed.toStdString().c_str());
    writer.setObjectStreamMode(qpdf_o_generate);
    writer.setCompressStreams(true);
    writer.setRecompressFlate(true);
    writer.setLinearization(true);
    writer.write();
    QVERIFY(!contentOf(packed).contains("/EmbeddedFile"));
    QVERIFY(viewOfFigure(packed.toStdString()).look == plantedSpec().look);
  }

  void otherFilesAreRefusedInOneSentence() {
    const QString pdf = testing::temporaryFile(u"foreign.pdf"_s),
                  svg = testing::temporaryFile(u"foreign.svg"_s),
                  png = testing::temporaryFile(u"foreign.png"_s);
    {
      QPdfWriter writer(pdf);
      QPainter(&writer).drawText(10, 10, u"x"_s);
      QSvgGenerator generator;
      generator.setFileName(svg);
      QPainter(&generator).drawText(10, 10, u"x"_s);
      QImage image(4, 4, QImage::Format_RGB32);
      image.fill(Qt::white);
      QVERIFY(image.save(png));
    }
    for (const QString& file : {pdf, svg, png}) {
      QVERIFY2(refusal(file).find("has no view in it") != std::string::npos, refusal(file).c_str());
    }
    const QString noise = put(u"noise.pdf"_s, "hello");
    QVERIFY2(refusal(noise).find("neither a PDF, SVG or PNG") != std::string::npos,
             refusal(noise).c_str());
    QVERIFY(refusal(u"/nowhere/f.pdf"_s).find("no such file") != std::string::npos);
    const QString later = put(u"later.json"_s, "{\"version\": 2, \"view\": {}}");
    QVERIFY2(refusal(later).find("version 2") != std::string::npos, refusal(later).c_str());
  }

  // Whatever happens to a file, reading it ends in a view or in one Error that names it.
  void damagedFilesNeverCrash() {
    std::mt19937 random(4);
    int refused = 0;
    for (const FigureFormat format : kPictures) {
      const QByteArray whole = renderFigure(plantedSpec(), format);
      for (int i = 0; i < 60; ++i) {
        QByteArray bytes = whole;
        if (i % 2) {
          bytes.truncate(qsizetype(random() % std::size_t(whole.size())));
        } else {
          for (int k = 0; k < 8; ++k) {
            bytes[qsizetype(random() % std::size_t(whole.size()))] = char(random());
          }
        }
        const QString file = put(u"damaged."_s + formatEnding(format), bytes);
        const std::string sentence = refusal(file);
        QVERIFY2(sentence.empty() || sentence.starts_with(file.toStdString() + ": "),
                 sentence.c_str());
        refused += !sentence.empty();
      }
    }
    QVERIFY(refused > 5);
  }

  void sizesThatCannotBeAreLeftOut() {
    std::vector<std::string> complaints;
    const FigureView figure = parseFigureView(
        R"({"version": 1, "view": {"version": 1},
            "look": {"preset": "nature", "width": 1000000000, "text": -3, "palette": "loud"}})",
        "f.pdf", &complaints);
    QCOMPARE(complaints.size(), std::size_t{3});
    for (const std::string& c : complaints) QVERIFY2(c.starts_with("f.pdf: "), c.c_str());
    QCOMPARE(figure.look.preset, *findPreset(u"nature89"_s));
    QVERIFY_EXCEPTION_THROWN(
        parseFigureView(R"({"version": 1, "view": {"version": 1}, "look": {"text": "big"}})", "f"),
        Error);
  }

  void storesAreFoundByTheirNames() {
    const auto there = plantedStore(u"placed.bfdb"_s);
    ViewState view;
    view.store = "placed.bfdb";
    view.options.others = {"elsewhere.bfdb", "known.bfdb"};
    const std::filesystem::path known[] = {"/data/known.bfdb"};
    placeStores(view, known, there.parent_path());
    QCOMPARE(view.store, there.string());
    QCOMPARE(view.options.others[0], std::string("elsewhere.bfdb"));
    QCOMPARE(view.options.others[1], std::string("/data/known.bfdb"));
  }

  // Export, drop, export: the second figure is the first one, byte by byte.
  void droppedFiguresComeBack_data() {
    QTest::addColumn<int>("format");
    for (const FigureFormat format : kPictures) {
      QTest::newRow(qPrintable(formatEnding(format))) << int(format);
    }
  }
  void droppedFiguresComeBack() {
    QFETCH(int, format);
    const auto kind = static_cast<FigureFormat>(format);
    const auto store = plantedStore(u"back-%1.bfdb"_s.arg(format));
    MainWindow window;
    window.show();
    window.openStore(store);
    QTRY_VERIFY(window.settled());
    ViewOptions options = window.view().options();
    options.filter = "bits>=3 family:planted";
    options.rule = CountingRule::LinearOnly;
    options.labels = false;
    options.budgetBits = 3e9;
    window.view().setOptions(options);
    QTRY_VERIFY(window.settled());
    window.plot().setVisibility({{u"3 bit"_s}, {}, {}, {}});
    window.plot().showRange({{5e8, 1e10}, {40, 80}});
    FigureLook look;
    look.preset = *findPreset(u"neurips"_s);
    look.preset.font = 9;
    look.palette = FigurePalette::Tab10;
    look.title = u"Kept"_s;
    window.exports().setLook(look);
    const QString file =
        testing::temporaryFile(u"back-%1.%2"_s.arg(format).arg(formatEnding(kind)));
    exportFigure(window.exports().spec(), file);
    const QByteArray before = contentOf(file);

    ViewOptions other;  // all is different now
    other.filter = "family:other";
    other.frontier = false;
    window.view().setOptions(other);
    window.exports().setLook({});
    window.plot().setVisibility({});
    QTRY_VERIFY(window.settled());
    window.plot().fitView();
    QVERIFY(renderFigure(window.exports().spec(), kind) != before);

    dropOn(window, file);
    QTRY_VERIFY(window.dropTarget().preview());
    QDialog* preview = window.dropTarget().preview();
    const auto* detail = preview->findChild<QLabel*>(u"dropDetail"_s);
    QVERIFY2(detail->text().contains(u"family:planted"_s), qPrintable(detail->text()));
    preview->findChild<QPushButton*>(u"dropAct"_s)->click();
    QTRY_VERIFY(window.settled());
    QTRY_COMPARE(window.view().options().filter, options.filter);
    QTRY_VERIFY(window.settled());
    QCOMPARE(window.plot().range(), (PlotRange{{5e8, 1e10}, {40, 80}}));
    QVERIFY(window.exports().look() == look);
    const QString again = testing::temporaryFile(u"again."_s + formatEnding(kind));
    exportFigure(window.exports().spec(), again);
    QVERIFY(contentOf(again) == before);
    // And it can be taken back like any other change.
    window.actions().undo->trigger();
    QCOMPARE(window.view().options().filter, other.filter);
  }

  void droppedFiguresOpenTheirStore() {
    const auto first = plantedStore(u"first-store.bfdb"_s), second = plantedStore(u"second.bfdb"_s);
    const QString file = testing::temporaryFile(u"of-first.pdf"_s);
    MainWindow window;
    window.show();
    window.openStore(first);
    QTRY_VERIFY(window.settled());
    exportFigure(window.exports().spec(), file);
    window.openStore(second);
    QTRY_VERIFY(window.settled() && window.session().path() == second);
    window.exports().openFigure(file.toStdString());
    QTRY_VERIFY(window.session().path() == first);
    QVERIFY(window.lastError().isEmpty());
  }

  void figuresWithoutAViewAreRefusedInThePreview() {
    MainWindow window;
    window.show();
    FigureSpec spec = plantedSpec();
    spec.look.embed = false;
    const QString file = testing::temporaryFile(u"bare.svg"_s);
    exportFigure(spec, file);
    dropOn(window, file);
    QTRY_VERIFY(window.dropTarget().preview());
    QDialog* preview = window.dropTarget().preview();
    QVERIFY(!preview->findChild<QPushButton*>(u"dropAct"_s));
    const QString why = preview->findChild<QLabel*>(u"dropDetail"_s)->text();
    QVERIFY2(why.contains(u"has no view in it"_s), qPrintable(why));
  }
};

namespace {
const testing::Registered<FigureViewTest> kFigureViewTest;
}

}  // namespace bitfrontier

#include "figure_view_test.moc"

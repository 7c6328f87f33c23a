// SPDX-License-Identifier: GPL-3.0-or-later
// The export dialog: what is chosen is what is written, by the dialog and by its command.
#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QListView>
#include <QMessageBox>
#include <QMimeData>
#include <QPrinter>
#include <QProcess>
#include <QProgressDialog>
#include <QRegularExpression>
#include <QScrollArea>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>

#include "core/store/import/csv.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/base/table_mime.h"
#include "ui/base/text.h"
#include "ui/export/export_controller.h"
#include "ui/export/export_dialog.h"
#include "ui/export/figure_data_dialog.h"
#include "ui/export/figure_print.h"
#include "ui/export/figure_scripts.h"
#include "ui/export/figure_view.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

FigureSpec plantedSpec() {
  FigureSpec spec;
  const std::vector<LawPoint> points = testing::plantedFamily("planted");
  spec.store = "/data/runs.bfdb";
  spec.points = std::make_shared<const std::vector<LawPoint>>(points);
  spec.laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
  return spec;
}

QByteArray contentOf(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QByteArray firstDifference(const QByteArray& a, const QByteArray& b) {
  qsizetype at = 0;
  while (at < std::min(a.size(), b.size()) && a[at] == b[at]) ++at;
  const qsizetype from = std::max<qsizetype>(0, at - 40);
  return a.mid(from, 120) + " | " + b.mid(from, 120);
}

template <typename Control>
Control* control(const QWidget& dialog, const char* name) {
  auto* found = dialog.findChild<Control*>(QLatin1String(name));
  if (!found) qFatal("no %s", name);
  return found;
}

void check(const QWidget& dialog, const char* name, bool on) {
  control<QCheckBox>(dialog, name)->setChecked(on);
}

std::filesystem::path plantedStore(const QString& name) {
  const auto file = testing::temporaryFile(name).toStdString();
  RunStore store = RunStore::open(file);
  store.addAll(testing::plantedRuns("planted", {"piqa"}));
  store.addAll(testing::plantedRuns("other", {"piqa"}, 4, 200, -0.05));
  return file;
}

}  // namespace

class ExportDialogTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void whatIsChosenIsTheSpec() {
    ExportDialog dialog(plantedSpec());
    QVERIFY(dialog.spec().look == FigureLook());  // nothing changes by being shown
    auto* preset = control<QComboBox>(dialog, "exportPreset");
    preset->setCurrentIndex(preset->findData(u"nature183"_s));
    QCOMPARE(dialog.spec().look.preset, *findPreset(u"nature183"_s));
    control<QSpinBox>(dialog, "exportWidth")->setValue(300);
    control<QSpinBox>(dialog, "exportHeight")->setValue(210);
    control<QSpinBox>(dialog, "exportText")->setValue(9);
    control<QLineEdit>(dialog, "exportTitle")->setText(u"T"_s);
    control<QLineEdit>(dialog, "exportXTitle")->setText(u"Size (bits)"_s);
    control<QLineEdit>(dialog, "exportYTitle")->setText(u"Score (%)"_s);
    auto* palette = control<QComboBox>(dialog, "exportPalette");
    palette->setCurrentIndex(palette->findData(int(FigurePalette::Grey)));
    auto* dpi = control<QComboBox>(dialog, "exportDpi");
    dpi->setCurrentIndex(dpi->findData(600));
    for (const char* name : {"exportLegend", "exportNote", "exportEmbed"})
      check(dialog, name, false);
    check(dialog, "exportDark", true);
    const FigureLook look = dialog.spec().look;
    QCOMPARE(look.preset.id, u"nature183"_s);
    QCOMPARE(QSize(look.preset.width, look.preset.height), QSize(300, 210));
    QCOMPARE(look.preset.font, 9);
    QCOMPARE(look.title, u"T"_s);
    QCOMPARE(look.xTitle, u"Size (bits)"_s);
    QCOMPARE(look.yTitle, u"Score (%)"_s);
    QCOMPARE(look.palette, FigurePalette::Grey);
    QCOMPARE(look.pngDpi, 600);
    QVERIFY(!look.legend && !look.note && !look.embed && look.dark);
    const QByteArray svg = renderFigure(dialog.spec(), FigureFormat::Svg);
    QVERIFY(svg.contains("Size (bits)") && svg.contains("Score (%)"));
  }

  void previewsShowWhatOthersSee() {
    ExportDialog dialog(plantedSpec());
    dialog.show();
    auto* tabs = control<QTabBar>(dialog, "exportVision");
    QCOMPARE(tabs->count(), int(kVisions.size()));
    const auto picture = [&] {
      return control<QLabel>(dialog, "exportPreview")->pixmap().toImage();
    };
    const QImage colour = picture();
    for (int i = 1; i < tabs->count(); ++i) {
      tabs->setCurrentIndex(i);
      const QImage seen = picture();
      QCOMPARE(seen.size(), colour.size());
      QVERIFY(seen != colour);
      QCOMPARE(seen.convertToFormat(QImage::Format_RGB32),
               seenWith(kVisions[std::size_t(i)], colour).convertToFormat(QImage::Format_RGB32));
    }
    // Printed size where there is room: a point is so many pixels as the screen says.
    tabs->setCurrentIndex(0);
    const double scale = dialog.screen()->logicalDotsPerInch() / 72;
    QCOMPARE(picture().size() / dialog.devicePixelRatioF(),
             (figureSize(dialog.spec()) * scale).toSize());
    QVERIFY(control<QLabel>(dialog, "exportSize")->text().contains(u"234 × 220 pt"_s));
    QVERIFY(control<QLabel>(dialog, "exportSize")->text().contains(u"100 %"_s));
  }

  void faultsAreListedWhileOneChooses() {
    ExportDialog dialog(plantedSpec());
    auto* list = control<QListView>(dialog, "exportLint");
    control<QSpinBox>(dialog, "exportText")->setValue(5);
    QTRY_VERIFY(!dialog.remarks().empty());
    QCOMPARE(list->model()->rowCount(), int(dialog.remarks().size()));
    QVERIFY(list->model()->index(0, 0).data().toString().contains(u"5 pt"_s));
    control<QSpinBox>(dialog, "exportText")->setValue(8);
    QTRY_VERIFY(std::none_of(dialog.remarks().begin(), dialog.remarks().end(),
                             [](const auto& r) { return r.kind == LintRemark::Kind::SmallText; }));
  }

  void allFormatsAreWrittenUnderOneName() {
    QTemporaryDir folder;
    ExportChoice choice;
    choice.folder = folder.path();
    choice.name = u"{view}_{date}"_s;
    choice.formats.assign(kFigureFormats.begin(), kFigureFormats.end());
    ExportDialog dialog(plantedSpec(), choice, u"Fig. 2: ties/24 GB"_s);
    const QString date = QDate::currentDate().toString(Qt::ISODate);
    QCOMPARE(dialog.files().front(), folder.filePath(u"Fig. 2- ties-24 GB_%1.pdf"_s.arg(date)));
    QSignalSpy exported(&dialog, &ExportDialog::exported);
    control<QPushButton>(dialog, "exportSave")->click();
    QCOMPARE(exported.size(), qsizetype{1});
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files).size(), qsizetype(kFigureFormats.size()));
    QVERIFY(contentOf(dialog.files()[0]).startsWith("%PDF"));
    QVERIFY(contentOf(dialog.files()[5]).contains("Fig. 2- ties-24 GB"));  // the script's CSV
    // Files that are there are replaced when one says so, and only then.
    ExportDialog again(plantedSpec(), choice, u"Fig. 2: ties/24 GB"_s);
    const QString first = dialog.files().front();
    QFile(first).remove();
    QVERIFY(QFile(folder.filePath(u"x"_s)).open(QIODevice::WriteOnly));
    again.show();
    control<QPushButton>(again, "exportSave")->click();
    QVERIFY(!QFile::exists(first));
    auto* box = again.findChild<QMessageBox*>(u"exportReplaceBox"_s);
    QVERIFY(box);
    box->findChild<QPushButton*>(u"exportReplace"_s)->click();
    QVERIFY(QFile::exists(first));
    // Without a format there is nothing to save.
    for (const FigureFormat format : kFigureFormats) {
      check(again, ("exportFormat-" + formatEnding(format).toStdString()).c_str(), false);
    }
    QVERIFY(!control<QPushButton>(again, "exportSave")->isEnabled());
  }

  void whatCannotBeWrittenIsSaid() {
    ExportChoice choice;
    choice.folder = u"/nonexistent/folder"_s;
    ExportDialog dialog(plantedSpec(), choice);
    dialog.show();
    control<QPushButton>(dialog, "exportSave")->click();
    auto* box = dialog.findChild<QMessageBox*>(u"exportErrorBox"_s);
    QVERIFY(box && box->text().contains(u"/nonexistent/folder"_s));
    QVERIFY(dialog.isVisible());
  }

  void namesAreNamesOfFiles() {
    const FigureSpec spec = plantedSpec();
    const QDate day(2026, 12, 1);
    QCOMPARE(figureName(u"{view}_{date}"_s, spec, {}, day), u"frontier_2026-12-01"_s);
    QCOMPARE(figureName(u"{store}-{preset}"_s, spec, {}, day), u"runs-icml"_s);
    for (const QString& bad :
         {u"../../etc/passwd"_s, u".hidden"_s, u""_s, u"a\nb"_s, u"..."_s, QString(400, u'字')}) {
      const QString name = figureName(u"{view}"_s, spec, bad, day);
      QVERIFY2(!name.isEmpty() && !name.contains(u'/') && !name.contains(u'\n') &&
                   !name.startsWith(u'.') && name.toUtf8().size() < 240,
               qPrintable(name));
    }
  }

  // The command that the dialog gives writes the same bytes.
  void theCommandWritesTheSameFiles() {
    const auto store = plantedStore(u"twin.bfdb"_s);
    MainWindow window;
    window.show();
    window.openStore(store);
    QTRY_VERIFY(window.settled());
    ViewOptions options = window.view().options();
    options.filter = "bits>=3 family:planted,other";
    options.rule = CountingRule::LinearOnly;
    options.exclusions = {{{pointKey(window.view().points()->front()), "a point's name"},
                           "it's odd; $HOME",
                           "2026-12-01"}};
    window.view().setOptions(options);
    QTRY_VERIFY(window.settled());
    window.plot().setVisibility({{u"3 bit"_s}, {}, {}, {}});
    window.plot().showRange({{5e8, 1e10}, {30, 80}});
    QTemporaryDir folder;
    ExportChoice choice;
    choice.folder = folder.path();
    choice.name = u"it's {date}"_s;
    choice.formats.assign(kFigureFormats.begin(), kFigureFormats.end());
    ExportDialog dialog(window.exports().spec(), choice);
    auto* preset = control<QComboBox>(dialog, "exportPreset");
    preset->setCurrentIndex(preset->findData(u"acl"_s));
    control<QSpinBox>(dialog, "exportWidth")->setValue(230);
    control<QSpinBox>(dialog, "exportText")->setValue(7);
    control<QLineEdit>(dialog, "exportTitle")->setText(u"-a 'title' {with} [all] \"of\" it"_s);
    control<QLineEdit>(dialog, "exportYTitle")->setText(u"Zero-shot (%)"_s);
    auto* palette = control<QComboBox>(dialog, "exportPalette");
    palette->setCurrentIndex(palette->findData(int(FigurePalette::Tab10)));
    check(dialog, "exportLegend", false);
    control<QPushButton>(dialog, "exportCommand")->click();
    const QString command = QGuiApplication::clipboard()->text();
    QVERIFY(command.startsWith(u"bitfrontier-gui "_s));
    control<QPushButton>(dialog, "exportSave")->click();
    std::map<QString, QByteArray> byDialog;
    for (const QString& file : dialog.files()) {
      byDialog[file] = contentOf(file);
      QVERIFY(!byDialog[file].isEmpty() && QFile::remove(file));
    }
    QProcess shell;
    shell.start(
        u"/bin/sh"_s,
        {u"-c"_s, command.mid(command.indexOf(u' ')).prepend(QStringLiteral(BITFRONTIER_GUI))});
    QVERIFY(shell.waitForFinished(testing::kPatience));
    const QByteArray said = shell.readAllStandardError();
    QVERIFY2(shell.exitCode() == 0, said.constData());
    for (const auto& [file, bytes] : byDialog) {
      if (file.endsWith(u".pdf"_s)) continue;  // packed: the others say more
      QVERIFY2(contentOf(file) == bytes,
               qPrintable(file) + (": " + firstDifference(contentOf(file), bytes)));
    }
    const QString pdf = dialog.files().front();
    QVERIFY(contentOf(pdf) == byDialog[pdf]);
  }

  // Mistakes are one sentence and an exit code.
  void mistakesOfTheCommandAreSentences() {
    const auto store = QString::fromStdString(plantedStore(u"mistakes.bfdb"_s).string());
    const QString to = testing::temporaryFile(u"mistake.pdf"_s);
    const std::vector<std::tuple<QStringList, int, QByteArray>> cases{
        {{u"--export"_s, u"f.bmp"_s}, 1, "must end in .pdf"},
        {{u"--export"_s, to, u"--preset"_s, u"nosuch"_s}, 2, "nosuch"},
        {{u"--export"_s, to, u"--text"_s, u"3"_s}, 2, "--text"},
        {{u"--export"_s, to, u"--width"_s, u"5001"_s}, 2, "5001"},
        {{u"--export"_s, to, u"--palette"_s, u"loud"_s}, 2, "loud"},
        {{u"--export"_s, to, u"--format"_s, u"bmp"_s}, 2, "bmp"},
        {{u"--export"_s, to, u"--view"_s, u"no such view"_s}, 1, "no saved view is named"},
        {{u"--export"_s, to, u"--view"_s, u"{\"version\": 7}"_s}, 1, "--view: a view of version 7"},
        {{u"--export"_s, to, u"--filter"_s, u"size<"_s}, 1, "filter"},
        {{u"--export"_s, u"/nonexistent/f.pdf"_s}, 1, "/nonexistent/f.pdf"}};
    for (const auto& [words, code, text] : cases) {
      QProcess process;
      process.start(QStringLiteral(BITFRONTIER_GUI), QStringList{store} + words);
      QVERIFY(process.waitForFinished(testing::kPatience));
      const QByteArray said = process.readAllStandardError();
      QVERIFY2(process.exitCode() == code && said.contains(text) && said.count('\n') == 1,
               said + " (" + words.join(u' ').toUtf8() + ")");
      QVERIFY(!QFile::exists(to));
    }
  }

  void dataBehindTheFigureIsShown() {
    FigureSpec spec = plantedSpec();
    spec.range = PlotRange{{1e9, 1e10}, {0, 100}};
    const FigureDataDialog dialog(spec);
    auto* view = control<QTableView>(dialog, "figureDataView");
    QCOMPARE(view->model()->rowCount(), int(drawnPoints(spec).size()));
    control<QPushButton>(dialog, "figureDataCopy")->click();
    const QMimeData* data = QGuiApplication::clipboard()->mimeData();
    QCOMPARE(data->text().toUtf8(), figureTable(spec));
    QCOMPARE(data->html().count(u"<tr>"_s), qsizetype(drawnPoints(spec).size()) + 1);
  }

  void tablesAreCopiedForAllPrograms() {
    const std::unique_ptr<QMimeData> data(tableMimeData("a\tb\n1 < 2\té\n"));
    QCOMPARE(data->text(), u"a\tb\n1 < 2\té\n"_s);
    QCOMPARE(data->data(u"text/tab-separated-values"_s), QByteArray("a\tb\n1 < 2\té\n"));
    QVERIFY(data->html().contains(u"<tr><th>a</th><th>b</th></tr><tr><td>1 &lt; 2</td>"_s));
  }

  // Out of the window by the mouse: a file for a folder, pictures and a table for programs.
  void dragsTakeAFileAlong() {
    const std::unique_ptr<QMimeData> data(figureDragData(plantedSpec(), u"frontier"_s));
    QCOMPARE(data->urls().size(), qsizetype{1});
    const QString file = data->urls().front().toLocalFile();
    QVERIFY2(file.endsWith(u"/frontier.pdf"_s), qPrintable(file));
    QCOMPARE(contentOf(file), renderFigure(plantedSpec(), FigureFormat::Pdf));
    QVERIFY(!qvariant_cast<QImage>(data->imageData()).isNull());
    QVERIFY(data->hasFormat(u"image/svg+xml"_s) && data->hasFormat(u"application/pdf"_s));
    QCOMPARE(data->data(u"text/tab-separated-values"_s), figureTable(plantedSpec()));
    ExportPreview preview;
    preview.showFigure(plantedSpec());
    preview.show();
    QSignalSpy dragged(&preview, &ExportPreview::dragged);
    auto* picture = control<QLabel>(preview, "exportPreview");
    QTest::mousePress(picture, Qt::LeftButton, {}, {20, 20});
    QMouseEvent move(QEvent::MouseMove, QPointF(60, 60), picture->mapToGlobal(QPointF(60, 60)),
                     Qt::NoButton, Qt::LeftButton, Qt::NoModifier);
    QCoreApplication::sendEvent(picture, &move);
    QCOMPARE(dragged.size(), qsizetype{1});
  }

  void pagesFit() {
    const QSizeF page(500, 700);
    QCOMPARE(placeOnPage({234, 220}, page), QRectF(133, 0, 234, 220));  // as large as it is
    for (const QSizeF figure : {QSizeF(960, 540), QSizeF(100, 2000), QSizeF(500, 700)}) {
      const QRectF place = placeOnPage(figure, page);
      QVERIFY(QRectF(QPointF(-1e-9, 0), page + QSizeF(1e-9, 1e-9)).contains(place));
      QVERIFY(std::abs(place.width() / place.height() - figure.width() / figure.height()) < 1e-9);
    }
    for (const char* name : {"icml", "slide", "poster"}) {
      FigureSpec spec = plantedSpec();
      spec.look.preset = *findPreset(QLatin1String(name));
      spec.look.dark = true;
      const QString file = testing::temporaryFile(u"printed.pdf"_s);
      QPrinter printer(QPrinter::HighResolution);
      printer.setOutputFormat(QPrinter::PdfFormat);
      printer.setOutputFileName(file);
      printer.setPageSize(QPageSize(QPageSize::A4));
      orientFor(spec, printer);
      printFigure(spec, printer);
      const QByteArray pdf = contentOf(file);
      QCOMPARE(pdf.count("/Type /Page\n"), qsizetype{1});
      QVERIFY(!pdf.contains("/Subtype /Image"));
      if (QStandardPaths::findExecutable(u"pdftoppm"_s).isEmpty()) continue;
      QProcess process;
      process.start(u"pdftoppm"_s, {u"-png"_s, u"-r"_s, u"50"_s, file});
      QVERIFY(process.waitForFinished(testing::kPatience));
      const QImage image = QImage::fromData(process.readAllStandardOutput());
      QVERIFY(!image.isNull());
      int ink = 0;
      for (int x = 0; x < image.width(); ++x) {
        for (int y = 0; y < image.height(); ++y) {
          const bool dark = qGray(image.pixel(x, y)) < 200;
          ink += dark;
          const bool edge = x < 5 || y < 5 || x >= image.width() - 5 || y >= image.height() - 5;
          QVERIFY(!dark || !edge);  // nothing is cut off, and no black page
        }
      }
      QVERIFY(ink > 200 && ink < image.width() * image.height() / 3);
    }
  }

  void allViewsAreExportedAtOnce() {
    const auto store = plantedStore(u"views-export.bfdb"_s);
    MainWindow window;
    window.show();
    window.openStore(store);
    QTRY_VERIFY(window.settled());
    ViewLibrary& library = window.keeper().savedViews();
    for (const SavedView& old : std::vector(library.views())) library.remove(old.name);
    for (const char* filter : {"family:planted", "family:other", "family:nobody"}) {
      ViewState state = window.viewState();
      state.options.filter = filter;
      state.sourceChosen = state.metricChosen = true;
      library.save({QString::fromLatin1(filter).mid(7), state, false, {}});
    }
    QTemporaryDir folder;
    ViewsExport& views = window.exports().views();
    QStringList named;
    connect(&views, &ViewsExport::progressed, this, [&](int, int all, const QString& next) {
      QCOMPARE(all, 3);
      named << next;
    });
    window.exports().exportViewsTo(folder.path());
    QVERIFY(window.findChild<QProgressDialog*>(u"exportProgress"_s));
    QTRY_VERIFY(!views.busy());
    QCOMPARE(named.size(), qsizetype{3});
    QCOMPARE(views.files().size(), qsizetype{2});
    QCOMPARE(views.failures().size(), qsizetype{1});  // nothing to draw, and said so
    QVERIFY2(views.failures().front().startsWith(u"nobody: "_s),
             qPrintable(views.failures().front()));
    for (const QString& file : views.files()) {
      const FigureView back = viewOfFigure(file.toStdString());
      QVERIFY(file.contains(QString::fromStdString(back.view.options.filter).mid(7)));
    }
    QCOMPARE(window.lastError().count(u'\n'), qsizetype{1});
    // Cancelled: what is written stays, nothing more comes.
    window.exports().exportViewsTo(folder.path());
    auto* progress = window.findChild<QProgressDialog*>(u"exportProgress"_s);
    QVERIFY(progress);
    progress->findChild<QPushButton*>()->click();
    QVERIFY(!views.busy());
    disconnect(&views, nullptr, this, nullptr);
    for (const SavedView& own : std::vector(library.views())) library.remove(own.name);
  }

  // Looks, names and formats come back; a title is of one figure.
  void choicesAreRemembered() {
    MainWindow window;
    window.openStore(plantedStore(u"remembered.bfdb"_s));
    QTRY_VERIFY(window.settled());
    window.exports().showDialog();
    auto* dialog = window.findChild<ExportDialog*>();
    QVERIFY(dialog);
    QTemporaryDir folder;
    control<QLineEdit>(*dialog, "exportFolder")->setText(folder.path());
    control<QLineEdit>(*dialog, "exportTitle")->setText(u"Once"_s);
    control<QSpinBox>(*dialog, "exportText")->setValue(10);
    check(*dialog, "exportFormat-pdf", false);
    check(*dialog, "exportFormat-svg", true);
    check(*dialog, "exportFormat-csv", false);
    control<QPushButton>(*dialog, "exportSave")->click();
    QVERIFY(window.notice().text().contains(u".svg"_s));
    MainWindow later;
    QCOMPARE(later.exports().look().preset.font, 10);
    QVERIFY(later.exports().look().title.isEmpty());
  }

  void everyControlSaysWhatItIs() {
    ExportDialog dialog(plantedSpec());
    dialog.show();
    QVERIFY2(dialog.minimumSizeHint().height() <= 620 && dialog.minimumSizeHint().width() <= 1016,
             qPrintable(u"%1 x %2"_s.arg(dialog.minimumSizeHint().width())
                            .arg(dialog.minimumSizeHint().height())));
    int controls = 0;
    for (const QWidget* w : dialog.findChildren<QWidget*>()) {
      const bool field = qobject_cast<const QComboBox*>(w) || qobject_cast<const QLineEdit*>(w) ||
                         qobject_cast<const QAbstractSpinBox*>(w) ||
                         qobject_cast<const QTabBar*>(w) || qobject_cast<const QListView*>(w);
      const auto* button = qobject_cast<const QAbstractButton*>(w);
      if ((!field && !button) || w->objectName().startsWith(u"qt_"_s)) continue;
      if (w->parent() && qobject_cast<const QAbstractSpinBox*>(w->parent())) continue;
      if (w->window() != &dialog || qobject_cast<const QComboBox*>(w->parent())) continue;
      if (qobject_cast<const QTabBar*>(w->parent())) continue;
      const QString name = w->objectName();
      if (name.isEmpty() && button) continue;  // Close
      ++controls;
      QVERIFY2(!w->accessibleName().isEmpty() || (button && !button->text().isEmpty()),
               qPrintable(name));
      QVERIFY2(!w->toolTip().isEmpty() && !w->statusTip().isEmpty(), qPrintable(name));
    }
    QVERIFY(controls > 25);
  }
};

namespace {
const testing::Registered<ExportDialogTest> kExportDialogTest;
}

}  // namespace bitfrontier

#include "export_dialog_test.moc"

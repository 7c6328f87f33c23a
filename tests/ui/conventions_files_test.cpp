// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QClipboard>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QMimeDatabase>
#include <QPainter>
#include <QProcess>
#include <QStandardPaths>
#include <QSvgRenderer>
#include <QTest>
#include <QTextBrowser>

#include "core/base/error.h"
#include "core/store/run_store.h"
#include "tests/ui/conventions.h"
#include "tests/ui/registry.h"
#include "ui/help/crash_log.h"
#include "ui/help/diagnostics.h"
#include "ui/help/manual_window.h"
#include "ui/settings/preferences.h"
#include "ui/window/desktop_tools.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString source(const QString& path) { return QStringLiteral(BITFRONTIER_SOURCE_DIR) + u'/' + path; }

std::filesystem::path manualFolder() { return source(u"resources/manual"_s).toStdString(); }

/// Whether anything is drawn of a picture in this size.
int pixelsDrawn(const QString& file, int size) {
  QSvgRenderer renderer(file);
  QImage image(size, size, QImage::Format_ARGB32);
  image.fill(Qt::transparent);
  QPainter painter(&image);
  renderer.render(&painter);
  painter.end();
  int drawn = 0;
  for (int y = 0; y < size; ++y) {
    for (int x = 0; x < size; ++x) drawn += qAlpha(image.pixel(x, y)) > 64;
  }
  return drawn;
}

}  // namespace

/// Conventions 3, 4, 6 and 38, the manual, and the preferences.
class ConventionsFilesTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void iconsAreDrawnAtEverySize() {
    for (const QString& file : QDir(source(u"resources/icons"_s)).entryList({u"*.svg"_s})) {
      for (const int size : {16, 24, 256}) {
        const int drawn = pixelsDrawn(source(u"resources/icons/"_s + file), size);
        QVERIFY2(drawn > size * size / 40,
                 qPrintable(u"%1 at %2: %3"_s.arg(file).arg(size).arg(drawn)));
      }
    }
    // A symbolic icon has one colour, which desktops replace.
    QFile symbolic(source(u"resources/icons/bitfrontier-symbolic.svg"_s));
    QVERIFY(symbolic.open(QIODevice::ReadOnly));
    QSet<QByteArray> colours;
    static const QRegularExpression colour(u"#[0-9a-fA-F]{6}"_s);
    const QString text = QString::fromUtf8(symbolic.readAll());
    for (auto it = colour.globalMatch(text); it.hasNext();)
      colours << it.next().captured().toUtf8();
    QCOMPARE(colours.size(), 1);
  }

  void filesAreKnownByNameAndContent() {
    const QString update = QStandardPaths::findExecutable(u"update-mime-database"_s);
    if (update.isEmpty()) QSKIP("shared-mime-info is not installed");
    const QString folder = testing::temporaryFile(u"XDG_DATA_HOME"_s) + u"/mime"_s;
    QDir().mkpath(folder + u"/packages"_s);
    QVERIFY(QFile::copy(source(u"resources/mime/bitfrontier.xml"_s),
                        folder + u"/packages/bitfrontier.xml"_s));
    // One cache with the desktop's own types, as where packages are installed: Qt takes what the
    // last of several caches says, whatever its priority.
    QVERIFY(QFile::copy(u"/usr/share/mime/packages/freedesktop.org.xml"_s,
                        folder + u"/packages/freedesktop.org.xml"_s));
    const QByteArray before = qgetenv("XDG_DATA_DIRS");
    qputenv("XDG_DATA_DIRS", testing::temporaryFile(u"XDG_DATA_HOME"_s).toLocal8Bit());
    QProcess process;
    process.start(update, {folder});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
    const QString store = testing::temporaryFile(u"mime.bfdb"_s);
    RunStore::open(store.toStdString());
    const QString unnamed = testing::temporaryFile(u"without-suffix"_s);
    QVERIFY(QFile::copy(store, unnamed));
    const QMimeDatabase database;
    QTRY_COMPARE(database.mimeTypeForFile(store).name(), u"application/x-bitfrontier-store"_s);
    QCOMPARE(database.mimeTypeForFile(unnamed).name(), u"application/x-bitfrontier-store"_s);
    QCOMPARE(database.mimeTypeForFile(u"any.bfz"_s, QMimeDatabase::MatchExtension).name(),
             u"application/x-bitfrontier-bundle"_s);
    qputenv("XDG_DATA_DIRS", before);
    // The folder stays: Qt goes on reading it, and warns of every type when it is gone.
  }

  void everyPageOfTheManualIsReached() {
    const Manual manual(manualFolder());
    const QStringList files = QDir(source(u"resources/manual"_s)).entryList({u"*.md"_s});
    QCOMPARE(manual.pages().size(), files.size());  // none is forgotten in index.md
    static const QRegularExpression link(uR"(\]\(([^)]+)\))"_s);
    for (const ManualPage& page : manual.pages()) {
      QVERIFY2(!page.title.isEmpty(), qPrintable(page.file));
      for (auto it = link.globalMatch(page.markdown); it.hasNext();) {
        const QString target = it.next().captured(1);
        if (target.endsWith(u".png"_s)) continue;
        const ManualPage* to = manual.page(target.section(u'#', 0, 0));
        QVERIFY2(to, qPrintable(page.file + u": "_s + target));
        if (!target.contains(u'#')) continue;
        bool found = false;
        for (const ManualSection& s : to->sections) found |= s.anchor == target.section(u'#', 1);
        QVERIFY2(found, qPrintable(page.file + u": "_s + target));
      }
    }
  }

  void theManualNamesOnlyShortcutsThatAreThere() {
    MainWindow window;
    QSet<QString> known;
    for (const QAction* action : testing::peoplesActions(window)) {
      for (const QKeySequence& key : action->shortcuts()) {
        known << key.toString(QKeySequence::PortableText);
      }
    }
    const Manual manual(manualFolder());
    static const QRegularExpression keys(uR"(\(((?:Ctrl|Alt|F\d)[^)]*)\))"_s);
    int checked = 0;
    for (const ManualPage& page : manual.pages()) {
      for (auto it = keys.globalMatch(page.markdown); it.hasNext();) {
        const QString key = it.next().captured(1);
        QVERIFY2(known.contains(key), qPrintable(page.file + u": "_s + key));
        ++checked;
      }
    }
    // And the table of keys.
    static const QRegularExpression row(uR"(^\| ((?:Ctrl|F\d|Shift)[^|…]*) \|)"_s,
                                        QRegularExpression::MultilineOption);
    const QString table = manual.page(u"keyboard.md"_s)->markdown;
    for (auto it = row.globalMatch(table); it.hasNext();) {
      for (const QString& key : it.next().captured(1).split(u", "_s)) {
        if (key.contains(u"click"_s)) continue;
        QVERIFY2(known.contains(key.trimmed()), qPrintable(key));
        ++checked;
      }
    }
    QVERIFY(checked >= 12);
  }

  void theManualIsSearchedAndFollowed() {
    MainWindow window;
    window.show();
    window.findChild<QAction*>(u"manual"_s)->trigger();
    auto* manual = window.findChild<ManualWindow*>();
    QVERIFY(manual && manual->isVisible());
    auto* search = manual->findChild<QLineEdit*>(u"manualSearch"_s);
    auto* list = manual->findChild<QTreeView*>(u"manualContents"_s);
    auto* text = manual->findChild<QTextBrowser*>(u"manualText"_s);
    QVERIFY(list->model()->rowCount() >= 8);
    QTest::keyClicks(search, u"no such words anywhere"_s);
    QCOMPARE(list->model()->rowCount(), 0);
    search->clear();
    QTest::keyClicks(search, u"lists ranges"_s);
    QVERIFY(list->model()->rowCount() >= 1);
    QTest::keyClick(search, Qt::Key_Return);
    QCOMPARE(manual->shownPage(), u"filter.md"_s);
    QVERIFY(text->textCursor().block().text().contains(u"Lists and ranges"_s));
    Q_EMIT text->anchorClicked(QUrl(u"bits.md"_s));
    QCOMPARE(manual->shownPage(), u"bits.md"_s);
    Q_EMIT text->anchorClicked(QUrl(u"https://example.org"_s));  // not followed
    QCOMPARE(manual->shownPage(), u"bits.md"_s);
  }

  void aFolderWithoutAManualIsASentence() {
    QVERIFY_EXCEPTION_THROWN(Manual(testing::temporaryFile(u"no-manual"_s).toStdString()), Error);
  }

  void diagnosticsHaveFactsAndNoNames() {
    const auto window = testing::shownWindow({1000, 700}, u"private-name.bfdb"_s);
    QVERIFY(window);
    rememberLine("a message of the day");
    window->findChild<QAction*>(u"copyDiagnostics"_s)->trigger();
    QTRY_VERIFY(QApplication::clipboard()->text().startsWith(u"Bitfrontier "_s));
    const QString text = QApplication::clipboard()->text();
    for (const QString& part : {QString::fromLatin1(qVersion()), u"SQLite "_s, u"cpu: "_s,
                                u" runs, "_s, u"a message of the day"_s}) {
      QVERIFY2(text.contains(part), qPrintable(part + u"\n"_s + text));
    }
    QVERIFY2(!text.contains(u"private-name"_s), qPrintable(text));
    QVERIFY2(!text.contains(QDir::homePath() + u'/'), qPrintable(text));
  }

  void theLastMessagesAreKept() {
    for (int i = 0; i < 200; ++i) rememberLine("line " + std::to_string(i));
    const std::string lines = rememberedLines();
    QVERIFY(lines.ends_with("line 199\n"));
    QCOMPARE(std::count(lines.begin(), lines.end(), '\n'), std::ptrdiff_t{64});
    rememberLine(std::string(5000, 'x'));  // is cut
    QVERIFY(rememberedLines().size() < 20000);
  }

  void preferencesAreKeptAndChecked() {
    QSettings raw(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s, u"bitfrontier"_s);
    raw.setValue(u"appearance/textSize"_s, 4000);
    raw.setValue(u"appearance/theme"_s, -3);
    raw.setValue(u"run/threads"_s, -1);
    Preferences p;
    QCOMPARE(p.textSize(), 0);
    QCOMPARE(p.theme(), Theme::System);
    QCOMPARE(p.threads(), 0);
    p.setTextSize(13);
    p.setTheme(Theme::HighContrast);
    p.setOffline(true);
    p.setStoreFolder(testing::temporaryFile(u"my stores"_s));
    QCOMPARE(Preferences().textSize(), 13);
    QCOMPARE(Preferences().theme(), Theme::HighContrast);
    QVERIFY(Preferences().offline());
    QCOMPARE(QString::fromStdString(defaultStorePath().string()),
             testing::temporaryFile(u"my stores"_s) + u"/runs.bfdb"_s);
    raw.clear();
  }
};

namespace {
const testing::Registered<ConventionsFilesTest> kConventionsFilesTest;
}

}  // namespace bitfrontier

#include "conventions_files_test.moc"

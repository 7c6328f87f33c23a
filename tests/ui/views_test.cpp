// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAction>
#include <QApplication>
#include <QDialog>
#include <QFile>
#include <QMessageBox>
#include <QTest>
#include <QToolButton>

#include "core/base/error.h"
#include "core/base/file.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/random_view.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/panels/views/views_panel.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

std::string plantedStore(const QString& name, const std::string& family) {
  const auto file = testing::temporaryFile(name).toStdString();
  RunStore::open(file).addAll(testing::plantedRuns(family, {"piqa"}));
  return file;
}

/// Counts the dialogs and message boxes that come up.
class DialogCounter : public QObject {
 public:
  DialogCounter() { qApp->installEventFilter(this); }
  int shown = 0;

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override {
    shown += event->type() == QEvent::Show && qobject_cast<QDialog*>(watched);
    return false;
  }
};

QString contentOf(const QString& name) {
  QFile file(name);
  return file.open(QIODevice::ReadOnly) ? QString::fromUtf8(file.readAll()) : QString();
}

void put(const QString& name, const QByteArray& text) {
  QFile file(name);
  QVERIFY(file.open(QIODevice::WriteOnly));
  file.write(text);
}

}  // namespace

class ViewsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void viewsAreKeptInAFile() {
    const auto file = testing::temporaryFile(u"library.json"_s).toStdString();
    std::mt19937 random(2);
    std::vector<SavedView> saved;
    {
      ViewLibrary library(file);
      QVERIFY(library.views().empty() && library.trouble().isEmpty());
      for (const QString& name : {u"Fig. 10"_s, u"Fig. 2"_s, u"ties at 24 GB"_s}) {
        library.save({name, testing::randomView(random), false, {}});
      }
      QVERIFY_EXCEPTION_THROWN(library.save({u"  "_s, {}, false, {}}), Error);
      library.setStarred(u"ties at 24 GB"_s, true);
      QCOMPARE(library.duplicate(u"Fig. 2"_s), u"Fig. 2 (2)"_s);
      library.rename(u"Fig. 2 (2)"_s, u"Fig. 3"_s);
      QVERIFY_EXCEPTION_THROWN(library.rename(u"Fig. 3"_s, u"Fig. 2"_s), Error);
      QVERIFY_EXCEPTION_THROWN(library.rename(u"Fig. 4"_s, u"Fig. 5"_s), Error);
      saved = library.views();
    }
    QStringList names;
    for (const SavedView& view : saved) names << view.name;
    QCOMPARE(names, (QStringList{u"ties at 24 GB"_s, u"Fig. 2"_s, u"Fig. 3"_s, u"Fig. 10"_s}));
    ViewLibrary again(file);
    QVERIFY(again.views() == saved);
    again.remove(u"Fig. 3"_s);
    QVERIFY(!ViewLibrary(file).find(u"Fig. 3"_s));
  }

  // Two windows, or two processes: neither loses what the other saves.
  void librariesOfOneFileFollowEachOther() {
    const auto file = testing::temporaryFile(u"shared.json"_s).toStdString();
    ViewLibrary one(file), two(file);
    one.save({u"A"_s, {}, false, {}});
    two.save({u"B"_s, {}, false, {}});
    one.save({u"C"_s, {}, false, {}});
    QCOMPARE(one.views().size(), std::size_t{3});
    QTRY_COMPARE(two.views().size(), std::size_t{3});
  }

  void whatIsDamagedIsKeptAndSaid() {
    const QString name = testing::temporaryFile(u"damaged.json"_s);
    put(name, "{\"version\": 1, \"views\": [");
    ViewLibrary library(name.toStdString());
    QVERIFY(library.trouble().contains(u"damaged.json"_s));
    library.save({u"A"_s, {}, false, {}});
    QCOMPARE(contentOf(name + u".damaged"_s), u"{\"version\": 1, \"views\": ["_s);
    // One entry of a later version stays in the file, and the others work.
    const QString later = testing::temporaryFile(u"later.json"_s);
    put(later,
        "{\"version\": 1, \"views\": [{\"name\": \"new\", \"view\": {\"version\": 9}},"
        "{\"name\": \"old\", \"view\": {\"version\": 1}}]}");
    ViewLibrary mixed(later.toStdString());
    QVERIFY(!mixed.trouble().isEmpty());
    QCOMPARE(mixed.views().size(), std::size_t{1});
    mixed.save({u"B"_s, {}, false, {}});
    QVERIFY(contentOf(later).contains(u"\"version\": 9"_s));
  }

  void aViewIsSharedAsAFile() {
    ViewLibrary one(testing::temporaryFile(u"one.json"_s).toStdString());
    ViewLibrary two(testing::temporaryFile(u"two.json"_s).toStdString());
    std::mt19937 random(4);
    one.save({u"Mine"_s, testing::randomView(random, true), false, {}});
    const QString file = testing::temporaryFile(u"mine.json"_s);
    one.exportFile(u"Mine"_s, file);
    QCOMPARE(two.importFile(file), u"Mine"_s);
    QVERIFY(two.find(u"Mine"_s)->state == one.find(u"Mine"_s)->state);
    QCOMPARE(two.importFile(file), u"Mine (2)"_s);
    for (const char* text : {"", "3", "{}", "{\"name\": \"x\", \"view\": {}}"}) {
      put(file, text);
      try {
        two.importFile(file);
        QFAIL(text);
      } catch (const Error& e) {
        QVERIFY2(std::string(e.what()).find("mine.json") != std::string::npos, e.what());
      }
    }
    QCOMPARE(two.views().size(), std::size_t{2});
  }

  // Save, change, come back by one click; all without a question.
  void theWindowShowsSavedViews() {
    DialogCounter dialogs;
    MainWindow window;
    window.show();
    window.openStore(plantedStore(u"views.bfdb"_s, "opt"));
    QTRY_VERIFY(window.settled());
    auto& panel = window.panel<ViewsPanel>();
    ViewOptions options = window.view().options();
    options.filter = "bits:4";
    window.view().setOptions(options);
    QTRY_VERIFY(window.settled());
    window.plot().showRange({{3e8, 4e9}, {30, 60}});
    window.actions().saveView->trigger();
    QVERIFY(panel.isVisible());
    QCOMPARE(window.keeper().name(), u"bits:4"_s);
    const ViewState saved = window.viewState();
    QVERIFY(!window.isWindowModified());
    QVERIFY2(window.windowTitle().startsWith(u"bits:4[*]"_s), qPrintable(window.windowTitle()));

    options.filter = "bits:3";
    window.view().setOptions(options);
    QTRY_VERIFY(window.settled());
    QVERIFY(window.isWindowModified());
    QVERIFY(panel.model().index(0).data().toString().contains(u"changed"_s));
    window.plot().fitView();
    window.view().selection().setOne(pointKey(window.plot().points().front()));

    panel.list()->setFocus();
    QTest::mouseClick(panel.list()->viewport(), Qt::LeftButton, {},
                      panel.list()->visualRect(panel.model().index(0)).center());
    QTRY_VERIFY(window.settled());
    QCOMPARE(viewStateText(window.viewState()), viewStateText(saved));
    QVERIFY(!window.isWindowModified());
    window.actions().undo->trigger();  // the click was an edit
    QTRY_COMPARE(window.view().options().filter, std::string("bits:3"));
    QVERIFY(window.plot().followsData());

    // Deleted, and back.
    panel.list()->setCurrentIndex(panel.model().index(0));
    panel.findChild<QAction*>(u"viewDelete"_s)->trigger();
    QCOMPARE(panel.model().rowCount(), 0);
    QVERIFY(window.keeper().name().isEmpty());
    QTest::mouseClick(window.notice().button(), Qt::LeftButton);
    QCOMPARE(panel.model().rowCount(), 1);
    QVERIFY(window.keeper().savedViews().find(u"bits:4"_s)->state == saved);
    panel.model().setData(panel.model().index(0), u"Figure 1"_s, Qt::EditRole);
    QVERIFY(window.keeper().savedViews().find(u"Figure 1"_s));

    // Of another store: that is opened.
    const std::string other = plantedStore(u"views-other.bfdb"_s, "bloom");
    window.openStore(other);
    QTRY_VERIFY(window.settled() && window.session().path() == std::filesystem::path(other));
    window.keeper().show(u"Figure 1"_s);
    QTRY_VERIFY(window.settled() && window.session().path() != std::filesystem::path(other));
    QCOMPARE(viewStateText(window.viewState()), viewStateText(saved));
    QCOMPARE(window.keeper().name(), u"Figure 1"_s);
    // Of a store that is gone: of the open one, and said.
    ViewState gone = saved;
    gone.store = "/nowhere/gone.bfdb";
    gone.options.filter = "bits:16";
    window.setViewState(gone);
    QTRY_COMPARE(window.view().options().filter, std::string("bits:16"));
    QVERIFY(window.notice().text().contains(u"gone.bfdb"_s));
    QCOMPARE(dialogs.shown, 0);
    window.close();
    QCOMPARE(dialogs.shown, 0);
    QMessageBox().show();  // it does count
    QCOMPARE(dialogs.shown, 1);
  }
};

namespace {
const testing::Registered<ViewsTest> kViewsTest;
}

}  // namespace bitfrontier

#include "views_test.moc"

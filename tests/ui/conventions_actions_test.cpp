// SPDX-License-Identifier: GPL-3.0-or-later
#include <QIcon>
#include <QKeySequenceEdit>
#include <QLineEdit>
#include <QMenuBar>
#include <QPushButton>
#include <QTest>

#include "tests/ui/conventions.h"
#include "tests/ui/registry.h"
#include "ui/base/fuzzy.h"
#include "ui/settings/preferences.h"
#include "ui/settings/shortcuts_page.h"
#include "ui/window/command_palette.h"
#include "ui/window/desktop_tools.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

void collect(const QMenu* menu, QList<QAction*>& actions) {
  for (QAction* action : menu->actions()) {
    if (action->menu()) {
      collect(action->menu(), actions);
    } else if (!action->isSeparator()) {
      actions << action;
    }
  }
}

QList<QAction*> menuActions(const QMainWindow& window) {
  QList<QAction*> actions;
  for (QAction* top : window.menuBar()->actions()) {
    if (top->menu()) collect(top->menu(), actions);
  }
  return actions;
}

void checkMnemonics(const QList<QAction*>& actions, const QString& where) {
  QMap<QChar, QString> used;
  for (const QAction* action : actions) {
    if (action->menu())
      checkMnemonics(action->menu()->actions(), where + u" › "_s + action->text());
    QString text = action->text();
    text.remove(u"&&"_s);
    const qsizetype at = text.indexOf(u'&');
    if (at < 0 || at + 1 >= text.size()) continue;
    const QChar key = text[at + 1].toLower();
    QVERIFY2(!used.contains(key), qPrintable(where + u": "_s + used[key] + u" and "_s + text));
    used[key] = text;
  }
}

QKeySequence keys(const char* text) {
  return QKeySequence(QString::fromLatin1(text), QKeySequence::PortableText);
}

}  // namespace

/// Conventions 5, 10 and 11, and what stands on them: the palette and the editor of shortcuts.
class ConventionsActionsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void init() {
    QFile::remove(
        QSettings(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s, u"bitfrontier"_s)
            .fileName());
  }

  // Also those that panels make for their own menus.
  void everyActionIsComplete() {
    QIcon::setThemeSearchPaths({});
    QIcon::setFallbackSearchPaths({});
    MainWindow window;
    const QList<QAction*> all = testing::peoplesActions(window);
    QVERIFY(all.size() > 40);
    QStringList faults;
    for (const QAction* action : all) {
      const QString name = action->objectName() + u" \"%1\""_s.arg(action->text());
      if (action->text().isEmpty()) faults << name + u" has no text"_s;
      if (action->objectName().isEmpty()) faults << name + u" has no object name"_s;
      if (action->toolTip().isEmpty()) faults << name + u" has no tip"_s;
      if (action->statusTip().isEmpty()) faults << name + u" has no status tip"_s;
      if (action->icon().isNull()) faults << name + u" has no icon"_s;
      bool inMenu = false;
      for (const QObject* object : action->associatedObjects()) {
        inMenu = inMenu || qobject_cast<const QMenu*>(object);
      }
      if (!inMenu) faults << name + u" is in no menu"_s;
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
  }

  void everyActionOfTheWindowIsInTheMenuBar() {
    MainWindow window;
    const QList<QAction*> inMenus = menuActions(window);
    for (const QAction* action : window.actions().all()) {
      QVERIFY2(inMenus.contains(action), qPrintable(action->objectName()));
    }
  }

  void whatCannotBeDoneSaysWhy() {
    MainWindow window;  // nothing is open yet
    int disabled = 0;
    for (const QAction* action : menuActions(window)) {
      if (action->isEnabled()) continue;
      ++disabled;
      QVERIFY2(action->statusTip() != action->property("tip").toString(),
               qPrintable(action->objectName() + u": "_s + action->statusTip()));
    }
    QVERIFY(disabled >= 3);
  }

  void standardShortcutsAreThere() {
    MainWindow window;
    QMap<QString, const QAction*> byName;
    for (const QAction* action : window.actions().all()) byName[action->objectName()] = action;
    const std::pair<const char*, const char*> table[] = {
        {"newSweep", "Ctrl+N"},      {"openStore", "Ctrl+O"},
        {"quit", "Ctrl+Q"},          {"copyRows", "Ctrl+C"},
        {"focusFilter", "Ctrl+F"},   {"preferences", "Ctrl+,"},
        {"fullScreen", "F11"},       {"manual", "F1"},
        {"palette", "Ctrl+Shift+P"}, {"shortcuts", "Ctrl+?"},
        {"nextPane", "F6"},          {"previousPane", "Shift+F6"},
        {"exportFigure", "Ctrl+E"},  {"zoomIn", "Ctrl++"},
        {"zoomOut", "Ctrl+-"},       {"fitView", "Ctrl+0"},
        {"goTo_viewsDock", "Alt+1"}, {"goTo_tableDock", "Alt+2"}};
    for (const auto& [name, key] : table) {
      const QAction* action = byName.value(QString::fromLatin1(name));
      QVERIFY2(action, name);
      QVERIFY2(action->shortcuts().contains(keys(key)),
               qPrintable(QString::fromLatin1(name) + u": "_s + action->shortcut().toString()));
    }
  }

  void noShortcutMeansTwoThings() {
    MainWindow window;
    QMap<QKeySequence, QString> used;
    for (const QAction* action : testing::peoplesActions(window)) {
      // Others hold only where their own widget has the focus.
      if (action->shortcutContext() != Qt::WindowShortcut &&
          action->shortcutContext() != Qt::ApplicationShortcut) {
        continue;
      }
      for (const QKeySequence& key : action->shortcuts()) {
        QVERIFY2(!used.contains(key), qPrintable(key.toString() + u": "_s + used[key] + u" and "_s +
                                                 action->objectName()));
        used[key] = action->objectName();
      }
    }
    QVERIFY(used.size() > 20);
  }

  void mnemonicsOfAMenuDiffer() {
    MainWindow window;
    checkMnemonics(window.menuBar()->actions(), u"menu bar"_s);
  }

  void lettersInOrderAreFound() {
    QVERIFY(fuzzyScore(u"", u"anything") == 0);
    QVERIFY(fuzzyScore(u"xyz", u"Export figure") < 0);
    QVERIFY(fuzzyScore(u"ef", u"Export figure") > fuzzyScore(u"ef", u"Reference"));
    QVERIFY(fuzzyScore(u"exp", u"Export figure") > fuzzyScore(u"exp", u"Fit explained"));
    QVERIFY(fuzzyScore(u"EXP fig", u"Export figure") > 0);
    QVERIFY(fuzzyScore(u"67", u"opt-6.7b") > 0);
    QVERIFY(fuzzyScore(u"图", u"导出图形") > 0);
    QVERIFY(fuzzyScore(u"aa", u"a") < 0);
  }

  void thePaletteFindsAndDoes() {
    const auto window = testing::shownWindow({1200, 800}, u"palette.bfdb"_s);
    QVERIFY(window);
    // Each action, family, model and field is among the entries.
    QStringList titles;
    for (const PaletteEntry& e : window->desktop().entries()) titles << e.title;
    for (const QAction* action : menuActions(*window)) {
      QVERIFY2(titles.contains(plainText(*action)), qPrintable(action->objectName()));
    }
    for (const LawPoint& p : window->plot().points()) {
      QVERIFY(titles.contains(QString::fromStdString(p.family)));
      QVERIFY(titles.contains(QString::fromStdString(p.model)));
    }
    QVERIFY(titles.contains(u"bits"_s));
    // An action by three letters and Enter.
    const bool before = window->actions().means->isChecked();
    window->desktop().showPalette();
    auto* palette = window->findChild<CommandPalette*>();
    QVERIFY(palette && palette->isVisible());
    QTest::keyClicks(palette->edit(), u"mea"_s);
    QCOMPARE(palette->found().first().title, u"Means"_s);
    for (const PaletteEntry& e : palette->found()) {  // nothing that lacks a letter
      QVERIFY2(fuzzyScore(u"mea", e.kind + u' ' + e.title) >= 0, qPrintable(e.title));
    }
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QCOMPARE(window->actions().means->isChecked(), !before);
    window->actions().means->setChecked(before);
    // A family: the filter is written.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    window->desktop().showPalette();
    palette = window->findChild<CommandPalette*>();
    QTest::keyClicks(palette->edit(), u"family opt"_s);
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QCOMPARE(QString::fromStdString(window->view().options().filter), u"family:OPT"_s);
    QTRY_VERIFY(window->settled());
    for (const LawPoint& p : window->plot().points()) QCOMPARE(p.family, std::string("OPT"));
  }

  void thePaletteSaysWhyNot() {
    MainWindow window;
    window.show();
    window.desktop().showPalette();
    auto* palette = window.findChild<CommandPalette*>();
    QTest::keyClicks(palette->edit(), u"cancel sweep"_s);
    auto* says = palette->findChild<QLabel*>(u"paletteSays"_s);
    QVERIFY2(says->text().contains(u"No sweep is running"_s), qPrintable(says->text()));
    QTest::keyClick(palette->edit(), Qt::Key_Return);
    QVERIFY(palette->isVisible());  // nothing is done, the reason stays
    QTest::keyClick(palette->edit(), Qt::Key_Escape);
    QVERIFY(!palette->isVisible());
  }

  void shortcutsAreAssignedAndReset() {
    QAction a(u"&Alpha…"_s, nullptr), b(u"&Beta"_s, nullptr);
    a.setObjectName(u"a"_s);
    b.setObjectName(u"b"_s);
    a.setShortcut(keys("Ctrl+A"));
    b.setShortcuts({keys("Ctrl+B"), keys("F2")});
    Shortcuts shortcuts({&a, &b});
    QCOMPARE(shortcuts.holder(keys("F2")), &b);
    QVERIFY(shortcuts.changes().isEmpty());
    shortcuts.assign(&a, keys("F2"));
    QCOMPARE(a.shortcuts(), QList{keys("F2")});
    QCOMPARE(b.shortcuts(), QList{keys("Ctrl+B")});
    const auto changes = shortcuts.changes();
    QCOMPARE(changes.size(), 2);
    shortcuts.resetAll();
    QCOMPARE(b.shortcuts().size(), 2);
    shortcuts.apply(changes);
    QCOMPARE(a.shortcut(), keys("F2"));
    shortcuts.reset(&b);  // takes its own key back
    QVERIFY(a.shortcuts().isEmpty());
    QCOMPARE(b.shortcuts().size(), 2);
  }

  void theEditorNamesConflictsAndStores() {
    {
      MainWindow window;
      window.show();
      window.desktop().showPreferences(PreferencesDialog::Page::Shortcuts);
      auto* page = window.findChild<ShortcutsPage*>();
      QVERIFY(page && page->isVisible());
      page->choose(window.actions().means);
      auto* field = page->findChild<QKeySequenceEdit*>(u"shortcutKeys"_s);
      auto* says = page->findChild<QLabel*>(u"shortcutSays"_s);
      field->setKeySequence(keys("Ctrl+E"));
      QVERIFY2(says->text().contains(u"Export figure"_s), qPrintable(says->text()));
      field->setKeySequence(keys("Ctrl+Alt+M"));
      QVERIFY2(says->text().contains(u"free"_s), qPrintable(says->text()));
      QTest::mouseClick(page->findChild<QPushButton*>(u"shortcutSet"_s), Qt::LeftButton);
      QCOMPARE(window.actions().means->shortcut(), keys("Ctrl+Alt+M"));
      QVERIFY(window.actions().means->toolTip().contains(
          keys("Ctrl+Alt+M").toString(QKeySequence::NativeText)));
    }
    {
      MainWindow window;  // the next start
      QTRY_COMPARE(window.actions().means->shortcut(), keys("Ctrl+Alt+M"));
      window.show();
      window.desktop().showPreferences(PreferencesDialog::Page::Shortcuts);
      QTest::mouseClick(window.findChild<QPushButton*>(u"shortcutResetAll"_s), Qt::LeftButton);
      QVERIFY(window.actions().means->shortcuts().isEmpty());
      QVERIFY(Preferences().shortcuts().isEmpty());
    }
  }

  void panesAreReachedByKeys() {
    const auto window = testing::shownWindow({1300, 860}, u"panes.bfdb"_s);
    QVERIFY(window);
    window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(window.get()));
    window->plot().setFocus();
    QSet<const QWidget*> docks;
    bool back = false;
    for (int i = 0; i < 12 && !back; ++i) {
      QTest::keyClick(QApplication::focusWidget(), Qt::Key_F6);
      const QWidget* now = QApplication::focusWidget();
      QVERIFY(now);
      for (const QDockWidget* dock : window->findChildren<QDockWidget*>()) {
        if (dock->isAncestorOf(now)) docks << dock;
      }
      back = now == &window->plot();
    }
    QVERIFY(back);
    QVERIFY(docks.size() >= 2);
    // Alt+number shows the panel, also one that is closed.
    auto* table = window->findChild<QDockWidget*>(u"tableDock"_s);
    table->close();
    QTest::keyClick(window.get(), Qt::Key_2, Qt::AltModifier);
    QVERIFY(table->isVisible());
    QVERIFY(table->isAncestorOf(QApplication::focusWidget()));
  }
};

namespace {
const testing::Registered<ConventionsActionsTest> kConventionsActionsTest;
}

}  // namespace bitfrontier

#include "conventions_actions_test.moc"

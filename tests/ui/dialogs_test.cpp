// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QDialogButtonBox>
#include <QGroupBox>
#include <QLineEdit>
#include <QMenuBar>
#include <QMessageBox>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTabBar>
#include <QTest>

#include "tests/ui/registry.h"
#include "ui/base/screen_size.h"
#include "ui/export/export_dialog.h"
#include "ui/launch/launch_dialog.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QChar mnemonic(QString text) {
  text.remove(u"&&"_s);
  const qsizetype at = text.indexOf(u'&');
  return at < 0 || at + 1 >= text.size() ? QChar() : text[at + 1].toLower();
}

/// The Alt keys of everything in a window, each with the texts that ask for it.
QMap<QChar, QStringList> altKeys(const QWidget& window) {
  QMap<QChar, QStringList> keys;
  const auto add = [&](const QString& text) {
    const QChar key = mnemonic(text);
    if (!key.isNull()) keys[key] << text;
  };
  for (const QWidget* widget : window.findChildren<QWidget*>()) {
    if (widget->window() != &window) continue;  // of a dialog of this window
    if (const auto* bar = qobject_cast<const QMenuBar*>(widget)) {
      for (const QAction* action : bar->actions()) add(action->text());
    } else if (const auto* label = qobject_cast<const QLabel*>(widget)) {
      if (label->buddy()) add(label->text());
    } else if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
      add(button->text());
    } else if (const auto* tabs = qobject_cast<const QTabBar*>(widget)) {
      for (int i = 0; i < tabs->count(); ++i) add(tabs->tabText(i));
    } else if (const auto* group = qobject_cast<const QGroupBox*>(widget)) {
      add(group->title());
    }
  }
  return keys;
}

void checkAltKeys(const QWidget& window) {
  const auto keys = altKeys(window);
  for (auto it = keys.begin(); it != keys.end(); ++it) {
    QVERIFY2(
        it->size() == 1,
        qPrintable(
            u"%1: Alt+%2 is %3"_s.arg(window.objectName(), it.key()).arg(it->join(u" and "_s))));
  }
}

void checkMenu(const QMenu& menu) {
  QMap<QChar, QString> keys;
  for (const QAction* action : menu.actions()) {
    if (action->menu()) checkMenu(*action->menu());
    const QChar key = mnemonic(action->text());
    if (key.isNull()) continue;
    QVERIFY2(!keys.contains(key),
             qPrintable(menu.title() + u": "_s + keys[key] + u" and "_s + action->text()));
    keys[key] = action->text();
  }
}

SweepPreview noPlan(const SweepSpec&, const std::filesystem::path&, const PreviewDevice&,
                    const JobContext&) {
  return {};
}

FigureSpec figure() {
  FigureSpec spec;
  const auto points = testing::plantedFamily("a");
  spec.points = std::make_shared<const std::vector<LawPoint>>(points);
  spec.laws = computeLaws(points, SeriesKey::Bits, LawMetric::Accuracy);
  spec.look.preset = figurePresets().front();
  spec.range = PlotRange{{1e8, 1e12}, {0, 100}};
  return spec;
}

/// A dialog with one model and one task, without the pocket suite's.
std::unique_ptr<LaunchDialog> smallSweep() {
  auto dialog = std::make_unique<LaunchDialog>("store.bfdb", nullptr, noPlan);
  const QString folder = testing::temporaryFile(u"dialog-model"_s);
  QDir().mkpath(folder);
  for (const QString& name : {folder + u"/config.json"_s, folder + u"/task.jsonl"_s}) {
    QFile file(name);
    if (file.open(QIODevice::WriteOnly)) file.write("{}\n");
  }
  dialog->addModel(folder.toStdString());
  dialog->addTask((folder + u"/task.jsonl"_s).toStdString());
  return dialog;
}

}  // namespace

/// Keys and sizes of windows and dialogs.
class DialogsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyAltKeyMeansOneThing() {
    MainWindow window;
    checkAltKeys(window);
    for (const QAction* top : window.menuBar()->actions()) checkMenu(*top->menu());
    window.actions().pause->setText(SweepJob::tr("&Resume"));
    for (const QAction* top : window.menuBar()->actions()) checkMenu(*top->menu());
    LaunchDialog launch("store.bfdb", nullptr, noPlan);
    checkAltKeys(launch);
    ExportDialog dialog(figure());
    checkAltKeys(dialog);
    // Whatever texts the desktop gives to its standard buttons.
    for (const QDialog* d : {static_cast<QDialog*>(&launch), static_cast<QDialog*>(&dialog)}) {
      for (const auto* box : d->findChildren<QDialogButtonBox*>()) {
        for (const QAbstractButton* b : box->buttons()) {
          if (box->standardButton(const_cast<QAbstractButton*>(b)) != QDialogButtonBox::NoButton) {
            QVERIFY2(mnemonic(b->text()).isNull(), qPrintable(b->text()));
          }
        }
      }
    }
    window.actions().help->trigger();
    for (const QMessageBox* box : window.findChildren<QMessageBox*>()) checkAltKeys(*box);
  }

  // Enter in a field ends the typing; thousands of cells start by their button or Ctrl+Enter only.
  void enterInAFieldStartsNothing() {
    const auto dialog = smallSweep();
    dialog->show();
    QVERIFY(QTest::qWaitForWindowExposed(dialog.get()));
    QSignalSpy accepted(dialog.get(), &QDialog::accepted);
    QSignalSpy rejected(dialog.get(), &QDialog::rejected);
    auto* start = dialog->findChild<QPushButton*>(u"launchStart"_s);
    QVERIFY(start->isEnabled());
    QVERIFY2(start->text().contains(QString::number(dialog->cellCount())),
             qPrintable(start->text()));
    int fields = 0;
    for (QWidget* widget : dialog->findChildren<QWidget*>()) {
      if (qobject_cast<QPushButton*>(widget) || widget->focusPolicy() == Qt::NoFocus) continue;
      for (const Qt::Key key : {Qt::Key_Return, Qt::Key_Enter}) {
        widget->setFocus();
        QTest::keyClick(widget, key);
        QVERIFY2(accepted.isEmpty() && rejected.isEmpty() && dialog->isVisible(),
                 qPrintable(widget->objectName()));
      }
      ++fields;
    }
    QVERIFY(fields > 20);
    QVERIFY(!start->isDefault());
    auto* items = dialog->findChild<QSpinBox*>(u"launchItems"_s);
    QTest::keyClick(items, Qt::Key_Return, Qt::ControlModifier);
    if (dialog->cellCount() > 200) {  // with the suite; by key a large sweep is asked for twice
      QVERIFY(accepted.isEmpty());
      QVERIFY2(start->text().startsWith(u"Press again"_s), qPrintable(start->text()));
      QTest::keyClick(items, Qt::Key_Return, Qt::ControlModifier);
    }
    QCOMPARE(accepted.size(), qsizetype{1});
  }

  void enterPressesTheButtonThatHasTheFocus() {
    const auto dialog = smallSweep();
    dialog->show();
    QVERIFY(QTest::qWaitForWindowExposed(dialog.get()));
    dialog->activateWindow();
    QSignalSpy accepted(dialog.get(), &QDialog::accepted);
    auto* start = dialog->findChild<QPushButton*>(u"launchStart"_s);
    start->setFocus();
    QTRY_VERIFY(start->hasFocus());
    QTest::keyClick(start, Qt::Key_Return);
    if (dialog->cellCount() > 200) QTest::keyClick(start, Qt::Key_Return);
    QCOMPARE(accepted.size(), qsizetype{1});
  }

  // Nothing is started while there is nothing to start.
  void controlEnterNeedsCells() {
    const auto dialog = smallSweep();
    dialog->show();
    for (QCheckBox* box : dialog->findChildren<QCheckBox*>()) box->setChecked(false);
    QCOMPARE(dialog->cellCount(), std::size_t{0});
    QSignalSpy accepted(dialog.get(), &QDialog::accepted);
    QTest::keyClick(dialog->findChild<QSpinBox*>(u"launchItems"_s), Qt::Key_Return,
                    Qt::ControlModifier);
    QVERIFY(accepted.isEmpty());
  }

  void firstWindowFitsTheScreen() {
    for (const QSize screen :
         {QSize(1024, 768), QSize(1366, 768), QSize(1366, 728), QSize(800, 600)}) {
      const QSize size = sizeWithin({1440, 900}, screen);
      QVERIFY(size.width() <= screen.width() && size.height() < screen.height());
    }
    QCOMPARE(sizeWithin({1440, 900}, {1920, 1080}), QSize(1440, 900));
    MainWindow window;
    LaunchDialog launch("store.bfdb", nullptr, noPlan);
    for (QWidget* w : {static_cast<QWidget*>(&window), static_cast<QWidget*>(&launch)}) {
      w->show();
      const QSize most = w->screen()->availableSize().expandedTo(w->minimumSizeHint());
      QVERIFY2(w->width() <= most.width() && w->height() <= most.height(),
               qPrintable(w->objectName()));
    }
  }

  // What cannot be made smaller must not be larger than the smallest screen that is used.
  void everythingCanBeAsSmallAsTheSmallestScreen() {
    const QSize smallest(1016, 728);
    MainWindow window;
    window.show();
    LaunchDialog launch("store.bfdb", nullptr, noPlan);
    launch.show();
    ExportDialog dialog(figure());
    dialog.show();
    for (const QWidget* w : {static_cast<QWidget*>(&window), static_cast<QWidget*>(&launch),
                             static_cast<QWidget*>(&dialog)}) {
      const QSize least = w->minimumSizeHint().expandedTo(w->minimumSize());
      QVERIFY2(
          least.width() <= smallest.width() && least.height() <= smallest.height(),
          qPrintable(
              u"%1 needs %2 x %3"_s.arg(w->objectName()).arg(least.width()).arg(least.height())));
    }
  }
};

namespace {
const testing::Registered<DialogsTest> kDialogsTest;
}

}  // namespace bitfrontier

#include "dialogs_test.moc"

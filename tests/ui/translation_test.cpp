// SPDX-License-Identifier: GPL-3.0-or-later
#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDir>
#include <QGroupBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenuBar>
#include <QProcess>
#include <QTableView>
#include <QTest>
#include <QTranslator>

#include "tests/ui/conventions.h"
#include "tests/ui/registry.h"
#include "ui/settings/language.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr QChar kOpen(0x27e6), kClose(0x27e7);

/// Puts every text that goes through tr() into brackets.
class Brackets : public QTranslator {
 public:
  QString translate(const char*, const char* source, const char*, int) const override {
    return kOpen + QString::fromUtf8(source) + kClose;
  }
  bool isEmpty() const override { return false; }
};

/// Whether a person reads words here: not a number, a unit, a name of a type, a key or a file.
bool hasWords(const QString& text) {
  static const QRegularExpression token(uR"(^[-+a-z0-9_.,:%=<>/*# ×±²–]*$)"_s);
  static const QSet<QString> names{u"LaTeX"_s, u"JSON"_s, u"Python"_s, u"AICc"_s, u"PDF"_s,
                                   u"SVG"_s,   u"PNG"_s,  u"TeX"_s,    u"CSV"_s};
  if (names.contains(text)) return false;
  static const QRegularExpression word(u"[A-Za-z]{3,}"_s);
  return text.contains(word) && !token.match(text).hasMatch();
}

class Collector {
 public:
  /// A text that went through the translation contains `mark`.
  explicit Collector(const QRegularExpression& mark) : mark_(mark) {}

  void add(const QString& where, const QString& text) {
    if (hasWords(text) && !text.startsWith(u'/') && !text.contains(mark_))
      faults_ << where + u": "_s + text.left(100);
  }
  void addWidget(const QWidget& w) {
    const QString path = testing::widgetPath(&w);
    // The texts that core explains its own words with are in English everywhere.
    if (w.objectName().endsWith(u"_explanation"_s) || path.contains(u"ConfigEditor"_s) ||
        path.contains(u"launchTabs"_s) || path.contains(u"Device"_s)) {
      return;
    }
    if (path.contains(u"exportFont"_s)) return;  // names of fonts
    // Presets are named once, in the first language of a process; this one has several.
    if (path.contains(u"exportPreset"_s)) return;
    // Names of families, papers, models and tests, and sentences of core about laws.
    for (const QString& name :
         {u"nextFamily"_s, u"lawFamilyBox"_s, u"compareCorrection"_s, u"modelName"_s,
          u"budgetSet"_s, u"budgetSentence"_s, u"lawReason"_s}) {
      if (w.objectName() == name) return;
    }
    // What a store or a file of ours says; configurations; the languages' own names.
    if (w.inherits("QTextBrowser") || path.contains(u"fileName"_s) ||
        path.contains(u"launchConfigList"_s) || path.contains(u"prefLanguage"_s)) {
      return;
    }
    if (w.objectName() != u"plotNotes"_s) add(path + u" tip"_s, w.toolTip());  // reasons of laws
    add(path + u" name"_s, w.accessibleName());
    if (w.isWindow() && w.objectName() != u"mainWindow"_s) add(path + u" title"_s, w.windowTitle());
    if (const auto* label = qobject_cast<const QLabel*>(&w)) add(path, label->text());
    if (const auto* button = qobject_cast<const QAbstractButton*>(&w)) add(path, button->text());
    if (const auto* group = qobject_cast<const QGroupBox*>(&w)) add(path, group->title());
    if (const auto* edit = qobject_cast<const QLineEdit*>(&w)) add(path, edit->placeholderText());
    if (const auto* combo = qobject_cast<const QComboBox*>(&w)) {
      for (int i = 0; i < combo->count(); ++i) add(path, combo->itemText(i));
    }
    if (const auto* table = qobject_cast<const QTableView*>(&w); table && table->model()) {
      for (int c = 0; c < table->model()->columnCount(); ++c) {
        add(path, table->model()->headerData(c, Qt::Horizontal).toString());
        add(path, table->model()->headerData(c, Qt::Horizontal, Qt::ToolTipRole).toString());
      }
    }
  }
  void addWindow(const QWidget& window) {
    addWidget(window);
    for (const QWidget* w : window.findChildren<QWidget*>()) {
      if (w->window() == &window) addWidget(*w);
    }
  }
  const QStringList& faults() const { return faults_; }

 private:
  QRegularExpression mark_;
  QStringList faults_;
};

}  // namespace

/// Convention 29.
class TranslationTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { removeLanguage(); }

  void everyTextGoesThroughTr() {
    Brackets brackets;
    QCoreApplication::installTranslator(&brackets);
    {
      const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
      QVERIFY(window);
      Collector collector{QRegularExpression(kOpen)};
      for (const QAction* action : testing::peoplesActions(*window)) {
        if (action->objectName().startsWith(u"recent:"_s)) continue;
        collector.add(action->objectName(), action->text());
        collector.add(action->objectName(), action->toolTip());
        collector.add(action->objectName(), action->statusTip());
      }
      collector.addWindow(*window);
      testing::forEveryDialog(*window, [&](QDialog& dialog) { collector.addWindow(dialog); });
      QCoreApplication::removeTranslator(&brackets);
      for (const QString& fault : collector.faults()) qInfo().noquote() << fault;  // all of them
      QVERIFY2(collector.faults().isEmpty(), qPrintable(u"\n"_s + collector.faults().join(u'\n')));
    }
  }

  // Fails when a source has a text that the translation lacks: run ./dev translations.
  void theTranslationIsComplete() {
    const QString lupdate = u"/usr/lib/qt6/bin/lupdate"_s;
    if (!QFile::exists(lupdate)) QSKIP("lupdate (qt6-l10n-tools) is not installed");
    const QString source = QStringLiteral(BITFRONTIER_SOURCE_DIR);
    for (const QString& name : QDir(source + u"/resources/i18n"_s).entryList({u"*.ts"_s})) {
      const QString copy = testing::temporaryFile(name);
      QFile::remove(copy);
      QVERIFY(QFile::copy(source + u"/resources/i18n/"_s + name, copy));
      QProcess process;
      process.setWorkingDirectory(source);
      process.setProcessChannelMode(QProcess::MergedChannels);
      QStringList arguments{u"-silent"_s, u"-I"_s, u"."_s, u"-locations"_s, u"none"_s};
      if (name.endsWith(u"_en.ts"_s)) arguments << u"-pluralonly"_s;
      arguments << u"-extensions"_s << u"cpp,h"_s << u"ui"_s << u"app/gui"_s << u"-ts"_s << copy;
      process.start(lupdate, arguments);
      QVERIFY(process.waitForFinished(testing::kPatience));
      QCOMPARE(process.exitCode(), 0);
      process.start(u"python3"_s, {u"installer/untranslated.py"_s, copy});
      QVERIFY(process.waitForFinished(testing::kPatience));
      QVERIFY2(process.exitCode() == 0, process.readAll().constData());
    }
  }

  void theChineseWindowIsChinese() {
    bool there = false;
    for (const Language& l : languages()) there |= l.locale == u"zh_CN"_s;
    if (!there) QSKIP("built without lrelease (qt6-l10n-tools)");
    QCOMPARE(installLanguage(u"zh_CN"_s), u"zh_CN"_s);
    QLocale::setDefault(QLocale::c());  // numbers of the other tests
    const auto window = testing::shownWindow({1440, 900}, u"names.bfdb"_s);
    QVERIFY(window);
    static const QRegularExpression chinese(u"[\\x{4e00}-\\x{9fff}]"_s);
    for (const QAction* action : window->actions().all()) {
      if (action->objectName().startsWith(u"recent:"_s)) continue;
      QVERIFY2(action->text().contains(chinese), qPrintable(action->text()));
      QVERIFY2(action->statusTip().contains(chinese), qPrintable(action->statusTip()));
    }
    QStringList faults = testing::clippedTexts(*window);
    Collector collector(chinese);
    collector.addWindow(*window);
    testing::forEveryDialog(*window, [&](QDialog& dialog) {
      collector.addWindow(dialog);
      faults += testing::clippedTexts(dialog);
      if (!dialog.windowTitle().contains(chinese)) faults << dialog.windowTitle();
    });
    faults += collector.faults();
    for (const QString& fault : faults) qInfo().noquote() << fault;
    QVERIFY2(faults.isEmpty(), qPrintable(faults.join(u'\n')));
  }

  void pluralsAreWords() {
    bool there = false;
    for (const Language& l : languages()) there |= l.locale == u"zh_CN"_s;
    if (!there) QSKIP("built without lrelease (qt6-l10n-tools)");
    installLanguage(u"en"_s);
    QLocale::setDefault(QLocale::c());
    const auto say = [](int n) {
      return QCoreApplication::translate("bitfrontier::ManualWindow", "%n page(s)", nullptr, n);
    };
    QCOMPARE(say(1), u"1 page"_s);
    QCOMPARE(say(9), u"9 pages"_s);
  }

  void anUnknownLanguageIsEnglish() {
    QCOMPARE(installLanguage(u"xx_YY"_s), u"en"_s);
    QLocale::setDefault(QLocale::c());
  }
};

namespace {
const testing::Registered<TranslationTest> kTranslationTest;
}

}  // namespace bitfrontier

#include "translation_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QSpinBox>
#include <QTest>
#include <random>

#include "tests/ui/planted_runs.h"
#include "tests/ui/random_view.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/export/export_controller.h"
#include "ui/panels/budget/budget_controller.h"
#include "ui/runs/row_filter.h"
#include "ui/settings/app_settings.h"
#include "ui/view/exclusions.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr double kGb = 8e9;

QList<QLocale> locales() {
  return {QLocale::c(), QLocale(u"de_DE"_s), QLocale(u"fr_FR"_s), QLocale(u"zh_CN"_s),
          QLocale(u"hi_IN"_s)};
}

}  // namespace

/// Conventions 20 and 30: people read and write numbers in their own way, files have one way.
class LocaleTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() { QLocale::setDefault(QLocale::c()); }

  void memoryIsReadAsPeopleWriteIt() {
    const auto read = [](const QString& text) { return parseMemory(text).value_or(-1); };
    QCOMPARE(read(u"1.5 GB"_s), 1.5 * kGb);
    QCOMPARE(read(u"1,5 GB"_s), -1.);  // refused rather than read as 15
    for (const char* name : {"de_DE", "fr_FR"}) {
      QLocale::setDefault(QLocale(QString::fromLatin1(name)));
      QCOMPARE(read(u"1,5 GB"_s), 1.5 * kGb);
      QCOMPARE(read(u"1.5 GB"_s), 1.5 * kGb);  // as it is written elsewhere
      QCOMPARE(read(u"1,5,5 GB"_s), -1.);
    }
  }

  void whatIsShownIsReadBack() {
    std::mt19937 random(3);
    std::uniform_real_distribution<double> exponent(4.5, 13);
    for (const QLocale& locale : locales()) {
      QLocale::setDefault(locale);
      for (int i = 0; i < 300; ++i) {
        const double bits = std::pow(10, exponent(random));
        const QString shown = memoryText(bits);
        const auto back = parseMemory(shown);
        QVERIFY2(back, qPrintable(locale.name() + u": "_s + shown));
        QVERIFY2(std::abs(*back / bits - 1) < 6e-4, qPrintable(locale.name() + u": "_s + shown));
      }
    }
  }

  // Table files, laws, views and settings are the same wherever they are written.
  void filesAreTheSameEverywhere() {
    const QString store = testing::temporaryFile(u"locale.bfdb"_s);
    RunStore::open(store.toStdString()).addAll(testing::plantedRuns("opt", {"piqa"}));
    std::mt19937 random(9);
    const ViewState view = testing::randomView(random, true);
    QByteArray points, json, csv;
    std::string text;
    for (const QLocale& locale : locales()) {
      QLocale::setDefault(locale);
      MainWindow window;
      window.show();
      window.openStore(store.toStdString());
      QTRY_VERIFY(window.settled());
      auto* exports = window.findChild<ExportController*>();
      const LawSet& laws = *window.view().laws();
      const QByteArray nowPoints = exports->pointsFile(true);
      QVERIFY(nowPoints.count('\n') > 5);
      if (points.isEmpty()) {
        points = nowPoints;
        json = lawsFile(laws, u"laws.json"_s);
        csv = lawsFile(laws, u"laws.csv"_s);
        text = toJson(view).dump();
      }
      QCOMPARE(nowPoints, points);
      QCOMPARE(lawsFile(laws, u"laws.json"_s), json);
      QCOMPARE(lawsFile(laws, u"laws.csv"_s), csv);
      QVERIFY(toJson(view).dump() == text);
      QVERIFY(!text.empty() && viewStateFromJson(nlohmann::json::parse(text)) == view);
    }
  }

  // The filter is a language, which a view keeps: the same words mean the same everywhere.
  void theFilterIsOneLanguage() {
    const std::vector<LawPoint> points = testing::plantedFamily("opt");
    std::vector<bool> expected;
    for (const QLocale& locale : locales()) {
      QLocale::setDefault(locale);
      std::vector<bool> passed;
      for (const char* text : {"size<0.5GB", "acc>=61.5", "params>1e9"}) {
        const RowFilter filter{text};
        QVERIFY(filter.complaint().empty());
        for (const LawPoint& p : points) passed.push_back(filter.matches(p));
      }
      if (expected.empty()) expected = passed;
      QVERIFY(passed == expected);
      QVERIFY(std::count(passed.begin(), passed.end(), true) > 3);
      QVERIFY(std::count(passed.begin(), passed.end(), false) > 3);
    }
  }

  void numberFieldsTakeTheUsersPoint() {
    for (const QLocale& locale : locales()) {
      QLocale::setDefault(locale);
      MainWindow window;
      window.show();
      int fields = 0;
      for (auto* spin : window.findChildren<QDoubleSpinBox*>()) {
        if (spin->decimals() == 0) continue;
        ++fields;
        const double wanted = spin->minimum() + 3 * spin->singleStep();
        auto* edit = spin->findChild<QLineEdit*>();
        edit->setText(spin->prefix() + spin->locale().toString(wanted, 'f', spin->decimals()) +
                      spin->suffix());
        spin->interpretText();
        QVERIFY2(std::abs(spin->value() - wanted) < 1e-9,
                 qPrintable(locale.name() + u": "_s + edit->text()));
        QCOMPARE(spin->locale().decimalPoint(), locale.decimalPoint());
      }
      QVERIFY(fields >= 1);
    }
  }

  // 2026-02-01 is the same day for everybody.
  void daysAreWrittenOneWay() {
    const std::vector<LawPoint> points = testing::plantedFamily("opt");
    static const QRegularExpression iso(u"^\\d{4}-\\d{2}-\\d{2}$"_s);
    for (const QLocale& locale : locales()) {
      QLocale::setDefault(locale);
      const auto refs = refsOf(points, std::vector<std::string>{pointKey(points.front())});
      const ViewOptions options = withExcluded({}, refs, "a reason");
      QCOMPARE(options.exclusions.size(), std::size_t{1});
      const QString day = QString::fromStdString(options.exclusions.front().date);
      QVERIFY2(iso.match(day).hasMatch(), qPrintable(day));
    }
  }
};

namespace {
const testing::Registered<LocaleTest> kLocaleTest;
}

}  // namespace bitfrontier

#include "locale_test.moc"

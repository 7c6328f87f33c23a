// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/app_settings.h"

#include <QTest>
#include <random>

#include "tests/ui/random_view.h"
#include "tests/ui/registry.h"
#include "ui/base/notice.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

/// What the next start has of the one before, without any session.
class SettingsTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void cleanup() {
    QSettings(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s, u"bitfrontier"_s)
        .clear();
  }

  // How a user likes to look at stores is remembered; what was asked of one store is not.
  void looksAreRememberedAndQuestionsAreNot() {
    std::mt19937 random(5);
    for (int i = 0; i < 20; ++i) {
      ViewOptions before = testing::randomView(random, true).options;
      if (before.x == XAxis::Seconds) before.x = XAxis::Parameters;
      before.series = SeriesKey::BlockSize;
      AppSettings().setViewOptions(before);
      ViewOptions expected;  // a fresh one, with only these
      expected.metric = before.metric;
      expected.rule = before.rule;
      expected.series = before.series;
      expected.fits = before.fits;
      expected.means = before.means;
      expected.frontier = before.frontier;
      expected.errorBars = before.errorBars;
      expected.x = before.x;
      expected.xLog = before.xLog;
      expected.yLog = before.yLog;
      expected.context = before.context;
      expected.rings = before.rings;
      expected.labels = before.labels;
      expected.lossless = before.lossless;
      expected.losslessBits = before.losslessBits;
      QVERIFY(AppSettings().viewOptions() == expected);
    }
  }

  // Most stores have no times: remembered, they would make the first sight an empty plot.
  void timeOnTheAxisIsOfOneStore() {
    ViewOptions options;
    options.x = XAxis::Parameters;
    AppSettings().setViewOptions(options);
    options.x = XAxis::Seconds;
    AppSettings().setViewOptions(options);
    QCOMPARE(AppSettings().viewOptions().x, XAxis::Parameters);
  }

  void nonsenseInTheFileIsPassedOver() {
    QSettings file(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s, u"bitfrontier"_s);
    for (const QVariant& value : {QVariant(99), QVariant(-7), QVariant(u"x"_s)}) {
      for (const QString& key : {u"view/x"_s, u"view/losslessBits"_s, u"view/context"_s}) {
        file.setValue(key, value);
      }
      file.sync();
      const ViewOptions fresh, options = AppSettings().viewOptions();
      QCOMPARE(options.x, fresh.x);
      QCOMPARE(options.losslessBits, fresh.losslessBits);
      QCOMPARE(options.context, value == 99 ? 99 : fresh.context);
    }
  }

  // What stays until it is closed covers nothing; what goes by itself moves nothing.
  void aLineThatStaysCoversNothing() {
    QWidget window;
    auto* rows = new QVBoxLayout(&window);
    rows->setContentsMargins(0, 0, 0, 0);
    auto* plot = new QWidget;
    rows->addWidget(plot, 1);
    Notice notice(&window, rows);
    window.resize(500, 300);
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    const QRect whole = plot->geometry();
    notice.say(u"The last session could not be read."_s, 0);
    QTRY_VERIFY(notice.isVisible() && plot->height() < whole.height());
    QVERIFY(!notice.geometry().intersects(plot->geometry()));
    QVERIFY(window.rect().contains(notice.geometry()));
    notice.say(u"Saved"_s, 8);
    QTRY_COMPARE(plot->geometry(), whole);
    QVERIFY(window.rect().contains(notice.geometry()));
    notice.say(u"It is gone."_s, 0);
    QTRY_VERIFY(plot->height() < whole.height());
    notice.hide();
    QTRY_COMPARE(plot->geometry(), whole);
  }
};

namespace {
const testing::Registered<SettingsTest> kSettingsTest;
}

}  // namespace bitfrontier

#include "settings_test.moc"

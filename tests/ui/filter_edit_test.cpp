// SPDX-License-Identifier: GPL-3.0-or-later
// Filters that are written for the user, and what the line offers while one is typed.
#include <QAbstractItemView>
#include <QSignalSpy>
#include <QTest>
#include <random>

#include "tests/ui/planted_runs.h"
#include "tests/ui/registry.h"
#include "ui/runs/filter_box.h"
#include "ui/runs/row_filter.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using Strings = std::vector<std::string>;

QString with(const char* filter, const char* field, const Strings& values,
             TermSign sign = TermSign::Only) {
  return QString::fromStdString(withTerm(filter, field, values, sign));
}

}  // namespace

class FilterEditTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void termsAreAddedReplacedAndRemoved() {
    QCOMPARE(with("", "family", {"opt"}), u"family:opt"_s);
    QCOMPARE(with("bits>=3", "family", {"opt", "bloom"}), u"bits>=3 family:opt,bloom"_s);
    QCOMPARE(with("bits>=3 family:opt acc>40", "family", {"bloom"}),
             u"bits>=3 family:bloom acc>40"_s);
    QCOMPARE(with("family:opt bits:4", "family", {}), u"bits:4"_s);
    QCOMPARE(with("family:opt", "family", {}), QString());
    QCOMPARE(with("opt and family:opt and bits:3", "family", {}), u"opt and bits:3"_s);
    QCOMPARE(with("family:opt and bits:3", "family", {}), u"bits:3"_s);
    QCOMPARE(with("bits >= 3 x", "bits", {"4"}), u"bits:4 x"_s);
    QCOMPARE(with("", "model", {"a b", "c,d"}), u"model:\"a b\",\"c,d\""_s);
    QCOMPARE(with("x", "colour", {"red"}), u"x"_s);  // there is no such field
  }

  void leavingOutIsATermOfItsOwn() {
    QCOMPARE(with("family:opt", "model", {"opt-1"}, TermSign::LeaveOut),
             u"family:opt -model:opt-1"_s);
    QCOMPARE(with("-model:a x", "model", {"a", "b"}, TermSign::LeaveOut), u"-model:a,b x"_s);
    QCOMPARE(with("family:opt -model:a", "model", {}, TermSign::LeaveOut), u"family:opt"_s);
    // What is wanted alone is not left out as well.
    QCOMPARE(with("-family:opt bits:3", "family", {"opt"}), u"family:opt bits:3"_s);
    QCOMPARE(with("family!=opt bits:3", "family", {"opt"}), u"family:opt bits:3"_s);
    QCOMPARE(with("family:opt", "family", {"iml"}, TermSign::LeaveOut),
             u"family:opt -family:iml"_s);
  }

  // What is added holds for every alternative.
  void alternativesAreBracketed() {
    QCOMPARE(with("a or b", "family", {"opt"}), u"(a or b) family:opt"_s);
    QCOMPARE(with("(family:a or b) bits:3", "family", {"opt"}),
             u"(family:a or b) bits:3 family:opt"_s);
  }

  // "opt" is part of "opt-iml": then the whole text is meant.
  void valuesThatArePartsOfOthersAreWhole() {
    const Strings known{"opt", "opt-iml", "bloom"};
    const auto written = [&](const Strings& values) {
      return QString::fromStdString(withTerm("", "family", values, TermSign::Only, known));
    };
    QCOMPARE(written({"opt"}), u"family==opt"_s);
    QCOMPARE(written({"bloom"}), u"family:bloom"_s);
    QCOMPARE(written({"opt", "opt-iml"}), u"family:opt,opt-iml"_s);
    const RowFilter filter("family==opt");
    RunRecord run = testing::plantedRun("opt", 1e8, 4, "t");
    QVERIFY(filter.matches(run));
    run.family = "OPT";
    QVERIFY(filter.matches(run));
    run.family = "opt-iml";
    QVERIFY(!filter.matches(run));
    QVERIFY(RowFilter("family:opt").matches(run));
    QVERIFY(RowFilter("-family==opt").matches(run));
    QVERIFY(RowFilter("family==bloom,opt-iml").matches(run));
    QCOMPARE(RowFilter("bits==4").complaint(), std::string());
  }

  void valuesAreReadBackAsTyped() {
    QCOMPARE(termValues("bits:4 family:OPT,bloom", "family"), (Strings{"OPT", "bloom"}));
    QCOMPARE(termValues("-model:\"A b\",c", "model", TermSign::LeaveOut), (Strings{"A b", "c"}));
    QCOMPARE(termValues("-model:a", "model"), Strings());
    QCOMPARE(termValues("a or family:b", "family"), Strings());
  }

  // Whatever is there: the new term decides its field, and the rest filters as before.
  void theRestFiltersAsBefore() {
    std::mt19937 random(7);
    const Strings parts{"family:opt", "-family:bloom", "bits>=4",         "bits:3,4", "acc>50",
                        "or",         "and",           "(opt or bits:3)", "-task:t",  "opt",
                        "\"a b\"",    "-bits:16",      "size<1GB",        "not",      "model:1",
                        "("};
    auto runs = testing::plantedRuns("opt", {"t", "u"});
    for (const RunRecord& run : testing::plantedRuns("bloom", {"t"})) runs.push_back(run);
    for (int round = 0; round < 400; ++round) {
      std::string text;
      for (unsigned n = random() % 6; n > 0; --n) text += parts[random() % parts.size()] + " ";
      const std::string only = withTerm(text, "source", {"measured"});
      const RowFilter before(text), after(only);
      if (!before.complaint().empty()) continue;
      for (const RunRecord& run : runs) {
        QVERIFY2(before.matches(run) == after.matches(run), (text + " -> " + only).c_str());
      }
      const std::string none = withTerm(only, "source", {});
      for (const RunRecord& run : runs) {
        QVERIFY2(before.matches(run) == RowFilter(none).matches(run), none.c_str());
      }
      const RowFilter family(withTerm(text, "family", {"bloom"}));
      for (const RunRecord& run : runs) {
        if (family.matches(run)) QCOMPARE(run.family, std::string("bloom"));
      }
    }
  }

  void nonsenseIsNeverMadeWorse() {
    std::mt19937 random(9);
    const std::string alphabet = "ab:=<>!-,.()| 03\t\"*bitsorand";
    for (int i = 0; i < 3000; ++i) {
      std::string text;
      for (unsigned n = random() % 24; n > 0; --n) text += alphabet[random() % alphabet.size()];
      withTerm(text, "bits", {"4"});
      withTerm(text, "model", {text}, TermSign::LeaveOut, Strings{text, "a"});
      termValues(text, "bits");
      completeFilter(text, random() % 30, {{"model", {"a", "b c"}}});
      QVERIFY(parseFilter(text).place <= text.size());
    }
  }

  void wordsForCodesAreUnderstood() {
    RunRecord run = testing::plantedRun("opt", 1e8, 4, "t");
    QVERIFY(RowFilter("type:integer").matches(run));
    QVERIFY(RowFilter("type:int").matches(run));
    QVERIFY(RowFilter("method:\"round to nearest\"").matches(run));
    run.dataType = "nf";
    QVERIFY(RowFilter("type:normal").matches(run));
    QVERIFY(!RowFilter("type:float").matches(run));  // a normal float is another type
  }

  void theFieldsAndTheirValuesAreOffered() {
    auto runs = testing::plantedRuns("opt", {"piqa", "lambada"});
    for (const RunRecord& run : testing::plantedRuns("opt iml", {"piqa"})) runs.push_back(run);
    const FieldWords words = fieldWords(*rowsOf(runs));
    QCOMPARE(words.at("family"), (Strings{"opt", "opt iml"}));
    QCOMPARE(words.at("task"), (Strings{"lambada", "piqa"}));
    QCOMPARE(words.at("source"), Strings{"measured"});
    // 100M, 200M, 400M, 800M, 1600M: as numbers, not as texts.
    QCOMPARE(words.at("model").front(), std::string("opt iml-100M"));
    QCOMPARE(words.at("model").back(), std::string("opt-1600M"));
    const auto offered = [&](const std::string& text) {
      return completeFilter(text, text.size(), words).words;
    };
    QCOMPARE(offered("fa"), Strings{"family:"});
    QCOMPARE(offered("bits:4 -fam"), Strings{"family:"});
    QCOMPARE(offered("b"), (Strings{"bits>=", "block>="}));
    QCOMPARE(offered("task:"), (Strings{"lambada", "piqa"}));
    QCOMPARE(offered("task:lambada,p"), Strings{"piqa"});
    QCOMPARE(offered("family:I"), Strings{"\"opt iml\""});
    QCOMPARE(offered("bits>=3 "), Strings());
    QCOMPARE(offered("xyz"), Strings());
    const FilterCompletion at = completeFilter("-task:pi bits:3", 8, words);
    QCOMPARE(at.begin, std::size_t{6});
    QCOMPARE(at.end, std::size_t{8});
  }

  void theLineCompletesAndComplains() {
    QWidget window;
    auto* box = new FilterBox(&window);
    box->resize(400, box->sizeHint().height());
    window.resize(500, 200);
    box->setWords(std::make_shared<const FieldWords>(
        FieldWords{{"family", {"bloom", "opt"}}, {"task", {"piqa"}}}));
    window.show();
    QVERIFY(QTest::qWaitForWindowExposed(&window));
    window.activateWindow();
    box->setFocus();
    QTRY_VERIFY(box->hasFocus());
    QTest::keyClicks(box, u"fam"_s);
    QTRY_COMPARE(box->offered(), QStringList{u"family:"_s});
    auto* list = window.findChild<QAbstractItemView*>(u"filterCompletions"_s);
    if (!list) {
      for (QWidget* w : QApplication::topLevelWidgets()) {
        if (w->objectName() == u"filterCompletions"_s) list = qobject_cast<QAbstractItemView*>(w);
      }
    }
    QVERIFY(list);
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(box->text(), u"family:"_s);
    QTRY_COMPARE(box->offered(), (QStringList{u"bloom"_s, u"opt"_s}));
    QTest::keyClicks(box, u"o"_s);
    QTRY_COMPARE(box->offered(), (QStringList{u"opt"_s, u"bloom"_s}));
    QTest::keyClick(list, Qt::Key_Down);
    QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(box->text(), u"family:opt"_s);
    QVERIFY(box->complaint().isEmpty());
    QTest::keyClicks(box, u" colour:red"_s);
    QTRY_COMPARE(box->complaint(), u"Character 12: unknown field \"colour\""_s);
    box->clear();
    QTRY_VERIFY(box->complaint().isEmpty());
  }
};

namespace {
const testing::Registered<FilterEditTest> kFilterEditTest;
}

}  // namespace bitfrontier

#include "filter_edit_test.moc"

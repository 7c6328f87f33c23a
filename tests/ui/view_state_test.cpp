// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/view_state.h"

#include <nlohmann/json.hpp>
#include <QTest>
#include <random>

#include "core/base/error.h"
#include "tests/ui/random_view.h"
#include "tests/ui/registry.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

using testing::randomView;

class ViewStateTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everyStateReadsBackEqual() {
    std::mt19937 random(20);
    for (int i = 0; i < 500; ++i) {
      const ViewState state = randomView(random);
      std::vector<std::string> complaints;
      const ViewState back = parseViewState(viewStateText(state), "view", &complaints);
      QVERIFY2(complaints.empty(), complaints.empty() ? "" : complaints.front().c_str());
      QVERIFY2(back == state, viewStateText(state).c_str());
    }
  }

  // A member that is written but not read, or not written at all, is found by changing each.
  void everyOptionIsKept() {
    const std::string plain = viewStateText(ViewState());
    std::mt19937 random(3);
    const ViewState other = randomView(random, true);  // differs in every member
    const auto mine = toJson(ViewState())["options"], theirs = toJson(other)["options"];
    for (const auto& [name, value] : mine.items()) {
      QVERIFY2(value != theirs[name], name.c_str());
      nlohmann::ordered_json one = toJson(ViewState());
      one["options"][name] = theirs[name];
      QVERIFY2(viewStateText(parseViewState(one.dump(), "view")) != plain, name.c_str());
    }
  }

  void namesThatAreNoUtf8AreWritten() {
    ViewState state;
    state.store = "/data/\xff\xfe.bfdb";
    QVERIFY(parseViewState(viewStateText(state), "view").store.starts_with("/data/"));
  }

  void whatIsNotKnownIsNamed() {
    auto json = toJson(ViewState());
    json["options"]["colour"] = "red";
    json["mood"] = 3;
    std::vector<std::string> complaints;
    QVERIFY(viewStateFromJson(json, &complaints) == ViewState());
    QCOMPARE(complaints.size(), std::size_t{2});
    QCOMPARE(complaints[0], std::string("mood: not known to this program"));
    QCOMPARE(complaints[1], std::string("options.colour: not known to this program"));
  }

  void whatIsOfAnotherKindFallsBackAndIsNamed() {
    const std::vector<std::tuple<std::string, std::string, std::string>> cases{
        {"/options/fits", "1", "options.fits: not true or false"},
        {"/options/metric", "\"speed\"", "options.metric: not one of accuracy, cross-entropy"},
        {"/options/filter", "[]", "options.filter: not a text"},
        {"/options/exclusions", "{}", "options.exclusions: not a list"},
        {"/options/exclusions", "[{\"point\": 3}]", "options.exclusions[0].point: not a text"},
        {"/options/exclusions", "[{\"point\": \"opt int4\"}]",
         "options.exclusions: an exclusion needs a point and a reason"},
        {"/options", "null", "options: not an object"},
        {"/range", "{\"x\": [2, 1], \"y\": [0, 1]}",
         "range.x: not two numbers, the lower one first"},
        {"/range", "{\"x\": [1, 2, 3], \"y\": [0, 1]}",
         "range.x: not two numbers, the lower one first"},
        {"/hidden/families", "[\"opt\", 3]", "hidden.families[1]: not a text"},
        {"/selected", "\"all\"", "selected: not a list"},
        {"/tables", "[]", "tables: not an object"},
        {"/tables", "{\"pointView\": 3}", "tables.pointView: not an object"},
    };
    for (const auto& [place, value, sentence] : cases) {
      nlohmann::json json = toJson(ViewState());
      json[nlohmann::json::json_pointer(place)] = nlohmann::json::parse(value);
      std::vector<std::string> complaints;
      const ViewState state = parseViewState(json.dump(), "a.json", &complaints);
      QCOMPARE(complaints.size(), std::size_t{1});
      QCOMPARE(complaints[0], "a.json: " + sentence);
      QVERIFY(state.options == ViewOptions());
      QVERIFY(!state.range);
    }
  }

  void otherVersionsAreRefused() {
    for (const char* text : {"{}", "[]", "3", "{\"version\": 2}", "{\"version\": \"1\"}"}) {
      try {
        parseViewState(text, "v.json");
        QFAIL(text);
      } catch (const Error& e) {
        QVERIFY2(std::string(e.what()).starts_with("v.json: "), e.what());
        QCOMPARE(e.kind(), ErrorKind::Format);
      }
    }
  }

  // Whatever happens to a file, reading it ends in a view or in one Error.
  void damagedTextNeverCrashes() {
    std::mt19937 random(5);
    int read = 0, refused = 0;
    for (int i = 0; i < 2000; ++i) {
      std::string text = viewStateText(randomView(random));
      for (int change = static_cast<int>(random() % 4); change >= 0; --change) {
        const std::size_t at = random() % text.size();
        if (random() % 2) {
          text[at] = "0123456789[]{}\",:x\xff"[random() % 19];
        } else {
          text.erase(at, random() % 40);
          text += ' ';
        }
      }
      try {
        std::vector<std::string> complaints;
        const ViewState state = parseViewState(text, "view", &complaints);
        const std::string again = viewStateText(parseViewState(viewStateText(state), "view"));
        QVERIFY2(parseViewState(viewStateText(state), "view") == state,
                 (viewStateText(state) + again).c_str());
        ++read;
      } catch (const Error&) {
        ++refused;
      }
    }
    QVERIFY(read > 100 && refused > 100);
  }
};

namespace {
const testing::Registered<ViewStateTest> kViewStateTest;
}

}  // namespace bitfrontier

#include "view_state_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
#include <nlohmann/json.hpp>
#include <QTest>
#include <random>

#include "tests/ui/planted_runs.h"
#include "tests/ui/random_view.h"
#include "tests/ui/registry.h"
#include "ui/view/exclusions.h"
#include "ui/view/undo.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// A view without a window.
struct Held {
  ViewState state;
  ViewUndo undo{[this] { return state; },
                [this](const ViewState& s, bool zoom) {
                  state.options = s.options;
                  state.sourceChosen = s.sourceChosen;
                  state.metricChosen = s.metricChosen;
                  state.hidden = s.hidden;
                  if (zoom) state.range = s.range;
                }};
};

/// One random edit of one kind.
void edit(ViewState& state, std::mt19937& random) {
  const ViewState other = testing::randomView(random);
  switch (random() % 6) {
    case 0:
      state.options.filter = other.options.filter;
      break;
    case 1:
      state.options.exclusions = other.options.exclusions;
      break;
    case 2:
      state.options.baseline = other.options.baseline;
      break;
    case 3:
      state.hidden = other.hidden;
      break;
    case 4:
      state.options.fits = !state.options.fits;
      break;
    default:
      state.options = other.options;
  }
}

std::string textOf(ViewState state) { return viewStateText(state); }

}  // namespace

class UndoTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void undoingAllAndRedoingAllPassesEveryState() {
    std::mt19937 random(7);
    for (int round = 0; round < 40; ++round) {
      Held held;
      std::vector<std::string> states{textOf(held.state)};
      for (int i = 0; i < 25; ++i) {
        edit(held.state, random);
        held.undo.record();
        // One more, or the last one with what was typed on, or that gone for nothing.
        states.resize(static_cast<std::size_t>(held.undo.stack().index()) + 1);
        states.back() = textOf(held.state);
      }
      QCOMPARE(static_cast<std::size_t>(held.undo.stack().count()), states.size() - 1);
      for (std::size_t i = states.size() - 1; i-- > 0;) {
        held.undo.stack().undo();
        QCOMPARE(textOf(held.state), states[i]);
      }
      QVERIFY(!held.undo.stack().canUndo());
      for (std::size_t i = 1; i < states.size(); ++i) {
        held.undo.stack().redo();
        QCOMPARE(textOf(held.state), states[i]);
      }
    }
  }

  void typingIsOneEdit() {
    Held held;
    held.state.options.fits = false;
    held.undo.record();
    for (const char* text : {"f", "family", "family:", "family:opt", "family:op"}) {
      held.state.options.filter = text;
      held.undo.record();
    }
    QCOMPARE(held.undo.stack().count(), 2);
    held.state.options.filter = "bits>=3";  // another filter
    held.undo.record();
    QCOMPARE(held.undo.stack().count(), 3);
    held.undo.stack().undo();
    QCOMPARE(held.state.options.filter, std::string("family:op"));
    held.undo.stack().undo();
    QCOMPARE(held.state.options.filter, std::string());
    QVERIFY(!held.state.options.fits);
  }

  // What the view does by itself is neither an edit nor lost by one.
  void whatFollowsTheStoreSurvives() {
    Held held;
    held.state.options.filter = "opt";
    held.undo.record();
    held.state.options.source = SourceChoice::Measured;
    held.undo.follow();
    QCOMPARE(held.undo.stack().count(), 1);
    held.state.options.means = true;
    held.undo.record();
    held.undo.stack().undo();
    held.undo.stack().undo();
    QCOMPARE(held.state.options.source, SourceChoice::Measured);
    QCOMPARE(held.state.options.filter, std::string());
  }

  void textsSayWhatIsTakenBack() {
    Held held;
    const std::vector<PointRef> three{{"1", "a int4"}, {"2", "b int4"}, {"3", "c int4"}};
    held.state.options = withExcluded(held.state.options, three, "diverged");
    held.undo.record();
    QCOMPARE(held.undo.stack().undoText(), u"exclude 3 points"_s);
    held.state.options = withTakenBack(held.state.options, std::span(three).first(1));
    held.undo.record();
    QCOMPARE(held.undo.stack().undoText(), u"take back 1 point"_s);
    held.state.options.baseline = three.front();
    held.undo.record();
    QCOMPARE(held.undo.stack().undoText(), u"set baseline"_s);
    held.state.hidden.hiddenFamilies = {u"opt"_s};
    held.undo.record();
    QCOMPARE(held.undo.stack().undoText(), u"show or hide series"_s);
  }

  void theWindowUndoesFromItsMenu() {
    MainWindow window;
    window.show();
    const auto file = testing::temporaryFile(u"undo.bfdb"_s).toStdString();
    RunStore::open(file).addAll(testing::plantedRuns("opt", {"piqa"}));
    window.openStore(file);
    QTRY_VERIFY(window.settled());
    const Actions& a = window.actions();
    QVERIFY(!a.undo->isEnabled() && !a.redo->isEnabled());
    QVERIFY(!a.undo->statusTip().isEmpty());
    QCOMPARE(a.undo->shortcut(), QKeySequence(u"Ctrl+Z"_s));
    QCOMPARE(a.redo->shortcuts(),
             (QList<QKeySequence>{QKeySequence(u"Ctrl+Shift+Z"_s), QKeySequence(u"Ctrl+Y"_s)}));

    std::vector<ViewState> states{window.viewState()};
    const auto done = [&] {
      states.push_back(window.viewState());
      QCOMPARE(static_cast<std::size_t>(window.keeper().undo().stack().count()) + 1, states.size());
    };
    ViewOptions options = window.view().options();
    options.filter = "bits:3,4";
    window.view().setOptions(options);
    done();
    QTRY_VERIFY(window.settled());
    window.plot().setVisibility({{u"3 bit"_s}, {}, {}, {}});
    done();
    options.exclusions =
        withExcluded(options, std::vector{pointRef(window.plot().points()[2])}, "planted")
            .exclusions;
    window.view().setOptions(options);
    done();
    // A filter that leaves nothing of what is hidden must not lose that it is hidden.
    options.filter = "bits:4";
    window.view().setOptions(options);
    done();
    QTRY_VERIFY(window.settled());
    a.fits->trigger();
    done();
    options = window.view().options();
    options.metric = LawMetric::CrossEntropy;
    window.view().setOptions(options);
    done();
    QTRY_VERIFY(window.settled());
    for (std::size_t i = states.size() - 1; i-- > 0;) {
      QVERIFY2(a.undo->text().startsWith(u"&Undo "_s), qPrintable(a.undo->text()));
      a.undo->trigger();
      QTRY_VERIFY(window.settled());
      QCOMPARE(viewStateText(window.viewState()), viewStateText(states[i]));
    }
    for (std::size_t i = 1; i < states.size(); ++i) {
      a.redo->trigger();
      QTRY_VERIFY(window.settled());
      QCOMPARE(viewStateText(window.viewState()), viewStateText(states[i]));
    }
    // Another store: its points are not those that were edited.
    const auto other = testing::temporaryFile(u"undo-other.bfdb"_s).toStdString();
    RunStore::open(other).addAll(testing::plantedRuns("bloom", {"piqa"}));
    window.openStore(other);
    QTRY_VERIFY(window.session().path() == std::filesystem::path(other) && window.settled());
    QVERIFY(!a.undo->isEnabled() && !a.redo->isEnabled());
    QVERIFY(window.view().options().exclusions.empty());
    QVERIFY(window.plot().visibility() == PlotVisibility());
  }
};

namespace {
const testing::Registered<UndoTest> kUndoTest;
}

}  // namespace bitfrontier

#include "undo_test.moc"

// SPDX-License-Identifier: GPL-3.0-or-later
// The grid of the launch dialog: which cells are run, what they come to, and what a user can do.
#include <QDir>
#include <QFile>
#include <QHeaderView>
#include <QJsonArray>
#include <QJsonDocument>
#include <QPushButton>
#include <QTableView>
#include <QTest>

#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/launch/config_words.h"
#include "ui/launch/launch_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using State = SweepGrid::State;

/// Two models under three configurations on two tasks: one done, one too big.
LaunchChoice choice() {
  LaunchChoice c;
  c.models = {"/m/small", "/m/large"};
  c.tasks = {"/t/a.jsonl", "/t/b.jsonl"};
  c.configs.grid = {{3, 4, 16}, {DataType::Int}, {64}};
  return c;
}

SweepPreview preview() {
  SweepPreview p;
  p.models = {{"small", 1e6, {}}, {"large", 1e9, {}}};
  p.tasks = {"a", "b"};
  p.configs = 3;
  p.pairs.resize(6);
  p.memoryLimit = 1000;
  p.diskFree = 1'000'000'000;
  for (PairPreview& pair : p.pairs) {
    pair.tasks = 2;
    pair.seconds = 10;
    pair.openBytes = 2000;
    pair.memory.original = 100;
  }
  p.pairs[0].done = 2;  // small fp16
  p.pairs[0].seconds = p.pairs[0].openBytes = 0;
  p.pairs[1].done = 1;                // small int3: in part
  p.pairs[5].memory.original = 5000;  // large int4
  p.low = 0.5;
  p.high = 2;
  return p;
}

SweepGrid grid() {
  SweepGrid g;
  g.setChoice(choice(), configurations(choice().configs));
  g.setPreview(preview());
  return g;
}

SweepPreview look(const SweepSpec& spec, const std::filesystem::path&, const PreviewDevice&,
                  const JobContext&) {
  SweepPreview p;
  p.configs = spec.configs.size();
  for (const auto& model : spec.models) p.models.push_back({model.filename().string(), 1e6, {}});
  for (std::size_t i = 0; i < spec.tasks.size(); ++i) p.tasks.push_back("t");
  p.pairs.resize(spec.models.size() * spec.configs.size());
  for (PairPreview& pair : p.pairs) {
    pair.tasks = spec.tasks.size();
    pair.seconds = 1;
  }
  return p;
}

void untick(QAbstractItemModel& list) {
  for (int row = 0; row < list.rowCount(); ++row)
    list.setData(list.index(row, 0), Qt::Unchecked, Qt::CheckStateRole);
}

/// Two models, 16 bit and int with 3 and 4 bits in blocks of 64, one task.
std::unique_ptr<LaunchDialog> dialog() {
  auto made = std::make_unique<LaunchDialog>("store.bfdb", nullptr, look);
  for (const QString& name : {u"launchModels"_s, u"launchTasks"_s})
    untick(*made->findChild<QListView*>(name)->model());
  for (QCheckBox* box : made->findChildren<QCheckBox*>()) box->setChecked(false);
  for (const QString& name : {u"grid-a"_s, u"grid-b"_s}) {
    const QString folder = testing::temporaryFile(name);
    QDir().mkpath(folder);
    for (const QString& file : {folder + u"/config.json"_s, folder + u"/task.jsonl"_s}) {
      QFile out(file);
      if (out.open(QIODevice::WriteOnly)) out.write("{}\n");
    }
    made->addModel(folder.toStdString());
  }
  made->addTask(testing::temporaryFile(u"grid-a/task.jsonl"_s).toStdString());
  for (const QString& name : {u"bits3"_s, u"bits4"_s, u"bits16"_s, u"type_int"_s, u"block64"_s})
    made->findChild<QCheckBox*>(name)->setChecked(true);
  return made;
}

QString startText(const LaunchDialog& dialog) {
  return dialog.findChild<QPushButton*>(u"launchStart"_s)->text();
}

}  // namespace

class GridTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void statesAndTotals() {
    const SweepGrid g = grid();
    QCOMPARE(g.state(0, 0), State::Done);
    QCOMPARE(g.state(0, 1), State::Part);
    QCOMPARE(g.state(0, 2), State::New);
    QCOMPARE(g.state(1, 2), State::TooBig);
    const SweepGrid::Totals t = g.totals();
    QCOMPARE(t.cells, std::size_t{12});
    QCOMPARE(t.done, std::size_t{3});
    QCOMPARE(t.tooBig, std::size_t{2});
    QCOMPARE(t.open, std::size_t{12 - 3 - 2});
    QCOMPARE(t.low, 0.5 * 4 * 10);
    QCOMPARE(t.high, 2.0 * 4 * 10);
    QCOMPARE(t.diskBytes, 4 * 2000.0);
    QCOMPARE(t.peakMemory, std::int64_t{100});
    QVERIFY(g.leftOut() == (std::set<LeftOutCell>{{"/m/large", "int4-b64"}}));
  }

  void cellsThatAreLeftOutStayLeftOutWhenOthersAreTicked() {
    SweepGrid g = grid();
    g.setChosen(0, 2, false);
    LaunchChoice more = choice();
    more.models.insert(more.models.begin(), "/m/new");
    g.setChoice(more, configurations(more.configs));
    QCOMPARE(g.state(0, 2), State::Unknown);
    QCOMPARE(g.state(1, 2), State::Off);  // small, one row further down
    g.setChosen(1, 2, true);
    QCOMPARE(g.state(1, 2), State::Unknown);
  }

  // What does not fit is left out unless it is asked for.
  void tooBigCellsCanBeRunAllTheSame() {
    SweepGrid g = grid();
    g.setChosen(1, 2, true);
    QCOMPARE(g.state(1, 2), State::New);
    QVERIFY(g.leftOut().empty());
    g.setChosen(1, 2, false);
    QCOMPARE(g.state(1, 2), State::Off);
  }

  void queuedCellsAreNotRunTwice() {
    SweepGrid g = grid();
    g.setQueued({{"/m/small", "int4-b64"}});
    QCOMPARE(g.state(0, 2), State::Queued);
    QCOMPARE(g.totals().high, 2.0 * 3 * 10);
  }

  void tipsSayWhatIsKnown() {
    SweepPreview p = preview();
    p.pairs[2].stale = StaleRun{StaleRun::Field::ItemLimit, "a", "200", "100"};
    SweepGrid g;
    g.setChoice(choice(), configurations(choice().configs));
    g.setPreview(p);
    const QString tip = g.describe(0, 2);
    for (const QString& part :
         {u"int4-b64"_s, u"4-bit int, blocks of 64"_s, u"200, now 100"_s, u"weights"_s})
      QVERIFY2(tip.contains(part), qPrintable(tip));
    QVERIFY(g.describe(1, 2).contains(u"will not fit"_s));
    p.secondsUnknown = true;
    g.setPreview(p);
    QVERIFY(g.describe(0, 2).contains(u"Time: unknown"_s));
  }

  // The sweep is exactly the chosen cells; empty rows and columns are no part of it.
  void specAndCommandSayTheSameCells() {
    LaunchChoice c = choice();
    c.leftOut = {{"/m/small", "int3-b64"}, {"/m/small", "int4-b64"}, {"/m/large", "int4-b64"}};
    SweepSpec spec = sweepSpec(c);
    QCOMPARE(spec.models.size(), std::size_t{2});
    QCOMPARE(spec.configs.size(), std::size_t{2});  // no model has int4
    QCOMPARE(spec.configs[1].spec(), std::string("int3-b64"));
    QVERIFY(spec.leftOut == (std::set<CellIndex>{{0, 1, 0}, {0, 1, 1}}));
    QVERIFY2(sweepCommand(c).contains(u"--without '/m/small:int3-b64,*:int4-b64'"_s) ||
                 sweepCommand(c).contains(u"--without '*:int4-b64,/m/small:int3-b64'"_s),
             qPrintable(sweepCommand(c)));
    c.leftOut.insert({"/m/small", "fp16"});
    spec = sweepSpec(c);
    QCOMPARE(spec.models, (std::vector<std::filesystem::path>{"/m/large"}));
    QVERIFY(spec.leftOut.empty());
    QVERIFY(sweepCommand(c).contains(u"--models /m/large "_s));
  }

  void clickTogglesACellAndTheHeadersRowsAndColumns() {
    const auto d = dialog();
    d->show();
    auto* table = d->findChild<QTableView*>(u"launchGrid"_s);
    QTRY_VERIFY(!d->planning());
    QCOMPARE(startText(*d), u"Queue 6 cells"_s);
    const auto click = [&](QWidget* where, QPoint at) {
      QTest::mouseClick(where, Qt::LeftButton, {}, at);
    };
    click(table->viewport(), table->visualRect(table->model()->index(0, 1)).center());
    QCOMPARE(startText(*d), u"Queue 5 cells"_s);
    auto* rows = table->verticalHeader();
    click(rows->viewport(), {5, rows->sectionViewportPosition(1) + 5});
    QCOMPARE(startText(*d), u"Queue 2 cells"_s);
    auto* columns = table->horizontalHeader();
    click(columns->viewport(), {columns->sectionViewportPosition(2) + 5, 5});  // takes both in
    QCOMPARE(startText(*d), u"Queue 3 cells"_s);
    table->setCurrentIndex(table->model()->index(0, 0));
    QTest::keyClick(table, Qt::Key_Space);
    QCOMPARE(startText(*d), u"Queue 2 cells"_s);
    QTest::mouseClick(d->findChild<QPushButton*>(u"launchNone"_s), Qt::LeftButton);
    auto* start = d->findChild<QPushButton*>(u"launchStart"_s);
    QVERIFY(!start->isEnabled());
    QVERIFY(!start->toolTip().isEmpty());
    QTest::mouseClick(d->findChild<QPushButton*>(u"launchAll"_s), Qt::LeftButton);
    QCOMPARE(startText(*d), u"Queue 6 cells"_s);
    QVERIFY(d->choice().leftOut.empty());
  }

  void searchChoosesWhatAllAndNoneActOn() {
    const auto d = dialog();
    d->show();
    QTRY_VERIFY(!d->planning());
    auto* table = d->findChild<QTableView*>(u"launchGrid"_s);
    d->gridView().setSearch(u"grid-b 4-bit"_s);
    QVERIFY(table->isRowHidden(0) && !table->isRowHidden(1));
    QVERIFY(table->isColumnHidden(0) && table->isColumnHidden(1) && !table->isColumnHidden(2));
    QTest::mouseClick(d->findChild<QPushButton*>(u"launchNone"_s), Qt::LeftButton);
    d->gridView().setSearch({});
    QCOMPARE(startText(*d), u"Queue 5 cells"_s);
    d->gridView().setSearch(u"nothing-like-it"_s);
    QVERIFY(d->findChild<QLabel*>(u"launchNothing"_s)->isVisible());
  }

  void choicesComeBackFromATemplate() {
    const auto d = dialog();
    QTRY_VERIFY(!d->planning());
    d->gridView().model().setChosen({d->gridView().model().index(0, 1)}, false);
    d->findChild<QSpinBox*>(u"launchItems"_s)->setValue(77);
    d->findChild<QLineEdit*>(u"launchSpecs"_s)->setText(u"nf4-b64-sdq"_s);
    const QByteArray saved = QJsonDocument(d->save()).toJson();
    const auto other = std::make_unique<LaunchDialog>("store.bfdb", nullptr, look);
    other->restore(QJsonDocument::fromJson(saved).object());
    QCOMPARE(other->save(), d->save());
    QCOMPARE(sweepCommand(other->choice()), sweepCommand(d->choice()));
    QVERIFY(other->choice().leftOut == d->choice().leftOut);
    QJsonObject gone = d->save();
    gone[u"models"_s] = QJsonArray{u"/nowhere/model"_s};
    other->restore(gone);
    QVERIFY(other->findChild<QLabel*>(u"launchProblem"_s)->text().contains(u"/nowhere/model"_s));
  }

  void wordsStandForSpecs() {
    const auto words = [](const char* spec) {
      return ConfigWords::sentence(QuantConfig::parse(spec));
    };
    QCOMPARE(words("int4-b64"), u"4-bit int, blocks of 64"_s);
    QCOMPARE(words("nf4-b64-sdq"), u"4-bit nf, blocks of 64, double quantized"_s);
    QCOMPARE(words("int3-b128r-gptq"), u"3-bit int, blocks of 128 within rows, GPTQ"_s);
    QCOMPARE(words("float4e2m1-row"),
             u"4-bit float with 2 exponent and 1 mantissa bits, one constant for each row"_s);
    QVERIFY(words("fp16").contains(u"16 bit"_s));
    // No value of an axis is shown as its bare notation.
    for (const NamedAxis& axis : specAxes()) {
      if (axis.name == "block") continue;
      for (const AxisValue& value : axis.values) {
        if (value.notation.empty() || value.notation == "-damp<percent>") continue;
        QVERIFY2(!ConfigWords::axisValue(value.notation).startsWith(u'-'),
                 std::string(value.notation).c_str());
      }
    }
  }
};

namespace {
const testing::Registered<GridTest> kGridTest;
}

}  // namespace bitfrontier

#include "grid_test.moc"

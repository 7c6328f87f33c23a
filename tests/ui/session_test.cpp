// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/session_file.h"

#include <csignal>
#include <nlohmann/json.hpp>
#include <QDir>
#include <QProcess>
#include <QScreen>
#include <QTemporaryDir>
#include <QTest>
#include <random>

#include "core/base/error.h"
#include "tests/ui/planted_runs.h"
#include "tests/ui/random_view.h"
#include "tests/ui/registry.h"
#include "ui/base/screen_size.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using nlohmann::json;

/// The program with real windows, in a home of its own.
class Program {
 public:
  Program(const QString& home, const QStringList& arguments) {
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& name : {u"DATA"_s, u"CONFIG"_s, u"CACHE"_s, u"STATE"_s, u"RUNTIME"_s}) {
      environment.insert(u"XDG_%1_%2"_s.arg(name, name == "RUNTIME"_L1 ? u"DIR"_s : u"HOME"_s),
                         home + u'/' + name);
    }
    environment.insert(u"HOME"_s, home);
    process_.setProcessEnvironment(environment);
    process_.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process_.start(QStringLiteral(SESSION_DRIVER), arguments);
  }
  ~Program() {
    process_.kill();
    process_.waitForFinished(-1);
  }

  void tell(const char* line) {
    process_.write(line);
    process_.write("\n");
  }
  QByteArray ask(const char* line) {
    tell(line);
    while (!process_.canReadLine()) {
      if (!process_.waitForReadyRead(testing::kPatience)) return {};
    }
    return process_.readLine().trimmed();
  }
  json state() { return json::parse(ask("state").toStdString(), nullptr, false); }
  bool kill() {
    ::kill(static_cast<pid_t>(process_.processId()), SIGKILL);
    return process_.waitForFinished(testing::kPatience);
  }
  bool quit() {
    tell("quit");
    return process_.waitForFinished(testing::kPatience) && process_.exitCode() == 0;
  }

 private:
  QProcess process_;
};

std::string plantedStore(const QString& folder, const char* name, const char* family) {
  const std::string file = (folder + u'/' + QString::fromLatin1(name)).toStdString();
  RunStore::open(file).addAll(testing::plantedRuns(family, {"piqa"}));
  return file;
}

}  // namespace

class SessionTest : public QObject {
  Q_OBJECT

 private Q_SLOTS:
  void everythingComesBackAfterSigkill() {
    QTemporaryDir home;
    const QString store = QString::fromStdString(plantedStore(home.path(), "a.bfdb", "opt"));
    const QString fallback = QString::fromStdString(plantedStore(home.path(), "b.bfdb", "bloom"));
    json before;
    {
      Program program(home.path(), {fallback, store});
      QCOMPARE(program.state()["recovered"], json(false));
      for (const char* line : {"filter bits:3,4", "rule", "hide 3 bit", "exclude", "select", "sort",
                               "pin", "panel", "zoom 2e8 5e9 20 70"}) {
        program.tell(line);
      }
      before = program.state();
      QCOMPARE(program.ask("saved"), QByteArray("saved"));
      QVERIFY(program.kill());
    }
    const json& view = before["view"];
    QCOMPARE(view["store"].get<std::string>(), store.toStdString());
    QCOMPARE(view["options"]["filter"], json("bits:3,4"));
    QCOMPARE(view["options"]["exclusions"].size(), std::size_t{1});
    QCOMPARE(view["selected"].size(), std::size_t{1});
    QCOMPARE(view["range"]["x"][1], json(5e9));
    QCOMPARE(view["tables"]["pointView"]["pinned"], json(2));
    QCOMPARE(view["tables"]["pointView"]["groupedBy"], json("Model"));
    QVERIFY(before["panel"].get<bool>());
    {
      Program program(home.path(), {fallback});  // no store is named: the last session
      const json after = program.state();
      QVERIFY2(after["view"] == view, (after["view"].dump(1) + view.dump(1)).c_str());
      QCOMPARE(after["panel"], json(true));
      QCOMPARE(after["recovered"], json(true));
      QVERIFY(!after["notice"].get<std::string>().empty());
      // Starting fresh drops it all, of the same store.
      program.tell("fresh");
      const json fresh = program.state();
      QCOMPARE(fresh["view"]["store"], view["store"]);
      QCOMPARE(fresh["view"]["options"]["filter"], json(""));
      QCOMPARE(fresh["view"]["range"], json());
      QVERIFY(fresh["view"]["options"]["exclusions"].empty());
      QCOMPARE(fresh["panel"], json(false));
      program.tell("filter bits:4");
      QVERIFY(program.quit());
    }
    // Ended by the user: it comes back without a word.
    Program program(home.path(), {fallback});
    const json after = program.state();
    QCOMPARE(after["view"]["options"]["filter"], json("bits:4"));
    QCOMPARE(after["recovered"], json(false));
    QCOMPARE(after["notice"], json(""));
  }

  void aStoreThatIsGoneIsSaid() {
    QTemporaryDir home;
    const QString store = QString::fromStdString(plantedStore(home.path(), "a.bfdb", "opt"));
    const QString fallback = QString::fromStdString(plantedStore(home.path(), "b.bfdb", "bloom"));
    {
      Program program(home.path(), {fallback, store});
      QVERIFY(program.state().is_object());
      QVERIFY(program.quit());
    }
    QVERIFY(QFile::remove(store));
    Program program(home.path(), {fallback});
    const json after = program.state();
    QCOMPARE(after["view"]["store"].get<std::string>(), fallback.toStdString());
    QVERIFY(after["notice"].get<std::string>().find("a.bfdb") != std::string::npos);
  }

  // Of two processes the first keeps the session, and the second takes nothing from it.
  void aSecondProcessLeavesTheSessionAlone() {
    QTemporaryDir home;
    const QString store = QString::fromStdString(plantedStore(home.path(), "a.bfdb", "opt"));
    const QString other = QString::fromStdString(plantedStore(home.path(), "b.bfdb", "bloom"));
    {
      Program first(home.path(), {other, store});
      first.tell("filter bits:3");
      QCOMPARE(first.ask("saved"), QByteArray("saved"));
      Program second(home.path(), {other});
      QCOMPARE(second.state()["view"]["store"].get<std::string>(), other.toStdString());
      second.tell("filter bits:16");
      QVERIFY(second.quit());
      QVERIFY(first.kill());
    }
    Program again(home.path(), {other});
    const json after = again.state();
    QCOMPARE(after["view"]["store"].get<std::string>(), store.toStdString());
    QCOMPARE(after["view"]["options"]["filter"], json("bits:3"));
  }

  // Three processes at one store: two that look, one that writes.
  void twoProcessesFollowOneStore() {
    QTemporaryDir home;
    const QString store = QString::fromStdString(plantedStore(home.path(), "a.bfdb", "opt"));
    Program first(home.path(), {store, store}), second(home.path(), {store, store});
    QCOMPARE(first.ask("until 15"), QByteArray("there"));
    QCOMPARE(second.ask("until 15"), QByteArray("there"));
    const auto filesBefore = QDir(home.path()).entryList(QDir::Files);
    RunStore::open(store.toStdString()).addAll(testing::plantedRuns("bloom", {"piqa"}, 2));
    QCOMPARE(second.ask("until 21"), QByteArray("there"));
    QCOMPARE(first.ask("until 21"), QByteArray("there"));
    QCOMPARE(QDir(home.path()).entryList(QDir::Files), filesBefore);  // who looks writes nothing
  }

  void aDamagedSessionIsAFreshStart() {
    QTemporaryDir home;
    const QString fallback = QString::fromStdString(plantedStore(home.path(), "b.bfdb", "bloom"));
    QVERIFY(QDir().mkpath(home.path() + u"/STATE/bitfrontier"_s));
    for (const char* text : {"", "{", "[]", "{\"version\": 9, \"windows\": []}",
                             "{\"version\": 1, \"windows\": [{\"view\": 3}]}"}) {
      QFile file(home.path() + u"/STATE/bitfrontier/session.json"_s);
      QVERIFY(file.open(QIODevice::WriteOnly));
      file.write(text);
      file.close();
      Program program(home.path(), {fallback});
      const json after = program.state();
      QCOMPARE(after["view"]["store"].get<std::string>(), fallback.toStdString());
      QVERIFY(after["notice"].get<std::string>().find("session.json") != std::string::npos);
      QVERIFY(program.quit());
    }
  }

  void sessionsReadBackEqual() {
    std::mt19937 random(11);
    for (int i = 0; i < 50; ++i) {
      Session session;
      session.ended = random() % 2;
      for (auto n = random() % 3; n > 0; --n) {
        session.windows.push_back({testing::randomView(random), "Z2VvbWV0cnk=", "bGF5b3V0"});
      }
      QVERIFY(parseSession(sessionText(session), "s") == session);
    }
    QVERIFY_EXCEPTION_THROWN(parseSession("{\"version\": 2}", "s"), Error);
  }

  void layoutsOfAnotherVersionAreRefused() {
    MainWindow window;
    window.show();
    auto* dock = window.findChild<QDockWidget*>(u"lawsDock"_s);
    if (!dock) dock = window.findChildren<QDockWidget*>().back();
    const bool shown = dock->isHidden();
    const QByteArray mine = window.layout();
    dock->setVisible(shown);
    QCOMPARE(dock->isHidden(), !shown);
    QVERIFY(!window.restoreLayout({}, window.saveState(MainWindow::kLayoutVersion + 1)));
    QVERIFY(!window.restoreLayout({}, "nonsense"));
    QCOMPARE(dock->isHidden(), !shown);
    QVERIFY(window.restoreLayout({}, mine));
    QCOMPARE(dock->isHidden(), shown);
  }

  void windowsAreMovedIntoTheScreen() {
    const QRect small(0, 0, 1280, 720), right(1920, 0, 1280, 720);
    QCOMPARE(rectWithin({2400, 300, 1000, 600}, small), QRect(280, 120, 1000, 600));
    QCOMPARE(rectWithin({-500, -900, 3840, 2000}, small), small);
    QCOMPARE(rectWithin({10, 20, 300, 200}, small), QRect(10, 20, 300, 200));
    QCOMPARE(rectWithin({10, 20, 300, 200}, right), QRect(1920, 20, 300, 200));
    // Saved on a screen that is larger than this one.
    MainWindow before;
    before.setGeometry(2600, 1500, 3000, 1600);
    const QByteArray geometry = before.saveGeometry();
    MainWindow window;
    window.restoreLayout(geometry, {});
    window.show();
    const QRect screen = window.screen()->availableGeometry();
    QVERIFY2(screen.contains(window.geometry().topLeft()),
             qPrintable(QDebug::toString(window.geometry())));
    QVERIFY(window.minimumSizeHint().width() > screen.width() || window.width() <= screen.width());
  }
};

namespace {
const testing::Registered<SessionTest> kSessionTest;
}

}  // namespace bitfrontier

#include "session_test.moc"

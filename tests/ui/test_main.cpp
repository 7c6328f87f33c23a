// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstdio>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include "tests/ui/registry.h"

namespace bitfrontier::testing {
namespace {

QTemporaryDir& folder() {
  static QTemporaryDir instance;
  return instance;
}

}  // namespace

std::vector<Factory>& factories() {
  static std::vector<Factory> list;
  return list;
}

LawPoint plantedPoint(const std::string& family, double parameters, int bits,
                      const std::string& dataType, std::int64_t blockSize) {
  LawPoint p;
  p.family = family;
  p.model = family + "-" + std::to_string(static_cast<long long>(parameters / 1e6)) + "M";
  p.bits = bits;
  p.blockSize = bits < 16 ? blockSize : 0;
  p.dataType = bits < 16 ? dataType : "fp16";
  p.config =
      bits < 16 ? dataType + std::to_string(bits) + "-b" + std::to_string(blockSize) : "fp16";
  p.parameters = parameters;
  p.totalBits = parameters * bits;
  p.accuracy = 0.8 - (0.3 + 0.02 * (bits == 3)) * std::pow(p.totalBits / 1e9, -0.25);
  p.accuracySe = 0.004;
  p.chance = 0.25;
  p.accuracyTasks = 4;
  p.crossEntropy = 2 + std::pow(p.totalBits / 1e9, -0.2);
  p.crossEntropySe = 0.01;
  return p;
}

std::vector<LawPoint> plantedFamily(const std::string& family) {
  std::vector<LawPoint> points;
  for (int size = 0; size < 8; ++size) {
    for (const int bits : {3, 4, 16})
      points.push_back(plantedPoint(family, 1e8 * (1 << size), bits));
  }
  return points;
}

std::vector<LawPoint> published(std::vector<LawPoint> points, const std::string& citation) {
  for (LawPoint& p : points) {
    p.source = citation;
    p.method = "gptq";
  }
  return points;
}

QString temporaryFile(const QString& name) { return folder().filePath(name); }

namespace {

/// What ctest shows as "Skipped" (SKIP_RETURN_CODE in BitfrontierTargets.cmake).
constexpr int kSkipped = 77;

/// Prints the line of `./dev test` for each function that a log of Qt Test says was skipped
/// (tests/support/gtest_main.cpp); returns their number.
int printSkipped(const QString& program, const QString& log) {
  QFile file(log);
  if (!file.open(QIODevice::ReadOnly)) return 0;
  int skipped = 0;
  for (const QString& line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
    if (!line.startsWith(QLatin1String("SKIP "))) continue;
    const qsizetype end = line.indexOf(QLatin1String(") ")) + 1;  // "SKIP   : Test::name() reason"
    const QString test = line.mid(9, end - 9);
    std::printf("not run\t%s\t%s\t%s\n", qPrintable(program), qPrintable(test),
                qPrintable(line.mid(end + 1)));
    ++skipped;
  }
  return skipped;
}

/// Warnings of Qt that a log of Qt Test has: each is a fault of ours that a user's log would show.
/// A test that provokes one says so by QTest::ignoreMessage.
QStringList warnings(const QString& log) {
  QFile file(log);
  QStringList lines;
  if (!file.open(QIODevice::ReadOnly)) return lines;
  for (const QString& line : QString::fromUtf8(file.readAll()).split(QLatin1Char('\n'))) {
    if (!line.startsWith(QLatin1String("QWARN")) && !line.startsWith(QLatin1String("QCRITICAL"))) {
      continue;
    }
    // What a picture of a window cannot do, and the session's folders: nothing of ours.
    if (line.contains(QLatin1String("This plugin does not support")) ||
        line.contains(QLatin1String("QStandardPaths: "))) {
      continue;
    }
    lines << line;
  }
  return lines;
}

}  // namespace
}  // namespace bitfrontier::testing

int main(int argc, char** argv) {
  using namespace bitfrontier::testing;
  // Nothing of the person who runs the tests is read or written.
  for (const char* name :
       {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"}) {
    qputenv(name, temporaryFile(QString::fromLatin1(name)).toLocal8Bit());
  }
  if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
  QApplication app(argc, argv);
  QApplication::setApplicationVersion(QStringLiteral("test"));
  QLocale::setDefault(QLocale::c());
  const QString log = temporaryFile(QStringLiteral("log.txt"));
  const QStringList arguments = QCoreApplication::arguments() +
                                QStringList{QStringLiteral("-o"), QStringLiteral("-,txt"),
                                            QStringLiteral("-o"), log + QStringLiteral(",txt")};
  int failures = 0;
  int skipped = 0;
  // One class alone: BITFRONTIER_TEST_CLASS=FilterTest test_ui [function...]
  const QByteArray wanted = qgetenv("BITFRONTIER_TEST_CLASS");
  for (const Factory& make : factories()) {
    const std::unique_ptr<QObject> test = make();
    const QByteArray name = test->metaObject()->className();
    if (!wanted.isEmpty() && !name.endsWith("::" + wanted)) continue;
    failures += QTest::qExec(test.get(), arguments);
    skipped += printSkipped(QFileInfo(arguments.front()).fileName(), log);
    for (const QString& line : warnings(log)) {
      std::printf("FAIL!  : Qt warned: %s\n", qPrintable(line));
      ++failures;
    }
  }
  if (failures != 0) return 1;
  return skipped != 0 ? kSkipped : 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/launch_choice.h"

#include <algorithm>
#include <QRegularExpression>
#include <QStringList>

#include "ui/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using Paths = std::vector<std::filesystem::path>;

bool allFrom(const Paths& chosen, const Paths& suite) {
  return std::all_of(chosen.begin(), chosen.end(), [&](const auto& path) {
    return std::find(suite.begin(), suite.end(), path) != suite.end();
  });
}

// Suite files go by their names inside the suite, others by their paths.
QString pathList(const Paths& paths, const std::filesystem::path& base) {
  QStringList words;
  for (const auto& path : paths) {
    const auto shown = base.empty() ? path : path.lexically_relative(base);
    words << QString::fromStdString(shown.string());
  }
  return shellWord(words.join(u','));
}

}  // namespace

QString shellWord(const QString& word) {
  static const QRegularExpression plain(u"^[A-Za-z0-9_@%+=:,./-]+$"_s);
  if (plain.match(word).hasMatch()) return word;
  QString quoted = word;
  return u'\'' + quoted.replace(u'\'', u"'\\''"_s) + u'\'';
}

SweepSpec sweepSpec(const LaunchChoice& choice) {
  SweepSpec spec;
  spec.models = choice.models;
  spec.tasks = choice.tasks;
  spec.itemLimit = choice.itemLimit;
  GridOptions grid = choice.grid;
  if (grid.types.empty() || grid.blockSizes.empty()) {
    std::erase_if(grid.bits, [](int bits) { return bits < 16; });
  }
  if (!grid.bits.empty()) spec.configs = makeGrid(grid);
  return spec;
}

QString sweepCommand(const LaunchChoice& choice) {
  QStringList words{u"bitfrontier"_s, u"sweep"_s};
  // --suite pocket fills in whatever is not said; it serves while nothing foreign is chosen.
  const bool suite = !choice.suiteModels.empty() && allFrom(choice.models, choice.suiteModels) &&
                     allFrom(choice.tasks, choice.suiteTasks);
  if (suite) words << u"--suite"_s << u"pocket"_s;
  if (!suite || choice.models.size() != choice.suiteModels.size()) {
    words << u"--models"_s << pathList(choice.models, suite ? choice.suiteDirectory : "");
  }
  if (!suite || choice.tasks.size() != choice.suiteTasks.size()) {
    words << u"--tasks"_s << pathList(choice.tasks, "");
  }
  QStringList bits, types, blocks;
  for (const int b : choice.grid.bits) bits << QString::number(b);
  for (const DataType t : choice.grid.types) types << Text::from(dataTypeName(t));
  for (const auto b : choice.grid.blockSizes) blocks << (b == 0 ? u"tensor"_s : QString::number(b));
  words << u"--bits"_s << bits.join(u',');
  if (!types.isEmpty()) words << u"--types"_s << types.join(u',');
  if (!blocks.isEmpty()) words << u"--blocks"_s << blocks.join(u',');
  words << u"--items"_s << QString::number(choice.itemLimit);
  if (choice.device != "auto") words << u"--device"_s << Text::from(choice.device);
  words << u"--store"_s << shellWord(QString::fromStdString(choice.store.string()));
  return words.join(u' ');
}

}  // namespace bitfrontier

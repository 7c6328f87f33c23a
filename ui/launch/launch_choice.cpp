// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/launch_choice.h"

#include <algorithm>
#include <functional>
#include <QRegularExpression>
#include <QStringList>

#include "core/pocket/corpus.h"
#include "core/sweep/variant_axes.h"
#include "ui/base/text.h"

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

bool needCalibration(const std::vector<QuantConfig>& configs) {
  return std::ranges::any_of(configs, [](const QuantConfig& c) { return c.needsCalibration(); });
}

std::vector<std::vector<QuantVariant>> variantsOf(const ConfigChoice& choice) {
  std::vector<std::vector<QuantVariant>> axes;
  for (const std::vector<std::string>& notations : choice.variants) {
    axes.emplace_back();
    for (const std::string& notation : notations)
      axes.back().push_back(QuantVariant::parse(notation));
  }
  return axes;
}

QStringList axisWords(const VariantAxis& axis, const std::vector<std::string>& notations) {
  if (notations.empty() || notations == std::vector<std::string>{""}) return {};
  QStringList list;
  for (const std::string& notation : notations)
    list << Text::from(variantWord(axis, QuantVariant::parse(notation)));
  return {u"--"_s + Text::from(axis.option), list.join(u',')};
}

/// The options of `bitfrontier sweep` that give the same configurations.
QStringList configWords(const ConfigChoice& choice, bool suite) {
  QStringList words, bits, types, blocks, specs;
  for (const int b : choice.grid.bits) bits << QString::number(b);
  for (const DataType t : choice.grid.types) types << Text::from(dataTypeName(t));
  for (const auto b : choice.grid.blockSizes) {
    blocks << (b == 0 ? u"tensor"_s : b == QuantConfig::kPerRow ? u"row"_s : QString::number(b));
  }
  for (const std::string& spec : choice.specs) specs << Text::from(spec);
  if (!bits.isEmpty()) {
    words << u"--bits"_s << bits.join(u',');
    if (!types.isEmpty()) words << u"--types"_s << types.join(u',');
    if (!blocks.isEmpty()) words << u"--blocks"_s << blocks.join(u',');
    if (choice.grid.rowBlocks) words << u"--row-blocks"_s;
    for (std::size_t i = 0; i < choice.variants.size(); ++i)
      words << axisWords(variantAxes()[i], choice.variants[i]);
  }
  if (!specs.isEmpty()) words << u"--configs"_s << shellWord(specs.join(u','));
  if (needCalibration(configurations(choice)) && !(suite && choice.calibration == "pocket"))
    words << u"--calibration"_s << shellWord(Text::from(choice.calibration));
  return words;
}

/// Whether every cell that `leftOut(i)` is asked about is left out.
bool allLeftOut(std::size_t count, const std::function<bool(std::size_t)>& leftOut) {
  for (std::size_t i = 0; i < count; ++i) {
    if (!leftOut(i)) return false;
  }
  return count > 0;
}

/// Models with at least one cell.
Paths usedModels(const LaunchChoice& choice, const std::vector<QuantConfig>& configs) {
  Paths used;
  for (const auto& model : choice.models) {
    const bool none = allLeftOut(configs.size(), [&](std::size_t c) {
      return choice.leftOut.contains({model, configs[c].spec()});
    });
    if (!none) used.push_back(model);
  }
  return used;
}

/// What `--without` says: "*:SPEC" where no model has the configuration.
QStringList withoutWords(const LaunchChoice& choice, const Paths& models,
                         const std::filesystem::path& base) {
  QStringList cells;
  for (const QuantConfig& config : configurations(choice.configs)) {
    const std::string spec = config.spec();
    const QString end = u':' + Text::from(spec);
    if (allLeftOut(models.size(), [&](std::size_t m) {
          return choice.leftOut.contains({models[m], spec});
        })) {
      cells << u'*' + end;
      continue;
    }
    for (const auto& model : models) {
      if (!choice.leftOut.contains({model, spec})) continue;
      const auto shown = base.empty() ? model : model.lexically_relative(base);
      cells << QString::fromStdString(shown.string()) + end;
    }
  }
  if (cells.isEmpty()) return {};
  return {u"--without"_s, shellWord(cells.join(u','))};
}

}  // namespace

QString shellWord(const QString& word) {
  static const QRegularExpression plain(u"^[A-Za-z0-9_@%+=:,./-]+$"_s);
  if (plain.match(word).hasMatch()) return word;
  QString quoted = word;
  return u'\'' + quoted.replace(u'\'', u"'\\''"_s) + u'\'';
}

std::vector<QuantConfig> configurations(const ConfigChoice& choice) {
  GridOptions grid = choice.grid;
  if (grid.types.empty() || grid.blockSizes.empty()) {
    std::erase_if(grid.bits, [](int bits) { return bits < 16; });
  }
  std::vector<QuantConfig> configs;
  if (!grid.bits.empty()) {
    grid.variants = crossVariants(variantsOf(choice));
    configs = makeGrid(grid);
  }
  for (const std::string& spec : choice.specs) {
    const QuantConfig config = QuantConfig::parse(spec);
    if (std::ranges::find(configs, config) == configs.end()) configs.push_back(config);
  }
  return configs;
}

SweepSpec sweepSpec(const LaunchChoice& choice) {
  SweepSpec spec;
  spec.tasks = choice.tasks;
  spec.itemLimit = choice.itemLimit;
  spec.configs = configurations(choice.configs);
  spec.models = usedModels(choice, spec.configs);
  const auto left = [&](std::size_t m, const QuantConfig& config) {
    return choice.leftOut.contains({spec.models[m], config.spec()});
  };
  std::erase_if(spec.configs, [&](const QuantConfig& config) {
    return allLeftOut(spec.models.size(), [&](std::size_t m) { return left(m, config); });
  });
  for (std::size_t m = 0; !choice.leftOut.empty() && m < spec.models.size(); ++m) {
    for (std::size_t c = 0; c < spec.configs.size(); ++c) {
      if (!left(m, spec.configs[c])) continue;
      for (std::size_t t = 0; t < spec.tasks.size(); ++t) spec.leftOut.insert({m, c, t});
    }
  }
  if (needCalibration(spec.configs)) {
    const std::string& source = choice.configs.calibration;
    spec.calibration =
        source == "pocket" ? pocket::calibrationSample() : readCalibrationText(source);
  }
  return spec;
}

QString sweepCommand(const LaunchChoice& choice) {
  QStringList words{u"bitfrontier"_s, u"sweep"_s};
  // --suite pocket fills in whatever is not said; it serves while nothing foreign is chosen.
  const bool suite = !choice.suiteModels.empty() && allFrom(choice.models, choice.suiteModels) &&
                     allFrom(choice.tasks, choice.suiteTasks);
  if (suite) words << u"--suite"_s << u"pocket"_s;
  const Paths models = usedModels(choice, configurations(choice.configs));
  const std::filesystem::path base = suite ? choice.suiteDirectory : "";
  if (!suite || models.size() != choice.suiteModels.size()) {
    words << u"--models"_s << pathList(models, base);
  }
  if (!suite || choice.tasks.size() != choice.suiteTasks.size()) {
    words << u"--tasks"_s << pathList(choice.tasks, "");
  }
  words << configWords(choice.configs, suite);
  words << withoutWords(choice, models, base);
  words << u"--items"_s << QString::number(choice.itemLimit);
  if (choice.device != "auto") words << u"--device"_s << Text::from(choice.device);
  words << u"--store"_s << shellWord(QString::fromStdString(choice.store.string()));
  return words.join(u' ');
}

}  // namespace bitfrontier

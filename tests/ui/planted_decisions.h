// SPDX-License-Identifier: GPL-3.0-or-later
// A store with the outcomes of items of a family whose law is known, and what panels work with.
#pragma once

#include <fmt/format.h>
#include <filesystem>
#include <QTest>
#include <string>
#include <vector>

#include "core/store/run_store.h"
#include "tests/support/planted_sweep.h"
#include "tests/ui/registry.h"
#include "ui/base/text.h"
#include "ui/panels/panel.h"

namespace bitfrontier::testing {

inline std::vector<std::uint8_t> plantedOutcomes(const test::PlantedSweep& sweep,
                                                 std::size_t cell) {
  const ItemOutcomes::Task& task = sweep.items.tasks().at(0);
  std::vector<std::uint8_t> bytes(task.items);
  for (std::size_t j = 0; j < task.items; ++j) {
    bytes[j] = (task.bits[cell * task.words + j / 64] >> (j % 64)) & 1;
  }
  return bytes;
}

/// The run of a planted cell.
inline RunRecord plantedCell(const test::PlantedTruth& truth, const test::PlantedSweep& sweep,
                             std::size_t cell) {
  const std::size_t formats = truth.formats.size();
  const test::PlantedFormat& format = truth.formats[cell % formats];
  const double size = truth.sizes[cell / formats];
  RunRecord run;
  run.family = "planted";
  run.model = fmt::format("planted-{:.3g}", size);
  run.modelHash = run.model;
  run.modelPath = "/nowhere/" + run.model;
  run.parameters = run.linearParameters = size;
  run.config = format.k >= 16 ? "fp16" : format.label + "-b64";
  run.dataType = format.k >= 16 ? "fp16" : "int";
  run.bits = format.k;
  run.blockSize = format.k >= 16 ? 0 : 64;
  run.bitsPerParameter = format.bits;
  run.modelBits = {size * format.bits, size * format.bits, size * format.bits};
  run.evaluatorVersion = "2";
  run.device = "cpu";
  run.createdAt = "2026-01-01T00:00:00Z";
  run.seconds = size / 1e8;
  run.key = run.model + "|" + format.label;
  TaskResult& task = run.result;
  task.task = "planted";
  task.taskHash = "planted-hash";
  task.correct = plantedOutcomes(sweep, cell);
  task.items = static_cast<std::int64_t>(task.correct.size());
  task.chance = 0;
  task.bosProfile = "harness";
  double right = 0;
  for (const std::uint8_t c : task.correct) right += c;
  const auto n = static_cast<double>(task.items);
  task.accuracy = right / n;
  task.accuracySe = std::sqrt(task.accuracy * (1 - task.accuracy) / (n - 1));
  return run;
}

/// Makes a store of the planted cells that `run` says; the others are known from a text run.
template <typename Run>
std::filesystem::path plantStore(const QString& name, const test::PlantedTruth& truth,
                                 const test::PlantedSweep& sweep, Run run) {
  const std::filesystem::path file = temporaryFile(name).toStdString();
  std::vector<RunRecord> runs;
  const std::size_t formats = truth.formats.size();
  for (std::size_t c = 0; c < sweep.points.size(); ++c) {
    if (run(c / formats, c % formats)) runs.push_back(plantedCell(truth, sweep, c));
  }
  RunStore::open(file).addAll(runs);
  return file;
}

/// Two of three cells of each size and of each format are run.
inline constexpr auto kTwoThirds = [](std::size_t size, std::size_t format) {
  return (5 * size + format) % 3 != 1;
};

/// All that a panel is made from, around one store.
struct PanelBench {
  PanelBench() = default;  ///< no store yet
  explicit PanelBench(const std::filesystem::path& store) { open(store); }
  ~PanelBench() { queue.shutDown(); }

  void open(const std::filesystem::path& store) {
    view.setOptions(ViewOptions{});
    session.open(store);
  }
  bool ready() const { return session.snapshot() && !view.busy() && view.laws(); }
  PanelContext context() { return {session, view, decisions, keeper, queue, settings, requests}; }
  /// The key of the point of a model and configuration.
  std::string keyOf(const std::string& model, const std::string& config) const {
    for (const LawPoint& p : *view.points()) {
      if (p.model == model && p.config == config) return pointKey(p);
    }
    return {};
  }

  SweepQueue queue;
  StoreSession session;
  ViewController view{&session};
  Decisions decisions{&session, &view};
  ViewKeeper keeper{{[] { return ViewState(); }, [](const ViewState&, bool) {},
                     [](const ViewState&, const QString&) {}},
                    temporaryFile(QStringLiteral("views.json")).toStdString()};
  AppSettings settings;
  PanelRequests requests;
};

}  // namespace bitfrontier::testing

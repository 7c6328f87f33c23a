// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/joined_stores.h"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "core/store/joined_rows.h"

namespace bitfrontier {
namespace {

/// Ids of runs of the n-th other store begin at n times this, so that no id is there twice and
/// none is mistaken for a row of the first store.
constexpr std::int64_t kIdsOfStore = std::int64_t{1} << 40;

bool sameNumber(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

bool sameResult(const RunRow& a, const RunRow& b) {
  const RunRow::Result &x = a.result, &y = b.result;
  return a.status == b.status && a.source == b.source && x.items == y.items &&
         x.taskHash == y.taskHash && sameNumber(x.accuracy, y.accuracy) &&
         sameNumber(x.accuracySe, y.accuracySe) && sameNumber(x.crossEntropy, y.crossEntropy) &&
         sameNumber(x.crossEntropySe, y.crossEntropySe) &&
         sameNumber(a.modelBits.checkpointBytes, b.modelBits.checkpointBytes);
}

}  // namespace

std::size_t storeOfRun(std::int64_t id) { return static_cast<std::size_t>(id / kIdsOfStore); }

SnapshotPtr joinStores(const SnapshotPtr& first, const std::vector<SnapshotPtr>& others) {
  if (std::none_of(others.begin(), others.end(),
                   [](const SnapshotPtr& s) { return s != nullptr; })) {
    return first;
  }
  std::vector<RunRow> runs = *first->runs;
  std::vector<RunRowsPtr> from{first->runs};
  NamePool sources;
  std::unordered_map<std::uint64_t, std::size_t> byKey;
  for (std::size_t i = 0; i < runs.size(); ++i) byKey.emplace(runs[i].key.value, i);
  for (std::size_t s = 0; s < others.size(); ++s) {
    if (!others[s] || others[s]->path == first->path) continue;
    const std::string file = others[s]->path.filename().string();
    from.push_back(others[s]->runs);
    for (RunRow run : *others[s]->runs) {
      const auto same = byKey.find(run.key.value);
      if (same != byKey.end()) {
        const RunRow& here = runs[same->second];
        if (run.status != RunStatus::Done || sameResult(run, here)) continue;
        if (here.status == RunStatus::Done) {
          run.source = sources.name(file + ": differs from the run here");
          run.key.value += s + 1;
        }
      }
      run.id += static_cast<std::int64_t>(s + 1) * kIdsOfStore;
      byKey.emplace(run.key.value, runs.size());
      runs.push_back(std::move(run));
    }
  }
  return withRuns(*first, joinedRows(std::move(runs), std::move(from), std::move(sources)));
}

void JoinedStores::setPaths(const std::vector<std::string>& paths) {
  if (paths == paths_) return;
  std::vector<std::unique_ptr<StoreSession>> sessions;
  for (const std::string& path : paths) {
    const auto before = std::find(paths_.begin(), paths_.end(), path);
    auto& slot = sessions.emplace_back();
    if (before != paths_.end()) {
      slot = std::move(sessions_[static_cast<std::size_t>(before - paths_.begin())]);
    }
    if (slot) continue;
    slot = std::make_unique<StoreSession>();
    connect(slot.get(), &StoreSession::loaded, this, &JoinedStores::changed);
    connect(slot.get(), &StoreSession::failed, this, [this](const QString& sentence) {
      Q_EMIT failed(sentence);
      Q_EMIT changed();
    });
    slot->open(path);
  }
  paths_ = paths;
  sessions_ = std::move(sessions);
}

std::vector<SnapshotPtr> JoinedStores::snapshots() const {
  std::vector<SnapshotPtr> all;
  for (const auto& session : sessions_) all.push_back(session->snapshot());
  return all;
}

bool JoinedStores::busy() const {
  return std::any_of(sessions_.begin(), sessions_.end(),
                     [](const auto& session) { return session->busy(); });
}

}  // namespace bitfrontier

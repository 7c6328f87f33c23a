// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/store_session.h"

#include <mutex>
#include <tuple>
#include <utility>

#include "core/base/resources.h"
#include "core/store/import/published.h"
#include "core/store/points.h"
#include "core/store/store_file.h"

namespace bitfrontier {

namespace {

/// Rows and the texts that they share.
struct Rows {
  std::shared_ptr<NamePool> names = std::make_shared<NamePool>();
  std::vector<RunRow> list;
};

RunRowsPtr shareRows(Rows rows) {
  const auto kept = std::make_shared<const Rows>(std::move(rows));
  return {kept, &kept->list};
}

template <typename T>
std::shared_ptr<const std::vector<T>> share(std::vector<T> rows) {
  return std::make_shared<const std::vector<T>>(std::move(rows));
}

/// Points and what is known of all runs.
void total(StoreSnapshot& snapshot, CountingRule rule) {
  snapshot.rule = rule;
  PointSets sets = joinRows(*snapshot.runs, rule);
  snapshot.points = share(std::move(sets.complete));
  snapshot.partial = share(std::move(sets.incomplete));
}

SnapshotPtr makeSnapshot(const RunStore& store, RunRowsPtr runs, CountingRule rule) {
  StoreSnapshot empty;
  empty.path = store.path();
  empty.readOnly = whyNotWritable(store.path());
  empty.rule = rule;
  return withRuns(empty, std::move(runs));
}

}  // namespace

SnapshotPtr withRuns(const StoreSnapshot& before, RunRowsPtr runs) {
  auto snapshot = std::make_shared<StoreSnapshot>(before);
  snapshot->runs = std::move(runs);
  snapshot->facts = storeFacts(*snapshot->runs);
  snapshot->words = std::make_shared<const FieldWords>(fieldWords(*snapshot->runs));
  total(*snapshot, before.rule);
  return snapshot;
}

/// The connection and what was last loaded by it. Used by one background task at a time.
struct StoreSession::Reader {
  explicit Reader(const std::filesystem::path& path)
      : store(RunStore::open(path, RunStore::Mode::ReadOnly)) {}

  /// Only what is new is read as long as nothing that was there has changed.
  RunRowsPtr read() {
    loaded = store.revision();
    const std::int64_t last = rows && !rows->empty() ? rows->back().id : 0;
    RowsRead more = store.rowsAfter(last, *names);
    if (!(more.before == digest)) {
      names = std::make_shared<NamePool>();
      rows.reset();
      digest = {};
      more = store.rowsAfter(0, *names);
    }
    Rows all{names, {}};
    if (rows) {
      all.list.reserve(rows->size() + more.rows.size());
      all.list = *rows;
    }
    all.list.insert(all.list.end(), more.rows.begin(), more.rows.end());
    digest = digest + more.added;
    rows = shareRows(std::move(all));
    return rows;
  }

  std::mutex mutex;
  RunStore store;
  std::int64_t loaded = -1;

 private:
  std::shared_ptr<NamePool> names = std::make_shared<NamePool>();
  RunRowsPtr rows;
  RunsDigest digest;
};

SnapshotPtr readSnapshot(const std::filesystem::path& path, CountingRule rule) {
  const RunStore store = RunStore::open(path, RunStore::Mode::ReadOnly);
  Rows rows;
  rows.list = store.rowsAfter(0, *rows.names).rows;
  return makeSnapshot(store, shareRows(std::move(rows)), rule);
}

std::size_t addPublishedResults(const std::filesystem::path& path) {
  RunStore store = RunStore::open(path);
  return importRecords(store, readPublishedFolder(resourceDir() / "published")).added;
}

StoreSession::StoreSession(QObject* parent) : QObject(parent) {
  timer_.setInterval(500);
  connect(&timer_, &QTimer::timeout, this, &StoreSession::poll);
}

StoreSession::~StoreSession() = default;

void StoreSession::open(const std::filesystem::path& path, Open how) { load(path, nullptr, how); }

void StoreSession::setRule(CountingRule rule) {
  rule_ = rule;
  retotal();
}

void StoreSession::retotal() {
  // What is being read must not be lost; it comes back here.
  if (reading_ || !snapshot_ || (snapshot_->rule == rule_ && !task_.busy())) return;
  task_.start(
      [before = snapshot_, rule = rule_](std::stop_token) {
        auto snapshot = std::make_shared<StoreSnapshot>(*before);
        total(*snapshot, rule);
        return SnapshotPtr(std::move(snapshot));
      },
      [this](SnapshotPtr snapshot) {
        snapshot_ = std::move(snapshot);
        Q_EMIT loaded(snapshot_);
      },
      [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

void StoreSession::reload() {
  if (!path_.empty()) load(path_, reader_, Open::Existing);
}

void StoreSession::importPublished() {
  if (!path_.empty()) load(path_, reader_, Open::WithPublished);
}

void StoreSession::load(const std::filesystem::path& path, ReaderPtr reader, Open how) {
  reading_ = true;
  task_.start(
      [path, rule = rule_, how, reader = std::move(reader)](std::stop_token) mutable {
        if (how == Open::WithPublished) addPublishedResults(path);
        if (how == Open::New) RunStore::open(path);
        if (!reader) reader = std::make_shared<Reader>(path);
        const std::scoped_lock lock(reader->mutex);
        return std::pair(reader, makeSnapshot(reader->store, reader->read(), rule));
      },
      [this, path](std::pair<ReaderPtr, SnapshotPtr> read) {
        reading_ = false;
        path_ = path;
        trouble_.clear();
        std::tie(reader_, snapshot_) = std::move(read);
        timer_.start();
        Q_EMIT loaded(snapshot_);
        retotal();
      },
      [this, path](const QString& sentence) {
        reading_ = false;
        retotal();
        if (path == path_) {
          report(sentence);
        } else {
          Q_EMIT failed(sentence);
        }
      });
}

void StoreSession::poll() {
  if (task_.busy() || watch_.busy()) return;
  watch_.start(
      [path = path_, reader = reader_, trouble = !trouble_.isEmpty()](std::stop_token) mutable {
        // A store that was in trouble may be there again, in another file.
        if (trouble) reader = std::make_shared<Reader>(path);
        const std::scoped_lock lock(reader->mutex);
        return std::pair(reader, reader->store.revision() != reader->loaded);
      },
      [this, path = path_](std::pair<ReaderPtr, bool> seen) {
        if (path != path_ || task_.busy() || !seen.second) return;
        load(path, std::move(seen.first), Open::Existing);
      },
      [this, path = path_](const QString& sentence) {
        if (path == path_) report(sentence);
      });
}

void StoreSession::report(const QString& sentence) {
  if (!trouble_.isEmpty()) return;
  trouble_ = sentence;
  Q_EMIT failed(sentence);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/store_session.h"

#include "core/base/resources.h"
#include "core/store/published.h"

namespace bitfrontier {

SnapshotPtr readSnapshot(const std::filesystem::path& path, BitsRule rule) {
  const RunStore store = RunStore::open(path, RunStore::Mode::ReadOnly);
  auto snapshot = std::make_shared<StoreSnapshot>();
  snapshot->path = path;
  snapshot->rule = rule;
  RunFilter filter;
  filter.rule = rule;
  snapshot->runs = std::make_shared<const std::vector<RunRecord>>(store.runs(filter));
  snapshot->points = std::make_shared<const std::vector<LawPoint>>(store.points(filter));
  return snapshot;
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

void StoreSession::open(const std::filesystem::path& path, bool withPublished) {
  path_ = path;
  watched_.reset();
  snapshot_.reset();
  revision_ = -1;
  load(withPublished);
  timer_.start();
}

void StoreSession::setRule(BitsRule rule) {
  if (rule == rule_) return;
  rule_ = rule;
  if (!path_.empty()) load(false);
}

void StoreSession::reload() {
  if (!path_.empty()) load(false);
}

void StoreSession::importPublished() {
  if (!path_.empty()) load(true);
}

void StoreSession::load(bool withPublished) {
  task_.start(
      [path = path_, rule = rule_, withPublished](std::stop_token) {
        if (withPublished) {
          addPublishedResults(path);
        } else {
          RunStore::open(path);  // creates or migrates, which reading alone must not do
        }
        return readSnapshot(path, rule);
      },
      [this](SnapshotPtr snapshot) {
        snapshot_ = std::move(snapshot);
        Q_EMIT loaded(snapshot_);
      },
      [this](const QString& sentence) {
        timer_.stop();
        Q_EMIT failed(sentence);
      });
}

void StoreSession::poll() {
  if (task_.busy() || path_.empty()) return;
  try {
    if (!watched_) {
      watched_ = RunStore::open(path_, RunStore::Mode::ReadOnly);
      revision_ = watched_->revision();
      load(false);  // catches what was written between the first load and now
      return;
    }
    const std::int64_t now = watched_->revision();
    if (now == revision_) return;
    revision_ = now;
    load(false);
  } catch (const Error& e) {
    timer_.stop();
    Q_EMIT failed(QString::fromUtf8(e.what()));
  }
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/sweep_queue.h"

#include <algorithm>

#include "ui/jobs/queue_file.h"

namespace bitfrontier {

DeviceWorker::DeviceWorker() : thread_([this](const std::stop_token& stop) { work(stop); }) {}

DeviceWorker::~DeviceWorker() {
  thread_.request_stop();
  wake_.notify_all();
}

void DeviceWorker::add(SweepJob* job) {
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(job);
  }
  wake_.notify_all();
}

bool DeviceWorker::remove(SweepJob* job) {
  const std::lock_guard lock(mutex_);
  return std::erase(waiting_, job) > 0;
}

void DeviceWorker::arrange(const std::vector<SweepJob*>& jobs) {
  const std::lock_guard lock(mutex_);
  std::ranges::stable_sort(
      waiting_, {}, [&](SweepJob* job) { return std::ranges::find(jobs, job) - jobs.begin(); });
}

void DeviceWorker::work(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    SweepJob* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      wake_.wait(lock, stop, [this] { return !waiting_.empty(); });
      if (stop.stop_requested()) return;
      job = waiting_.front();
      waiting_.pop_front();
    }
    job->run();
  }
}

SweepQueue::SweepQueue(QObject* parent, SweepFunction sweep)
    : QObject(parent), sweep_(std::move(sweep)) {}

SweepQueue::~SweepQueue() { shutDown(); }

void SweepQueue::shutDown() {
  stopAndKeep();
  workers_.clear();  // joins: nobody touches the jobs after this
}

DeviceWorker& SweepQueue::worker(const std::string& device) {
  auto& slot = workers_[device];
  if (!slot) slot = std::make_unique<DeviceWorker>();
  return *slot;
}

int SweepQueue::rowOf(const SweepJob* job) const {
  const auto it =
      std::find_if(jobs_.begin(), jobs_.end(), [job](const auto& j) { return j.get() == job; });
  return it == jobs_.end() ? -1 : static_cast<int>(it - jobs_.begin());
}

bool SweepQueue::busy() const {
  return std::any_of(jobs_.begin(), jobs_.end(), [](const auto& j) { return j->pending(); });
}

SweepJob* SweepQueue::add(std::unique_ptr<SweepJob> made) {
  jobs_.push_back(std::move(made));
  SweepJob* job = jobs_.back().get();
  connect(job, &SweepJob::changed, this, [this, job] { Q_EMIT jobChanged(rowOf(job)); });
  connect(job, &SweepJob::stateChanged, this, &SweepQueue::save);
  connect(job, &SweepJob::logged, this,
          [this, job](const std::vector<LogLine>& lines) { Q_EMIT jobLogged(job, lines); });
  connect(job, &SweepJob::ended, this, [this, job] {
    Q_EMIT jobEnded(job);
    if (!busy()) Q_EMIT idle();
  });
  job->setBeforeRun([this] {
    if (file_) file_->flush();
  });
  Q_EMIT jobAdded(size() - 1);
  return job;
}

SweepJob* SweepQueue::enqueue(const SweepSpec& spec, const std::filesystem::path& store,
                              const std::string& device) {
  SweepJob* job = add(std::make_unique<SweepJob>(spec, store, device, sweep_));
  save();
  worker(device).add(job);
  return job;
}

void SweepQueue::keepIn(const std::filesystem::path& folder) {
  file_ = std::make_unique<QueueFile>(folder, [this](const QString& sentence) {
    QMetaObject::invokeMethod(this, [this, sentence] { Q_EMIT notKept(sentence); });
  });
  for (QueueFile::Kept& kept : file_->take()) {
    auto job = std::make_unique<SweepJob>(std::move(kept.spec), kept.store, kept.device, sweep_);
    job->restore(std::move(kept.record));
    add(std::move(job));
  }
  save();
}

void SweepQueue::save() {
  if (!file_) return;
  std::vector<QueueFile::Kept> kept;
  for (const auto& job : jobs_)
    kept.push_back({job->spec(), job->store(), job->device(), job->record()});
  file_->save(kept);
}

void SweepQueue::stopAndKeep() {
  save();
  if (file_) file_->freeze();
  cancelAll();
}

void SweepQueue::arrangeWorkers() {
  std::vector<SweepJob*> order;
  for (const auto& job : jobs_) order.push_back(job.get());
  for (const auto& [device, worker] : workers_) worker->arrange(order);
}

void SweepQueue::move(int from, int to) {
  if (from == to || from < 0 || to < 0 || from >= size() || to >= size()) return;
  const auto at = [this](int row) { return jobs_.begin() + row; };
  if (from < to) {
    std::rotate(at(from), at(from) + 1, at(to) + 1);
  } else {
    std::rotate(at(to), at(from), at(from) + 1);
  }
  arrangeWorkers();
  save();
  Q_EMIT jobMoved(from, to);
}

void SweepQueue::resume(SweepJob* job) {
  if (job->state() == SweepJob::State::Paused) {
    job->resume();
    return;
  }
  if (!job->resumable()) return;
  job->requeue();
  worker(job->device()).add(job);
  arrangeWorkers();
}

void SweepQueue::retryFailed(SweepJob* job) {
  if (!job->finished() || job->retriable() == 0) return;
  job->requeue(true);
  worker(job->device()).add(job);
  arrangeWorkers();
}

void SweepQueue::cancel(SweepJob* job) {
  // A job that the worker has just taken is still Queued here; it then gets a real cancel.
  if (job->state() == SweepJob::State::Queued && !worker(job->device()).remove(job)) {
    job->cancelBeforeStart();
    return;
  }
  job->cancel();
}

void SweepQueue::cancelAll() {
  for (const auto& job : jobs_) {
    if (job->pending()) cancel(job.get());
  }
}

void SweepQueue::remove(SweepJob* job) {
  const int row = rowOf(job);
  if (row < 0 || job->pending()) return;
  // Deleted later: the job may be the sender of the signal that led here.
  jobs_[static_cast<std::size_t>(row)].release()->deleteLater();
  jobs_.erase(jobs_.begin() + row);
  save();
  Q_EMIT jobRemoved(row);
}

}  // namespace bitfrontier

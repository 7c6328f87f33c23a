// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/sweep_queue.h"

#include <algorithm>

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
  cancelAll();
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
  return std::any_of(jobs_.begin(), jobs_.end(), [](const auto& j) { return !j->finished(); });
}

SweepJob* SweepQueue::enqueue(const SweepSpec& spec, const std::filesystem::path& store,
                              const std::string& device) {
  jobs_.push_back(std::make_unique<SweepJob>(spec, store, device, sweep_));
  SweepJob* job = jobs_.back().get();
  connect(job, &SweepJob::changed, this, [this, job] { Q_EMIT jobChanged(rowOf(job)); });

  connect(job, &SweepJob::ended, this, [this] {
    if (!busy()) Q_EMIT idle();
  });
  Q_EMIT jobAdded(size() - 1);
  worker(device).add(job);
  return job;
}

void SweepQueue::resume(SweepJob* job) {
  if (job->state() == SweepJob::State::Paused) {
    job->resume();
    return;
  }
  if (!job->finished() || job->state() == SweepJob::State::Done) return;
  job->requeue();
  worker(job->device()).add(job);
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
    if (!job->finished()) cancel(job.get());
  }
}

void SweepQueue::remove(SweepJob* job) {
  const int row = rowOf(job);
  if (row < 0 || !job->finished()) return;
  // Deleted later: the job may be the sender of the signal that led here.
  jobs_[static_cast<std::size_t>(row)].release()->deleteLater();
  jobs_.erase(jobs_.begin() + row);
  Q_EMIT jobRemoved(row);
}

}  // namespace bitfrontier

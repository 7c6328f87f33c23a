// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/model_download.h"

#include <chrono>

#include "core/hub/http.h"
#include "ui/base/text.h"

namespace bitfrontier {

ModelDownload::Fetch ModelDownload::defaultFetch() {
  return [](const HubModel& model, const JobContext& job) {
    const HubSettings settings = HubSettings::fromEnvironment();
    HttpClient http(settings);
    const FetchPlan plan = planFetch(http, model, job);
    checkSpace({plan}, HubCache(settings.cache));
    return fetchModel(http, plan, job);
  };
}

ModelDownload::ModelDownload(HubModel model, Fetch fetch, QObject* parent)
    : QObject(parent), model_(std::move(model)), fetch_(std::move(fetch)) {}

void ModelDownload::setState(State state) {
  state_ = state;
  Q_EMIT changed();
}

void ModelDownload::start() {
  if (task_.busy()) return;
  error_.clear();
  setState(State::Asking);
  task_.start(
      [this, model = model_, fetch = fetch_](std::stop_token stop) {
        using Clock = std::chrono::steady_clock;
        Clock::time_point shown{};
        JobContext job;
        job.stop = stop;
        job.report = [this, stop, &shown](const Progress& p) {
          const auto now = Clock::now();
          const bool last = p.total > 0 && p.done == p.total;
          if (p.total > 0 && !last && now - shown < std::chrono::milliseconds(100)) return;
          shown = now;
          QMetaObject::invokeMethod(this, [this, stop, p] {
            if (stop.stop_requested() || !active()) return;
            if (p.total > 0) {
              done_ = p.done;
              total_ = p.total;
              error_.clear();
              setState(State::Running);
            } else {
              error_ = Text::from(p.stage);  // waits for the network
              Q_EMIT changed();
            }
          });
        };
        return fetch(model, job);
      },
      [this](const std::filesystem::path& directory) {
        directory_ = directory;
        done_ = total_;
        setState(State::Done);
      },
      [this](const QString& sentence) {
        error_ = sentence;
        setState(State::Failed);
      });
}

void ModelDownload::stop(State state) {
  if (!active() && state_ != State::Paused) return;
  task_.cancel();
  error_.clear();
  setState(state);
}

void ModelDownload::pause() {
  if (active()) stop(State::Paused);
}

void ModelDownload::cancel() { stop(State::Cancelled); }

}  // namespace bitfrontier

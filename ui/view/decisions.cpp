// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/decisions.h"

#include <utility>

namespace bitfrontier {

Decisions::Decisions(StoreSession* session, ViewController* view, QObject* parent)
    : QObject(parent), session_(session), view_(view), known_([this] { Q_EMIT changed(); }) {
  options_.memoryBits = 8e9 * 8;
  connect(view, &ViewController::pointsChanged, this, [this] { update(false); });
}

void Decisions::want(QObject* who, bool wanted) {
  if (wanted) {
    wanted_.insert(who);
  } else {
    wanted_.erase(who);
  }
  known_.setActive(!wanted_.empty());
}

void Decisions::setMemory(const AdviceOptions& options) {
  const MemoryNeeds &before = options_.memory.needs, &now = options.memory.needs;
  const bool same = options_.memoryBits == options.memoryBits && before.context == now.context &&
                    before.batch == now.batch && before.kvBits == now.kvBits &&
                    before.headroom == now.headroom;
  options_ = options;
  const auto posterior = this->posterior();
  if (same || !posterior) return;
  AdviceOptions asked = options;
  asked.metric = posterior->options.metric;
  if (!posterior->answers(asked)) update(false);
}

std::shared_ptr<const AdvicePosterior> Decisions::posterior() const {
  const auto& known = known_.answer();
  return known ? std::shared_ptr<const AdvicePosterior>(known, &known->posterior) : nullptr;
}

const std::vector<StoreFrontier>& Decisions::frontiers() const {
  static const std::vector<StoreFrontier> none;
  return known_.answer() ? known_.answer()->frontiers : none;
}

void Decisions::setPredictions(std::vector<PredictedCell> cells) {
  predictions_ = std::move(cells);
  Q_EMIT predictionsChanged();
}

void Decisions::update(bool urgent) {
  Scope scope = scopeOf(*session_, *view_);
  urgent = urgent || !scope.sameQuestion(scope_);
  scope_ = std::move(scope);
  if (!scope_) {
    known_.clear();
    return;
  }
  AdviceOptions options = options_;
  options.metric = scope_.metric();
  known_.ask(
      [scope = scope_, options](const JobContext& job) mutable {
        const RunStore store = scope.open();
        const RunFilter filter = scope.filter();
        options.keep = scope.keep();
        FrontierOptions frontier;
        frontier.metric = options.metric;
        frontier.keep = options.keep;
        frontier.smallest = 0;
        Known known;
        known.posterior = learnStore(store, filter, options, job);
        known.frontiers = storeFrontiers(store, filter, frontier, job);
        return known;
      },
      urgent);
}

}  // namespace bitfrontier

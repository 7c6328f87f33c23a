// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/next/next_controller.h"

#include <algorithm>
#include <map>
#include <QLocale>

using namespace Qt::StringLiterals;

namespace bitfrontier {

NextController::NextController(StoreSession* session, ViewController* view, SweepQueue* queue,
                               QObject* parent)
    : QObject(parent), session_(session), view_(view), queue_(queue), next_([this] {
        Q_EMIT changed();
      }) {
  connect(view, &ViewController::pointsChanged, this, [this] { ask(false); });
  connect(view, &ViewController::optionsChanged, this, [this] {
    if (atLine_ && view_->options().budgetBits != lineBits_) ask(true);
  });
}

void NextController::setActive(bool active) { next_.setActive(active); }

void NextController::setStopRegret(double regret) {
  if (regret == stopRegret_) return;
  stopRegret_ = regret;
  ask(true);
}

void NextController::setAtLine(bool only) {
  if (only == atLine_) return;
  atLine_ = only;
  ask(true);
}

void NextController::ask(bool urgent) {
  Scope scope = scopeOf(*session_, *view_);
  urgent = urgent || !scope.sameQuestion(scope_);
  scope_ = std::move(scope);
  if (!scope_) {
    next_.clear();
    return;
  }
  NextOptions options;
  options.metric = scope_.metric();
  if (stopRegret_ > 0) options.stopRegret = stopRegret_;
  lineBits_ = view_->options().budgetBits;
  if (atLine_ && lineBits_ > 0) options.budgets = {lineBits_};
  next_.ask(
      [scope = scope_, options](const JobContext& job) mutable {
        options.keep = scope.keep();
        return nextRuns(scope.open(), scope.filter(), options, job);
      },
      urgent);
}

const std::vector<NextRuns>& NextController::answers() const {
  static const std::vector<NextRuns> none;
  return next_.answer() ? *next_.answer() : none;
}

std::size_t NextController::shown() const {
  return answers().empty() ? 0 : std::min(shown_, answers().size() - 1);
}

void NextController::show(std::size_t family) {
  shown_ = family;
  Q_EMIT changed();
}

NextController::Launches NextController::launchesFor(const std::vector<std::size_t>& runs) const {
  Launches launches;
  if (answers().empty() || !scope_.snapshot) return launches;
  const NextRuns& next = answers()[shown()];
  const TaskFiles tasks = knownTasks(*queue_);
  std::map<std::string, std::size_t> byModel;
  for (const std::size_t place : runs) {
    if (place >= next.runs.size()) continue;
    const NextRun& run = next.runs[place];
    const CellLaunch one =
        launchOf(*scope_.snapshot, {next.family, run.model, run.config, next.itemLimit}, tasks);
    if (!one.choice) {
      if (launches.reason.isEmpty()) launches.reason = one.reason;
      continue;
    }
    ++launches.cells;
    const auto [at, added] = byModel.emplace(run.model, launches.choices.size());
    if (added) {
      launches.choices.push_back(*one.choice);
    } else {
      auto& specs = launches.choices[at->second].configs.specs;
      specs.insert(specs.end(), one.choice->configs.specs.begin(), one.choice->configs.specs.end());
    }
  }
  return launches;
}

QString NextController::command() const {
  if (!scope_.snapshot) return {};
  QString text =
      u"bitfrontier next "_s + shellWord(QString::fromStdString(scope_.snapshot->path.string()));
  if (atLine_ && lineBits_ > 0) {
    text += u" --budget "_s + QLocale::c().toString(lineBits_ / 8e9, 'g', 6) + u"GB"_s;
  }
  return text;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/compare/compare_controller.h"

#include <QFileInfo>
#include <set>

#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/runs/row_filter.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// A side as core takes it; the filter's tasks are looked up among the store's.
DiffSide sideOf(const RunStore& store, const CompareSide& side, CountingRule rule) {
  DiffSide diff;
  diff.store = &store;
  diff.filter.rule = rule;
  diff.filter.measured = side.source != SourceChoice::Published;
  diff.filter.published = side.source != SourceChoice::Measured;
  auto filter = std::make_shared<const RowFilter>(side.filter);
  if (!filter->complaint().empty()) {
    throw Error(ErrorKind::InvalidArgument, filter->complaint());
  }
  if (filter->choosesTasks()) {
    std::set<std::string> tasks;
    for (const RunRecord& run : store.runs(diff.filter)) {
      if (filter->matchesTask(run)) tasks.insert(run.result.task);
    }
    diff.filter.tasks.assign(tasks.begin(), tasks.end());
  }
  if (!filter->empty()) {
    diff.keep = [filter](const LawPoint& point) { return filter->matches(point); };
  }
  return diff;
}

}  // namespace

CompareController::CompareController(StoreSession* session, ViewController* view, QObject* parent)
    : QObject(parent), session_(session), view_(view), diff_([this] { Q_EMIT changed(); }) {
  connect(view, &ViewController::pointsChanged, this, [this] {
    if (asked_) ask(false);
  });
  connect(view, &ViewController::optionsChanged, this, [this] {
    if (asked_ && diff() && diff()->metric != view_->options().metric) ask(true);
  });
}

void CompareController::setActive(bool active) {
  diff_.setActive(active);
  Q_EMIT changed();
}

void CompareController::setQuestion(const CompareQuestion& question) {
  if (asked_ && question == question_) return;
  question_ = question;
  ask(true);
}

void CompareController::ask(bool urgent) {
  if (!session_->snapshot()) return;
  asked_ = true;
  CompareQuestion question = question_;
  for (CompareSide* side : {&question.a, &question.b}) {
    if (side->store.empty()) side->store = session_->path();
  }
  DiffOptions options;
  options.metric = view_->options().metric;
  options.byWidth = question.byWidth;
  options.correction = question.correction;
  if (view_->options().budgetBits > 0) options.budgets = {view_->options().budgetBits};
  diff_.ask(
      [question, options, rule = view_->options().rule](const JobContext& job) {
        const RunStore a = RunStore::open(question.a.store, RunStore::Mode::ReadOnly);
        const RunStore b = RunStore::open(question.b.store, RunStore::Mode::ReadOnly);
        return diffSweeps(sideOf(a, question.a, rule), sideOf(b, question.b, rule), options, job);
      },
      urgent);
}

QString CompareController::name(const CompareSide& side) const {
  QStringList words{side.store.empty()
                        ? tr("the open store")
                        : QFileInfo(QString::fromStdString(side.store.string())).fileName()};
  if (!side.filter.empty()) words << Text::from(side.filter);
  if (side.source == SourceChoice::Measured) words << tr("measured");
  if (side.source == SourceChoice::Published) words << tr("published");
  return words.join(u", "_s);
}

QString CompareController::csv() const {
  return diff() ? Text::from(diffToCsv(*diff())) : QString();
}

void CompareController::select(const DiffCell& cell) {
  std::vector<std::string> keys;
  if (question_.a.store.empty()) keys.push_back(pointKey(cell.a));
  if (question_.b.store.empty()) keys.push_back(pointKey(cell.b));
  const std::string current = keys.empty() ? std::string() : keys.back();
  view_->selection().set(std::move(keys), current);
}

}  // namespace bitfrontier

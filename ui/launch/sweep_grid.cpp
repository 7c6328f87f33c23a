// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/sweep_grid.h"

#include <QStringList>

#include "core/hub/model_name.h"
#include "ui/base/text.h"
#include "ui/launch/config_words.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString bytes(double count) { return Text::size(8 * count); }
QString bytes(std::int64_t count) { return bytes(static_cast<double>(count)); }

}  // namespace

void SweepGrid::setChoice(const LaunchChoice& choice, std::vector<QuantConfig> configs) {
  models_ = choice.models;
  configs_ = std::move(configs);
  specs_.clear();
  for (const QuantConfig& config : configs_) specs_.push_back(config.spec());
  tasks_ = choice.tasks.size();
  preview_ = {};
}

void SweepGrid::setPreview(SweepPreview preview) { preview_ = std::move(preview); }

QString SweepGrid::modelName(std::size_t row) const {
  return known() ? Text::from(preview_.models[row].name)
                 : Text::from(bitfrontier::modelName(models_[row]));
}

QString SweepGrid::modelPath(std::size_t row) const {
  return QString::fromStdString(models_[row].string());
}

SweepGrid::State SweepGrid::state(std::size_t row, std::size_t column) const {
  const LeftOutCell cell = key(row, column);
  if (off_.contains(cell)) return State::Off;
  if (!known()) return State::Unknown;
  const PairPreview& pair = preview_.at(row, column);
  if (pair.repeated) return State::Same;
  if (pair.done == pair.tasks) return State::Done;
  if (!preview_.models[row].problem.empty()) return State::Broken;
  if (!preview_.fits(pair) && !forced_.contains(cell)) return State::TooBig;
  if (queued_.contains(cell)) return State::Queued;
  if (pair.failed > 0) return State::Retry;
  return pair.done > 0 ? State::Part : State::New;
}

bool SweepGrid::chosen(std::size_t row, std::size_t column) const {
  const State s = state(row, column);
  return s != State::Off && s != State::TooBig;
}

void SweepGrid::setChosen(std::size_t row, std::size_t column, bool chosen) {
  const LeftOutCell cell = key(row, column);
  if (!chosen) {
    off_.insert(cell);
    forced_.erase(cell);
    return;
  }
  off_.erase(cell);
  if (known() && !preview_.fits(preview_.at(row, column))) forced_.insert(cell);
}

QString SweepGrid::stateName(State state) {
  switch (state) {
    case State::Unknown:
      return tr("not looked at yet");
    case State::New:
      return tr("new, will be run");
    case State::Part:
      return tr("in part stored, the rest will be run");
    case State::Retry:
      return tr("failed before, will be run again");
    case State::Done:
      return tr("done, reused");
    case State::Same:
      return tr("the same cells as another configuration, run once");
    case State::Queued:
      return tr("in the queue already, reused from there");
    case State::TooBig:
      return tr("will not fit, left out");
    case State::Broken:
      return tr("the model cannot be run");
    case State::Off:
      return tr("left out");
  }
  return {};
}

QString SweepGrid::staleText(const StaleRun& stale) {
  const QString task = Text::from(stale.task);
  const QString was = Text::from(stale.stored), now = Text::from(stale.wanted);
  switch (stale.field) {
    case StaleRun::Field::Model:
      return tr("A stored run of this name is of another model: its weights or config.json differ "
                "(hash %1, now %2)")
          .arg(was, now);
    case StaleRun::Field::ItemLimit:
      return tr("The stored run of %1 has other items per task (%2, now %3)").arg(task, was, now);
    case StaleRun::Field::Task:
      return tr("The stored run of %1 is of other items (hash %2, now %3)").arg(task, was, now);
    case StaleRun::Field::Evaluator:
      return tr("The stored run of %1 is of evaluator version %2, now %3").arg(task, was, now);
    case StaleRun::Field::Bos:
      return tr("The stored run of %1 has another rule for the first token (%2, now %3)")
          .arg(task, was, now);
    case StaleRun::Field::MaxLength:
      return tr("The stored run of %1 has another longest input (%2, now %3)").arg(task, was, now);
    case StaleRun::Field::Calibration:
      return tr("The stored run of %1 has another calibration text (%2, now %3)")
          .arg(task, was, now);
  }
  return {};
}

QString SweepGrid::describe(std::size_t row, std::size_t column) const {
  const QuantConfig& c = configs_[column];
  const State s = state(row, column);
  QStringList lines{tr("%1 · %2").arg(modelName(row), Text::from(specs_[column])),
                    ConfigWords::sentence(c), stateName(s)};
  if (!known()) return lines.join(u'\n');
  const PairPreview& pair = preview_.at(row, column);
  if (s == State::Broken) lines << Text::from(preview_.models[row].problem);
  if (pair.done > 0 && pair.done < pair.tasks)
    lines << tr("%1 of %2 tasks are stored").arg(pair.done).arg(pair.tasks);
  if (pair.stale) lines << staleText(*pair.stale);
  if (pair.done < pair.tasks) {
    lines << (preview_.secondsUnknown
                  ? tr("Time: unknown, nothing has run on this device yet")
                  : tr("Time: %1")
                        .arg(Text::durationRange(pair.seconds * preview_.low,
                                                 pair.seconds * preview_.high)));
    const MemoryNeed& need = pair.memory;
    QStringList parts;
    if (need.original > 0) parts << tr("weights %1").arg(bytes(need.original));
    if (need.quantized > 0) parts << tr("quantized %1").arg(bytes(need.quantized));
    parts << tr("working %1").arg(bytes(need.working));
    if (need.calibration > 0) parts << tr("calibration %1").arg(bytes(need.calibration));
    lines << tr("Memory: about %1 (%2)").arg(bytes(need.total()), parts.join(u" + "_s));
    if (!preview_.fits(pair))
      lines << tr("Needs %1, has %2. A click runs it all the same.")
                   .arg(bytes(need.total()), bytes(preview_.memoryLimit));
  }
  return lines.join(u'\n');
}

SweepGrid::Totals SweepGrid::totals() const {
  Totals t;
  t.cells = rows() * columns() * tasks_;
  for (std::size_t row = 0; row < rows(); ++row) {
    for (std::size_t column = 0; column < columns(); ++column) {
      const State s = state(row, column);
      if (s == State::Off || s == State::TooBig) {
        (s == State::Off ? t.off : t.tooBig) += tasks_;
        continue;
      }
      if (s == State::Unknown) {
        t.open += tasks_;
        continue;
      }
      const PairPreview& pair = preview_.at(row, column);
      t.done += pair.done;
      if (s == State::Same) t.elsewhere += tasks_;
      if (s == State::Queued) t.elsewhere += pair.tasks - pair.done;
      t.open += pair.tasks - pair.done;
      if (s == State::Queued || pair.done == pair.tasks) continue;
      t.low += pair.seconds * preview_.low;
      t.high += pair.seconds * preview_.high;
      t.diskBytes += pair.openBytes;
      if (pair.memory.total() > t.peakMemory) {
        t.peakMemory = pair.memory.total();
        t.peakCell = modelName(row) + u" · "_s + Text::from(specs_[column]);
      }
    }
  }
  return t;
}

std::set<LeftOutCell> SweepGrid::leftOut() const {
  std::set<LeftOutCell> cells;
  for (std::size_t row = 0; row < rows(); ++row) {
    for (std::size_t column = 0; column < columns(); ++column) {
      if (!chosen(row, column)) cells.insert(key(row, column));
    }
  }
  return cells;
}

}  // namespace bitfrontier

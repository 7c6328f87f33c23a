// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/inspector/inspector_controller.h"

#include <algorithm>
#include <cmath>
#include <QLocale>
#include <set>

#include "core/base/error.h"
#include "core/engine/engine.h"
#include "core/pocket/corpus.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// Sizes of points are inverted by the posterior's own cells.
struct CellPlace {
  const FamilyPosterior* family = nullptr;
  std::size_t cell = 0;
};

CellPlace placeOf(const AdvicePosterior& posterior, const LawPoint& point) {
  for (const SetPosterior& set : posterior.sets) {
    for (const FamilyPosterior& family : set.families) {
      for (std::size_t c = 0; c < family.runs.cells.size(); ++c) {
        const auto at = family.runs.cells[c].point;
        if (at && family.runs.points[*at].runIds == point.runIds) return {&family, c};
      }
    }
  }
  return {};
}

}  // namespace

InspectorController::InspectorController(StoreSession* session, ViewController* view,
                                         Decisions* decisions, SweepQueue* queue, QObject* parent)
    : QObject(parent),
      session_(session),
      view_(view),
      decisions_(decisions),
      queue_(queue),
      reports_([this] {
        work();
        Q_EMIT changed();
      }),
      equals_([this] { Q_EMIT changed(); }) {
  connect(&view->selection(), &Selection::changed, this, [this] { ask(true); });
  connect(view, &ViewController::pointsChanged, this, [this] { ask(false); });
  connect(decisions, &Decisions::changed, this, [this] {
    work();
    Q_EMIT changed();
  });
}

InspectorController::~InspectorController() {
  if (!decisions_) return;
  disconnect(decisions_, nullptr, this, nullptr);
  decisions_->want(this, false);
}

void InspectorController::setActive(bool active) {
  active_ = active;
  decisions_->want(this, active_ && !keys_.empty());
  reports_.setActive(active);
  equals_.setActive(active);
}

void InspectorController::ask(bool urgent) {
  scope_ = scopeOf(*session_, *view_);
  const Selection& selection = view_->selection();
  std::vector<std::string> keys = selection.keys();
  const auto current = std::find(keys.begin(), keys.end(), selection.current());
  if (current != keys.end()) std::rotate(keys.begin(), current, current + 1);
  if (keys != keys_) {
    cancelVerify();
    verification_.clear();
    equals_.clear();
    equalsOf_.reset();
  }
  keys_ = std::move(keys);
  decisions_->want(this, active_ && !keys_.empty());
  if (keys_.empty() || !scope_.snapshot) {
    reports_.clear();
    return;
  }
  reports_.ask(
      [scope = scope_, keys = keys_](const JobContext& job) {
        const RunStore store = scope.open();
        const RunFilter filter = scope.filter();
        std::vector<PointReport> reports;
        for (const std::string& key : keys) {
          if (reports.size() == kMost) break;
          if (key.empty() || key.find('\x1f') != std::string::npos) continue;  // of no run
          try {
            reports.push_back(reportPoint(store, filter, std::stoll(key), scope.metric(), job));
          } catch (const Error& e) {
            // Selected points that the view's origin or tasks leave out have nothing to say here.
            if (e.kind() != ErrorKind::NotFound) throw;
          }
        }
        return reports;
      },
      urgent);
}

/// The effective size of the current point, once report and posterior are there.
void InspectorController::work() {
  const auto posterior = decisions_->posterior();
  if (reports().empty() || !posterior || posterior == equalsOf_) return;
  equalsOf_ = posterior;
  const LawPoint point = reports().front().point;
  equals_.ask(
      [posterior, point](const JobContext& job) {
        Equals equals;
        equals.key = pointKey(point);
        const CellPlace place = placeOf(*posterior, point);
        if (!place.family) {
          equals.size.problem = "it takes no part in the laws";
          return equals;
        }
        const AdviceOptions& how = posterior->options;
        equals.size = effectiveSizeOf(*place.family, place.cell, how.seed, job);
        const LawMixture& mixture = place.family->known.mixture;
        if (mixture.empty()) {
          equals.size.problem = "there is no law: " + place.family->known.noLaw;
        } else {
          equals.reference = mixture.laws.front().fit().context.formats.front().label;
        }
        return equals;
      },
      true);
}

const std::vector<PointReport>& InspectorController::reports() const {
  static const std::vector<PointReport> none;
  return reports_.answer() && !keys_.empty() ? *reports_.answer() : none;
}

PointStanding InspectorController::standing(const PointReport& report) const {
  PointStanding standing;
  for (const StoreFrontier& frontier : decisions_->frontiers()) {
    for (const FrontierEntry& entry : frontier.entries) {
      if (entry.point.runIds == report.point.runIds) standing.onFrontier = entry.probability;
    }
  }
  // What cannot be on a frontier is not even drawn.
  const bool known = !decisions_->frontiers().empty() && decisions_->posterior() &&
                     placeOf(*decisions_->posterior(), report.point).family;
  if (known && !standing.onFrontier) standing.onFrontier = 0;
  if (equals_.answer() && equals_.answer()->key == pointKey(report.point)) {
    standing.equals = equals_.answer()->size;
    standing.reference = equals_.answer()->reference;
  }
  return standing;
}

const RunRecord* InspectorController::runToVerify() const {
  if (reports().empty() || reports().front().runs.empty()) return nullptr;
  return &reports().front().runs.front();
}

QString InspectorController::whyNotVerify() const {
  const RunRecord* run = runToVerify();
  if (!run) return tr("Select a point first");
  if (run->published()) return tr("The numbers are from a paper or another program");
  RunRecord probe = *run;
  probe.result.correct.assign(1, 1);  // reports come without items; what is stored says verifyRun
  if (const std::string why = whyNotVerifiable(probe); !why.empty()) return Text::from(why);
  tasks_ = knownTasks(*queue_);
  if (!tasks_.contains(run->result.task)) {
    return tr("Where the file of task %1 is, is not known").arg(Text::from(run->result.task));
  }
  return {};
}

void InspectorController::verify(std::size_t items) {
  const RunRecord* first = runToVerify();
  if (!first || !whyNotVerify().isEmpty()) return;
  const std::int64_t id = first->id;
  const std::filesystem::path task = tasks_.at(first->result.task);
  verification_ =
      tr("Running %1 items of %2 again…").arg(items).arg(Text::from(first->result.task));
  verifying_.start(
      [scope = scope_, id, task, items](std::stop_token stop) {
        const auto run = scope.open().find(id);
        if (!run) throw Error(ErrorKind::NotFound, "the run is not in the store any more");
        VerifyInputs inputs;
        inputs.task = task;
        inputs.items = items;
        if (QuantConfig::parse(run->config).needsCalibration()) {
          inputs.calibration = pocket::calibrationSample();
        }
        JobContext job;
        job.stop = stop;
        return engine().verifyRun(*run, inputs, job);
      },
      [this](const Verification& verification) {
        verification_ = verificationText(verification);
        Q_EMIT changed();
      },
      [this](const QString& sentence) {
        verification_ = tr("Not verified: %1").arg(sentence);
        Q_EMIT changed();
      });
  Q_EMIT changed();
}

void InspectorController::cancelVerify() {
  if (!verifying_.busy()) return;
  verifying_.cancel();
  verification_ = tr("Cancelled; nothing was compared.");
  Q_EMIT changed();
}

QString InspectorController::command(const PointReport& report) const {
  const LawPoint& point = report.point;
  if (point.published() || report.runs.empty() || !scope_.snapshot) return {};
  const RunRecord& run = report.runs.front();
  const TaskFiles files = knownTasks(*queue_);
  QStringList tasks;
  for (const RunRecord& one : report.runs) {
    const auto file = files.find(one.result.task);
    tasks << (file == files.end() ? Text::from(one.result.task)
                                  : QString::fromStdString(file->second.string()));
  }
  QString text = u"bitfrontier sweep --models %1 --tasks %2 --configs %3 --items %4"_s.arg(
      shellWord(QString::fromStdString(run.modelPath)), shellWord(tasks.join(u',')),
      shellWord(Text::from(run.config)), QString::number(point.itemLimit));
  if (!run.calibration.empty()) {
    text += u" --calibration "_s + shellWord(Text::from(run.calibration).section(u' ', 0, 0));
  }
  if (!point.bosProfile.empty() && point.bosProfile != "harness") {
    text += u" --bos "_s + shellWord(Text::from(point.bosProfile));
  }
  if (point.maxLength > 0) text += u" --max-length %1"_s.arg(point.maxLength);
  if (run.device != "cpu") text += u" --device "_s + shellWord(Text::from(run.device));
  return text + u" --store "_s + shellWord(QString::fromStdString(scope_.snapshot->path.string()));
}

QString verificationText(const Verification& verification) {
  using Controller = InspectorController;
  QString text = Controller::tr("%1 of %2 items of %3 as stored.")
                     .arg(verification.same())
                     .arg(verification.items)
                     .arg(Text::from(verification.task));
  QStringList differ;
  for (const VerifyDifference& item : verification.differences) {
    const auto word = [](bool right) {
      return right ? Controller::tr("right") : Controller::tr("wrong");
    };
    differ << (item.stored == item.now ? Controller::tr("item %1: log likelihood %2 stored, %3 now")
                                             .arg(item.item + 1)
                                             .arg(Text::number(item.storedLogLikelihood, 6),
                                                  Text::number(item.nowLogLikelihood, 6))
                                       : Controller::tr("item %1: %2 stored, %3 now")
                                             .arg(item.item + 1)
                                             .arg(word(item.stored), word(item.now)));
  }
  if (!differ.isEmpty()) text += u"\n"_s + differ.join(u'\n');
  if (std::isfinite(verification.largestShift)) {
    text += u' ' + Controller::tr("Log likelihoods differ by at most %1 nats.")
                       .arg(Text::number(verification.largestShift, 2));
  }
  return text;
}

}  // namespace bitfrontier

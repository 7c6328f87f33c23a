// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/budget/budget_controller.h"

#include <algorithm>
#include <cmath>
#include <QLocale>
#include <QRegularExpression>
#include <utility>

#include "core/base/file.h"
#include "core/base/resources.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr struct {
  const char16_t* name;
  double bits;
} kUnits[] = {{u"B", 8},
              {u"kB", 8e3},
              {u"MB", 8e6},
              {u"GB", 8e9},
              {u"TB", 8e12},
              {u"KiB", 8. * 1024},
              {u"MiB", 8. * (1 << 20)},
              {u"GiB", 8. * (1 << 30)}};

/// Layers and heads of published models, as the command line knows them.
const std::map<std::string, ModelShape>& shippedShapes() {
  static const std::map<std::string, ModelShape> shapes = [] {
    const auto file = resourceDir() / "shapes.csv";
    return pathExists(file) ? readShapes(file) : std::map<std::string, ModelShape>();
  }();
  return shapes;
}

}  // namespace

std::optional<double> parseMemory(const QString& text) {
  static const QRegularExpression form(
      u"^\\s*([0-9.,]+(?:[eE][+-]?[0-9]+)?)\\s*([A-Za-z]*)\\s*$"_s);
  const auto match = form.match(text);
  if (!match.hasMatch()) return std::nullopt;
  bool ok = false;
  double value = QLocale().toDouble(match.captured(1), &ok);
  if (!ok) value = QLocale::c().toDouble(match.captured(1), &ok);
  if (!ok || !(value > 0) || !std::isfinite(value)) return std::nullopt;
  const QString unit = match.captured(2).isEmpty() ? u"GB"_s : match.captured(2);
  for (const auto& known : kUnits) {
    if (unit.compare(QStringView(known.name), Qt::CaseInsensitive) == 0) return value * known.bits;
  }
  return std::nullopt;
}

QString memoryText(double bits) {
  const auto* unit = &kUnits[0];
  for (int i = 0; i < 4; ++i) {
    if (bits >= kUnits[i].bits) unit = &kUnits[i];
  }
  QLocale locale;
  locale.setNumberOptions(QLocale::OmitGroupSeparator);  // which would not be read back everywhere
  return locale.toString(bits / unit->bits, 'g', 4) + u' ' + QString::fromUtf16(unit->name);
}

BudgetController::BudgetController(Decisions* decisions, ViewController* view, SweepQueue* queue,
                                   QObject* parent)
    : QObject(parent), decisions_(decisions), view_(view), queue_(queue), advice_([this] {
        publish();
      }) {
  connect(decisions, &Decisions::changed, this, [this] {
    ask();
    publish();
  });
  connect(view, &ViewController::optionsChanged, this, &BudgetController::followView);
  followView();
}

/// The line can come and go by what others do: a view that is restored, an undo.
void BudgetController::followView() {
  const double bits = view_->options().budgetBits;
  const bool shown = bits > 0;
  const bool other = shown && bits != question_.memoryBits;
  if (shown == inPlot_ && !other) return;
  inPlot_ = shown;
  if (other) question_.memoryBits = bits;
  if (other) ask();
  publish();
}

BudgetController::~BudgetController() {
  if (!decisions_) return;
  disconnect(decisions_, nullptr, this, nullptr);
  decisions_->want(this, false);
}

void BudgetController::setActive(bool active) {
  if (active == active_) return;
  active_ = active;
  decisions_->want(this, active);
  advice_.setActive(active);
  if (active && inPlot_) drawLine();
  ask();
  publish();
}

void BudgetController::setInPlot(bool shown) {
  inPlot_ = shown;
  drawLine();
  publish();
}

void BudgetController::drawLine() {
  ViewOptions options = view_->options();
  options.budgetBits = inPlot_ ? question_.memoryBits : 0;
  view_->setOptions(options);
}

void BudgetController::setQuestion(const BudgetQuestion& question) {
  if (question == question_) return;
  question_ = question;
  if (active_ && inPlot_) drawLine();
  ask();
  Q_EMIT changed();
}

AdviceOptions BudgetController::options() const {
  AdviceOptions options;
  options.memoryBits = question_.memoryBits;
  options.memory.needs = {question_.context, question_.batch, question_.kvBits,
                          question_.headroomPercent / 100};
  options.memory.shapes = shippedShapes();
  options.next = options.equals = false;
  return options;
}

void BudgetController::ask() {
  if (!active_) return;
  AdviceOptions options = this->options();
  decisions_->setMemory(options);
  const std::shared_ptr<const AdvicePosterior> posterior = decisions_->posterior();
  if (!posterior || (posterior == asked_ && askedQuestion_ == question_)) return;
  options.metric = posterior->options.metric;
  if (!posterior->answers(options)) return;  // being worked out again
  asked_ = posterior;
  askedQuestion_ = question_;
  advice_.ask(
      [posterior, options](const JobContext& job) {
        return Answer{adviseFrom(*posterior, options, job), options.memoryBits};
      },
      false);
}

void BudgetController::publish() {
  std::vector<PredictedCell> cells;
  if (active_ && inPlot_ && !answers().empty()) {
    for (const AdviceCandidate& c : answers()[shown()].candidates) {
      if (c.measured) continue;
      cells.push_back(
          {c.family, c.model, c.config, c.bits, c.totalBits, c.predicted, c.low, c.high});
    }
  }
  decisions_->setPredictions(std::move(cells));
  Q_EMIT changed();
}

const std::vector<Advice>& BudgetController::answers() const {
  static const std::vector<Advice> none;
  return advice_.answer() && decisions_->posterior() ? advice_.answer()->advice : none;
}

double BudgetController::answeredBits() const {
  return advice_.answer() ? advice_.answer()->memoryBits : 0;
}

std::size_t BudgetController::shown() const {
  return answers().empty() ? 0 : std::min(shown_, answers().size() - 1);
}

void BudgetController::show(std::size_t set) {
  shown_ = set;
  publish();
}

QString BudgetController::problem() const {
  return decisions_->problem().isEmpty() ? advice_.problem() : decisions_->problem();
}

std::pair<double, double> BudgetController::range() const {
  constexpr double kSmall = 4 * 8e9, kLarge = 192 * 8e9;
  double low = HUGE_VAL, high = 0;
  if (const auto posterior = decisions_->posterior()) {
    for (const SetPosterior& set : posterior->sets) {
      for (const FamilyPosterior& family : set.families) {
        for (const FamilyCell& cell : family.runs.cells) {
          if (!(cell.checkpointBits > 0)) continue;
          low = std::min(low, cell.checkpointBits);
          high = std::max(high, cell.checkpointBits);
        }
      }
    }
  }
  if (!(high > 0)) return {kSmall, kLarge};
  // Models of whole gigabytes are asked about by the devices that people have.
  if (high > 0.5 * kSmall) return {std::min(kSmall, low), std::max(kLarge, 1.2 * high)};
  return {0.8 * low, 12 * high};
}

CellLaunch BudgetController::launchFor(const AdviceCandidate& candidate) const {
  const auto posterior = decisions_->posterior();
  const Scope& scope = decisions_->scope();
  if (!posterior || !scope.snapshot) return {std::nullopt, tr("The store is being read")};
  const std::size_t set = std::min(shown(), posterior->sets.size() - 1);
  const auto& families = posterior->sets[set].families;
  if (candidate.familyIndex >= families.size()) return {std::nullopt, tr("The store has changed")};
  const WantedCell cell{candidate.family, candidate.model, candidate.config,
                        families[candidate.familyIndex].runs.scoring.itemLimit};
  return launchOf(*scope.snapshot, cell, knownTasks(*queue_));
}

QString BudgetController::command() const {
  const Scope& scope = decisions_->scope();
  if (!scope.snapshot) return {};
  QString text = u"bitfrontier advise %1 --memory %2 --context %3 --batch %4"_s.arg(
      shellWord(QString::fromStdString(scope.snapshot->path.string())),
      QLocale::c().toString(question_.memoryBits / 8e9, 'g', 6) + u"GB"_s,
      QString::number(question_.context), QString::number(question_.batch));
  if (question_.kvBits != 16) text += u" --kv-bits "_s + QString::number(question_.kvBits);
  text += u" --headroom "_s + QString::number(question_.headroomPercent);
  return text;
}

}  // namespace bitfrontier

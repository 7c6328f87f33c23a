// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/laws/laws_controller.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <QLocale>
#include <set>

#include "core/base/error.h"
#include "core/law/text/joint_json.h"
#include "core/law/text/law_latex.h"
#include "core/law/text/law_python.h"
#include "ui/base/text.h"
#include "ui/launch/launch_choice.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString sentenceOf(const std::string& text) {
  QString sentence = Text::from(text);
  if (!sentence.isEmpty()) sentence[0] = sentence[0].toUpper();
  return sentence.endsWith(u'.') ? sentence : sentence + u'.';
}

QString amount(double value, LawMetric metric) {
  return metric == LawMetric::Accuracy
             ? LawsController::tr("%1 points").arg(Text::number(100 * value, 3))
             : LawsController::tr("%1 nats").arg(Text::number(value, 3));
}

QString firstRefusal(const JointFit& fit) {
  for (const LawRemark& remark : fit.remarks) {
    if (remark.refusal) return Text::from(remark.text);
  }
  return fit.usable ? QString() : LawsController::tr("it does not describe the data");
}

/// Interval and remark of a parameter by its standard error.
ParameterRow rowOf(const JointFit& fit, std::size_t k) {
  const FittedParameter& p = fit.parameters[k];
  ParameterRow row;
  row.name = Text::from(p.name);
  row.meaning = Text::from(p.meaning);
  row.unit = Text::from(p.unit);
  row.value = p.value;
  const double half = waldHalfWidth(fit, k, 0.95);
  if (half > 0) {
    row.lower = p.value - half;
    row.upper = p.value + half;
  }
  row.remark = p.held          ? LawsController::tr("held")
               : p.atBound     ? LawsController::tr("at a bound")
               : !p.identified ? LawsController::tr("not determined by the data")
                               : QString();
  return row;
}

}  // namespace

QString withHalfWidth(double value, double halfWidth) {
  if (!(halfWidth > 0) || !std::isfinite(halfWidth)) return Text::number(value, 4);
  // Two digits of the half-width when it begins with 1, else one.
  int exponent = static_cast<int>(std::floor(std::log10(halfWidth)));
  const double lead = halfWidth / std::pow(10, exponent);
  const int digits = lead < 1.95 ? 1 : 0;
  if (lead >= 9.5) ++exponent;
  const int decimals = std::max(0, digits - exponent);
  const double size = std::max(std::abs(value), halfWidth);
  if (decimals > 8 || size >= 1e7) {
    return QLocale().toString(value, 'g', 5) + u" ± "_s + QLocale().toString(halfWidth, 'g', 2);
  }
  return QLocale().toString(value, 'f', decimals) + u" ± "_s +
         QLocale().toString(halfWidth, 'f', decimals);
}

QString ParameterRow::text() const {
  const bool below = std::isfinite(lower), above = std::isfinite(upper);
  if (!below && !above) return Text::number(value, 4);
  if (below && above) {
    const double left = value - lower, right = upper - value;
    // A plain ± says it when both sides are alike to a tenth.
    if (std::abs(left - right) <= 0.1 * std::max(left, right)) {
      return withHalfWidth(value, 0.5 * (left + right));
    }
  }
  const QString open = u"…"_s;
  return u"%1 [%2, %3]"_s.arg(Text::number(value, 4), below ? Text::number(lower, 3) : open,
                              above ? Text::number(upper, 3) : open);
}

LawsController::LawsController(StoreSession* session, ViewController* view, QObject* parent)
    : QObject(parent),
      session_(session),
      view_(view),
      profile_([this] { Q_EMIT changed(); }),
      comparison_([this] { Q_EMIT changed(); }) {
  profile_.setActive(true);
  comparison_.setActive(true);
  connect(view, &ViewController::lawsChanged, this, [this] { Q_EMIT changed(); });
  connect(view, &ViewController::pointsChanged, this, [this] { Q_EMIT changed(); });
}

const std::vector<ChosenLaw>& LawsController::families() const {
  static const std::vector<ChosenLaw> none;
  return view_->laws() ? view_->laws()->chosen : none;
}

std::size_t LawsController::shown() const {
  const auto& all = families();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].title == title_) return i;
  }
  return 0;
}

void LawsController::show(std::size_t family) {
  if (family >= families().size()) return;
  title_ = families()[family].title;
  selectEvidence();
  Q_EMIT changed();
}

const ChosenLaw* LawsController::family() const {
  return families().empty() ? nullptr : &families()[shown()];
}

const JointFit* LawsController::law() const {
  const ChosenLaw* chosen = family();
  return chosen ? chosen->choice.law() : nullptr;
}

QString LawsController::reason() const {
  const ChosenLaw* chosen = family();
  if (!chosen) return {};
  const JointFit* fit = chosen->choice.law();
  return fit ? sentenceOf(chosen->choice.reason)
             : tr("No law of all series together: %1").arg(Text::from(chosen->choice.reason));
}

std::vector<ParameterRow> LawsController::parameters() const {
  std::vector<ParameterRow> rows;
  const JointFit* fit = law();
  if (!fit) return rows;
  for (std::size_t k = 0; k < fit->parameters.size(); ++k) rows.push_back(rowOf(*fit, k));
  for (const ProfileInterval& interval : profile()) {
    for (ParameterRow& row : rows) {
      if (row.name != Text::from(interval.name)) continue;
      row.lower = interval.closedBelow ? interval.lower : LawPoint::kAbsent;
      row.upper = interval.closedAbove ? interval.upper : LawPoint::kAbsent;
      row.profiled = true;
      if (!interval.closedBelow || !interval.closedAbove) row.remark = tr("open on a side");
    }
  }
  return rows;
}

std::vector<TriedLaw> LawsController::tried() const {
  std::vector<TriedLaw> rows;
  const ChosenLaw* chosen = family();
  if (!chosen) return rows;
  const JointFit* best = chosen->choice.law();
  const double least = best ? chosen->choice.candidates.front().aicc : LawPoint::kAbsent;
  for (const LawChoice::Candidate& candidate : chosen->choice.candidates) {
    const JointFit& fit = candidate.fit;
    if (!fit.form) continue;
    TriedLaw row;
    row.name = Text::from(fit.form->info().name);
    row.title = Text::from(fit.form->info().title);
    row.aicc = candidate.aicc;
    row.difference = candidate.aicc - least;
    row.parameters = fit.freeParameters;
    row.lackOfFit = fit.tau;
    row.usable = fit.usable;
    row.chosen = &fit == best;
    row.why = fit.usable ? QString() : firstRefusal(fit);
    rows.push_back(std::move(row));
  }
  return rows;
}

QStringList LawsController::remarks() const {
  QStringList sentences;
  const JointFit* fit = law();
  if (!fit) return sentences;
  for (const bool refusals : {true, false}) {
    for (const LawRemark& remark : fit->remarks) {
      if (remark.refusal == refusals) sentences << sentenceOf(remark.text);
    }
  }
  for (const LawRemark& remark : judgeProfiles(profile())) sentences << sentenceOf(remark.text);
  return sentences;
}

QString LawsController::facts() const {
  const JointFit* fit = law();
  if (!fit) return {};
  QStringList facts{
      tr("%1 points of %2 sizes").arg(fit->n).arg(fit->sizes),
      (fit->weighting == Weighting::Equal ? tr("residual scatter %1") : tr("lack of fit %1"))
          .arg(amount(fit->tau, fit->context.metric)),
      tr("R² %1").arg(Text::number(fit->r2, 4)),
      tr("%1 of %2 starts agree").arg(fit->agreed).arg(fit->starts)};
  if (!fit->outliers.empty()) facts << tr("%1 outliers").arg(fit->outliers.size());
  if (const LawComparison* compared = comparison()) {
    for (const LawComparison::Row& row : compared->rows) {
      if (row.fit.form != fit->form || !std::isfinite(row.sizes.coverage)) continue;
      facts << tr("95 % intervals covered %1 % of the points of left-out sizes")
                   .arg(Text::number(100 * row.sizes.coverage, 3));
    }
  }
  return facts.join(u"; "_s);
}

QString LawsController::sentence() const {
  const ChosenLaw* chosen = family();
  if (!chosen) return tr("There is no law yet.");
  QString text = tr("%1. %2").arg(Text::from(chosen->title), reason());
  const JointFit* fit = law();
  if (!fit) return text;
  text += u' ' + tr("The law is %1, %2.").arg(Text::from(fit->form->info().title), facts());
  QStringList values;
  for (const ParameterRow& row : parameters()) values << row.name + u" = "_s + row.text();
  return text + u' ' + values.join(u", "_s) + u'.';
}

std::vector<LawPoint> LawsController::evidence(std::size_t first, std::size_t count) const {
  std::vector<LawPoint> points;
  if (!view_->laws()) return points;
  const auto& curves = view_->laws()->laws;
  for (std::size_t i = first; i < std::min(first + count, curves.size()); ++i) {
    points.insert(points.end(), curves[i].series.points.begin(), curves[i].series.points.end());
  }
  return points;
}

/// As the law was chosen by core/analysis.
JointOptions LawsController::options() const {
  JointOptions options;
  options.metric = view_->laws()->metric;
  options.formatKey = view_->laws()->key;
  options.weighting = Weighting::Errors;
  return options;
}

void LawsController::askProfile() {
  const ChosenLaw* chosen = family();
  const JointFit* fit = law();
  if (!fit) return;
  JointRequest request;
  request.options = options();
  request.options.form = fit->form->info().name;
  request.seriesKey = view_->laws()->key;
  request.profile = true;
  for (const LeftOutFormat& left : chosen->choice.leftOut) request.without.push_back(left.format);
  profile_.ask(
      [request, title = chosen->title, laws = view_->laws(),
       points = evidence(chosen->first, chosen->count)](const JobContext& job) {
        Analysis analysis = analyse(request, {points, {}}, job);
        Profile profile{title, laws.get(), {}};
        if (!analysis.laws.empty()) profile.intervals = std::move(analysis.laws.front().profiles);
        return profile;
      },
      true);
}

void LawsController::askComparison() {
  const ChosenLaw* chosen = family();
  if (!chosen) return;
  ComparisonRequest request;
  request.options = options();
  request.seriesKey = view_->laws()->key;
  request.forms = usualLaws(request.options.metric);
  for (const LeftOutFormat& left : chosen->choice.leftOut) request.without.push_back(left.format);
  comparison_.ask(
      [request, title = chosen->title, laws = view_->laws(),
       points = evidence(chosen->first, chosen->count)](const JobContext& job) {
        Analysis analysis = analyse(request, {points, {}}, job);
        Comparison comparison{title, laws.get(), {}};
        if (!analysis.comparisons.empty()) {
          comparison.comparison = std::move(analysis.comparisons.front().comparison);
        }
        return comparison;
      },
      true);
}

void LawsController::cancel() {
  if (profile_.updating()) profile_.clear();
  if (comparison_.updating()) comparison_.clear();
}

const std::vector<ProfileInterval>& LawsController::profile() const {
  static const std::vector<ProfileInterval> none;
  const auto& answer = profile_.answer();
  const bool current =
      answer && family() && answer->title == family()->title && answer->laws == view_->laws().get();
  return current ? answer->intervals : none;
}

const LawComparison* LawsController::comparison() const {
  const auto& answer = comparison_.answer();
  const bool current =
      answer && family() && answer->title == family()->title && answer->laws == view_->laws().get();
  return current ? &answer->comparison : nullptr;
}

QString LawsController::problem() const {
  return profile_.problem().isEmpty() ? comparison_.problem() : profile_.problem();
}

QString LawsController::latex() const {
  if (!law()) return {};
  const std::vector<PortableLaw> laws{portableLaw(*law(), family()->title)};
  return Text::from(toLatex(laws));
}

QString LawsController::json() const {
  if (!law()) return {};
  nlohmann::json json = toJson(*law());
  addExpressions(portableLaw(*law(), family()->title), json);
  return Text::from(json.dump(2));
}

QString LawsController::python() const {
  if (!law()) return {};
  const std::vector<PortableLaw> laws{portableLaw(*law(), family()->title)};
  return Text::from(toPython(laws));
}

QString LawsController::command() const {
  if (!session_->snapshot() || !view_->laws()) return {};
  QString text = u"bitfrontier fit "_s +
                 shellWord(QString::fromStdString(session_->snapshot()->path.string()));
  if (view_->laws()->metric == LawMetric::CrossEntropy) text += u" --metric cross-entropy"_s;
  text += u" --rule "_s + Text::from(countingRuleName(view_->options().rule));
  if (const ChosenLaw* chosen = family(); chosen && chosen->count > 0) {
    text +=
        u" --family "_s + shellWord(Text::from(view_->laws()->laws[chosen->first].series.family));
  }
  return text;
}

void LawsController::selectEvidence() {
  const ChosenLaw* chosen = family();
  if (!chosen) return;
  std::vector<std::string> keys;
  for (const LawPoint& p : evidence(chosen->first, chosen->count)) keys.push_back(pointKey(p));
  view_->selection().set(std::move(keys));
}

void LawsController::selectEvidenceOf(std::size_t curve) {
  std::vector<std::string> keys;
  for (const LawPoint& p : evidence(curve, 1)) keys.push_back(pointKey(p));
  view_->selection().set(std::move(keys));
}

}  // namespace bitfrontier

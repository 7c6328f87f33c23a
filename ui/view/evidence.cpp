// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/evidence.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <unordered_set>

#include "core/advice/store_frontier.h"
#include "core/advice/widths_text.h"
#include "core/law/decide/frontier.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(Evidence)
};

constexpr std::size_t kDraws = 2000;

RunStore openToRead(const std::filesystem::path& store) {
  return RunStore::open(store, RunStore::Mode::ReadOnly);
}

/// Keys of the family's points on the frontier of its own, within the headline's budgets.
void addPoints(const FamilyRuns& family, LawMetric metric, Statement& statement) {
  const WidthHeadline& line = statement.headline;
  bool first = true;
  for (const std::size_t i : paretoFrontier(family.points, metric)) {
    const LawPoint& p = family.points[i];
    // At the first budget the best is a model below it.
    if (line.contested && (p.totalBits > line.toBits || p.totalBits < line.fromBits / 2)) continue;
    const double y = plotValue(p, metric);
    statement.points.push_back(pointKey(p));
    statement.lowest = first ? y : std::min(statement.lowest, y);
    statement.highest = first ? y : std::max(statement.highest, y);
    first = false;
  }
}

int rank(const WidthHeadline& line) {
  if (line.atChance) return 4;
  if (line.bits > 0) return line.verdict == Verdict::Optimal ? 0 : 1;
  return line.contested ? 2 : 3;
}

QString probability(double p) {
  return p >= 0.995 ? Tr::tr("P > 0.99") : Tr::tr("P %1").arg(QLocale().toString(p, 'f', 2));
}

QString besideText(const WidthHeadline& line) {
  using Beside = WidthHeadline::Beside;
  if (line.below == Beside::Nothing && line.above == Beside::Nothing) return {};
  if (line.below == line.above) {
    return line.below == Beside::Undecided ? Tr::tr("; undecided elsewhere")
                                           : Tr::tr("; other widths are best elsewhere");
  }
  QString text;
  if (line.below == Beside::Undecided) text += Tr::tr("; undecided below");
  if (line.below == Beside::Others) text += Tr::tr("; other widths are best below");
  if (line.above == Beside::Undecided) text += Tr::tr("; undecided above");
  if (line.above == Beside::Others) text += Tr::tr("; other widths are best above");
  return text;
}

}  // namespace

Statements makeStatements(const std::filesystem::path& store, const std::vector<LawPoint>& points,
                          LawMetric metric, const JobContext& job) {
  Statements all;
  const RunStore opened = openToRead(store);
  for (const FamilyRuns& family : familyRunsOf(opened, points, metric, job)) {
    job.throwIfCancelled();
    if (family.repeats) continue;
    const OptimalWidths widths = optimalWidths(family, metric, kDraws, 1, job);
    Statement one{widthHeadline(widths), rangeSentences(widths), {}};
    one.details.push_back("compared by " + widths.curves);
    one.details.insert(one.details.end(), widths.notes.begin(), widths.notes.end());
    addPoints(family, metric, one);
    all.families.push_back(std::move(one));
  }
  std::stable_sort(
      all.families.begin(), all.families.end(),
      [](const Statement& a, const Statement& b) { return rank(a.headline) < rank(b.headline); });
  if (all.families.empty()) {
    all.why = points.empty() ? "no point is in view" : "no point in view has this metric";
  }
  return all;
}

FrontierChances makeChances(const std::filesystem::path& store, const std::vector<LawPoint>& points,
                            std::span<const double> costs, LawMetric metric,
                            const JobContext& job) {
  FrontierChances chances;
  FrontierOptions options;
  options.metric = metric;
  options.draws = kDraws;
  options.smallest = 0.05;
  chances.paired = true;
  for (const StoreFrontier& set : pointFrontiers(openToRead(store), points, costs, options, job)) {
    chances.paired = chances.paired && set.paired;
    // A set without any standard error would say that it is sure.
    const bool known = set.paired || std::any_of(set.entries.begin(), set.entries.end(),
                                                 [](const FrontierEntry& e) { return e.se > 0; });
    if (!known) continue;
    for (const FrontierEntry& entry : set.entries) {
      chances.points[pointKey(entry.point)] = {entry.probability, entry.on};
    }
  }
  return chances;
}

QString sizeRange(double fromBits, double toBits) {
  const QString from = Text::size(fromBits), to = Text::size(toBits);
  if (from == to) return Tr::tr("at %1").arg(to);
  // One unit is said once.
  const qsizetype space = from.lastIndexOf(QChar(0x202f)), other = to.lastIndexOf(QChar(0x202f));
  const bool same = space > 0 && other > 0 && from.mid(space) == to.mid(other);
  return Tr::tr("from %1 to %2").arg(same ? from.left(space) : from, to);
}

QString headlineText(const WidthHeadline& line) {
  if (line.onlyWidth > 0) {
    return Tr::tr("only %1 bit is measured, so widths cannot be compared").arg(line.onlyWidth);
  }
  if (line.atChance) return Tr::tr("no model can be told from guessing, so no width is best");
  if (!line.contested) {
    return Tr::tr("no two widths have models that fit into the same memory");
  }
  const QString where = sizeRange(line.fromBits, line.toBits);
  if (!line.errorsKnown) {
    return Tr::tr(
               "%1 bit leads most often %2 as measured; how sure that is, is not known: no "
               "standard errors")
        .arg(line.leader)
        .arg(where);
  }
  if (line.bits == 0) {
    return Tr::tr("which width is best is undecided %1").arg(where);
  }
  const QString best = line.verdict == Verdict::Optimal
                           ? Tr::tr("%1 bit is best").arg(line.bits)
                           : Tr::tr("%1 bit is probably best").arg(line.bits);
  const QString among = line.curves ? QString() : Tr::tr(" of the measured models");
  return Tr::tr("%1%2 %3 (%4)%5")
      .arg(best, among, where, probability(line.lowest), besideText(line));
}

QString statementsHtml(const Statements& statements) {
  if (statements.families.empty()) return Text::from(statements.why).toHtmlEscaped();
  const bool one = statements.families.size() == 1;
  QStringList parts, undecided;
  for (std::size_t i = 0; i < statements.families.size(); ++i) {
    const WidthHeadline& line = statements.families[i].headline;
    const QString title = Text::from(line.title).section(u',', 0, 0).section(u" ("_s, 0, 0);
    const auto link = [i](const QString& text) {
      return u"<a href=\"%1\">%2</a>"_s.arg(i).arg(text.toHtmlEscaped());
    };
    if (!one && line.bits == 0 && line.contested && line.errorsKnown && !line.atChance) {
      undecided << link(title);
      continue;
    }
    const QString text = headlineText(line);
    parts << (one ? link(text.left(1).toUpper() + text.mid(1))
                  : u"<b>%1</b>: "_s.arg(title.toHtmlEscaped()) + link(text));
  }
  if (!undecided.isEmpty()) {
    parts << Tr::tr("Which width is best is undecided for %1").arg(undecided.join(Tr::tr(", ")));
  }
  return parts.join(u" &nbsp;·&nbsp; "_s);
}

Evidence::Evidence(StoreSession* session, ViewController* view, QObject* parent)
    : QObject(parent), session_(session), view_(view) {
  connect(view, &ViewController::pointsChanged, this, &Evidence::update);
}

void Evidence::update() {
  // New points of the same view do not interrupt: else there would be no answer during a sweep.
  if (busy() && sameContent(asked_, view_->options()) && askedStore_ == session_->path()) {
    again_ = true;
    return;
  }
  again_ = false;
  asked_ = view_->options();
  askedStore_ = session_->path();
  findWidths();
  findFrontiers();
  Q_EMIT started();
}

void Evidence::findWidths() {
  widths_.start(
      [store = askedStore_, points = view_->fitted(),
       metric = asked_.metric](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        return std::make_shared<const Statements>(makeStatements(store, *points, metric, job));
      },
      [this](std::shared_ptr<const Statements> found) {
        statements_ = std::move(found);
        Q_EMIT statementsChanged();
        if (again_ && !busy()) update();
      },
      [this](const QString& sentence) {
        auto none = std::make_shared<Statements>();
        none->why = sentence.toStdString();
        statements_ = std::move(none);
        Q_EMIT statementsChanged();
      });
}

void Evidence::findFrontiers() {
  frontiers_.start(
      [store = askedStore_, points = view_->points(), axes = view_->axes(), options = asked_,
       metric = asked_.metric](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        const PlotValues at = plotValues(*points, options, {axes.get(), nullptr});
        return std::make_shared<const FrontierChances>(
            makeChances(store, *points, at.x, metric, job));
      },
      [this](std::shared_ptr<const FrontierChances> found) {
        chances_ = std::move(found);
        Q_EMIT chancesChanged();
        if (again_ && !busy()) update();
      },
      [this](const QString&) {
        chances_.reset();
        Q_EMIT chancesChanged();
      });
}

}  // namespace bitfrontier

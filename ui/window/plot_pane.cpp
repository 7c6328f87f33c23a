// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/plot_pane.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <QClipboard>
#include <QGuiApplication>
#include <QMetaMethod>
#include <QToolTip>
#include <QVBoxLayout>
#include <set>

#include "ui/base/text.h"
#include "ui/base/wrapped_label.h"
#include "ui/plot/axis_range.h"
#include "ui/plot/hover_card.h"
#include "ui/runs/filter_edit.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QLabel* makeLine(const QString& objectName, const QString& accessibleName) {
  auto* label = new WrappedLabel;
  label->setObjectName(objectName);
  label->setAccessibleName(accessibleName);
  label->setTextFormat(Qt::RichText);
  label->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  label->setContentsMargins(8, 4, 8, 4);
  return label;
}

/// The beginning of a reason, up to its first stop.
QString shortened(const QString& reason) {
  constexpr qsizetype kMost = 90;
  qsizetype end = reason.size();
  for (const QString& stop : {u": "_s, u"; "_s, u" ("_s}) {
    const qsizetype at = reason.indexOf(stop);
    if (at > 0) end = std::min(end, at);
  }
  return end > kMost ? reason.left(kMost - 1).trimmed() + u'…' : reason.left(end);
}

}  // namespace

RefusalText refusals(const LawSet& laws) {
  std::map<QString, QStringList> families;  // by reason
  QStringList reasons;
  std::map<QString, int> refused, all;
  for (const LawCurve& curve : laws.laws) {
    const QString family = Text::from(curve.series.family);
    ++all[family];
    if (curve.law || curve.note.empty()) continue;
    ++refused[family];
    const QString reason = Text::from(curve.note);
    reasons << u"%1, %2: %3"_s.arg(family, Text::from(curve.series.label), reason);
    const QString name = PlotPane::tr("%1, %2").arg(family, Text::from(curve.series.label));
    families[shortened(reason)] << name;
  }
  if (reasons.isEmpty()) return {};
  // Families of which no series has a law are named as a whole.
  QStringList parts;
  for (auto& [reason, names] : families) {
    QStringList said;
    for (const QString& name : names) {
      const QString family = name.section(u", "_s, 0, 0);
      const QString text = refused[family] == all[family] ? family : name;
      if (!said.contains(text)) said << text;
    }
    constexpr qsizetype kNamed = 4;
    if (said.size() > kNamed) {
      said = said.mid(0, kNamed - 1) << PlotPane::tr("%1 more").arg(said.size() - kNamed + 1);
    }
    parts << PlotPane::tr("No law describes %1: %2").arg(said.join(u", "_s), reason);
  }
  constexpr qsizetype kReasons = 2;
  const qsizetype more = parts.size() - kReasons;
  if (more > 0) parts = parts.mid(0, kReasons) << PlotPane::tr("and %1 more reasons").arg(more);
  return {parts.join(u". "_s), reasons.join(u'\n')};
}

PlotPane::PlotPane(FrontierPlot* plot, ViewController* view, StoreSession* session, QWidget* parent)
    : QWidget(parent),
      plot_(plot),
      view_(view),
      evidence_(new Evidence(session, view, this)),
      multiples_(new Multiples(view, this)),
      grid_(new PlotGrid),
      statement_(makeLine(u"statementLabel"_s, tr("Which bit width is best"))),
      notes_(makeLine(u"plotNotes"_s, tr("What the plot does not show"))) {
  setObjectName(u"plotPane"_s);
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(statement_);
  column->addWidget(plot_, 1);
  column->addWidget(grid_, 1);
  grid_->hide();
  column->addWidget(notes_);
  QFont large = statement_->font();
  large.setPointSizeF(large.pointSizeF() * 1.08);
  statement_->setFont(large);
  notes_->hide();
  showStatements();
  connectGrid();
  connect(evidence_, &Evidence::started, this, &PlotPane::showStatements);
  connect(evidence_, &Evidence::statementsChanged, this, &PlotPane::showStatements);
  connect(evidence_, &Evidence::chancesChanged, this,
          [this] { plot_->setChances(evidence_->chances()); });
  connect(statement_, &QLabel::linkActivated, this,
          [this](const QString& link) { showEvidence(link.toInt()); });
  connect(notes_, &QLabel::linkActivated, this, &PlotPane::followNote);
  connect(plot_, &FrontierPlot::pointsShown, this, &PlotPane::showNotes, Qt::QueuedConnection);
  connect(view_, &ViewController::lawsChanged, this, &PlotPane::showNotes, Qt::QueuedConnection);
  connect(view_, &ViewController::optionsChanged, this, &PlotPane::showNotes, Qt::QueuedConnection);
  Selection& selection = view_->selection();
  const auto key = [this](int point) {
    return pointKey(plot_->points()[static_cast<std::size_t>(point)]);
  };
  connect(plot_, &FrontierPlot::pointActivated, this,
          [&selection, key](int point) { selection.setOne(key(point)); });
  connect(plot_, &FrontierPlot::pointToggled, this,
          [&selection, key](int point) { selection.toggle(key(point)); });
  connect(plot_, &FrontierPlot::pointsEnclosed, this,
          [&selection, key](const std::vector<int>& points) {
            std::vector<std::string> keys = selection.keys();
            for (const int point : points) keys.push_back(key(point));
            selection.set(std::move(keys), selection.current());
          });
  connect(plot_, &FrontierPlot::menuWanted, this, [this](int point, QPoint at) {
    const LegendEntry* entry = plot_->entryAt(plot_->mapFromGlobal(at));
    QMenu* menu = menuFor(point, entry ? entry->target() : LegendTarget{});
    menu->setAttribute(Qt::WA_DeleteOnClose);
    menu->popup(at);
  });
}

bool PlotPane::busy() const {
  return evidence_->busy() || multiples_->busy() || (!grid_->isHidden() && grid_->busy());
}

void PlotPane::setLasso(bool on) {
  plot_->setLasso(on);
  grid_->setLasso(on);
}

void PlotPane::fitView() {
  if (grid_->isHidden()) {
    plot_->fitView();
  } else {
    grid_->fitView();
  }
}

void PlotPane::connectGrid() {
  Selection& selection = view_->selection();
  connect(multiples_, &Multiples::changed, this, &PlotPane::showCells);
  connect(view_, &ViewController::optionsChanged, grid_, [this] {
    if (multiples_->cells()) grid_->setOptions(view_->options());
  });
  connect(evidence_, &Evidence::chancesChanged, grid_,
          [this] { grid_->setChances(evidence_->chances()); });
  connect(plot_, &FrontierPlot::visibilityChanged, grid_,
          [this] { grid_->setVisibility(plot_->visibility()); });
  connect(&selection, &Selection::changed, grid_, [this, &selection] {
    if (!multiples_->cells()) return;
    grid_->setSelected([&selection](const std::string& key) { return selection.contains(key); });
  });
  connect(grid_, &PlotGrid::pointActivated, this,
          [&selection](const std::string& key) { selection.setOne(key); });
  connect(grid_, &PlotGrid::pointToggled, this,
          [&selection](const std::string& key) { selection.toggle(key); });
  connect(grid_, &PlotGrid::pointsEnclosed, this,
          [&selection](const std::vector<std::string>& more) {
            std::vector<std::string> keys = selection.keys();
            keys.insert(keys.end(), more.begin(), more.end());
            selection.set(std::move(keys), selection.current());
          });
  connect(grid_, &PlotGrid::legendClicked, this,
          [this](const QString& name, LegendTarget::Kind kind, bool toggle) {
            const PlotScene& scene = plot_->scene();
            const auto& names = kind == LegendTarget::Kind::Value    ? scene.values
                                : kind == LegendTarget::Kind::Family ? scene.families
                                : kind == LegendTarget::Kind::Method ? scene.methods
                                                                     : scene.sources;
            const auto at = std::find(names.begin(), names.end(), name);
            if (at == names.end()) return;
            plot_->clickLegend({kind, static_cast<int>(at - names.begin())}, toggle);
          });
}

void PlotPane::showCells() {
  const auto& cells = multiples_->cells();
  grid_->setVisible(cells != nullptr);
  plot_->setVisible(cells == nullptr);
  if (cells) {
    grid_->setOptions(view_->options());
    grid_->setCells(cells, view_->facts());
    Selection& selection = view_->selection();
    grid_->setSelected([&selection](const std::string& key) { return selection.contains(key); });
  }
  showNotes();
}

// Exactly these: models that were selected under the same configurations are one part of it.
void PlotPane::showOnlySelected() {
  std::map<std::string, std::set<std::string>> configsOf;
  const std::vector<LawPoint>& points = *view_->points();
  for (const int row : view_->selectedPoints()) {
    const LawPoint& p = points[static_cast<std::size_t>(row)];
    configsOf[p.model].insert(p.config);
  }
  if (configsOf.empty() || !view_->snapshot()) return;
  std::vector<std::string> allModels, allConfigs;
  for (const LawPoint& p : *view_->snapshot()->points) {
    allModels.push_back(p.model);
    allConfigs.push_back(p.config);
  }
  std::map<std::set<std::string>, std::vector<std::string>> parts;
  for (const auto& [model, configs] : configsOf) parts[configs].push_back(model);
  std::string text;
  for (const auto& [configs, models] : parts) {
    const std::string part =
        withTerm(withTerm("", "model", models, TermSign::Only, allModels), "config",
                 {configs.begin(), configs.end()}, TermSign::Only, allConfigs);
    text += (text.empty() ? "" : " or ") + (parts.size() > 1 ? "(" + part + ")" : part);
  }
  ViewOptions options = view_->options();
  options.filter = options.filter.empty() ? text : "(" + options.filter + ") (" + text + ")";
  view_->setOptions(options);
}

void PlotPane::showStatements() {
  if (!evidence_->statements()) {
    statement_->setText(tr("Finding out which bit width is best…"));
    return;
  }
  const Statements& statements = *evidence_->statements();
  QString text = statementsHtml(statements);
  if (evidence_->outdated()) text = u"<i>%1</i> &nbsp; "_s.arg(tr("looking again…")) + text;
  statement_->setText(text);
  QStringList details;
  for (const Statement& one : statements.families) {
    details << Text::from(one.headline.title);
    for (const std::string& line : one.details) details << u"    "_s + Text::from(line);
  }
  details << tr("A click shows the points behind it.");
  statement_->setToolTip(details.join(u'\n'));
}

void PlotPane::showEvidence(int family) {
  if (!evidence_->statements()) return;
  const auto& families = evidence_->statements()->families;
  if (family < 0 || static_cast<std::size_t>(family) >= families.size()) return;
  const Statement& statement = families[static_cast<std::size_t>(family)];
  const WidthHeadline& line = statement.headline;
  const ViewOptions& options = view_->options();
  // Only on the axes of the statement is its range a part of the plane.
  if (line.contested && options.x == XAxis::TotalBits && options.y == YAxis::Metric) {
    PlotRange range = plot_->range();
    range.x = paddedRange(line.fromBits, line.toBits * 1.0001, options.xLog, true);
    if (!statement.points.empty()) {
      range.y = paddedRange(statement.lowest, std::max(statement.highest, statement.lowest + 1e-3),
                            options.yLog, false);
    }
    const auto inRange = [&](const LawPoint& p) {
      return p.totalBits >= range.x.lower && p.totalBits <= range.x.upper;
    };
    for (const LawPoint& p : plot_->points()) {
      const bool own = std::find(statement.points.begin(), statement.points.end(), pointKey(p)) !=
                       statement.points.end();
      const double y = plotValue(p, options.metric);
      if (!own || !inRange(p) || !std::isfinite(y)) continue;
      range.y = range.y.expanded(QCPRange(y, y));
    }
    plot_->showRange(range);
  }
  view_->selection().set(statement.points);
  plot_->setFocus(Qt::OtherFocusReason);
}

void PlotPane::showNotes() {
  QStringList parts;
  QString tip;
  if (const auto& cells = multiples_->cells()) {
    const QStringList& out = cells->leftOut;
    if (!out.isEmpty()) {
      parts << tr("%1 of %2 plots are left out for want of room: %3")
                   .arg(out.size())
                   .arg(out.size() + static_cast<qsizetype>(cells->cells.size()))
                   .arg(out.mid(0, 6).join(u", "_s) + (out.size() > 6 ? u", …"_s : QString()))
                   .toHtmlEscaped();
    }
    if (cells->cells.empty()) parts << tr("No point in view can be divided so");
  }
  const QString hidden = hiddenText(plot_->scene().at);
  if (!hidden.isEmpty()) {
    parts << hidden.toHtmlEscaped() + u" <a href=\"hidden\">["_s + tr("show") + u"]</a>"_s;
  }
  if (const auto& laws = view_->laws(); laws && view_->options().fits) {
    const RefusalText refused = refusals(*laws);
    if (!refused.line.isEmpty()) {
      parts << refused.line.toHtmlEscaped() + u" <a href=\"laws\">["_s + tr("why") + u"]</a>"_s;
      tip = refused.reasons;
    }
  }
  notes_->setText(parts.join(u" &nbsp;·&nbsp; "_s));
  notes_->setToolTip(tip);
  notes_->setVisible(!parts.isEmpty());
}

void PlotPane::followNote(const QString& link) {
  if (link == "laws"_L1) {
    QToolTip::showText(notes_->mapToGlobal(QPoint(8, 0)), notes_->toolTip(), notes_, {}, 60000);
    return;
  }
  // What a linear axis can show is shown; all else is selected in the table.
  ViewOptions options = view_->options();
  bool byX = false, byY = false;
  std::vector<std::string> keys;
  for (const PlotValues::Hidden& hidden : plot_->scene().at.hidden) {
    byX = byX || hidden.byLogX;
    byY = byY || hidden.byLogY;
    for (const int row : hidden.points) {
      keys.push_back(pointKey(plot_->points()[static_cast<std::size_t>(row)]));
    }
  }
  if (byX) options.xLog = false;
  if (byY) options.yLog = false;
  const std::string first = keys.empty() ? std::string() : keys.front();
  view_->selection().set(std::move(keys), first);
  view_->setOptions(options);
}

void PlotPane::narrowFilter(const QString& term) {
  ViewOptions options = view_->options();
  const std::string text = term.toStdString();
  options.filter = options.filter.empty() ? text : "(" + options.filter + ") " + text;
  view_->setOptions(options);
}

QMenu* PlotPane::menuFor(int point, LegendTarget target) {
  auto* menu = new QMenu(plot_);
  menu->setObjectName(u"plotMenu"_s);
  const auto add = [&](const QString& text, const QString& tip, auto&& call) {
    QAction* action = menu->addAction(text);
    action->setToolTip(tip);
    action->setStatusTip(tip);
    connect(action, &QAction::triggered, this, std::forward<decltype(call)>(call));
    return action;
  };
  const auto quoted = [](const QString& word) { return u'"' + word + u'"'; };
  const auto toFilter = [&](const QString& what, const QString& term) {
    add(tr("Filter to %1").arg(what), tr("Writes %1 into the filter").arg(term),
        [this, term] { narrowFilter(term); });
  };
  if (point >= 0 && static_cast<std::size_t>(point) < plot_->points().size()) {
    const LawPoint p = plot_->points()[static_cast<std::size_t>(point)];
    const std::string key = pointKey(p);
    const auto& groups = plot_->scene().groups;
    const auto group = std::find_if(groups.begin(), groups.end(), [point](const PlotGroup& g) {
      return std::find(g.points.begin(), g.points.end(), point) != g.points.end();
    });
    add(tr("&Inspect"), tr("Selects the point and shows everything about it"),
        [this, point] { Q_EMIT plot_->pointActivated(point); });
    if (group != groups.end()) {
      std::vector<std::string> keys;
      for (const int row : group->points) {
        keys.push_back(pointKey(plot_->points()[static_cast<std::size_t>(row)]));
      }
      add(tr("Select the &series"), tr("Selects all points of this look"),
          [this, keys, key] { view_->selection().set(keys, key); });
    }
    if (view_->selection().keys().size() > 1) {
      add(tr("Show &only the selected points"),
          tr("Writes models and configurations of the selected points into the filter"),
          [this] { showOnlySelected(); });
    }
    menu->addSeparator();
    toFilter(Text::from(p.model), u"model:"_s + quoted(Text::from(p.model)));
    toFilter(Text::from(p.family), u"family:"_s + quoted(Text::from(p.family)));
    menu->addSeparator();
    add(tr("&Copy the point"), tr("Copies what the card says as a line of text"), [this, p] {
      QGuiApplication::clipboard()->setText(HoverCard::summary(p, view_->options().metric));
    });
    if (isSignalConnected(QMetaMethod::fromSignal(&PlotPane::baselineWanted))) {
      add(tr("Set as &baseline"), tr("Differences are from this point"),
          [this, key] { Q_EMIT baselineWanted(key); });
    }
    if (isSignalConnected(QMetaMethod::fromSignal(&PlotPane::excludeWanted))) {
      add(tr("&Exclude…"), tr("Leaves it out of laws and frontiers, with a reason"), [this, key] {
        const auto& selected = view_->selection().keys();
        const bool among = view_->selection().contains(key);
        Q_EMIT excludeWanted(among ? selected : std::vector<std::string>{key});
      });
    }
    menu->addSeparator();
  } else if (target.kind == LegendTarget::Kind::Family) {
    const QString name = plot_->scene().families[static_cast<std::size_t>(target.index)];
    toFilter(name, u"family:"_s + quoted(name));
  } else if (target.kind == LegendTarget::Kind::Value &&
             view_->options().series == SeriesKey::Bits) {
    const QString name = plot_->scene().values[static_cast<std::size_t>(target.index)];
    toFilter(name, u"bits:"_s + name.section(u' ', 0, 0));
  }
  add(tr("Show &all points"), tr("Fits the axes to the points"), [this] { plot_->fitView(); });
  add(tr("&Back"), tr("The range before the last zoom"), [this] { plot_->goBack(); });
  add(tr("Clear the se&lection"), tr("Selects nothing"), [this] { view_->selection().clear(); });
  return menu;
}

}  // namespace bitfrontier

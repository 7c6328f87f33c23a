// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_accessible.h"

#include <algorithm>

#include "ui/plot/hover_card.h"

namespace bitfrontier {

/// A child of the chart, which is no widget.
class PlotPart : public QAccessibleInterface, public QAccessibleActionInterface {
 public:
  PlotPart(PlotAccessible* chart, PlotAccessible::Part part) : chart_(chart), part_(part) {}

  bool isValid() const override {
    return chart_->isValid() && (kind() == Kind::Law || (kind() == Kind::Entry && entry()) ||
                                 (kind() == Kind::Point && point()));
  }
  QObject* object() const override { return nullptr; }
  QWindow* window() const override { return chart_->window(); }
  QAccessibleInterface* parent() const override { return chart_; }
  QAccessibleInterface* child(int) const override { return nullptr; }
  int childCount() const override { return 0; }
  int indexOfChild(const QAccessibleInterface*) const override { return -1; }
  QAccessibleInterface* childAt(int, int) const override { return nullptr; }
  void setText(QAccessible::Text, const QString&) override {}

  QAccessible::Role role() const override {
    return kind() == Kind::Law     ? QAccessible::StaticText
           : kind() == Kind::Entry ? QAccessible::CheckBox
                                   : QAccessible::ListItem;
  }

  QString text(QAccessible::Text what) const override {
    if (what != QAccessible::Name) return {};
    if (kind() == Kind::Law) return plot().lawSentence();
    if (kind() == Kind::Entry) return entry() ? entry()->text() : QString();
    return point() ? HoverCard::summary(*point(), plot().content().marks().request.options.metric)
                   : QString();
  }

  QAccessible::State state() const override {
    QAccessible::State state;
    state.invisible = !plot().isVisible();
    state.readOnly = true;
    if (kind() == Kind::Point) {
      state.focusable = state.selectable = true;
      state.focused = plot().hasFocus() && plot().current() == part_.second;
      const auto& selected = plot().selected();
      state.selected = std::find(selected.begin(), selected.end(), part_.second) != selected.end();
      state.offscreen = !plot().axisRect()->rect().contains(place().toPoint());
    }
    if (kind() == Kind::Entry && entry()) {
      state.checkable = true;
      state.checked = !entry()->faded();
    }
    return state;
  }

  QRect rect() const override {
    QRect local = plot().axisRect()->rect();
    if (kind() == Kind::Entry) local = entry() ? entry()->outerRect() : QRect();
    if (kind() == Kind::Point) {
      const int half = qRound(plot().content().marks().request.style.marker);
      local = QRect(place().toPoint() - QPoint(half, half), QSize(2 * half, 2 * half));
    }
    return {plot().mapToGlobal(local.topLeft()), local.size()};
  }

  void* interface_cast(QAccessible::InterfaceType type) override {
    const bool acts = type == QAccessible::ActionInterface && kind() != Kind::Law;
    return acts ? static_cast<QAccessibleActionInterface*>(this) : nullptr;
  }
  QStringList actionNames() const override {
    return kind() == Kind::Entry ? QStringList{toggleAction(), pressAction()}
                                 : QStringList{pressAction(), setFocusAction()};
  }
  void doAction(const QString& name) override {
    if (!isValid()) return;
    if (kind() == Kind::Entry) {
      plot().clickLegend(entry()->target(), name == toggleAction());
    } else if (name == setFocusAction()) {
      plot().setFocus();
      plot().setCurrent(part_.second);
    } else if (name == pressAction()) {
      plot().setCurrent(part_.second);
      Q_EMIT plot().pointActivated(part_.second);
    }
  }
  QStringList keyBindingsForAction(const QString&) const override { return {}; }

  const PlotAccessible::Part& part() const { return part_; }

 private:
  using Kind = PlotAccessible::Kind;

  Kind kind() const { return part_.first; }
  FrontierPlot& plot() const { return chart_->plot(); }
  const LawPoint* point() const {
    const auto row = static_cast<std::size_t>(part_.second);
    return row < plot().points().size() ? &plot().points()[row] : nullptr;
  }
  QPointF place() const { return point() ? plot().pixelOf(part_.second) : QPointF(); }
  const LegendEntry* entry() const {
    const std::vector<LegendEntry*> entries = plot().legendEntries();
    const auto at = static_cast<std::size_t>(part_.second);
    return at < entries.size() ? entries[at] : nullptr;
  }

  PlotAccessible* chart_;
  PlotAccessible::Part part_;
};

void PlotAccessible::install() {
  static const bool once = [] {
    QAccessible::installFactory([](const QString&, QObject* object) -> QAccessibleInterface* {
      auto* plot = qobject_cast<FrontierPlot*>(object);
      return plot ? new PlotAccessible(plot) : nullptr;
    });
    return true;
  }();
  Q_UNUSED(once);
}

PlotAccessible::PlotAccessible(FrontierPlot* plot) : QAccessibleWidget(plot, QAccessible::Chart) {}

PlotAccessible::~PlotAccessible() {
  for (const auto& [part, id] : made_) QAccessible::deleteAccessibleInterface(id);
}

std::vector<PlotAccessible::Part> PlotAccessible::parts() const {
  std::vector<Part> all;
  if (!isValid()) return all;
  if (!plot().lawSentence().isEmpty()) all.emplace_back(Kind::Law, 0);
  const std::vector<LegendEntry*> entries = plot().legendEntries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i]->target().kind == LegendTarget::Kind::None) continue;
    all.emplace_back(Kind::Entry, static_cast<int>(i));
  }
  std::vector<int> rows;
  for (const PlotGroup& group : plot().scene().groups) {
    if (!plot().content().marks().shows(group)) continue;
    rows.insert(rows.end(), group.points.begin(), group.points.end());
    if (rows.size() > kMostPoints) break;
  }
  if (rows.size() > kMostPoints) {
    constexpr std::ptrdiff_t kBeside = 2;
    rows = plot().seriesOf(plot().current());
    const auto at = std::find(rows.begin(), rows.end(), plot().current()) - rows.begin();
    const auto size = static_cast<std::ptrdiff_t>(rows.size());
    const std::vector<int> near(rows.begin() + std::clamp<std::ptrdiff_t>(at - kBeside, 0, size),
                                rows.begin() + std::min(at + kBeside + 1, size));
    rows = near;
  }
  for (const int row : rows) all.emplace_back(Kind::Point, row);
  return all;
}

QAccessibleInterface* PlotAccessible::interfaceOf(const Part& part) const {
  auto found = made_.find(part);
  if (found == made_.end()) {
    auto* made = new PlotPart(const_cast<PlotAccessible*>(this), part);
    found = made_.emplace(part, QAccessible::registerAccessibleInterface(made)).first;
  }
  return QAccessible::accessibleInterface(found->second);
}

int PlotAccessible::childCount() const { return static_cast<int>(parts().size()); }

QAccessibleInterface* PlotAccessible::child(int index) const {
  const std::vector<Part> all = parts();
  if (index < 0 || static_cast<std::size_t>(index) >= all.size()) return nullptr;
  return interfaceOf(all[static_cast<std::size_t>(index)]);
}

int PlotAccessible::indexOfChild(const QAccessibleInterface* child) const {
  const auto* part = dynamic_cast<const PlotPart*>(child);
  if (!part || part->parent() != this) return -1;
  const std::vector<Part> all = parts();
  const auto at = std::find(all.begin(), all.end(), part->part());
  return at == all.end() ? -1 : static_cast<int>(at - all.begin());
}

QAccessibleInterface* PlotAccessible::pointChild(int point) const {
  const std::vector<Part> all = parts();
  const Part part(Kind::Point, point);
  return std::find(all.begin(), all.end(), part) == all.end() ? nullptr : interfaceOf(part);
}

QAccessibleInterface* PlotAccessible::childAt(int x, int y) const {
  if (!isValid()) return nullptr;
  const QPoint at = plot().mapFromGlobal(QPoint(x, y));
  const std::vector<LegendEntry*> entries = plot().legendEntries();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i] == plot().entryAt(at)) return interfaceOf({Kind::Entry, static_cast<int>(i)});
  }
  const int point = plot().pointAt(at);
  return point < 0 ? nullptr : pointChild(point);
}

QAccessibleInterface* PlotAccessible::focusChild() const {
  if (!isValid() || !plot().hasFocus()) return nullptr;
  return plot().current() < 0 ? nullptr : pointChild(plot().current());
}

}  // namespace bitfrontier

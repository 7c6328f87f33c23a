// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keyboard of FrontierPlot.
#include <algorithm>
#include <cmath>
#include <limits>
#include <QKeyEvent>
#include <QMouseEvent>

#include "ui/base/text.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/hover_card.h"

namespace bitfrontier {

QPointF FrontierPlot::pixelOf(int point) const {
  const LawPoint& p = (*points_)[static_cast<std::size_t>(point)];
  return {xAxis->coordToPixel(p.totalBits), yAxis->coordToPixel(plotValue(p, options_.metric))};
}

int FrontierPlot::pointAt(QPointF position, double radius) const {
  if (!axisRect()->rect().contains(position.toPoint())) return -1;
  const double low = xAxis->pixelToCoord(position.x() - radius);
  const double high = xAxis->pixelToCoord(position.x() + radius);
  int best = -1;
  double bestDistance = radius * radius;
  for (const PlotGroup& group : scene_.groups) {
    if (!content_.shows(scene_, group)) continue;
    const auto begin =
        std::lower_bound(group.points.begin(), group.points.end(), low, [this](int i, double bits) {
          return (*points_)[static_cast<std::size_t>(i)].totalBits < bits;
        });
    for (auto it = begin; it != group.points.end(); ++it) {
      if ((*points_)[static_cast<std::size_t>(*it)].totalBits > high) break;
      const QPointF d = pixelOf(*it) - position;
      const double distance = QPointF::dotProduct(d, d);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = *it;
      }
    }
  }
  return best;
}

std::vector<LegendEntry*> FrontierPlot::legendEntries() const {
  std::vector<LegendEntry*> entries;
  for (const QCPLegend* l :
       {static_cast<const QCPLegend*>(legend), static_cast<const QCPLegend*>(sources_)}) {
    for (int i = 0; i < l->itemCount(); ++i) {
      if (auto* entry = qobject_cast<LegendEntry*>(l->item(i))) entries.push_back(entry);
    }
  }
  return entries;
}

LegendEntry* FrontierPlot::entryAt(QPointF position) const {
  for (LegendEntry* entry : legendEntries()) {
    if (entry->target().kind != LegendTarget::Kind::None &&
        entry->outerRect().contains(position.toPoint())) {
      return entry;
    }
  }
  return nullptr;
}

void FrontierPlot::clickLegend(LegendTarget target, bool toggle) {
  if (target.kind == LegendTarget::Kind::None) return;
  const bool isValue = target.kind == LegendTarget::Kind::Value;
  const bool isFamily = target.kind == LegendTarget::Kind::Family;
  const bool isMethod = target.kind == LegendTarget::Kind::Method;
  const std::vector<QString>& names = isValue    ? scene_.values
                                      : isFamily ? scene_.families
                                      : isMethod ? scene_.methods
                                                 : scene_.sources;
  if (target.index < 0 || static_cast<std::size_t>(target.index) >= names.size()) return;
  PlotVisibility next = visibility_;
  std::set<QString>& hidden = isValue    ? next.hiddenValues
                              : isFamily ? next.hiddenFamilies
                              : isMethod ? next.hiddenMethods
                                         : next.hiddenSources;
  const QString name = names[static_cast<std::size_t>(target.index)];
  if (toggle) {
    if (!hidden.erase(name)) hidden.insert(name);
    // Names that are not there now, those of other families, stay as they are.
    const bool none = std::all_of(names.begin(), names.end(),
                                  [&](const QString& n) { return hidden.contains(n); });
    if (none) hidden.clear();
  } else {
    const bool alone = std::all_of(names.begin(), names.end(), [&](const QString& n) {
      return hidden.contains(n) == (n != name);
    });
    hidden.clear();
    if (!alone) hidden.insert(names.begin(), names.end());
    hidden.erase(name);
  }
  setVisibility(next);
}

void FrontierPlot::showEverySeries() { setVisibility({}); }

void FrontierPlot::mousePressEvent(QMouseEvent* event) {
  pressed_ = event->position();
  QCustomPlot::mousePressEvent(event);
}

void FrontierPlot::mouseMoveEvent(QMouseEvent* event) {
  QCustomPlot::mouseMoveEvent(event);
  if (event->buttons() == Qt::NoButton) {
    const int point = pointAt(event->position());
    setCurrent(point);
    const bool clickable = point >= 0 || entryAt(event->position());
    setCursor(clickable ? Qt::PointingHandCursor : Qt::ArrowCursor);
  } else if ((event->position() - pressed_).manhattanLength() > 3) {
    follow_ = false;
  }
}

void FrontierPlot::mouseReleaseEvent(QMouseEvent* event) {
  const bool click = (event->position() - pressed_).manhattanLength() <= 3;
  QCustomPlot::mouseReleaseEvent(event);
  if (!click || event->button() != Qt::LeftButton) return;
  if (const LegendEntry* entry = entryAt(event->position())) {
    clickLegend(entry->target(), event->modifiers() & Qt::ControlModifier);
    return;
  }
  const int point = pointAt(event->position());
  if (point >= 0) {
    setCurrent(point);
    Q_EMIT pointActivated(point);
  }
}

void FrontierPlot::mouseDoubleClickEvent(QMouseEvent* event) {
  QCustomPlot::mouseDoubleClickEvent(event);
  if (!entryAt(event->position())) fitView();
}

void FrontierPlot::wheelEvent(QWheelEvent* event) {
  if (axisRect()->rect().contains(event->position().toPoint())) follow_ = false;
  QCustomPlot::wheelEvent(event);
  event->accept();
}

void FrontierPlot::walk(int step) {
  if (current_ < 0) {
    for (const PlotGroup& group : scene_.groups) {
      if (!content_.shows(scene_, group) || group.points.empty()) continue;
      setCurrent(step > 0 ? group.points.front() : group.points.back());
      return;
    }
    return;
  }
  for (const PlotGroup& group : scene_.groups) {
    const auto it = std::find(group.points.begin(), group.points.end(), current_);
    if (it == group.points.end()) continue;
    const auto position = it - group.points.begin() + step;
    if (position >= 0 && position < static_cast<std::ptrdiff_t>(group.points.size())) {
      setCurrent(group.points[static_cast<std::size_t>(position)]);
    }
    return;
  }
}

void FrontierPlot::changeSeries(int step) {
  std::vector<const PlotGroup*> shown;
  int at = -1;
  for (const PlotGroup& group : scene_.groups) {
    if (!content_.shows(scene_, group) || group.points.empty()) continue;
    if (std::find(group.points.begin(), group.points.end(), current_) != group.points.end()) {
      at = static_cast<int>(shown.size());
    }
    shown.push_back(&group);
  }
  if (shown.empty()) return;
  if (at < 0) {
    walk(1);
    return;
  }
  const int count = static_cast<int>(shown.size());
  const PlotGroup& next = *shown[static_cast<std::size_t>((at + step + count) % count)];
  const double bits = (*points_)[static_cast<std::size_t>(current_)].totalBits;
  const auto distance = [&](int i) {
    return std::abs(std::log((*points_)[static_cast<std::size_t>(i)].totalBits / bits));
  };
  setCurrent(*std::min_element(next.points.begin(), next.points.end(),
                               [&](int a, int b) { return distance(a) < distance(b); }));
}

void FrontierPlot::keyPressEvent(QKeyEvent* event) {
  constexpr double kZoomStep = 0.8;
  switch (event->key()) {
    case Qt::Key_Right:
      walk(1);
      return;
    case Qt::Key_Left:
      walk(-1);
      return;
    case Qt::Key_Down:
      changeSeries(1);
      return;
    case Qt::Key_Up:
      changeSeries(-1);
      return;
    case Qt::Key_Home:
    case Qt::Key_0:
      fitView();
      return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoom(kZoomStep);
      return;
    case Qt::Key_Minus:
      zoom(1 / kZoomStep);
      return;
    case Qt::Key_Return:
    case Qt::Key_Enter:
      if (current_ >= 0) Q_EMIT pointActivated(current_);
      return;
    case Qt::Key_Escape:
      if (current_ >= 0) {
        setCurrent(-1);
        return;
      }
      break;
    default:
      break;
  }
  QCustomPlot::keyPressEvent(event);
}

void FrontierPlot::leaveEvent(QEvent* event) {
  QCustomPlot::leaveEvent(event);
  if (!hasFocus()) setCurrent(-1);
}

void FrontierPlot::changeEvent(QEvent* event) {
  QCustomPlot::changeEvent(event);
  const bool restyle =
      event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange;
  if (restyle && !fixedStyle_ && card_) {
    style_ = PlotStyle::fromPalette(palette(), font());
    applyStyle();
    refresh();
  }
}

void FrontierPlot::resizeEvent(QResizeEvent* event) {
  QCustomPlot::resizeEvent(event);
  if (event->size().height() != event->oldSize().height()) refreshLegend();
  updateCard();
}

}  // namespace bitfrontier

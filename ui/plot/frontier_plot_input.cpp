// SPDX-License-Identifier: GPL-3.0-or-later
// Mouse and keyboard of FrontierPlot.
#include <algorithm>
#include <cmath>
#include <limits>
#include <QContextMenuEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <utility>

#include "ui/base/text.h"
#include "ui/plot/frontier_plot.h"
#include "ui/plot/hover_card.h"

namespace bitfrontier {

QPointF FrontierPlot::pixelOf(int point) const { return content_.scatter()->pixelOf(point); }

int FrontierPlot::pointAt(QPointF position, double radius) const {
  if (!axisRect()->rect().contains(position.toPoint()) || points().empty()) return -1;
  return content_.scatter()->nearest(position, radius);
}

std::vector<LegendEntry*> FrontierPlot::legendEntries() const {
  std::vector<LegendEntry*> entries;
  for (int i = 0; i < legend->itemCount(); ++i) {
    if (auto* entry = qobject_cast<LegendEntry*>(legend->item(i))) entries.push_back(entry);
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
  const std::vector<QString>& names = isValue    ? scene().values
                                      : isFamily ? scene().families
                                      : isMethod ? scene().methods
                                                 : scene().sources;
  if (target.index < 0 || static_cast<std::size_t>(target.index) >= names.size()) return;
  PlotVisibility next = asked_.visibility;
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

// A rectangle selects with Shift and zooms with Ctrl; all else is for QCustomPlot, which pans.
void FrontierPlot::mousePressEvent(QMouseEvent* event) {
  pressed_ = event->position();
  const bool inside = axisRect()->rect().contains(pressed_.toPoint());
  const auto modifiers = event->modifiers() & (Qt::ShiftModifier | Qt::ControlModifier);
  hideCard();
  if (event->button() == Qt::LeftButton && inside && modifiers != Qt::NoModifier) {
    zoomBand_ = modifiers & Qt::ControlModifier;
    band_->setGeometry(QRect(pressed_.toPoint(), QSize()));
    lasso_ = QPolygonF({pressed_});
    dragging_ = lassoOn_ && !zoomBand_ ? Drag::Lasso : Drag::Band;
    return;
  }
  dragging_ = event->button() == Qt::LeftButton && inside ? Drag::Pan : Drag::None;
  QCustomPlot::mousePressEvent(event);
}

void FrontierPlot::mouseMoveEvent(QMouseEvent* event) {
  const QPointF position = event->position();
  const bool moved = (position - pressed_).manhattanLength() > 3;
  if (dragging_ == Drag::Band) {
    const QRect area = axisRect()->rect();
    band_->setGeometry(QRect(pressed_.toPoint(), position.toPoint()).normalized() & area);
    band_->setVisible(moved);
    return;
  }
  if (dragging_ == Drag::Lasso) {
    lasso_ << position;
    layer(QStringLiteral("current"))->replot();
    return;
  }
  if (dragging_ == Drag::Pan && moved && follow_) follow_ = false;
  if (dragging_ == Drag::Pan && moved) {
    remember(true);
    gesture_.start();
  }
  QCustomPlot::mouseMoveEvent(event);
  if (event->buttons() == Qt::NoButton) hoverAt(position);
}

void FrontierPlot::hoverAt(QPointF position) {
  const int point = pointAt(position);
  const bool inside = axisRect()->rect().contains(position.toPoint());
  if (point != current_) {
    // The mark is there at once, the card when the mouse rests.
    const bool shown = card_->isVisible();
    cursor_.reset();
    setCurrent(point);
    if (point >= 0 && !shown) {
      card_->hide();
      dwell_.start();
    }
  }
  setCursorAt(inside && point < 0 ? std::optional(position) : std::nullopt);
  const bool clickable = point >= 0 || entryAt(position);
  setCursor(clickable ? Qt::PointingHandCursor : Qt::ArrowCursor);
}

void FrontierPlot::mouseReleaseEvent(QMouseEvent* event) {
  const bool click = (event->position() - pressed_).manhattanLength() <= 3;
  const Drag drag = std::exchange(dragging_, Drag::None);
  if (drag == Drag::Band || drag == Drag::Lasso) {
    const QRectF rect(band_->geometry());
    const QPolygonF lasso = std::exchange(lasso_, {});
    band_->hide();
    layer(QStringLiteral("current"))->replot();
    if (click && lasso.size() < 4) {
      const int point = pointAt(event->position());
      if (point >= 0) Q_EMIT pointToggled(point);
    } else if (drag == Drag::Lasso) {
      const std::vector<int> points = content_.scatter()->inside(lasso);
      if (!points.empty()) Q_EMIT pointsEnclosed(points);
    } else if (zoomBand_ && rect.width() > 3 && rect.height() > 3) {
      showRange({QCPRange(xAxis->pixelToCoord(rect.left()), xAxis->pixelToCoord(rect.right())),
                 QCPRange(yAxis->pixelToCoord(rect.bottom()), yAxis->pixelToCoord(rect.top()))});
    } else if (!zoomBand_) {
      const std::vector<int> points = content_.scatter()->inside(QPolygonF(rect));
      if (!points.empty()) Q_EMIT pointsEnclosed(points);
    }
    return;
  }
  QCustomPlot::mouseReleaseEvent(event);
  if (!click || event->button() != Qt::LeftButton) return;
  if (const LegendEntry* entry = entryAt(event->position())) {
    clickLegend(entry->target(), event->modifiers() & Qt::ControlModifier);
    return;
  }
  const int point = pointAt(event->position());
  if (point >= 0) {
    setCurrent(point);
    updateCard();
    Q_EMIT pointActivated(point);
  }
}

void FrontierPlot::mouseDoubleClickEvent(QMouseEvent* event) {
  QCustomPlot::mouseDoubleClickEvent(event);
  if (entryAt(event->position())) return;
  remember();
  fitView();
}

void FrontierPlot::wheelEvent(QWheelEvent* event) {
  event->accept();
  if (!axisRect()->rect().contains(event->position().toPoint())) {
    const int step = event->angleDelta().y() > 0 ? -3 : 3;
    if (side_->outerRect().contains(event->position().toPoint())) scrollLegend(step);
    return;
  }
  remember(true);
  follow_ = false;
  hideCard();
  QCustomPlot::wheelEvent(event);
}

void FrontierPlot::contextMenuEvent(QContextMenuEvent* event) {
  const bool keyboard = event->reason() == QContextMenuEvent::Keyboard;
  const int point = keyboard ? current_ : pointAt(event->pos());
  QPoint at = event->globalPos();
  if (keyboard && point >= 0) at = mapToGlobal(pixelOf(point).toPoint());
  hideCard();
  event->accept();
  Q_EMIT menuWanted(point, at);
}

std::vector<int> FrontierPlot::seriesOf(int point) const {
  for (const PlotGroup& group : scene().groups) {
    const bool in =
        std::find(group.points.begin(), group.points.end(), point) != group.points.end();
    if (in) return group.points;
  }
  return {};
}

void FrontierPlot::walk(int step) {
  if (current_ < 0) {
    for (const PlotGroup& group : scene().groups) {
      if (!content_.marks().shows(group) || group.points.empty()) continue;
      setCurrent(step > 0 ? group.points.front() : group.points.back());
      return;
    }
    return;
  }
  const std::vector<int> series = seriesOf(current_);
  const auto it = std::find(series.begin(), series.end(), current_);
  if (it == series.end()) return;
  const auto last = static_cast<std::ptrdiff_t>(series.size()) - 1;
  setCurrent(series[static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(it - series.begin() + step, 0, last))]);
}

void FrontierPlot::changeSeries(int step) {
  std::vector<const PlotGroup*> shown;
  int at = -1;
  for (const PlotGroup& group : scene().groups) {
    if (!content_.marks().shows(group) || group.points.empty()) continue;
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
  const double x = pixelOf(current_).x();
  const auto distance = [&](int i) { return std::abs(pixelOf(i).x() - x); };
  setCurrent(*std::min_element(next.points.begin(), next.points.end(),
                               [&](int a, int b) { return distance(a) < distance(b); }));
}

void FrontierPlot::keyPressEvent(QKeyEvent* event) {
  const int before = current_;
  handleKey(event);
  if (current_ != before) speak();
}

void FrontierPlot::handleKey(QKeyEvent* event) {
  constexpr double kZoomStep = 0.8;
  constexpr int kPage = 10;
  const bool series = event->modifiers() & Qt::ControlModifier;
  const bool history = event->modifiers() & Qt::AltModifier;
  cursor_.reset();
  switch (event->key()) {
    case Qt::Key_Right:
      history ? goForward() : series ? changeSeries(1) : walk(1);
      return;
    case Qt::Key_Left:
      history ? goBack() : series ? changeSeries(-1) : walk(-1);
      return;
    case Qt::Key_PageDown:
      walk(kPage);
      return;
    case Qt::Key_PageUp:
      walk(-kPage);
      return;
    case Qt::Key_Down:
      changeSeries(1);
      return;
    case Qt::Key_Up:
      changeSeries(-1);
      return;
    case Qt::Key_Home:
    case Qt::Key_0:
      remember();
      fitView();
      return;
    case Qt::Key_Backspace:
      goBack();
      return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
      zoom(kZoomStep);
      return;
    case Qt::Key_Minus:
      zoom(1 / kZoomStep);
      return;
    case Qt::Key_Space:
      if (current_ >= 0) Q_EMIT pointToggled(current_);
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

// Keys of the focused plot go before shortcuts of the window that have the same ones.
bool FrontierPlot::event(QEvent* event) {
  if (event->type() == QEvent::ShortcutOverride) {
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool alt = key->modifiers() == Qt::AltModifier;
    const bool plain = key->modifiers() == Qt::NoModifier || key->modifiers() == Qt::KeypadModifier;
    const bool arrow = key->key() == Qt::Key_Left || key->key() == Qt::Key_Right;
    const bool own = key->key() == Qt::Key_Backspace || key->key() == Qt::Key_Space ||
                     key->key() == Qt::Key_Home || key->key() == Qt::Key_PageUp ||
                     key->key() == Qt::Key_PageDown || arrow;
    if ((plain && own) || (alt && arrow)) {
      event->accept();
      return true;
    }
  }
  return QCustomPlot::event(event);
}

void FrontierPlot::focusInEvent(QFocusEvent* event) {
  QCustomPlot::focusInEvent(event);
  layer(QStringLiteral("current"))->replot();
}

void FrontierPlot::focusOutEvent(QFocusEvent* event) {
  QCustomPlot::focusOutEvent(event);
  layer(QStringLiteral("current"))->replot();
}

void FrontierPlot::leaveEvent(QEvent* event) {
  QCustomPlot::leaveEvent(event);
  dwell_.stop();
  setCursorAt({});
  if (!hasFocus()) setCurrent(-1);
}

void FrontierPlot::changeEvent(QEvent* event) {
  QCustomPlot::changeEvent(event);
  const bool restyle =
      event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange;
  if (restyle && !fixedStyle_ && card_) {
    asked_.style = PlotStyle::fromPalette(palette(), font());
    applyStyle();
    refresh();
  }
}

void FrontierPlot::resizeEvent(QResizeEvent* event) {
  QCustomPlot::resizeEvent(event);
  if (event->size() != event->oldSize()) refreshLegend();
  if (card_->isVisible()) updateCard();
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_grid.h"

#include <algorithm>
#include <cmath>
#include <QHBoxLayout>
#include <QMouseEvent>
#include <QScopedValueRollback>
#include <string_view>
#include <unordered_set>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kCellWidth = 290, kCellHeight = 210;

/// One point of each look: all that a legend needs.
void addLooks(const std::vector<LawPoint>& points, std::unordered_set<std::size_t>& seen,
              std::vector<LawPoint>& looks) {
  const std::hash<std::string_view> hash;
  for (const LawPoint& p : points) {
    std::size_t key =
        static_cast<std::size_t>(p.bits) * 1'000'003 + static_cast<std::size_t>(p.blockSize);
    for (const std::string* text : {&p.family, &p.method, &p.dataType, &p.source}) {
      key = key * 1'000'003 + hash(*text);
    }
    if (seen.insert(key).second) looks.push_back(p);
  }
}

QCPRange joined(const QCPRange& a, const QCPRange& b) {
  return {std::min(a.lower, b.lower), std::max(a.upper, b.upper)};
}

}  // namespace

PlotGrid::PlotGrid(QWidget* parent)
    : QWidget(parent),
      scroll_(new QScrollArea),
      inside_(new QWidget),
      grid_(new QGridLayout(inside_)),
      legend_(new QCustomPlot) {
  setObjectName(u"plotGrid"_s);
  setAccessibleName(tr("Small plots side by side"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(0);
  scroll_->setObjectName(u"plotGridScroll"_s);
  scroll_->setAccessibleName(accessibleName());
  scroll_->setWidgetResizable(true);
  scroll_->setFrameShape(QFrame::NoFrame);
  scroll_->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll_->setWidget(inside_);
  row->addWidget(scroll_, 1);
  row->addWidget(legend_);
  grid_->setContentsMargins(0, 0, 0, 0);
  grid_->setSpacing(2);
  legend_->setObjectName(u"plotGridLegend"_s);
  legend_->setAccessibleName(tr("Legend"));
  legend_->setFocusPolicy(Qt::NoFocus);
  legend_->installEventFilter(this);
  legend_->plotLayout()->clear();
  auto* list = new QCPLegend;
  legend_->plotLayout()->addElement(0, 0, list);
  legend_->plotLayout()->addElement(1, 0, new QCPLayoutElement(legend_));
  legend_->plotLayout()->setRowStretchFactor(0, 0.0001);
  list->setLayer(u"legend"_s);
  list->setBorderPen(Qt::NoPen);
  list->setBrush(Qt::NoBrush);
  list->setRowSpacing(0);
}

FrontierPlot* PlotGrid::addPlot() {
  auto* plot = new FrontierPlot;
  plot->setObjectName(u"cellPlot%1"_s.arg(plots_.size()));
  plot->setThreaded(true);
  plot->setLasso(lasso_);
  plots_.push_back(plot);
  const auto key = [this, plot](int row) {
    const auto at = std::find(plots_.begin(), plots_.end(), plot) - plots_.begin();
    return cells_->cells[static_cast<std::size_t>(at)].keys[static_cast<std::size_t>(row)];
  };
  connect(plot, &FrontierPlot::pointActivated, this,
          [this, key](int row) { Q_EMIT pointActivated(key(row)); });
  connect(plot, &FrontierPlot::pointToggled, this,
          [this, key](int row) { Q_EMIT pointToggled(key(row)); });
  connect(plot, &FrontierPlot::pointsEnclosed, this, [this, key](const std::vector<int>& rows) {
    std::vector<std::string> keys;
    for (const int row : rows) keys.push_back(key(row));
    Q_EMIT pointsEnclosed(keys);
  });
  connect(plot, &FrontierPlot::rangeMoved, this, [this, plot] { link(plot); });
  connect(plot, &FrontierPlot::fitWanted, this, &PlotGrid::showFitted);
  connect(plot, &FrontierPlot::pointsShown, this, [this, plot] {
    if (contains_) setSelected(contains_);
    if (plot->followsData()) showFitted();
  });
  return plot;
}

void PlotGrid::setCells(std::shared_ptr<const PlotCells> cells, const StoreFacts& facts) {
  cells_ = std::move(cells);
  facts_ = facts;
  while (plots_.size() > cells_->cells.size()) {
    delete plots_.back();
    plots_.pop_back();
  }
  while (plots_.size() < cells_->cells.size()) addPlot();
  columns_ = 0;
  arrange();
  std::vector<LawPoint> looks;
  std::unordered_set<std::size_t> seen;
  for (std::size_t i = 0; i < plots_.size(); ++i) {
    const PlotCell& cell = cells_->cells[i];
    plots_[i]->setOptions(options_);
    plots_[i]->setVisibility(visibility_);
    plots_[i]->setChances(chances_);
    plots_[i]->setLaws(cell.laws);
    plots_[i]->setPoints(cell.points, facts_, cell.axes);
    addLooks(*cell.points, seen, looks);
  }
  ViewOptions plain = options_;  // the legend needs names, no values
  plain.x = XAxis::Parameters;
  plain.y = YAxis::Metric;
  plain.xLog = plain.yLog = plain.frontier = false;
  scene_ = makeScene(looks, plain, facts_);
  showLegend();
}

void PlotGrid::setOptions(const ViewOptions& options) {
  options_ = options;
  for (FrontierPlot* plot : plots_) plot->setOptions(options);
}

void PlotGrid::setVisibility(const PlotVisibility& visibility) {
  visibility_ = visibility;
  for (FrontierPlot* plot : plots_) plot->setVisibility(visibility);
  showLegend();
}

void PlotGrid::setChances(std::shared_ptr<const FrontierChances> chances) {
  chances_ = std::move(chances);
  for (FrontierPlot* plot : plots_) plot->setChances(chances_);
}

void PlotGrid::setLasso(bool on) {
  lasso_ = on;
  for (FrontierPlot* plot : plots_) plot->setLasso(on);
}

void PlotGrid::setSelected(const std::function<bool(const std::string&)>& contains) {
  contains_ = contains;
  for (std::size_t i = 0; i < plots_.size(); ++i) {
    const PlotCell& cell = cells_->cells[i];
    if (plots_[i]->sharedPoints() != cell.points) continue;  // it comes with them
    std::vector<int> rows;
    for (std::size_t row = 0; row < cell.keys.size(); ++row) {
      if (contains(cell.keys[row])) rows.push_back(static_cast<int>(row));
    }
    plots_[i]->setSelected(std::move(rows));
  }
}

bool PlotGrid::busy() const {
  return std::any_of(plots_.begin(), plots_.end(), [](const FrontierPlot* p) { return p->busy(); });
}

void PlotGrid::fitView() { showFitted(); }

void PlotGrid::showFitted() {
  if (plots_.empty()) return;
  std::optional<PlotRange> all;
  for (const FrontierPlot* plot : plots_) {
    if (plot->points().empty()) continue;
    const PlotRange range = plot->fittedRange();
    all = all ? PlotRange{joined(all->x, range.x), joined(all->y, range.y)} : range;
  }
  if (!all) all = plots_.front()->fittedRange();
  const QScopedValueRollback guard(linking_, true);
  for (FrontierPlot* plot : plots_) plot->showLinked(*all, true);
}

void PlotGrid::link(FrontierPlot* from) {
  if (linking_) return;
  const QScopedValueRollback guard(linking_, true);
  for (FrontierPlot* plot : plots_) {
    if (plot != from && !(plot->range() == from->range())) {
      plot->showLinked(from->range(), from->followsData());
    }
  }
}

// As many columns as are wide enough; rows share the height until they would be too low.
void PlotGrid::arrange() {
  const int count = static_cast<int>(plots_.size());
  if (count == 0) return;
  const int room = scroll_->viewport()->width();
  const int most = std::max(1, room / kCellWidth);
  const int square = static_cast<int>(std::ceil(std::sqrt(count)));
  const int columns = std::clamp(square, 1, most);
  if (columns == columns_) return;
  columns_ = columns;
  const int rows = (count + columns - 1) / columns;
  for (int i = 0; i < count; ++i) {
    FrontierPlot* plot = plots_[static_cast<std::size_t>(i)];
    grid_->addWidget(plot, i / columns, i % columns);
    const bool lowest = i + columns >= count;
    plot->setCell(cells_->cells[static_cast<std::size_t>(i)].title, i % columns == 0, lowest);
    plot->setSizeAxis(false);
    plot->setMinimumHeight(kCellHeight);
    plot->show();
  }
  for (int c = 0; c < grid_->columnCount(); ++c) grid_->setColumnStretch(c, c < columns);
  for (int r = 0; r < grid_->rowCount(); ++r) grid_->setRowStretch(r, r < rows);
}

std::vector<LegendEntry*> PlotGrid::legendEntries() const {
  std::vector<LegendEntry*> entries;
  const auto* list = qobject_cast<const QCPLegend*>(legend_->plotLayout()->element(0, 0));
  for (int i = 0; i < list->itemCount(); ++i) {
    if (auto* entry = qobject_cast<LegendEntry*>(list->item(i))) entries.push_back(entry);
  }
  return entries;
}

void PlotGrid::showLegend() {
  const PlotStyle style = PlotStyle::fromPalette(palette(), font());
  auto* list = qobject_cast<QCPLegend*>(legend_->plotLayout()->element(0, 0));
  LegendSpec spec;
  spec.options = options_;
  spec.hasLaws = cells_ && std::any_of(cells_->cells.begin(), cells_->cells.end(),
                                       [](const PlotCell& c) { return c.laws != nullptr; });
  spec.maximumTextWidth = qRound(18 * QFontMetricsF(style.font).averageCharWidth());
  buildLegend(*list, scene_, spec, style, visibility_);
  legend_->setBackground(style.background);
  legend_->setFixedWidth(list->minimumOuterSizeHint().width() + 12);
  legend_->replot(QCustomPlot::rpQueuedReplot);
}

bool PlotGrid::eventFilter(QObject* watched, QEvent* event) {
  if (watched != legend_ || event->type() != QEvent::MouseButtonRelease) {
    return QWidget::eventFilter(watched, event);
  }
  const auto* mouse = static_cast<QMouseEvent*>(event);
  for (const LegendEntry* entry : legendEntries()) {
    const LegendTarget target = entry->target();
    if (target.kind == LegendTarget::Kind::None ||
        !entry->outerRect().contains(mouse->position().toPoint())) {
      continue;
    }
    const auto& names = target.kind == LegendTarget::Kind::Value    ? scene_.values
                        : target.kind == LegendTarget::Kind::Family ? scene_.families
                        : target.kind == LegendTarget::Kind::Method ? scene_.methods
                                                                    : scene_.sources;
    Q_EMIT legendClicked(names[static_cast<std::size_t>(target.index)], target.kind,
                         mouse->modifiers() & Qt::ControlModifier);
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

void PlotGrid::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  arrange();
}

void PlotGrid::changeEvent(QEvent* event) {
  QWidget::changeEvent(event);
  if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) showLegend();
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_plot.h"

#include <algorithm>
#include <QImage>

#include "core/base/error.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(FigureExport)
};

constexpr int kMargin = 3, kEntryGap = 5;

/// Text over the whole width, in as many lines as it takes.
class TextBlock : public QCPLayoutElement {
 public:
  TextBlock(QCustomPlot* plot, const QString& text, const QFont& font, const QColor& color,
            int width, Qt::Alignment align)
      : QCPLayoutElement(plot),
        text_(text),
        font_(font),
        color_(color),
        width_(width),
        flags_(static_cast<int>(align) | Qt::AlignTop | Qt::TextWordWrap) {}

  QSize minimumOuterSizeHint() const override {
    const QRect box = QFontMetrics(font_).boundingRect(QRect(0, 0, width_, 100000), flags_, text_);
    return {0, box.height() + 2};
  }

 protected:
  void applyDefaultAntialiasingHint(QCPPainter*) const override {}
  void draw(QCPPainter* painter) override {
    painter->setFont(font_);
    painter->setPen(color_);
    painter->drawText(QRect(kMargin, rect().top() + 1, width_, 100000), flags_, text_);
  }

 private:
  QString text_;
  QFont font_;
  QColor color_;
  int width_, flags_;
};

void addRow(QCustomPlot& plot, int row, QCPLayoutElement* element) {
  if (row < plot.plotLayout()->rowCount()) plot.plotLayout()->insertRow(row);
  plot.plotLayout()->addElement(row, 0, element);
  plot.plotLayout()->setRowStretchFactor(row, 0.0001);
}

}  // namespace

FlowLegend::FlowLegend(int width) : width_(width) {
  setBorderPen(Qt::NoPen);
  setBrush(Qt::NoBrush);
  setMargins({});
  setFillOrder(QCPLegend::foRowsFirst);
}

std::vector<LegendEntry*> FlowLegend::entries() const {
  std::vector<LegendEntry*> list;
  for (int i = 0; i < itemCount(); ++i) {
    if (auto* entry = qobject_cast<LegendEntry*>(item(i))) list.push_back(entry);
  }
  return list;
}

std::vector<QRect> FlowLegend::places() const {
  std::vector<QRect> rects;
  int x = 0, y = 0, lineHeight = 0, widest = 0;
  for (const LegendEntry* entry : entries()) {
    const QSize size = entry->minimumOuterSizeHint();
    if (x > 0 && x + size.width() > width_) {
      x = 0;
      y += lineHeight;
      lineHeight = 0;
    }
    rects.emplace_back(QPoint(x, y), size);
    x += size.width() + kEntryGap;
    widest = std::max(widest, x);
    lineHeight = std::max(lineHeight, size.height());
  }
  rects.emplace_back(0, 0, std::min(widest, width_), y + lineHeight);
  return rects;
}

int FlowLegend::height() const { return places().back().height(); }

int FlowLegend::fitInto(int highest, const PlotStyle& style) {
  int missing = 0;
  LegendEntry* rest = nullptr;
  while (height() > highest) {
    const std::vector<LegendEntry*> all = entries();
    const std::size_t kept = all.size() - (rest ? 1 : 0);
    if (kept == 0) {
      clearItems();
      break;
    }
    if (rest) removeItem(rest);
    removeItem(all[kept - 1]);
    ++missing;
    rest = new LegendEntry(this, Tr::tr("and %1 more").arg(missing));
    rest->setFont(style.font);
    rest->setTextColor(style.text);
    addItem(rest);
  }
  return missing;
}

QSize FlowLegend::minimumOuterSizeHint() const { return {0, height()}; }

void FlowLegend::updateLayout() {
  const std::vector<QRect> where = places();
  const std::vector<LegendEntry*> all = entries();
  const int left = kMargin + std::max(0, (width_ - where.back().width()) / 2);
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i]->setOuterRect(where[i].translated(left, rect().top()));
  }
}

namespace {

/// A quarter of the figure at most: what goes first is what a caption or labels in the plot say,
/// too. Returns the number of entries without room.
int fillLegend(FlowLegend& legend, const FrontierPlot& plot, const FigureLook& look, int width) {
  const int most = look.preset.height / 4, small = look.preset.height / 6;
  LegendSpec spec = plot.legendSpec();
  spec.headings = false;
  spec.maximumTextWidth = width - 3 * look.preset.font;
  if (look.note && plot.scene().sources.size() == 1) {  // the note says it
    spec.sections = LegendSpec::Marks | LegendSpec::Lines;
  }
  const auto fits = [&](int highest) {
    buildLegend(legend, plot.scene(), spec, plot.plotStyle(), plot.visibility());
    return legend.height() <= highest;
  };
  if (fits(small)) return 0;
  spec.brief = true;
  if (fits(most)) return 0;
  if (plot.options().labels) {  // they name the lines
    spec.sections &= ~LegendSpec::Lines;
    if (fits(most)) return 0;
  }
  return legend.fitInto(most, plot.plotStyle());
}

/// An axis title that is longer than its axis gets a second line.
void wrapTitles(const FigurePlot& figure) {
  FrontierPlot& plot = *figure.plot;
  const QRect axes = figure.axes();
  const QFontMetrics font(plot.plotStyle().font);
  for (const auto& [axis, room] :
       {std::pair{plot.yAxis, axes.height()}, {plot.xAxis, axes.width()}}) {
    const QString title = axis->label();
    if (font.horizontalAdvance(title) <= room) continue;
    qsizetype best = -1;  // the space nearest to the middle
    for (qsizetype at = title.indexOf(u' '); at >= 0; at = title.indexOf(u' ', at + 1)) {
      const qsizetype middle = title.size() / 2;
      if (best < 0 || std::abs(at - middle) < std::abs(best - middle)) best = at;
    }
    if (best > 0) axis->setLabel(title.left(best) + u'\n' + title.mid(best + 1));
  }
}

}  // namespace

FigurePlot makeFigurePlot(const FigureSpec& spec) {
  const FigureLook& look = spec.look;
  const PlotStyle style =
      PlotStyle::forFigure(look.preset.font, look.dark, look.font, look.palette);
  FigurePlot figure;
  figure.plot = std::make_unique<FrontierPlot>();
  FrontierPlot& plot = *figure.plot;
  plot.setStyle(style);
  plot.setSizeAxis(look.preset.sizeAxis);
  plot.setOptions(spec.options);
  plot.setLegendShown(false);
  plot.setVisibility(spec.visibility);
  plot.setPoints(spec.points, spec.facts, spec.axes);
  plot.setChances(spec.chances);
  plot.setPredictions(spec.predictions);
  plot.setLaws(spec.laws);
  if (spec.range) plot.showRange(*spec.range);
  const int width = look.preset.width - 2 * kMargin;
  if (look.legend) {
    figure.legend = new FlowLegend(width);
    addRow(plot, plot.plotLayout()->rowCount(), figure.legend);
    figure.legend->setLayer(u"legend"_s);
    figure.missingEntries = fillLegend(*figure.legend, plot, look, width);
  }
  if (look.note) {
    figure.note =
        new TextBlock(&plot, figureNote(spec), style.font, style.axis, width, Qt::AlignLeft);
    addRow(plot, plot.plotLayout()->rowCount(), figure.note);
  }
  if (!look.title.isEmpty()) {
    QFont bold = style.font;
    bold.setBold(true);
    addRow(plot, 0, new TextBlock(&plot, look.title, bold, style.text, width, Qt::AlignHCenter));
  }
  plot.setViewport(QRect(0, 0, look.preset.width, look.preset.height));
  if (!look.xTitle.isEmpty()) plot.xAxis->setLabel(look.xTitle);
  if (!look.yTitle.isEmpty()) plot.yAxis->setLabel(look.yTitle);
  for (QCPAxis* axis : {plot.xAxis, plot.yAxis, plot.xAxis2, plot.yAxis2}) axis->setPadding(1);
  wrapTitles(figure);
  return figure;
}

void FigurePlot::paint(QPaintDevice& device, double scale, QPointF offset) const {
  const PlotStyle& style = plot->plotStyle();
  const QSize size = plot->viewport().size();
  QCPPainter painter;
  if (!painter.begin(&device)) {
    throw Error(ErrorKind::Io, "the figure could not be started on its paint device");
  }
  // Else an SVG names the default font, a family that other programs do not know, in every group.
  painter.setFont(style.font);
  painter.setMode(QCPPainter::pmVectorized);
  painter.setMode(QCPPainter::pmNoCaching);
  painter.setMode(QCPPainter::pmNonCosmetic);
  painter.translate(offset);
  painter.scale(scale, scale);
  if (style.dark) painter.fillRect(QRect(QPoint(0, 0), size), style.background);
  plot->setBackground(Qt::NoBrush);
  plot->toPainter(&painter, size.width(), size.height());
  painter.end();
}

QRect FigurePlot::axes() const {
  QImage nowhere(1, 1, QImage::Format_RGB32);  // drawing is what lays the plot out
  paint(nowhere, 1);
  return plot->axisRect()->rect();
}

int FigurePlot::noteTop() const { return note ? note->outerRect().top() : 0; }

}  // namespace bitfrontier

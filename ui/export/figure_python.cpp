// SPDX-License-Identifier: GPL-3.0-or-later
// The script that draws a figure again with Matplotlib.
#include <cmath>
#include <QFontInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "ui/base/text.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_parts.h"
#include "ui/export/figure_scripts.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr char kProgram[] = R"PY(
PATH_CODES = {"M": Path.MOVETO, "L": Path.LINETO, "C": Path.CURVE4, "Z": Path.CLOSEPOLY}


def marker(shape):
    """A marker of Matplotlib and the factor by which scatter() and plot() have to enlarge it."""
    codes = [PATH_CODES[code] for code, _, _ in shape]
    path = Path([(x, y) for _, x, y in shape], codes)
    return path, 2 * max(max(abs(x), abs(y)) for _, x, y in shape)


def stroke(line):
    cap = "butt" if line["flat"] else "projecting"
    style = {"color": line["color"], "linewidth": line["width"], "solid_capstyle": cap,
             "dash_capstyle": cap, "solid_joinstyle": "bevel", "dash_joinstyle": "bevel"}
    if line["dashes"]:
        style["linestyle"] = (0, line["dashes"])  # in multiples of the width
    return style


def draw_points(ax, marks, rows):
    if marks["rows"]:
        x = [float(rows[i][FIGURE["columns"]["x"]]) for i in marks["rows"]]
        y = [FIGURE["scale"] * float(rows[i][FIGURE["columns"]["y"]]) for i in marks["rows"]]
    else:
        x, y = marks["x"], marks["y"]
    path, size = marker(marks["shape"])
    ax.scatter(x, y, s=size * size, marker=path, facecolors=marks["fill"] or "none",
               edgecolors=marks["edge"], linewidths=marks["edge_width"], zorder=3,
               label=marks["name"])
    bars = [(a, b, e) for a, b, e in zip(x, y, marks["errors"]) if e > 0]
    if bars:
        x, y, e = zip(*bars)
        ax.errorbar(x, y, yerr=e, fmt="none", ecolor=marks["bar"], elinewidth=marks["bar_width"],
                    capsize=marks["bar_cap"] / 2, capthick=marks["bar_width"], zorder=3)


def draw_axis(axis, spec):
    axis.set_ticks([t["value"] for t in spec["ticks"]], [t["label"] for t in spec["ticks"]])
    axis.set_ticks(spec["minor"], minor=True)
    axis.set_minor_formatter(NullFormatter())


def draw_legend(fig):
    width, height = FIGURE["size"]
    for entry in FIGURE["legend"]:
        y = 1 - entry["y"] / height
        if entry["line"]:
            x = [(entry["x"] + f * entry["swatch"]) / width for f in (0.14, 0.86)]
            fig.add_artist(Line2D(x, [y, y], **stroke(entry["line"])))
        if entry["marker"]:
            path, size = marker(entry["marker"]["shape"])
            fig.add_artist(Line2D([(entry["x"] + entry["swatch"] / 2) / width], [y], marker=path,
                                  markersize=size, linestyle="none",
                                  markerfacecolor=entry["marker"]["fill"] or "none",
                                  markeredgecolor=entry["marker"]["edge"],
                                  markeredgewidth=entry["marker"]["edge_width"]))
        fig.text((entry["x"] + entry["swatch"]) / width, y, entry["text"], va="center_baseline",
                 color=FIGURE["text_color"])


def draw_labels(fig):
    width, height = FIGURE["size"]
    for label in FIGURE["labels"]:
        fig.text(label["x"] / width, 1 - label["y"] / height, label["text"], ha="center",
                 va="center_baseline", color=label["color"])
        if label["leader"]:
            x0, y0, x1, y1 = label["leader"]
            fig.add_artist(Line2D([x0 / width, x1 / width], [1 - y0 / height, 1 - y1 / height],
                                  color=label["color"], alpha=0.6, linewidth=0.7))


def draw(rows):
    width, height = FIGURE["size"]
    left, top, across, down = FIGURE["axes"]
    fig = plt.figure(figsize=(width / 72, height / 72), facecolor=FIGURE["background"])
    ax = fig.add_axes([left / width, 1 - (top + down) / height, across / width, down / height],
                      facecolor="none")
    ax.set_axisbelow(True)
    ax.grid(True, which="major", color=FIGURE["grid_color"], linewidth=FIGURE["axis_width"])
    for name, spec in (("x", FIGURE["x"]), ("y", FIGURE["y"])):
        if spec["log"]:
            getattr(ax, f"set_{name}scale")("log")
    for curve in FIGURE["curves"]:
        if "y" in curve:
            ax.plot(curve["x"], curve["y"], zorder=2, **stroke(curve))
        else:
            ax.fill_between(curve["x"], curve["low"], curve["high"], color=curve["color"],
                            linewidth=0, zorder=2)
    for marks in FIGURE["marks"]:
        draw_points(ax, marks, rows)
    draw_axis(ax.xaxis, FIGURE["x"])
    draw_axis(ax.yaxis, FIGURE["y"])
    ax.set_xlim(FIGURE["x"]["low"], FIGURE["x"]["high"])
    ax.set_ylim(FIGURE["y"]["low"], FIGURE["y"]["high"])
    for which in ("major", "minor"):
        ax.tick_params(which=which, direction="in", length=FIGURE["tick"][which],
                       width=FIGURE["axis_width"], color=FIGURE["axis_color"],
                       labelcolor=FIGURE["text_color"])
    for spine in ax.spines.values():
        spine.set(linewidth=FIGURE["axis_width"], edgecolor=FIGURE["axis_color"])
    ax.set_xlabel(FIGURE["x"]["label"], color=FIGURE["text_color"], labelpad=2)
    ax.set_ylabel(FIGURE["y"]["label"], color=FIGURE["text_color"], labelpad=2)
    if FIGURE["top"]["ticks"]:
        upper = ax.secondary_xaxis("top", functions=(lambda bits: bits / 8, lambda b: b * 8))
        draw_axis(upper.xaxis, FIGURE["top"])
        upper.tick_params(which="both", direction="in", width=FIGURE["axis_width"],
                          color=FIGURE["axis_color"], labelcolor=FIGURE["text_color"])
        upper.spines["top"].set_visible(False)
    draw_legend(fig)
    draw_labels(fig)
    if FIGURE["title"]:
        fig.text(0.5, 1 - 3 / height, FIGURE["title"], ha="center", va="top", weight="bold",
                 color=FIGURE["text_color"])
    if FIGURE["note"]:
        fig.text(3 / width, 1 - FIGURE["note_top"] / height, FIGURE["note"], va="top", wrap=True,
                 color=FIGURE["axis_color"])
    return fig


def main():
    here = pathlib.Path(__file__).resolve()
    plt.rcParams.update({"font.family": [FIGURE["font"], "DejaVu Sans"],
                         "font.size": FIGURE["font_size"], "axes.labelsize": FIGURE["font_size"],
                         "xtick.labelsize": FIGURE["font_size"],
                         "ytick.labelsize": FIGURE["font_size"], "lines.scale_dashes": True,
                         "pdf.fonttype": 42, "svg.fonttype": "none", "mathtext.default": "regular"})
    with open(here.with_name(FIGURE["csv"]), newline="", encoding="utf-8") as file:
        fig = draw(list(csv.DictReader(file)))
    for name in sys.argv[1:] or [str(here.with_name(here.stem + "-python.png"))]:
        fig.savefig(name, dpi=FIGURE["dpi"], facecolor=fig.get_facecolor())
        print(name)


if __name__ == "__main__":
    main()
)PY";

QJsonArray color(const QColor& c) { return {c.redF(), c.greenF(), c.blueF(), c.alphaF()}; }

template <typename List>
QJsonArray array(const List& list) {
  QJsonArray out;
  for (const auto& value : list) out.append(value);
  return out;
}

/// Subpaths in the direction that makes a hole a hole where the winding number counts.
QJsonArray shape(const QPainterPath& path) {
  std::vector<QPainterPath> parts;
  for (int i = 0; i < path.elementCount(); ++i) {
    const QPainterPath::Element e = path.elementAt(i);
    if (e.isMoveTo()) {
      parts.emplace_back(e);
    } else if (e.isLineTo()) {
      parts.back().lineTo(e);
    } else {
      parts.back().cubicTo(e, path.elementAt(i + 1), path.elementAt(i + 2));
      i += 2;
    }
  }
  QJsonArray out;
  const auto add = [&out](const char* code, QPointF p) {
    out.append(QJsonArray{QString::fromLatin1(code), p.x(), -p.y()});
  };
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].elementCount() < 2) continue;
    int depth = 0;
    for (std::size_t j = 0; j < parts.size(); ++j) {
      depth += j != i && parts[j].contains(parts[i].pointAtPercent(0.37));
    }
    const QPolygonF polygon = parts[i].toFillPolygon();
    double area = 0;
    for (int k = 0; k + 1 < polygon.size(); ++k) {
      area += polygon[k].x() * polygon[k + 1].y() - polygon[k + 1].x() * polygon[k].y();
    }
    const QPainterPath part = (area > 0) == (depth % 2 == 0) ? parts[i] : parts[i].toReversed();
    for (int k = 0; k < part.elementCount(); ++k) {
      const QPainterPath::Element e = part.elementAt(k);
      add(e.isMoveTo() ? "M" : e.isLineTo() ? "L" : "C", e);
    }
    add("Z", part.elementAt(0));
  }
  return out;
}

QJsonObject curve(const FigureCurve& c) {
  QJsonObject out{{u"color"_s, color(c.color)},
                  {u"width"_s, c.width},
                  {u"dashes"_s, array(c.dashes)},
                  {u"flat"_s, c.flatCap}};
  if (!c.x.empty()) out[u"x"_s] = array(c.x);
  if (!c.y.empty()) out[u"y"_s] = array(c.y);
  if (!c.low.empty()) {
    out[u"low"_s] = array(c.low);
    out[u"high"_s] = array(c.high);
  }
  return out;
}

QJsonObject marks(const FigureMarks& m) {
  return {{u"name"_s, m.name},
          {u"shape"_s, shape(m.shape)},
          {u"edge"_s, color(m.edge)},
          {u"edge_width"_s, m.edgeWidth},
          {u"fill"_s, m.fill.isValid() ? QJsonValue(color(m.fill)) : QJsonValue()},
          {u"bar"_s, color(m.barColor)},
          {u"bar_width"_s, m.barWidth},
          {u"bar_cap"_s, m.barCap},
          {u"rows"_s, array(m.rows)},
          {u"x"_s, m.rows.empty() ? array(m.x) : QJsonArray()},
          {u"y"_s, m.rows.empty() ? array(m.y) : QJsonArray()},
          {u"errors"_s, array(m.errors)}};
}

QJsonObject axis(const FigureAxis& a) {
  QJsonArray ticks;
  for (const FigureTick& t : a.ticks) {
    ticks.append(QJsonObject{{u"value"_s, t.value}, {u"label"_s, t.label}});
  }
  return {{u"low"_s, a.low},     {u"high"_s, a.high}, {u"log"_s, a.log},
          {u"label"_s, a.label}, {u"ticks"_s, ticks}, {u"minor"_s, array(a.minor)}};
}

QJsonArray legend(const FigureParts& parts) {
  QJsonArray out;
  for (const FigureParts::Entry& e : parts.legend) {
    out.append(QJsonObject{{u"text"_s, e.text},
                           {u"x"_s, e.place.left()},
                           {u"y"_s, e.place.top() + e.place.height() / 2.0},
                           {u"swatch"_s, e.textLeft - e.place.left()},
                           {u"marker"_s, e.marker ? QJsonValue(marks(*e.marker)) : QJsonValue()},
                           {u"line"_s, e.line ? QJsonValue(curve(*e.line)) : QJsonValue()}});
  }
  return out;
}

QJsonArray labels(const FigureParts& parts) {
  QJsonArray out;
  for (const FigureLabel& l : parts.labels) {
    QJsonValue leader;
    if (l.leader)
      leader = QJsonArray{l.leader->x1(), l.leader->y1(), l.leader->x2(), l.leader->y2()};
    out.append(QJsonObject{{u"text"_s, l.text},
                           {u"color"_s, color(l.color)},
                           {u"x"_s, l.center.x()},
                           {u"y"_s, l.center.y()},
                           {u"leader"_s, leader}});
  }
  return out;
}

}  // namespace

QByteArray figurePython(const FigureSpec& spec, const QString& name) {
  const FigureParts parts = figureParts(spec);
  QJsonArray curves, groups;
  for (const FigureCurve& c : parts.curves) curves.append(curve(c));
  for (const FigureMarks& m : parts.marks) groups.append(marks(m));
  const QRect axes = parts.axes;
  const FigureColumns columns = figureColumns(spec);
  const QJsonObject figure{
      {u"csv"_s, name + u".csv"_s},
      {u"columns"_s, QJsonObject{{u"x"_s, columns.x}, {u"y"_s, columns.y}}},
      {u"scale"_s, columns.yScale},
      {u"size"_s, QJsonArray{parts.size.width(), parts.size.height()}},
      {u"axes"_s, QJsonArray{axes.left(), axes.top(), axes.width(), axes.height()}},
      {u"dpi"_s, spec.look.pngDpi},
      {u"font"_s, parts.style.font.family()},
      {u"font_size"_s, parts.style.font.pixelSize()},
      {u"background"_s, color(parts.style.background)},
      {u"text_color"_s, color(parts.style.text)},
      {u"axis_color"_s, color(parts.style.axis)},
      {u"grid_color"_s, color(parts.style.faint)},
      {u"axis_width"_s, parts.axisWidth},
      {u"tick"_s, QJsonObject{{u"major"_s, parts.tick}, {u"minor"_s, parts.minorTick}}},
      {u"x"_s, axis(parts.x)},
      {u"y"_s, axis(parts.y)},
      {u"top"_s, axis(parts.top)},
      {u"curves"_s, curves},
      {u"marks"_s, groups},
      {u"labels"_s, labels(parts)},
      {u"legend"_s, legend(parts)},
      {u"title"_s, parts.title},
      {u"note"_s, parts.note},
      {u"note_top"_s, parts.noteTop}};
  QByteArray data = QJsonDocument(figure).toJson(QJsonDocument::Compact);
  data.replace("'", "\\u0027");    // ends the string of the script
  data.replace(",{\"", ",\n{\"");  // a line for each part
  return "#!/usr/bin/env python3\n"
         "# Draws " +
         name.toUtf8() + " again; needs Matplotlib 3.5 or newer, and " + name.toUtf8() +
         ".csv beside it.\n"
         "# Usage: " +
         name.toUtf8() +
         ".py [FILE.png|pdf|svg ...]\n"
         "import csv\nimport json\nimport pathlib\nimport sys\n\n"
         "import matplotlib\n\nmatplotlib.use(\"Agg\")\n"
         "import matplotlib.pyplot as plt\nfrom matplotlib.lines import Line2D\n"
         "from matplotlib.path import Path\nfrom matplotlib.ticker import NullFormatter\n\n"
         "# Lengths in points (1/72 inch); \"rows\" are those of the CSV, counted from 0.\n"
         "FIGURE = json.loads(r'''" +
         data + "''')\n" + QByteArray(kProgram);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
// The figure as a LaTeX document with pgfplots.
#include <cmath>
#include <map>

#include "ui/base/text.h"
#include "ui/export/figure_parts.h"
#include "ui/export/figure_scripts.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString number(double value) { return QString::number(value, 'g', 12); }
QString length(double points) { return QString::number(points, 'f', 3) + u"bp"_s; }

/// Text for LaTeX: what is special in it is escaped, superscripts and signs become mathematics.
QString tex(const QString& text) {
  static const std::map<char16_t, QString> kSigns{{u'\\', u"\\textbackslash{}"_s},
                                                  {u'~', u"\\textasciitilde{}"_s},
                                                  {u'^', u"\\textasciicircum{}"_s},
                                                  {u'<', u"$<$"_s},
                                                  {u'>', u"$>$"_s},
                                                  {u'|', u"$|$"_s},
                                                  {u'±', u"$\\pm$"_s},
                                                  {u'−', u"$-$"_s},
                                                  {u'×', u"$\\times$"_s},
                                                  {u'·', u"$\\cdot$"_s},
                                                  {u'≥', u"$\\geq$"_s},
                                                  {u'≤', u"$\\leq$"_s},
                                                  {u'≈', u"$\\approx$"_s},
                                                  {u'Δ', u"$\\Delta$"_s},
                                                  {u'–', u"--"_s},
                                                  {u'—', u"---"_s},
                                                  {u'…', u"\\dots{}"_s},
                                                  {u'\u202f', u"\\,"_s},
                                                  {u'\u2009', u"\\,"_s},
                                                  {u'\u00a0', u"~"_s},
                                                  {u'“', u"``"_s},
                                                  {u'”', u"''"_s}};
  static const QString kSupers = u"⁰¹²³⁴⁵⁶⁷⁸⁹"_s;
  QString out;
  for (qsizetype i = 0; i < text.size(); ++i) {
    QString power;
    while (i < text.size() && (kSupers.contains(text[i]) || text[i] == u'⁻')) {
      power += text[i] == u'⁻' ? u"-"_s : QString::number(kSupers.indexOf(text[i]));
      ++i;
    }
    if (!power.isEmpty()) out += u"$^{"_s + power + u"}$"_s;
    if (i >= text.size()) break;
    const QChar c = text[i];
    const auto sign = kSigns.find(c.unicode());
    if (sign != kSigns.end()) {
      out += sign->second;
    } else if (u"#$%&_{}"_s.contains(c)) {
      out += u'\\';
      out += c;
    } else {
      out += c.isSpace() ? QChar(u' ') : c;
    }
  }
  return out;
}

class Document {
 public:
  explicit Document(const FigureParts& parts) : parts_(parts) {}

  QString text() {
    QString body;
    addAxis(body);
    addOutside(body);
    const int size = parts_.style.font.pixelSize();
    QString head =
        u"% Made by Bitfrontier. Compile with pdflatex, or take the tikzpicture and what stands\n"
        "% between the two lines of dashes into a paper. Lengths are in bp, 1/72 inch.\n"
        "\\documentclass{article}\n\\usepackage[utf8]{inputenc}\n"
        "\\paperwidth=%1bp \\paperheight=%2bp\n"
        "\\hoffset=-1in \\voffset=-1in \\oddsidemargin=0pt \\topmargin=0pt\n"
        "\\headheight=0pt \\headsep=0pt \\topskip=0pt \\parindent=0pt\n"
        "\\textwidth=%1bp \\textheight=%2bp \\pagestyle{empty}\n"
        "% ----\n\\usepackage{pgfplots}\n\\pgfplotsset{compat=1.16}\n"_s.arg(parts_.size.width())
            .arg(parts_.size.height());
    head += colors_ + marks_;
    head += u"% ----\n\\begin{document}\n\\fontsize{%1}{%2}\\selectfont\\sffamily\n"_s.arg(
        length(size), length(1.2 * size));
    if (parts_.style.dark) head += u"\\pagecolor{%1}"_s.arg(color(parts_.style.background));
    head += u"\\begin{tikzpicture}[x=1bp,y=1bp,inner sep=0pt,outer sep=0pt]\n"_s;
    head += u"\\useasboundingbox (0,0) rectangle (%1,%2);\n"_s.arg(parts_.size.width())
                .arg(parts_.size.height());
    return head + body + u"\\end{tikzpicture}\n\\end{document}\n"_s;
  }

 private:
  /// Its name, defined in the head on first use.
  QString color(const QColor& c) {
    const auto [it, isNew] = names_.try_emplace(c.rgb(), u"bf%1"_s.arg(names_.size()));
    if (isNew) {
      colors_ += u"\\definecolor{%1}{RGB}{%2,%3,%4}\n"_s.arg(it->second)
                     .arg(c.red())
                     .arg(c.green())
                     .arg(c.blue());
    }
    return it->second;
  }
  /// Of what is above the lower edge in TikZ's direction.
  double up(double y) const { return parts_.size.height() - y; }

  /// Name of a plot mark with this outline, defined in the head on first use.
  QString mark(const FigureMarks& m) {
    QString path = u"\\pgfseteorule\n"_s;
    const auto point = [](const QPainterPath::Element& e) {
      return u"\\pgfqpoint{%1}{%2}"_s.arg(length(e.x), length(-e.y));
    };
    for (int i = 0; i < m.shape.elementCount(); ++i) {
      const QPainterPath::Element e = m.shape.elementAt(i);
      if (e.isMoveTo()) {
        if (i > 0) path += u"\\pgfpathclose\n"_s;
        path += u"\\pgfpathmoveto{%1}\n"_s.arg(point(e));
      } else if (e.isLineTo()) {
        path += u"\\pgfpathlineto{%1}\n"_s.arg(point(e));
      } else {
        path += u"\\pgfpathcurveto{%1}{%2}{%3}\n"_s.arg(point(e), point(m.shape.elementAt(i + 1)),
                                                        point(m.shape.elementAt(i + 2)));
        i += 2;
      }
    }
    path += u"\\pgfpathclose\n\\pgfusepath%1\n"_s.arg(m.fill.isValid() ? u"qfillstroke"_s
                                                                       : u"qstroke"_s);
    const auto [it, isNew] = shapes_.try_emplace(path, u"bfmark%1"_s.arg(shapes_.size()));
    if (isNew) marks_ += u"\\pgfdeclareplotmark{%1}{\n%2}\n"_s.arg(it->second, path);
    return it->second;
  }
  QString markOptions(const FigureMarks& m) {
    QString options = u"mark=%1, mark options={draw=%2, line width=%3"_s.arg(mark(m), color(m.edge),
                                                                             length(m.edgeWidth));
    if (m.edge.alphaF() < 1) options += u", draw opacity=%1"_s.arg(m.edge.alphaF(), 0, 'f', 2);
    if (m.fill.isValid()) options += u", fill=%1"_s.arg(color(m.fill));
    if (m.fill.isValid() && m.fill.alphaF() < 1) {
      options += u", fill opacity=%1"_s.arg(m.fill.alphaF(), 0, 'f', 2);
    }
    return options + u"}"_s;
  }
  QString lineOptions(const FigureCurve& c) {
    QString options = u"draw=%1, line width=%2"_s.arg(color(c.color), length(c.width));
    if (c.color.alphaF() < 1) options += u", draw opacity=%1"_s.arg(c.color.alphaF(), 0, 'f', 2);
    if (!c.dashes.empty()) {
      QString pattern;
      for (std::size_t i = 0; i < c.dashes.size(); ++i) {
        pattern += (i % 2 == 0 ? u"on "_s : u" off "_s) + length(c.dashes[i] * c.width);
        if (i % 2 == 1) pattern += u' ';
      }
      options += u", dash pattern={%1}"_s.arg(pattern.trimmed());
    }
    return options + (c.flatCap ? u", line cap=butt"_s : u", line cap=rect"_s);
  }
  static QString list(const std::vector<FigureTick>& ticks, bool labels) {
    QStringList out;
    for (const FigureTick& t : ticks) {
      out << (labels ? u"{"_s + tex(t.label) + u"}"_s : number(t.value));
    }
    return out.join(u',');
  }
  static QString list(const std::vector<double>& values) {
    QStringList out;
    for (const double v : values) out << number(v);
    return out.join(u',');
  }

  void addAxis(QString& body) {
    const QRect& axes = parts_.axes;
    const QString axis = color(parts_.style.axis), text = color(parts_.style.text);
    body +=
        u"\\begin{axis}[at={(%1bp,%2bp)}, anchor=south west, scale only axis,\n"_s.arg(axes.left())
            .arg(up(axes.top() + axes.height()));
    body += u"  width=%1bp, height=%2bp, "_s.arg(axes.width()).arg(axes.height());
    if (parts_.x.log) body += u"xmode=log, "_s;
    if (parts_.y.log) body += u"ymode=log, "_s;
    body += u"\n  xmin=%1, xmax=%2, ymin=%3, ymax=%4,\n"_s.arg(
        number(parts_.x.low), number(parts_.x.high), number(parts_.y.low), number(parts_.y.high));
    for (const auto& [name, a] : {std::pair{u"x"_s, &parts_.x}, {u"y"_s, &parts_.y}}) {
      body +=
          u"  %1tick={%2},\n  %1ticklabels={%3},\n  minor %1tick={%4},\n  %1label={%5},\n"_s.arg(
              name, list(a->ticks, false), list(a->ticks, true), list(a->minor), tex(a->label));
    }
    body += u"  major tick length=%1, minor tick length=%2, tick align=inside,\n"_s.arg(
        length(parts_.tick), length(parts_.minorTick));
    body +=
        u"  axis line style={draw=%1, line width=%2}, tick style={draw=%1, line width=%2},\n"_s.arg(
            axis, length(parts_.axisWidth));
    body += u"  grid=major, grid style={draw=%1, line width=%2}, axis on top=false,\n"_s.arg(
        color(parts_.style.faint), length(parts_.axisWidth));
    body +=
        u"  tick label style={text=%1}, label style={text=%1, inner sep=1bp},\n"
        "  every axis x label/.style={at={(axis description cs:0.5,0)}, anchor=north,"
        " yshift=-%2},\n"
        "  every axis y label/.style={at={(axis description cs:0,0.5)}, anchor=south,"
        " rotate=90, yshift=%3}]\n"_s.arg(text, length(1.7 * parts_.style.font.pixelSize()),
                                          length(2.1 * parts_.style.font.pixelSize()));
    for (const FigureCurve& c : parts_.curves) addCurve(body, c);
    for (const FigureMarks& m : parts_.marks) addMarks(body, m);
    body += u"\\end{axis}\n"_s;
  }

  void addCurve(QString& body, const FigureCurve& c) {
    const auto point = [](double x, double y) { return u"(%1,%2)"_s.arg(number(x), number(y)); };
    if (c.y.empty()) {
      body += u"\\addplot[draw=none, fill=%1, fill opacity=%2] coordinates {"_s.arg(color(c.color))
                  .arg(c.color.alphaF(), 0, 'f', 2);
      for (std::size_t i = 0; i < c.x.size(); ++i) body += point(c.x[i], c.low[i]);
      for (std::size_t i = c.x.size(); i-- > 0;) body += point(c.x[i], c.high[i]);
      body += u"} -- cycle;\n"_s;
      return;
    }
    body += u"\\addplot[%1] coordinates {"_s.arg(lineOptions(c));
    for (std::size_t i = 0; i < c.x.size(); ++i) body += point(c.x[i], c.y[i]);
    body += u"};\n"_s;
  }

  void addMarks(QString& body, const FigureMarks& m) {
    body += u"%% %1\n\\addplot[only marks, %2,\n"_s.arg(tex(m.name), markOptions(m))
                .replace(u"%%"_s, u"%"_s);
    body +=
        u"  error bars/.cd, y dir=both, y explicit,\n"
        "  error bar style={draw=%1, draw opacity=%2, line width=%3},\n"
        "  error mark options={rotate=90, mark size=%4, line width=%3}]\n"
        "  table[x=x, y=y, y error=e, row sep=\\\\] {x y e\\\\\n"_s
            .arg(color(m.barColor.isValid() ? m.barColor : m.edge))
            .arg(m.barColor.isValid() ? m.barColor.alphaF() : 1, 0, 'f', 2)
            .arg(length(m.barWidth), length(m.barCap / 2));
    for (std::size_t i = 0; i < m.x.size(); ++i) {
      body += u"%1 %2 %3\\\\\n"_s.arg(number(m.x[i]), number(m.y[i]), number(m.errors[i]));
    }
    body += u"};\n"_s;
  }

  void addOutside(QString& body) {
    const QString text = color(parts_.style.text);
    if (!parts_.title.isEmpty()) {
      body += u"\\node[anchor=north, text=%1, font=\\bfseries] at (%2,%3) {%4};\n"_s.arg(text)
                  .arg(parts_.size.width() / 2.0)
                  .arg(parts_.size.height() - 3)
                  .arg(tex(parts_.title));
    }
    for (const FigureParts::Entry& e : parts_.legend) {
      const double y = up(e.place.top() + e.place.height() / 2.0);
      const double swatch = e.textLeft - e.place.left();
      if (e.line) {
        body += u"\\path[%1] (%2,%3) -- (%4,%3);\n"_s.arg(lineOptions(*e.line))
                    .arg(e.place.left() + 0.14 * swatch)
                    .arg(y)
                    .arg(e.place.left() + 0.86 * swatch);
      }
      if (e.marker) {
        body +=
            u"\\path plot[only marks, %1] coordinates {(%2,%3)};\n"_s.arg(markOptions(*e.marker))
                .arg(e.place.left() + swatch / 2)
                .arg(y);
      }
      body += u"\\node[anchor=mid west, text=%1] at (%2,%3) {%4};\n"_s.arg(text)
                  .arg(e.textLeft)
                  .arg(y)
                  .arg(tex(e.text));
    }
    for (const FigureLabel& label : parts_.labels) {
      body += u"\\node[text=%1] at (%2,%3) {%4};\n"_s.arg(color(label.color))
                  .arg(label.center.x())
                  .arg(up(label.center.y()))
                  .arg(tex(label.text));
      if (!label.leader) continue;
      body += u"\\draw[draw=%1, draw opacity=0.6, line width=0.7bp] (%2,%3) -- (%4,%5);\n"_s
                  .arg(color(label.color))
                  .arg(label.leader->x1())
                  .arg(up(label.leader->y1()))
                  .arg(label.leader->x2())
                  .arg(up(label.leader->y2()));
    }
    if (!parts_.note.isEmpty()) {
      body += u"\\node[anchor=north west, text=%1, text width=%2bp, align=left] at (3,%3) {%4};\n"_s
                  .arg(color(parts_.style.axis))
                  .arg(parts_.size.width() - 6)
                  .arg(up(parts_.noteTop))
                  .arg(tex(parts_.note));
    }
  }

  const FigureParts& parts_;
  QString colors_, marks_;
  std::map<QRgb, QString> names_;
  std::map<QString, QString> shapes_;
};

}  // namespace

QByteArray figureTex(const FigureSpec& spec) { return Document(figureParts(spec)).text().toUtf8(); }

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/table_text.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString csvField(const QString& text) {
  const bool quotes = text.contains(u',') || text.contains(u'"') || text.contains(u'\n') ||
                      text.contains(u'\r') || text.startsWith(u' ') || text.endsWith(u' ');
  if (!quotes) return text;
  QString doubled = text;
  return u'"' + doubled.replace(u'"', u"\"\""_s) + u'"';
}

/// A spreadsheet takes a tab or a new line for the next cell.
QString tsvField(QString text) {
  for (const QChar blank : {u'\t', u'\n', u'\r'}) text.replace(blank, u' ');
  return text;
}

QString markdownField(QString text) {
  text.replace(u'\\', u"\\\\"_s).replace(u'|', u"\\|"_s).replace(u'\n', u' ');
  for (const QChar sign : {u'*', u'_', u'`', u'<'}) {
    text.replace(sign, QString(u'\\') + sign);
  }
  return text;
}

bool isNumeric(const TableModel& table, int column) {
  const int alignment = table.headerData(column, Qt::Horizontal, Qt::TextAlignmentRole).toInt();
  return (alignment & Qt::AlignRight) != 0;
}

QString title(const TableModel& table, int column) {
  return table.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
}

}  // namespace

QString latexEscaped(const QString& text) {
  QString out;
  for (const QChar c : text) {
    switch (c.unicode()) {
      case u'\\':
        out += u"\\textbackslash{}"_s;
        break;
      case u'~':
        out += u"\\textasciitilde{}"_s;
        break;
      case u'^':
        out += u"\\textasciicircum{}"_s;
        break;
      case u'#':
      case u'$':
      case u'%':
      case u'&':
      case u'_':
      case u'{':
      case u'}':
        out += u'\\';
        out += c;
        break;
      case u'±':
        out += u"$\\pm$"_s;
        break;
      case u'Δ':
        out += u"$\\Delta$"_s;
        break;
      case u'−':
        out += u"$-$"_s;
        break;
      case u'–':
        out += u"--"_s;
        break;
      case u'…':
        out += u"\\dots{}"_s;
        break;
      case 0x202f:  // narrow space between a number and its unit
      case 0x00a0:
        out += u"\\,"_s;
        break;
      case u'\n':
      case u'\t':
        out += u' ';
        break;
      default:
        out += c;
    }
  }
  return out;
}

QString tableText(const TableModel& table, const std::vector<int>& viewRows,
                  const std::vector<int>& columns, TableFormat format) {
  const bool exact = format == TableFormat::Tsv || format == TableFormat::Csv;
  const auto field = [&](const QString& text) {
    switch (format) {
      case TableFormat::Csv:
        return csvField(text);
      case TableFormat::Markdown:
        return markdownField(text);
      case TableFormat::Latex:
        return latexEscaped(text);
      default:
        return tsvField(text);
    }
  };
  const QString between = format == TableFormat::Tsv     ? u"\t"_s
                          : format == TableFormat::Csv   ? u","_s
                          : format == TableFormat::Latex ? u" & "_s
                                                         : u" | "_s;
  const auto line = [&](const QStringList& cells) {
    const QString text = cells.join(between);
    if (format == TableFormat::Markdown) return u"| "_s + text + u" |\n"_s;
    return text + (format == TableFormat::Latex ? u" \\\\\n"_s : u"\n"_s);
  };

  QStringList header, rules;
  QString alignments;
  for (const int c : columns) {
    header << field(exact ? table.exactTitle(c) : title(table, c));
    rules << (isNumeric(table, c) ? u"---:"_s : u"---"_s);
    alignments += isNumeric(table, c) ? u'r' : u'l';
  }
  QString text;
  if (format == TableFormat::Latex) {
    text += u"\\begin{tabular}{"_s + alignments + u"}\n\\toprule\n"_s;
  }
  text += line(header);
  if (format == TableFormat::Markdown) text += line(rules);
  if (format == TableFormat::Latex) text += u"\\midrule\n"_s;
  for (const int row : viewRows) {
    if (table.sourceRow(row) < 0) continue;
    QStringList cells;
    for (const int c : columns) {
      cells << field(exact ? table.exactText(row, c)
                           : table.data(table.index(row, c), Qt::DisplayRole).toString());
    }
    text += line(cells);
  }
  if (format == TableFormat::Latex) text += u"\\bottomrule\n\\end{tabular}\n"_s;
  return text;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/table_mime.h"

#include <QString>
#include <QStringList>

using namespace Qt::StringLiterals;

namespace bitfrontier {

QMimeData* tableMimeData(const QByteArray& table) {
  QString html = u"<meta charset=\"utf-8\"><table>"_s;
  bool header = true;
  const QString text = QString::fromUtf8(table);
  for (const QString& line : text.split(u'\n', Qt::SkipEmptyParts)) {
    const QString cell = header ? u"th"_s : u"td"_s;
    html += u"<tr>"_s;
    for (const QString& field : line.split(u'\t')) {
      html += u"<%1>%2</%1>"_s.arg(cell, field.toHtmlEscaped());
    }
    html += u"</tr>"_s;
    header = false;
  }
  auto* data = new QMimeData;
  data->setText(text);
  data->setData(u"text/tab-separated-values"_s, table);
  data->setHtml(html + u"</table>"_s);
  return data;
}

}  // namespace bitfrontier

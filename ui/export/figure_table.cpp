// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/csv.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_scripts.h"

namespace bitfrontier {

QByteArray figureTable(const FigureSpec& spec) {
  const CsvTable table = CsvTable::parse(figureCsv(spec).toStdString(), "figure.csv");
  std::string text;
  const auto add = [&text](std::string field, bool first) {
    for (char& c : field) {
      if (c == '\t' || c == '\n' || c == '\r') c = ' ';
    }
    text += (first ? "" : "\t") + field;
  };
  for (std::size_t i = 0; i < table.columns().size(); ++i) add(table.columns()[i], i == 0);
  text += '\n';
  for (const CsvTable::Row& row : table.rows()) {
    for (std::size_t i = 0; i < row.size(); ++i) add(row[i].text, i == 0);
    text += '\n';
  }
  return QByteArray::fromStdString(text);
}

}  // namespace bitfrontier

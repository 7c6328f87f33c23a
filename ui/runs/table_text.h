// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "ui/runs/table_model.h"

namespace bitfrontier {

/// What rows are copied as. The first two are for programs: all digits, in the C locale; the others
/// for people: as they stand in the table.
enum class TableFormat { Tsv, Csv, Markdown, Latex };

/// These rows and columns of the view with a header; headings of groups are left out. LaTeX is a
/// tabular with the rules of booktabs.
QString tableText(const TableModel& table, const std::vector<int>& viewRows,
                  const std::vector<int>& columns, TableFormat format);

/// The text as LaTeX writes it, so that nothing in it is a command.
QString latexEscaped(const QString& text);

}  // namespace bitfrontier

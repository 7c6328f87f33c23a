// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

#include "ui/view/view_state.h"

namespace bitfrontier {

/// How the table is arranged now.
TableLayout tableLayout(const QTableView& table);
/// Arranges it so. Columns that are not there are passed over; those it does not name are hidden.
void applyLayout(QTableView& table, const TableLayout& layout);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QMimeData>

namespace bitfrontier {

/// A table for the clipboard or a drag, as what lies between tabs and as HTML; spreadsheets and
/// text processors take what they like best. `table` is UTF-8, rows end with a line feed, the first
/// is the header. The caller owns it.
QMimeData* tableMimeData(const QByteArray& table);

}  // namespace bitfrontier

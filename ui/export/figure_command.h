// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDate>
#include <QString>
#include <vector>

#include "ui/export/figure_export.h"

namespace bitfrontier {

/// What a person chooses of an export beside the figure itself.
struct ExportChoice {
  QString folder;
  QString name = QStringLiteral("{view}_{date}");  ///< without an ending; see figureName()
  std::vector<FigureFormat> formats{FigureFormat::Pdf};
};

/// The name with {view}, {date} (ISO 8601), {preset} and {store} filled in; what no file's name may
/// have becomes "-". Never empty.
QString figureName(const QString& pattern, const FigureSpec& spec, const QString& view,
                   const QDate& date);

/// The same export as a shell command: `base` is the files' path without an ending.
QString figureCommand(const FigureSpec& spec, const std::vector<FigureFormat>& formats,
                      const QString& base);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
// The view that a figure shows, inside the figure's own file.
#pragma once

#include <filesystem>
#include <QByteArray>
#include <span>
#include <string>
#include <vector>

#include "ui/export/figure_spec.h"
#include "ui/view/view_state.h"

namespace bitfrontier {

/// What a figure shows and how it looks.
struct FigureView {
  ViewState view;  ///< of its stores only the names of the files are known
  FigureLook look;
};

/// Name of the attachment of a PDF, of the text chunk of a PNG.
inline constexpr char kFigureViewName[] = "bitfrontier-view.json";

/// The view and the look of a figure as JSON, for its file. Stores are named without their folders:
/// a figure for a blind review must not say whose it is.
QByteArray figureViewText(const FigureSpec& spec);
/// `where` (a file) starts every sentence. Throws Error{Format}.
FigureView parseFigureView(std::string_view text, std::string_view where,
                           std::vector<std::string>* complaints = nullptr);

/// @name How a figure looks, alone
/// @{
QByteArray lookText(const FigureLook& look);
FigureLook parseLook(std::string_view text, std::string_view where,
                     std::vector<std::string>* complaints = nullptr);
/// @}

/// The SVG with the text in its `metadata`.
QByteArray svgWithView(QByteArray svg, const QByteArray& text);

/// What an exported PDF, SVG or PNG shows, or a JSON file that describes a view or a figure.
/// Throws Error: NotFound, Io, Format for damaged files and for figures without a view.
FigureView viewOfFigure(const std::filesystem::path& file,
                        std::vector<std::string>* complaints = nullptr);

/// Gives the stores of a view their folders: those of `known` with the same name, else files in
/// `folder`. Others keep their names.
void placeStores(ViewState& view, std::span<const std::filesystem::path> known,
                 const std::filesystem::path& folder);

}  // namespace bitfrontier

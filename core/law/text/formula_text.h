// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/law/text/formula.h"

namespace bitfrontier {

enum class FormulaStyle {
  Plain,    ///< as parseFormula() reads it
  Python,   ///< with exp, log, log2 of math
  Gnuplot,  ///< log2 and max are functions to be defined
  Latex,    ///< for math mode, no package needed
};
/// Text that gives the same value in that language; numbers are exact.
std::string formulaText(const Formula& formula, FormulaStyle style);

/// A parameter's name in LaTeX's math mode: "lnrho_int4-b64" as \ln \rho_{\mathrm{int4-b64}}.
std::string latexName(std::string_view name);
/// Text with everything escaped that LaTeX reads as a command.
std::string latexText(std::string_view text);

}  // namespace bitfrontier

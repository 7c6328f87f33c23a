// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// A pipe table of a Markdown text: header, then a row of dashes, then rows. Cells are plain text:
/// trimmed, without backticks, bold, links and HTML.
struct MarkdownTable {
  std::size_t line = 0;  ///< of the header, from 1
  std::string heading;   ///< text of the last heading above it
  std::string before;    ///< the last line of text between the heading and the table
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< as long as the header
};

/// "**[Q4_K_M](a.gguf)** `x`<br>" -> "Q4_K_M x": what a reader of the page sees.
std::string plainMarkdown(std::string_view text);

/// All tables of a text, code fences left out.
std::vector<MarkdownTable> markdownTables(std::string_view text);

}  // namespace bitfrontier

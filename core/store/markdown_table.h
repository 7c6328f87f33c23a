// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// A pipe table of a Markdown text: header, then a row of dashes, then rows.
struct MarkdownTable {
  std::size_t line = 0;  ///< of the header, from 1
  std::string heading;   ///< text of the last heading above it
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< as long as the header, cells trimmed
};

/// All tables of a text, code fences left out.
std::vector<MarkdownTable> markdownTables(std::string_view text);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/markdown_table.h"

#include <algorithm>

namespace bitfrontier {
namespace {

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r')) {
    text.remove_suffix(1);
  }
  return text;
}

std::vector<std::string> cells(std::string_view line) {
  std::vector<std::string> out;
  line = trim(line);
  if (line.starts_with('|')) line.remove_prefix(1);
  if (line.ends_with('|') && !line.ends_with("\\|")) line.remove_suffix(1);
  std::string cell;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') {
      cell += line[++i];
    } else if (line[i] == '|') {
      out.emplace_back(trim(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  out.emplace_back(trim(cell));
  return out;
}

bool isRule(std::string_view line) {
  line = trim(line);
  return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: \t") == std::string_view::npos;
}

}  // namespace

std::vector<MarkdownTable> markdownTables(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::vector<MarkdownTable> tables;
  std::string heading;
  bool fenced = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = trim(lines[i]);
    if (line.starts_with("```") || line.starts_with("~~~")) fenced = !fenced;
    if (fenced) continue;
    if (line.starts_with('#')) {
      const std::size_t begin = line.find_first_not_of('#');
      heading = begin == std::string_view::npos ? "" : std::string(trim(line.substr(begin)));
    }
    if (line.find('|') == std::string_view::npos || i + 1 == lines.size() ||
        !isRule(lines[i + 1])) {
      continue;
    }
    MarkdownTable table{i + 1, heading, cells(line), {}};
    for (i += 2; i < lines.size() && lines[i].find('|') != std::string_view::npos; ++i) {
      auto row = cells(lines[i]);
      row.resize(table.header.size());
      table.rows.push_back(std::move(row));
    }
    --i;
    tables.push_back(std::move(table));
  }
  return tables;
}

}  // namespace bitfrontier

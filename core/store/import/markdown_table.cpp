// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/markdown_table.h"

#include <algorithm>
#include <cctype>

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
      out.push_back(plainMarkdown(cell));
      cell.clear();
    } else {
      cell += line[i];
    }
  }
  out.push_back(plainMarkdown(cell));
  return out;
}

/// The end of "[text](target)" that begins at `at`, and its text; false when it is no link.
bool link(std::string_view text, std::size_t at, std::size_t& end, std::string_view& shown) {
  const std::size_t close = text.find("](", at);
  if (close == std::string_view::npos ||
      text.substr(at + 1, close - at - 1).find('[') != std::string_view::npos) {
    return false;
  }
  end = text.find(')', close);
  if (end == std::string_view::npos) return false;
  shown = text.substr(at + 1, close - at - 1);
  return true;
}

bool isRule(std::string_view line) {
  line = trim(line);
  return line.find('-') != std::string_view::npos && line.find('|') != std::string_view::npos &&
         line.find_first_not_of("|-: \t") == std::string_view::npos;
}

}  // namespace

std::string plainMarkdown(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    std::size_t end = 0;
    std::string_view shown;
    if (c == '`' || (c == '*' && text.substr(i).starts_with("**"))) {
      continue;
    } else if (c == '*' || c == '~') {
      if (c == '~' && i + 1 < text.size() && text[i + 1] != '~') out += c;
    } else if (c == '\\' && i + 1 < text.size() &&
               std::ispunct(static_cast<unsigned char>(text[i + 1])) != 0) {
      out += text[++i];
    } else if (c == '!' && i + 1 < text.size() && text[i + 1] == '[' &&
               link(text, i + 1, end, shown)) {
      i = end;
    } else if (c == '[' && link(text, i, end, shown)) {
      out += plainMarkdown(shown);
      i = end;
    } else if (c == '<' && i + 1 < text.size() &&
               (std::isalpha(static_cast<unsigned char>(text[i + 1])) != 0 || text[i + 1] == '/') &&
               (end = text.find('>', i)) != std::string_view::npos) {
      out += ' ';
      i = end;
    } else if (text.substr(i).starts_with("&nbsp;")) {
      out += ' ';
      i += 5;
    } else {
      out += c;
    }
  }
  // "__bold__", but not "q4__0".
  std::string_view plain = trim(out);
  while (plain.size() > 4 && plain.starts_with("__") && plain.ends_with("__")) {
    plain = trim(plain.substr(2, plain.size() - 4));
  }
  return std::string(plain);
}

std::vector<MarkdownTable> markdownTables(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  std::vector<MarkdownTable> tables;
  std::string heading, before;
  bool fenced = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = trim(lines[i]);
    if (line.starts_with("```") || line.starts_with("~~~")) fenced = !fenced;
    if (fenced) continue;
    if (line.starts_with('#')) {
      const std::size_t begin = line.find_first_not_of('#');
      heading = begin == std::string_view::npos ? "" : plainMarkdown(line.substr(begin));
      before.clear();
      continue;
    }
    if (line.find('|') == std::string_view::npos || i + 1 == lines.size() ||
        !isRule(lines[i + 1])) {
      if (!line.empty()) before = plainMarkdown(line);
      continue;
    }
    MarkdownTable table{i + 1, heading, before, cells(line), {}};
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

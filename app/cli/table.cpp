// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace bitfrontier::cli {
namespace {

/// Characters of UTF-8 text; all that is printed here is one column wide.
std::size_t width(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

void Table::print(std::FILE* to) const {
  std::vector<std::size_t> widths;
  for (const Column& column : columns_) widths.push_back(width(column.title));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  }
  const auto printRow = [&](const auto& cell) {
    std::string line;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::string text = cell(i);
      const std::string space(widths[i] - width(text), ' ');
      if (i > 0) line += "  ";
      line += columns_[i].align == Align::Right ? space + text : text + space;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    fmt::print(to, "{}\n", line);
  };
  printRow([&](std::size_t i) { return columns_[i].title; });
  for (const auto& row : rows_) {
    printRow([&](std::size_t i) { return i < row.size() ? row[i] : std::string(); });
  }
}

}  // namespace bitfrontier::cli

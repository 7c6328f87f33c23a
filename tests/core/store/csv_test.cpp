// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/csv.h"

#include <gmock/gmock.h>

#include "tests/core/store/store_fixture.h"

namespace bitfrontier {
namespace {

std::string parseError(std::string_view text) {
  std::string message;
  EXPECT_EQ(errorOf([&] { CsvTable::parse(text, "f.csv"); }, message), ErrorKind::Format);
  return message;
}

TEST(Csv, QuotesLineEndsCommentsAndMark) {
  const CsvTable table = CsvTable::parse(
      "\xEF\xBB\xBF# a comment, with \"quote\r\na,b\r\n\r\n1,\"x, \"\"y\"\"\nz\"\n# more\n2.5e1,",
      "f.csv");
  ASSERT_EQ(table.rows().size(), 2u);
  EXPECT_EQ(table.number(table.rows()[0], "a"), 1);
  EXPECT_EQ(table.text(table.rows()[0], "b"), "x, \"y\"\nz");
  EXPECT_EQ(table.rows()[0][1].line, 4u);
  EXPECT_EQ(table.rows()[0][1].column, 3u);
  EXPECT_EQ(table.number(table.rows()[1], "a"), 25);
  EXPECT_TRUE(std::isnan(table.numberOrAbsent(table.rows()[1], "b")));
  EXPECT_EQ(table.rows()[1][0].line, 7u);
}

TEST(Csv, SemicolonsTabsAndDecimalCommas) {
  const CsvTable table = CsvTable::parse("a;b, c;d\n0,5;x;1.234,5\n;;\n1,25;y;7\n", "f.csv");
  EXPECT_EQ(table.separator(), ';');
  ASSERT_EQ(table.rows().size(), 2u);  // the row of separators is none
  EXPECT_EQ(table.number(table.rows()[0], "a"), 0.5);
  EXPECT_EQ(table.text(table.rows()[0], "b, c"), "x");
  EXPECT_EQ(table.number(table.rows()[0], "d"), 1234.5);
  const CsvTable tabs = CsvTable::parse("a\tb\n1.5\t2,3\n", "f.tsv");
  EXPECT_EQ(tabs.separator(), '\t');
  EXPECT_EQ(tabs.number(tabs.rows()[0], "a"), 1.5);
  EXPECT_EQ(tabs.text(tabs.rows()[0], "b"), "2,3");
  // Semicolons with decimal points.
  const CsvTable points = CsvTable::parse("a;b\n5.906;6.157\n", "f.csv");
  EXPECT_EQ(points.number(points.rows()[0], "a"), 5.906);
  EXPECT_EQ(parseError(std::string("\xFF\xFE\x61\x00", 4)),
            "f.csv:1:1: the file is UTF-16: save it as UTF-8");
}

TEST(Csv, ErrorsNameLineAndColumn) {
  EXPECT_EQ(parseError(""), "f.csv:1:1: there is no header row");
  EXPECT_EQ(parseError("a,b\n1,\"x"), "f.csv:2:3: quote is never closed");
  EXPECT_EQ(parseError("a,b\n1,\"x\"y"), "f.csv:2:6: text after a closing quote");
  EXPECT_EQ(parseError("a,b\n1,x\"y"), "f.csv:2:4: quote inside an unquoted field");
  EXPECT_EQ(parseError("a,a\n"), "f.csv:1:3: column a appears twice");
  EXPECT_EQ(parseError("a,b\n1"), "f.csv:2:1: row has 1 fields but the header has 2");
  EXPECT_EQ(parseError("a,b\n1,2,3"), "f.csv:2:5: row has 3 fields but the header has 2");
}

TEST(Csv, ValuesAreChecked) {
  const CsvTable table = CsvTable::parse("a,b\n1x,\nnan,1.5\n", "f.csv");
  std::string message;
  errorOf([&] { table.number(table.rows()[0], "a"); }, message);
  EXPECT_EQ(message, "f.csv:2:1: a '1x' is not a number");
  errorOf([&] { table.text(table.rows()[0], "b"); }, message);
  EXPECT_EQ(message, "f.csv:2:4: b is empty");
  errorOf([&] { table.number(table.rows()[1], "a"); }, message);
  EXPECT_EQ(message, "f.csv:3:1: a 'nan' is not a number");
  errorOf([&] { table.integer(table.rows()[1], "b"); }, message);
  EXPECT_EQ(message, "f.csv:3:5: b '1.5' is not a whole number");
  errorOf([&] { table.number(table.rows()[1], "c"); }, message);
  EXPECT_EQ(message, "f.csv: there is no column c");
}

}  // namespace
}  // namespace bitfrontier

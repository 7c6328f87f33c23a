// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/modelquant/calibration_text.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/hash.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/core/modelquant/small_models.h"

namespace bitfrontier {
namespace {

Tokenizer bytes() { return Tokenizer::parse(test::byteTokenizer()); }

TEST(CalibrationText, ReadsTextAndJsonLines) {
  const test::TempDir dir("calibration");
  test::writeText(dir.path() / "plain.txt", "one line\nanother\n");
  test::writeText(dir.path() / "records.jsonl",
                  "{\"text\": \"first\", \"n\": 1}\n\n{\"text\": \"second\"}\n");
  const CalibrationText plain = readCalibrationText(dir.path() / "plain.txt");
  EXPECT_EQ(plain.name, "plain");
  EXPECT_EQ(plain.text, "one line\nanother\n");
  EXPECT_EQ(readCalibrationText(dir.path() / "records.jsonl").text, "first\nsecond\n");
  EXPECT_EQ(plain.identity(),
            "plain 128xmax sha256=" + sha256Hex("one line\nanother\n").substr(0, 16));
  test::writeText(dir.path() / "bad.jsonl", "{\"text\": \"a\"}\n{\"words\": \"b\"}\n");
  EXPECT_THROW(readCalibrationText(dir.path() / "bad.jsonl"), Error);
  test::writeText(dir.path() / "empty.txt", "");
  EXPECT_THROW(readCalibrationText(dir.path() / "empty.txt"), Error);
  EXPECT_THROW(readCalibrationText(dir.path() / "absent.txt"), Error);
}

TEST(CalibrationText, SequencesAreSpreadOverTheText) {
  CalibrationText text;
  text.name = "letters";
  for (int line = 0; line < 100; ++line)
    text.text += std::string(9, static_cast<char>('a' + line % 26)) + "\n";
  text.sequences = 4;
  text.length = 20;
  // Lines of ten bytes; the shares begin at bytes 0, 250, 500, 750, all of them line starts.
  const at::Tensor tokens = calibrationTokens(text, bytes(), 64);
  ASSERT_EQ(tokens.sizes(), at::IntArrayRef({4, 20}));
  for (int i = 0; i < 4; ++i) {
    const int line = i * 25;
    EXPECT_EQ(tokens[i][0].item<int>(), 1 + 'a' + line % 26) << i;
    EXPECT_EQ(tokens[i][9].item<int>(), 1 + '\n') << i;
    EXPECT_EQ(tokens[i][10].item<int>(), 1 + 'a' + (line + 1) % 26) << i;
  }
  // The model's length when none is given; sequences that would run over the end are left out.
  text.length = 0;
  EXPECT_EQ(calibrationTokens(text, bytes(), 64).size(1), 64);
  text.length = 400;
  EXPECT_EQ(calibrationTokens(text, bytes(), 512).size(0), 3);
  text.length = 2000;
  EXPECT_THROW(calibrationTokens(text, bytes(), 4096), Error);
  text.length = 65;
  EXPECT_THROW(calibrationTokens(text, bytes(), 64), Error);
}

}  // namespace
}  // namespace bitfrontier

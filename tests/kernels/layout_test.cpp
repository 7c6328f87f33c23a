// SPDX-License-Identifier: GPL-3.0-or-later
// Blocks and packed codes against walks over every element and every bit.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "kernels/blocks.h"
#include "kernels/packing.h"

namespace bitfrontier {
namespace {

TEST(BlockGrid, CountsRoundUp) {
  EXPECT_EQ(blockCount(0, 64), 0);
  EXPECT_EQ(blockCount(0, 0), 0);
  EXPECT_EQ(blockCount(1, 64), 1);
  EXPECT_EQ(blockCount(64, 64), 1);
  EXPECT_EQ(blockCount(65, 64), 2);
  EXPECT_EQ(blockCount(1000000, 0), 1);
  EXPECT_EQ(blockCount(1000, 0, 100), 10);
  EXPECT_EQ(blockCount(1000, 64, 100), 20);
  EXPECT_EQ(blockCount(1000, 128, 100), 10);
  EXPECT_EQ(blockCount(0, 64, 100), 0);
}

TEST(BlockGrid, CoversEveryValueOnceInOrder) {
  for (const std::int64_t row : {0, 1, 7, 60, 64, 128, 840}) {
    for (const std::int64_t size : {0, 1, 16, 61, 64, 100, 4096}) {
      const std::int64_t count = 840;
      if (row != 0 && count % row != 0) continue;
      const BlockGrid grid = blockGrid(count, size, row);
      std::int64_t next = 0;
      bool regular = true;
      for (std::int64_t block = 0; block < grid.blocks; ++block) {
        ASSERT_EQ(grid.begin(block), next);
        regular = regular && next == block * grid.blockSize;
        const std::int64_t end = grid.end(block);
        ASSERT_GT(end, next);
        if (size != 0) {
          ASSERT_LE(end - next, size);
        }
        if (row != 0) {
          ASSERT_EQ(next / row, (end - 1) / row) << "crosses a row";
        }
        // Only the ends of rows and of the tensor cut a block short.
        if (size != 0 && end - next < size) {
          ASSERT_TRUE(end == count || (row != 0 && end % row == 0));
        }
        for (; next < end; ++next) ASSERT_EQ(grid.blockOf(next), block);
      }
      EXPECT_EQ(next, count);
      EXPECT_EQ(grid.regular(), regular) << row << " " << size;
    }
  }
}

TEST(PackedCodes, AreAStreamOfBits) {
  std::mt19937 random(4);
  for (int bits = 1; bits <= 8; ++bits) {
    for (const int count : {0, 1, 2, 7, 8, 31, 32, 33, 100}) {
      std::vector<unsigned> codes(count);
      for (unsigned& code : codes) code = random() & ((1U << bits) - 1);
      const auto bytes = static_cast<std::size_t>(codeBytes(count, BF_CODES_PACKED, bits));
      ASSERT_EQ(bytes, static_cast<std::size_t>((count * bits + 7) / 8));
      std::vector<std::uint8_t> expected(bytes, 0);
      for (int i = 0; i < count; ++i)
        for (int b = 0; b < bits; ++b)
          if ((codes[i] >> b & 1U) != 0) expected[(i * bits + b) / 8] |= 1U << ((i * bits + b) % 8);
      std::vector<std::uint8_t> packed(bytes + 1, 0xa5);
      CodeWriter writer(packed.data(), bits);
      for (const unsigned code : codes) writer.put(code);
      writer.finish();
      EXPECT_EQ(packed.back(), 0xa5) << "written beyond the end";
      packed.pop_back();
      EXPECT_EQ(packed, expected);
      for (int i = 0; i < count; ++i) ASSERT_EQ(packedCode(packed.data(), i, bits), codes[i]);
    }
  }
}

TEST(CodeBytes, OneEachUnlessPacked) {
  EXPECT_EQ(codeBytes(33, BF_CODES_BYTES, 0), 33);
  EXPECT_EQ(codeBytes(33, BF_CODES_PACKED, 3), 13);
  EXPECT_EQ(codeBytes(std::int64_t{1} << 33, BF_CODES_PACKED, 8), std::int64_t{1} << 33);
}

}  // namespace
}  // namespace bitfrontier

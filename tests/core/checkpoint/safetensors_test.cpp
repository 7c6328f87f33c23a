// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/safetensors.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/checkpoint/safetensors_header.h"
#include "core/checkpoint/weight_file.h"
#include "tests/support/expect_error.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

std::string fileOf(const std::string& header, const std::string& data) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>((header.size() >> (8 * i)) & 0xff);
  return bytes + header + data;
}

SafetensorsHeader parse(const std::string& bytes) {
  return parseSafetensorsHeader(std::as_bytes(std::span(bytes.data(), bytes.size())), "w.st");
}

void expectError(ErrorKind kind, const std::string& part, const std::string& bytes) {
  test::expectErrorAbout("w.st", kind, part, [&] { parse(bytes); });
}

class SafetensorsTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = fs::path(testing::TempDir()) /
            (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
             ".safetensors");
  }
  void TearDown() override { fs::remove(path_); }
  fs::path path_;
};

using SafetensorsHeaderTest = SafetensorsTest;

TEST_F(SafetensorsTest, EveryDtypeRoundTrips) {
  std::vector<std::pair<std::string, at::Tensor>> tensors;
  for (const auto type : {at::kBool, at::kByte, at::kChar, at::kShort, at::kInt, at::kLong,
                          at::kHalf, at::kBFloat16, at::kFloat, at::kDouble}) {
    tensors.emplace_back("t." + std::string(c10::toString(type)),
                         at::arange(15, at::kFloat).reshape({3, 5}).sub(4).to(type));
  }
  tensors.emplace_back("scalar", at::scalar_tensor(2.5));
  tensors.emplace_back("empty", at::empty({0, 7}));
  tensors.emplace_back("transposed", at::arange(6, at::kFloat).reshape({2, 3}).t());
  saveSafetensors(path_, tensors, {{"format", "pt"}, {"note", "\u00e9"}});
  const WeightFile file(path_);
  EXPECT_EQ(parse(readFile(path_)).metadata.at("note"), "\u00e9");
  ASSERT_EQ(file.tensors().size(), tensors.size());
  for (const auto& [name, tensor] : tensors) {
    bool found = false;
    for (const auto& entry : file.tensors()) {
      if (entry.info.name != name) continue;
      found = true;
      const at::Tensor read = file.tensor(entry);
      EXPECT_EQ(read.scalar_type(), tensor.scalar_type());
      EXPECT_EQ(read.sizes(), tensor.sizes());
      EXPECT_TRUE(at::equal(read, tensor)) << name;
    }
    EXPECT_TRUE(found) << name;
  }
}

TEST_F(SafetensorsTest, BytesDependOnContentOnly) {
  const at::Tensor a = at::arange(4, at::kFloat);
  const at::Tensor b = at::arange(3, at::kHalf);
  saveSafetensors(path_, {{"b", b}, {"a", a}});
  const std::string first = readFile(path_);
  saveSafetensors(path_, {{"a", a}, {"b", b}});
  EXPECT_EQ(readFile(path_), first);
  EXPECT_EQ((8 + parse(first).entries[0].begin) % 8, 0U);
  EXPECT_EQ(parse(first).entries[0].info.name, "a");
}

TEST_F(SafetensorsTest, ViewsAreOnTheMapAndOutliveTheFile) {
  saveSafetensors(path_, {{"a", at::arange(1000, at::kFloat)}});
  at::Tensor view;
  {
    const WeightFile file(path_);
    view = file.tensor(file.tensors()[0]);
    const auto* data = reinterpret_cast<const std::byte*>(view.const_data_ptr());
    EXPECT_GE(data, file.bytes().data());
    EXPECT_LT(data, file.bytes().data() + file.bytes().size());
  }
  fs::remove(path_);
  EXPECT_EQ(view.sum().item<double>(), 499500);
}

TEST_F(SafetensorsTest, MisalignedDataIsCopied) {
  const std::string data("\x01\x00\x00\x80\x3f", 5);
  writeFileAtomic(path_, fileOf(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                                R"("b":{"dtype":"F32","shape":[1],"data_offsets":[1,5]}})",
                                data));
  const WeightFile file(path_);
  const at::Tensor b = file.tensor(file.tensors()[1]);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(b.const_data_ptr()) % 4, 0U);
  EXPECT_EQ(b.item<float>(), 1.0F);
}

TEST_F(SafetensorsTest, BoolBytesAreChecked) {
  writeFileAtomic(path_, fileOf(R"({"m":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]}})",
                                std::string("\x01\x02")));
  const WeightFile file(path_);
  EXPECT_THROW(file.tensor(file.tensors()[0]), Error);
}

// A sparse file: offsets above 4 GiB without the disk space.
TEST_F(SafetensorsTest, OffsetsBeyondFourGigabytes) {
  const std::string big = "5368709120";
  const std::string header = R"({"a":{"dtype":"U8","shape":[5368709120],"data_offsets":[0,)" + big +
                             R"(]},"b":{"dtype":"I16","shape":[1],"data_offsets":[)" + big +
                             ",5368709122]}}";
  const std::string start = fileOf(header, "");
  {
    std::ofstream out(path_, std::ios::binary);
    out << start;
    out.seekp(static_cast<std::streamoff>(start.size()) + 5368709120);
    out.write("\x39\x30", 2);
    ASSERT_TRUE(out.good());
  }
  const WeightFile file(path_);
  EXPECT_EQ(file.tensors()[0].info.bytes, 5368709120);
  EXPECT_EQ(file.tensor(file.tensors()[1]).item<std::int16_t>(), 12345);
}

TEST_F(SafetensorsTest, SaveRefusesWhatItCannotHold) {
  const at::Tensor a = at::zeros({1});
  EXPECT_THROW(saveSafetensors(path_, {{"a", a}, {"a", a}}), Error);
  EXPECT_THROW(saveSafetensors(path_, {{"__metadata__", a}}), Error);
  EXPECT_THROW(saveSafetensors(path_, {{"a", at::Tensor()}}), Error);
  EXPECT_THROW(saveSafetensors(path_, {{"a", at::zeros({1}, at::kComplexFloat)}}), Error);
  EXPECT_THROW(saveSafetensors(path_, {{"\xff", a}}), Error);
  EXPECT_FALSE(fs::exists(path_));
}

TEST_F(SafetensorsHeaderTest, LengthIsChecked) {
  const auto bad = ErrorKind::Format;
  expectError(bad, "has 0 bytes", "");
  expectError(bad, "has 7 bytes", std::string(7, '\0'));
  expectError(bad, "18446744073709551615", std::string(8, '\xff') + "{}");
  expectError(bad, "9223372036854775808", std::string("\0\0\0\0\0\0\0\x80{}", 10));
  expectError(bad, "only 2 follow", std::string("\x03\0\0\0\0\0\0\0{}", 10));
  expectError(bad, "does not start with '{'", std::string(8, '\0'));
  expectError(bad, "does not start with '{'", fileOf(" {}", ""));
  expectError(bad, "not valid JSON", fileOf("{\"a\"}", ""));
  EXPECT_TRUE(parse(fileOf("{}   ", "")).entries.empty());
}

std::string one(const std::string& dtype, const std::string& shape, const std::string& offsets,
                std::size_t dataBytes) {
  return fileOf(R"({"w":{"dtype":")" + dtype + R"(","shape":)" + shape + R"(,"data_offsets":)" +
                    offsets + "}}",
                std::string(dataBytes, '\0'));
}

TEST_F(SafetensorsHeaderTest, EntriesAreChecked) {
  const auto bad = ErrorKind::Format;
  EXPECT_EQ(parse(one("F32", "[2,3]", "[0,24]", 24)).entries[0].info.bytes, 24);
  expectError(bad, "w.st: tensor w ends at data byte 24 but the file has 23",
              one("F32", "[2,3]", "[0,24]", 23));
  expectError(bad, "the file has 25", one("F32", "[2,3]", "[0,24]", 25));
  expectError(bad, "w.st: tensor w takes 24 bytes but F16", one("F16", "[2,3]", "[0,24]", 24));
  expectError(bad, "begins at data byte 1, behind", one("U8", "[3]", "[1,4]", 4));
  expectError(bad, "begins at byte 4 and ends at 1", one("U8", "[3]", "[4,1]", 4));
  expectError(bad, "beyond 63 bits", one("F32", "[4294967296,4294967296]", "[0,0]", 0));
  expectError(bad, "beyond 63 bits", one("F32", "[0,4294967296,4294967296]", "[0,0]", 0));
  expectError(bad, "holds -1, not a count", one("F32", "[-1]", "[0,0]", 0));
  expectError(bad, "not a count", one("F32", "[18446744073709551615]", "[0,0]", 0));
  expectError(bad, "not a count", one("F32", "[1.5]", "[0,0]", 0));
  expectError(bad, "not a count", one("U8", "[4]", "[0,\"4\"]", 4));
  expectError(bad, "3 data_offsets", one("U8", "[4]", "[0,4,4]", 4));
  expectError(bad, "'shape' is null", one("U8", "null", "[0,4]", 4));
  expectError(ErrorKind::Unsupported, "F8_E4M3", one("F8_E4M3", "[4]", "[0,4]", 4));
  expectError(
      bad, "more than 32",
      one("U8", "[1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]", "[0,1]", 1));
  expectError(bad, "'__metadata__' is no object", fileOf(R"({"__metadata__":[]})", ""));
  expectError(bad, "not a string", fileOf(R"({"__metadata__":{"a":1}})", ""));
  expectError(bad, "expected an object", fileOf(R"({"w":[]})", ""));
  expectError(bad, "'w' is there twice",
              fileOf(R"({"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},)"
                     R"("w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})",
                     "1"));
  expectError(bad, "not valid JSON at byte 3", fileOf("{\"\xff\":{}}", ""));
}

TEST_F(SafetensorsHeaderTest, TensorsMustTile) {
  const auto two = [](const char* second) {
    return fileOf(
        R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":)" +
            std::string(second) + "}}",
        std::string(8, '\0'));
  };
  EXPECT_EQ(parse(two("[4,8]")).entries.size(), 2U);
  expectError(ErrorKind::Format, "inside", two("[3,7]"));
  expectError(ErrorKind::Format, "inside", two("[0,4]"));
  // An empty tensor between two others is no hole and no overlap.
  EXPECT_EQ(
      parse(
          fileOf(
              R"({"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"e":{"dtype":"F32","shape":[0],"data_offsets":[4,4]},)"
              R"("c":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}})",
              "12345"))
          .entries.size(),
      3U);
}

TEST_F(SafetensorsHeaderTest, MutatedFilesReadOrThrow) {
  saveSafetensors(path_, {{"w.a", at::arange(12, at::kFloat).reshape({3, 4})},
                          {"w.b", at::ones({5}, at::kHalf)}});
  const std::string good = readFile(path_);
  Rng rng(5);
  int read = 0;
  for (int round = 0; round < 3000; ++round) {
    std::string bytes = good;
    const auto edits = 1 + rng.below(3);
    for (std::uint64_t e = 0; e < edits && !bytes.empty(); ++e) {
      const auto at = static_cast<std::size_t>(rng.below(bytes.size()));
      switch (rng.below(4)) {
        case 0:
          bytes[at] = static_cast<char>(rng.below(256));
          break;
        case 1:
          bytes[at] = "0123456789-[]{},:\""[rng.below(18)];
          break;
        case 2:
          bytes.resize(at);
          break;
        default:
          bytes.insert(at, 1, static_cast<char>('0' + rng.below(10)));
      }
    }
    try {
      const SafetensorsHeader header = parse(bytes);
      ++read;
      std::uint64_t total = 0;
      for (const auto& entry : header.entries) {
        ASSERT_LE(entry.begin + static_cast<std::uint64_t>(entry.info.bytes), bytes.size());
        total += static_cast<std::uint64_t>(entry.info.bytes);
      }
      ASSERT_LE(total, bytes.size());
    } catch (const Error&) {
    }
  }
  EXPECT_GT(read, 100);
  EXPECT_LT(read, 2900);
}

}  // namespace
}  // namespace bitfrontier

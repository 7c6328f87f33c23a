// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/torch_file.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstring>
#include <filesystem>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/checkpoint/weight_file.h"
#include "tests/support/expect_error.h"
#include "tests/support/torch_file_builder.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using test::kPickleStart;
using test::PickledTensor;
using test::pickleInt;
using test::pickleState;
using test::pickleText;
using test::torchLegacy;
using test::torchZip;

std::vector<StoredTensor> parse(const std::string& bytes) {
  return parseTorchFile(std::as_bytes(std::span(bytes.data(), bytes.size())), "w.bin");
}

void expectError(ErrorKind kind, const std::string& part, const std::string& bytes) {
  test::expectErrorAbout("w.bin", kind, part, [&] { parse(bytes); });
}

std::string floats(const std::vector<float>& values) {
  std::string bytes(values.size() * 4, '\0');
  std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

const std::string kSix = floats({0, 1, 2, 3, 4, 5});

PickledTensor six(std::vector<std::int64_t> shape, std::vector<std::int64_t> strides,
                  std::int64_t offset = 0) {
  return {"w", "FloatStorage", "0", 6, offset, std::move(shape), std::move(strides)};
}

/// A file whose only entry is `value`, an expression of the pickle language.
std::string withEntry(const std::string& value) {
  return torchZip(kPickleStart + "}" + pickleText("w") + value + "s.", {{"0", kSix}}).build();
}

class TorchFileTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = fs::path(testing::TempDir()) /
            (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) + ".bin");
  }
  void TearDown() override { fs::remove(path_); }
  WeightFile open(const std::string& bytes) {
    writeFileAtomic(path_, bytes);
    return WeightFile(path_);
  }
  fs::path path_;
};

TEST_F(TorchFileTest, ViewsAreOnTheMap) {
  const WeightFile file =
      open(torchZip(pickleState({six({2, 3}, {3, 1}),
                                 {"t", "FloatStorage", "0", 6, 1, {2, 2}, {1, 3}},
                                 {"s", "FloatStorage", "0", 6, 5, {}, {}},
                                 {"e", "FloatStorage", "0", 6, 6, {0, 4}, {4, 1}}}),
                    {{"0", kSix}})
               .build());
  ASSERT_EQ(file.tensors().size(), 4U);
  const at::Tensor w = file.tensor(file.tensors()[0]);
  EXPECT_TRUE(at::equal(w, at::arange(6, at::kFloat).reshape({2, 3})));
  EXPECT_TRUE(w.is_contiguous());
  const auto* data = static_cast<const std::byte*>(w.const_data_ptr());
  EXPECT_GE(data, file.bytes().data());
  EXPECT_LT(data, file.bytes().data() + file.bytes().size());
  // Column-major, beginning in the middle: [[1, 4], [2, 5]].
  const at::Tensor t = file.tensor(file.tensors()[1]);
  EXPECT_TRUE(at::equal(t, at::tensor({1.F, 4.F, 2.F, 5.F}).reshape({2, 2})));
  EXPECT_EQ(t.const_data_ptr(), static_cast<const void*>(data + 4));
  EXPECT_EQ(file.tensor(file.tensors()[2]).item<float>(), 5.0F);
  EXPECT_EQ(file.tensor(file.tensors()[3]).sizes(), (at::IntArrayRef{0, 4}));
}

// As torch 2.11 saves a tensor of a type without a storage class of its own.
TEST_F(TorchFileTest, TypesWithoutStorageClassAreNamed) {
  for (const std::string type : {"float8_e4m3fn", "float8_e5m2", "float4_e2m1fn_x2", "uint16"}) {
    const std::string storage = "(" + pickleText("storage") + "ctorch.storage\nUntypedStorage\n" +
                                pickleText("0") + pickleText("cpu") + pickleInt(24) + "tQ";
    const std::string arguments = "(" + storage + pickleInt(0) + test::pickleTuple({24}) +
                                  test::pickleTuple({1}) + "\x89" + "ccollections\nOrderedDict\n)R";
    const std::string call = "ctorch._utils\n_rebuild_tensor_v3\n";
    expectError(ErrorKind::Unsupported, "tensor w is of type " + type + ", which is not supported",
                withEntry(call + arguments + "ctorch\n" + type + "\ntR"));
    expectError(ErrorKind::Format, "a tensor is made without its type",
                withEntry(call + arguments + "tR"));
  }
  expectError(ErrorKind::Unsupported, "torch.float16", withEntry("ctorch\nfloat16\n"));
  expectError(ErrorKind::Format, "entry w is no tensor", withEntry("ctorch\nfloat8_e5m2\n"));
}

TEST_F(TorchFileTest, TiedTensorsShareMemory) {
  PickledTensor head = six({3, 2}, {2, 1});
  head.name = "lm_head.weight";
  const WeightFile file =
      open(torchZip(pickleState({six({3, 2}, {2, 1}), head}), {{"0", kSix}}).build());
  EXPECT_EQ(file.tensor(file.tensors()[0]).const_data_ptr(),
            file.tensor(file.tensors()[1]).const_data_ptr());
}

TEST_F(TorchFileTest, EveryStorageClass) {
  const std::pair<const char*, at::ScalarType> classes[] = {
      {"FloatStorage", at::kFloat},       {"HalfStorage", at::kHalf},
      {"BFloat16Storage", at::kBFloat16}, {"DoubleStorage", at::kDouble},
      {"LongStorage", at::kLong},         {"IntStorage", at::kInt},
      {"ShortStorage", at::kShort},       {"CharStorage", at::kChar},
      {"ByteStorage", at::kByte},         {"BoolStorage", at::kBool}};
  std::vector<PickledTensor> tensors;
  std::vector<std::pair<std::string, std::string>> data;
  std::vector<at::Tensor> truth;
  for (const auto& [name, type] : classes) {
    truth.push_back(at::arange(4, at::kFloat).sub(1).to(type));
    tensors.push_back({name, name, name, 4, 0, {4}, {1}});
    data.emplace_back(name, std::string(static_cast<const char*>(truth.back().const_data_ptr()),
                                        truth.back().nbytes()));
  }
  for (const bool zip64 : {false, true}) {
    auto zip = torchZip(pickleState(tensors), data);
    zip.zip64 = zip64;
    zip.comment = zip64 ? "comment" : "";
    const WeightFile file = open(zip.build());
    ASSERT_EQ(file.tensors().size(), std::size(classes));
    for (std::size_t i = 0; i < truth.size(); ++i) {
      EXPECT_EQ(file.tensors()[i].info.name, classes[i].first);
      EXPECT_TRUE(at::equal(file.tensor(file.tensors()[i]), truth[i])) << classes[i].first;
    }
  }
}

TEST_F(TorchFileTest, PicklesInARow) {
  PickledTensor t{"t", "FloatStorage", "b", 6, 0, {3, 2}, {1, 3}};
  PickledTensor w{"w", "FloatStorage", "a", 2, 0, {2}, {1}};
  const std::string good =
      torchLegacy(pickleState({t, w}, true), {{"a", floats({7, 8})}, {"b", kSix}}, 4);
  const WeightFile file = open(good);
  EXPECT_TRUE(
      at::equal(file.tensor(file.tensors()[0]), at::arange(6, at::kFloat).reshape({2, 3}).t()));
  EXPECT_TRUE(at::equal(file.tensor(file.tensors()[1]), at::tensor({7.F, 8.F})));
  const auto bad = ErrorKind::Format;
  expectError(bad, "storage b ends at byte", good.substr(0, good.size() - 1));
  expectError(bad, "before storage b", good.substr(0, good.size() - 25));
  expectError(bad, "but has", good + "x");
  expectError(bad, "13 bytes are needed but only 11 follow", good.substr(0, 40));
  expectError(bad, "has 7 elements in the file, not 6",
              torchLegacy(pickleState({t}, true), {{"b", kSix + "1234"}}, 4));
  expectError(bad, "storage b, which is not in the file",
              torchLegacy(pickleState({t}, true), {}, 4));
  expectError(bad, "no tensor lies in", torchLegacy(pickleState({t}, true), {{"c", kSix}}, 4));
  expectError(bad, "storage b is there twice",
              torchLegacy(pickleState({t}, true), {{"b", kSix}, {"b", kSix}}, 4));
  std::string big = good;
  big[big.find("little_endian") + 13] = '\x89';
  expectError(ErrorKind::Unsupported, "another byte order", big);
}

// What a pickle would run when Python read it.
TEST(TorchFileErrors, CodeIsRefusedByName) {
  const auto refused = ErrorKind::Unsupported;
  expectError(refused, "asks for posix.system",
              withEntry("cposix\nsystem\n(" + pickleText("touch x") + "tR"));
  expectError(refused, "asks for builtins.eval", withEntry("cbuiltins\neval\n("));
  expectError(refused, "asks for torch._utils._rebuild_qtensor",
              withEntry("ctorch._utils\n_rebuild_qtensor\n"));
  expectError(refused, "asks for torch.ComplexFloatStorage",
              withEntry("ctorch\nComplexFloatStorage\n"));
  expectError(refused, "asks for collections.OrderedDict.fromkeys",
              withEntry("ccollections\nOrderedDict.fromkeys\n"));
  // The name goes to a terminal.
  expectError(refused, "asks for \\x1b[2J.\\xff", withEntry("c\x1b[2J\n\xff\n"));
  for (const auto& [code, name] :
       std::vector<std::pair<std::string, std::string>>{{"i", "INST"},
                                                        {"o", "OBJ"},
                                                        {"\x81", "NEWOBJ"},
                                                        {"\x92", "NEWOBJ_EX"},
                                                        {"\x93", "STACK_GLOBAL"},
                                                        {"\x82", "EXT1"},
                                                        {"P", "PERSID"},
                                                        {"\x95", "FRAME"},
                                                        {"\x94", "MEMOIZE"},
                                                        {"\x8f", "EMPTY_SET"},
                                                        {"\x8b", "LONG4"},
                                                        {"0", "POP"},
                                                        {"2", "DUP"},
                                                        {"S", "STRING"},
                                                        {"I", "INT"},
                                                        {"d", "DICT"},
                                                        {"\x97", "NEXT_BUFFER"},
                                                        {"\xff", "unknown"}}) {
    expectError(refused, "opcode " + name + " (0x", withEntry(code + "1\n"));
  }
  expectError(refused, "protocol 4", torchZip("\x80\x04}.", {}).build());
  // Only the fixed functions can be called, and only with what they take.
  const auto bad = ErrorKind::Format;
  expectError(bad, "what is called is a storage class", withEntry("ctorch\nFloatStorage\n)R"));
  expectError(bad, "what is called is text", withEntry(pickleText("os.system") + ")R"));
  expectError(bad, "a parameter is no tensor",
              withEntry("ctorch._utils\n_rebuild_parameter\n(K\1K\2K\3tR"));
  expectError(bad, "storage, offset, size and stride",
              withEntry("ctorch._utils\n_rebuild_tensor_v2\n(K\1K\2K\3tR"));
  expectError(bad, "something else than pairs", withEntry("ccollections\nOrderedDict\n(}tR"));
  expectError(bad, "an object with a state is an integer", withEntry("K\1}b"));
  expectError(bad, "not one of a storage", withEntry("(" + pickleText("file") + "K\1tQ"));
}

TEST(TorchFileErrors, PicklesAreBounded) {
  const auto bad = ErrorKind::Format;
  expectError(bad, "more than 1000 marks", withEntry(std::string(5'000'000, '(')));
  std::string lists = "}";
  for (int i = 0; i < 5'000'000; ++i) lists += "N]s";
  expectError(bad, "too many objects", withEntry(lists));
  expectError(bad, "stack is too deep", withEntry(std::string(5'000'000, 'N')));
  expectError(bad, "memo 4294967295 in a file of", withEntry("Nr\xff\xff\xff\xff"));
  expectError(bad, "memo 7 was never filled", withEntry("h\7"));
  expectError(bad, "memo 1 was never filled", withEntry("Nq\3h\1"));
  expectError(bad, "a text of 4294967295 bytes", withEntry("X\xff\xff\xff\xff"));
  expectError(bad, "40000 bytes are needed but only", withEntry("X" + test::little(40000, 4)));
  expectError(bad, "an integer of 255 bytes", withEntry("\x8a\xff"));
  expectError(bad, "empty stack", torchZip(kPickleStart + "s.", {}).build());
  expectError(bad, "there is no mark", torchZip(kPickleStart + "t.", {}).build());
  expectError(bad, "left over", torchZip(kPickleStart + "NN.", {}).build());
  expectError(bad, "no end", torchZip(kPickleStart + "N", {}).build());
  expectError(bad, "begins with its protocol", torchZip("N.", {}).build());
  expectError(bad, "begins with its protocol", torchZip(kPickleStart + "\x80\x02N.", {}).build());
  expectError(bad, "a key without a value", withEntry("}(K\1u"));
  expectError(bad, "what gets items is None", withEntry("NK\1K\1s"));
  expectError(bad, "what is appended to is a dict", withEntry("}K\1a"));
  expectError(bad, "no end within 256 bytes", withEntry("c" + std::string(5000, 'x')));
  // A list that holds itself, and one list copied over and over.
  expectError(bad, "entry w is no tensor", withEntry("]q\1h\1a"));
  std::string pairs = "](";
  for (int i = 0; i < 1000; ++i) pairs += "K\1K\2\x86";
  pairs += "eq\1";
  for (int i = 0; i < 5000; ++i) pairs += "ccollections\nOrderedDict\n(h\1tR";
  expectError(bad, "too many objects", withEntry(pairs));
}

TEST(TorchFileErrors, StateDictsAreChecked) {
  const auto bad = ErrorKind::Format;
  expectError(bad, "does not hold a state dict", torchZip(kPickleStart + "].", {}).build());
  expectError(bad, "a tensor without a name", torchZip(kPickleStart + "}K\1K\2s.", {}).build());
  expectError(bad, "entry w is no tensor", withEntry("K\1"));
  expectError(bad, "tensor w is there twice",
              torchZip(pickleState({six({6}, {1}), six({6}, {1})}), {{"0", kSix}}).build());
  EXPECT_TRUE(parse(torchZip(kPickleStart + "}.", {}).build()).empty());
  // A module's attributes are not looked at, a parameter is its tensor, Python 2 lists its pairs.
  const std::string tensor = test::pickleTensor(six({6}, {1}));
  EXPECT_EQ(parse(torchZip(kPickleStart + "}" + pickleText("w") + tensor + "s}" +
                               pickleText("_metadata") + "}sb.",
                           {{"0", kSix}})
                      .build())
                .size(),
            1U);
  EXPECT_EQ(parse(withEntry("ctorch._utils\n_rebuild_parameter\n(" + tensor + "\x88}tR")).size(),
            1U);
  EXPECT_EQ(parse(torchZip(kPickleStart + "ccollections\nOrderedDict\n(](](" + pickleText("w") +
                               tensor + "eetR.",
                           {{"0", kSix}})
                      .build())
                .size(),
            1U);
}

TEST(TorchFileErrors, TensorsMustLieInTheirStorage) {
  const auto bad = ErrorKind::Format;
  const auto with = [](const PickledTensor& tensor) {
    return torchZip(pickleState({tensor}), {{"0", kSix}}).build();
  };
  constexpr std::int64_t huge = INT64_MAX;
  EXPECT_EQ(parse(with(six({2, 3}, {3, 1}))).size(), 1U);
  expectError(bad,
              "tensor w of shape [2, 3] with strides [3, 1] from element 1 leaves its storage "
              "of 6",
              with(six({2, 3}, {3, 1}, 1)));
  expectError(bad, "leaves its storage", with(six({3}, {3})));
  expectError(bad, "leaves its storage", with(six({2, 2}, {huge, huge})));
  expectError(bad, "begins at element -1", with(six({1}, {1}, -1)));
  expectError(bad, "begins at element 7", with(six({0}, {1}, 7)));
  expectError(bad, "size or stride of -1", with(six({-1}, {1})));
  expectError(bad, "size or stride of -1", with(six({2}, {-1}, 5)));
  expectError(bad, "beyond 63 bits", with(six({huge, 2}, {0, 0})));
  expectError(bad, "beyond 63 bits", with(six({0, huge, huge}, {0, 0, 0})));
  expectError(bad, "repeats the 6 elements", with(six({std::int64_t{1} << 40}, {0})));
  expectError(bad, "2 sizes and 1 strides", with(six({2, 3}, {1})));
  expectError(bad, "more than 16",
              with(six(std::vector<std::int64_t>(17, 1), std::vector<std::int64_t>(17, 1))));
  PickledTensor other = six({6}, {1});
  other.key = "1";
  expectError(bad, "storage 1, which is not in the file", with(other));
  other = six({5}, {1});
  other.elements = 5;
  expectError(bad, "its storage 0 has 24 bytes in the file, not 20", with(other));
  other.elements = -1;
  expectError(bad, "a storage has -1 elements", with(other));
  other.elements = huge;
  expectError(bad, "beyond 63 bits", with(other));
}

TEST(TorchFileErrors, ArchivesAreChecked) {
  const auto bad = ErrorKind::Format;
  const std::string pickle = pickleState({six({6}, {1})});
  const auto good = torchZip(pickle, {{"0", kSix}});
  const std::string bytes = good.build();
  ASSERT_EQ(parse(bytes).size(), 1U);
  for (const std::size_t cut : {1U, 10U, 40U, 200U}) {
    expectError(bad, "cut short", bytes.substr(0, bytes.size() - cut));
  }
  expectError(bad, "0 bytes and does not begin", "");
  expectError(bad, "does not begin", "<!doctype html><html>not found</html>");
  auto zip = good;
  zip.members[1].method = 8;  // a bomb would be one of these
  expectError(ErrorKind::Unsupported, "archive/data/0 is compressed (method 8)", zip.build());
  zip = good;
  zip.members[1].flags = 1;
  expectError(ErrorKind::Unsupported, "encrypted", zip.build());
  zip = good;
  zip.members[1].claimedSize = 1 << 30;
  expectError(bad, "runs into the directory", zip.build());
  zip.zip64 = true;
  zip.members[1].claimedSize = INT64_MAX;
  expectError(bad, "runs into the directory", zip.build());
  zip = good;
  zip.members[2].claimedSize = 500;
  expectError(bad, "runs into the directory", zip.build());
  zip = good;
  zip.members[0].claimedSize = static_cast<std::int64_t>(pickle.size()) + 60;
  expectError(bad, "overlap", zip.build());
  // Many names for the same bytes, which makes a small file unpack to a big one.
  zip = good;
  zip.members.push_back({"archive/data/0", kSix});
  expectError(bad, "archive/data/0 is there twice", zip.build());
  zip = good;
  zip.members[2] = {"archive/data/1", kSix};
  zip.members[2].claimedOffset = static_cast<std::int64_t>(bytes.find("archive/data/0")) - 30;
  expectError(bad, "archive/data/1 is called archive/data/0 at its place", zip.build());
  zip.members[2].claimedOffset = 1 << 20;
  expectError(bad, "no header at byte 1048576", zip.build());
  zip = good;
  zip.members.push_back({"other/data.pkl", pickle});
  expectError(bad, "two data.pkl", zip.build());
  zip = good;
  zip.members[0].name = "archive/model.pkl";
  expectError(bad, "without data.pkl", zip.build());
  zip = good;
  zip.members.push_back({"archive/byteorder", "big"});
  expectError(ErrorKind::Unsupported, "byte order 'big'", zip.build());
  std::string many = bytes;
  many[many.size() - 12] = '\x7f';
  many[many.size() - 14] = '\x7f';
  expectError(bad, "announces 127 members", many);
}

TEST_F(TorchFileTest, MaskBytesAreChecked) {
  const WeightFile file =
      open(torchZip(pickleState({{"m", "BoolStorage", "0", 4, 0, {2, 2}, {1, 2}}}),
                    {{"0", std::string("\0\1\7\0", 4)}})
               .build());
  try {
    file.tensor(file.tensors()[0]);
    FAIL();
  } catch (const Error& e) {
    EXPECT_NE(std::string(e.what()).find("tensor m is BOOL but its element 1 is 7"),
              std::string::npos)
        << e.what();
  }
}

TEST_F(TorchFileTest, LfsPointersAreExplained) {
  try {
    open("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 3\n");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::NotFound);
    EXPECT_NE(std::string(e.what()).find("Git LFS"), std::string::npos);
  }
}

}  // namespace
}  // namespace bitfrontier

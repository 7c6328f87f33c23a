// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/safetensors_writer.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"
#include "core/checkpoint/weight_file.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

class Writer : public testing::Test {
 protected:
  void SetUp() override {
    path_ = fs::path(testing::TempDir()) /
            (std::string(testing::UnitTest::GetInstance()->current_test_info()->name()) +
             ".safetensors");
    fs::remove(path_);
  }
  void TearDown() override { fs::remove(path_); }

  fs::path path_;
};

TEST_F(Writer, ReadsBackAsWritten) {
  const at::Tensor bytes = at::arange(7, at::kByte);
  const at::Tensor half = at::randn({3, 5}).to(at::kHalf);
  const at::Tensor wide = at::randn({600, 5000});  // converted in more than one part
  SafetensorsWriter writer(path_,
                           {{"b", at::kByte, {7}},
                            {"h", at::kHalf, {5, 3}},
                            {"w", at::kBFloat16, {5000, 600}},
                            {"empty", at::kFloat, {0, 4}},
                            {"scalar", at::kFloat, {}}},
                           {{"format", "pt"}, {"note", "planned"}});
  writer.write("b", bytes);
  writer.write("h", half.t());
  EXPECT_FALSE(fs::exists(path_));
  writer.write("w", wide.t());
  writer.write("empty", at::empty({0, 4}));
  writer.write("scalar", at::scalar_tensor(2.5));
  writer.commit();
  const WeightFile file(path_);
  ASSERT_EQ(file.tensors().size(), 5U);
  EXPECT_EQ(file.tensors()[0].info.name, "b");
  EXPECT_TRUE(at::equal(file.tensor(file.tensors()[0]), bytes));
  EXPECT_TRUE(at::equal(file.tensor(file.tensors()[1]), half.t()));
  EXPECT_TRUE(at::equal(file.tensor(file.tensors()[2]), wide.t().to(at::kBFloat16)));
  EXPECT_EQ(parseSafetensorsHeader(file.bytes(), "w").metadata.at("note"), "planned");
}

TEST_F(Writer, NothingButThePlanInItsOrder) {
  {
    SafetensorsWriter writer(path_, {{"a", at::kFloat, {2}}, {"b", at::kFloat, {2}}}, {});
    EXPECT_THROW(writer.write("b", at::ones({2})), Error);
    EXPECT_THROW(writer.write("a", at::ones({3})), Error);
    EXPECT_THROW(writer.write("a", at::Tensor()), Error);
    writer.write("a", at::ones({2}));
    EXPECT_THROW(writer.commit(), Error);  // b is missing
    writer.write("b", at::ones({2}));
    EXPECT_THROW(writer.write("c", at::ones({2})), Error);
  }
  EXPECT_FALSE(fs::exists(path_));  // nothing was committed
  EXPECT_THROW(SafetensorsWriter(path_, {{"a", at::kFloat, {2}}, {"a", at::kFloat, {2}}}, {}),
               Error);
  EXPECT_THROW(SafetensorsWriter(path_, {{"__metadata__", at::kFloat, {2}}}, {}), Error);
  EXPECT_THROW(SafetensorsWriter(path_, {{"a", at::kComplexFloat, {2}}}, {}), Error);
  EXPECT_THROW(SafetensorsWriter(path_, {{"\xff", at::kFloat, {2}}}, {}), Error);
}

}  // namespace
}  // namespace bitfrontier

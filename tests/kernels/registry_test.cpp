// SPDX-License-Identifier: GPL-3.0-or-later
#include "kernels/registry.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace bitfrontier {
namespace {

std::string reasonFor(const std::string& path) {
  const KernelModule module = loadKernelModule(path);
  EXPECT_EQ(module.table, nullptr);
  return module.reason;
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(KernelModule, RefusalsSayWhy) {
  EXPECT_TRUE(contains(reasonFor("/nonexistent/module.so"), "/nonexistent/module.so"));
  EXPECT_TRUE(contains(reasonFor("libm.so.6"), "bf_kernel_module"));
  EXPECT_TRUE(contains(reasonFor(BF_TEST_MODULE_OLD), "version 0"));
  EXPECT_TRUE(contains(reasonFor(BF_TEST_MODULE_SHORT), "16 bytes"));
  EXPECT_EQ(reasonFor(BF_TEST_MODULE_OFF), "the test's device is switched off");
}

TEST(KernelModule, GoodOneIsAccepted) {
  const KernelModule module = loadKernelModule(BF_TEST_MODULE_GOOD);
  ASSERT_NE(module.table, nullptr) << module.reason;
  EXPECT_STREQ(module.table->name, "fake");
  EXPECT_EQ(module.path, BF_TEST_MODULE_GOOD);
  EXPECT_EQ(module.reason, "");
}

TEST(CudaKernels, AreThereOrSayWhyNot) {
  const KernelModule& module = cudaKernels();
  EXPECT_EQ(module.table == nullptr, !module.reason.empty());
  EXPECT_EQ(&module, &cudaKernels());
  if (module.table == nullptr) {
    try {
      kernelsFor("cuda:0");
      FAIL() << "no kernels and no error";
    } catch (const std::runtime_error& error) {
      EXPECT_TRUE(contains(error.what(), module.reason));
    }
  }
}

TEST(KernelsFor, ChoosesByDeviceAndEnvironment) {
  ASSERT_EQ(unsetenv("BITFRONTIER_KERNELS"), 0);
  ASSERT_EQ(unsetenv("BITFRONTIER_SIMD"), 0);
  EXPECT_EQ(&kernelsFor("cpu"), simdTargets().empty() ? &referenceKernels() : simdKernels());
  for (const std::string& target : simdTargets()) {
    ASSERT_EQ(setenv("BITFRONTIER_SIMD", target.c_str(), 1), 0);
    EXPECT_EQ(&kernelsFor("cpu"), simdKernels(target));
    EXPECT_STREQ(kernelsFor("cpu").name, "simd");
  }
  ASSERT_EQ(setenv("BITFRONTIER_SIMD", "AVX1024", 1), 0);
  EXPECT_THROW(kernelsFor("cpu"), std::runtime_error);
  ASSERT_EQ(unsetenv("BITFRONTIER_SIMD"), 0);
  EXPECT_THROW(kernelsFor("tpu"), std::runtime_error);
  EXPECT_THROW(kernelsFor("cudax"), std::runtime_error);
  ASSERT_EQ(setenv("BITFRONTIER_KERNELS", "reference", 1), 0);
  EXPECT_EQ(&kernelsFor("cpu"), &referenceKernels());
  EXPECT_THROW(kernelsFor("cuda"), std::runtime_error);
  ASSERT_EQ(setenv("BITFRONTIER_KERNELS", "cuda", 1), 0);
  EXPECT_THROW(kernelsFor("cpu"), std::runtime_error);
  ASSERT_EQ(setenv("BITFRONTIER_KERNELS", "magic", 1), 0);
  EXPECT_THROW(kernelsFor("cpu"), std::runtime_error);
  ASSERT_EQ(unsetenv("BITFRONTIER_KERNELS"), 0);
}

}  // namespace
}  // namespace bitfrontier

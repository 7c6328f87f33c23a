// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/device.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <fstream>
#include <string>

#include "core/base/error.h"
#include "core/device/cuda_driver.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

bool mapsLibrary(const std::string& name) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);)
    if (line.find(name) != std::string::npos) return true;
  return false;
}

TEST(Devices, CpuIsAlwaysThere) {
  const Device cpu = cpuDevice();
  EXPECT_EQ(cpu.id, "cpu");
  EXPECT_TRUE(cpu.available);
  EXPECT_EQ(cpu.reason, "");
  EXPECT_FALSE(cpu.name.empty());
  EXPECT_GE(cpu.cores, 1);
  EXPECT_GT(cpu.memory, std::int64_t{1} << 27);
  EXPECT_EQ(cpu.kernels, kernelsFor("cpu").name);
}

TEST(Devices, EveryOtherOneIsUsableOrSaysWhyNot) {
  const std::vector<Device> devices = listDevices();
  ASSERT_GE(devices.size(), 2U);
  EXPECT_EQ(devices[0].id, "cpu");
  for (std::size_t i = 1; i < devices.size(); ++i) {
    EXPECT_EQ(devices[i].id.rfind("cuda", 0), 0U);
    EXPECT_EQ(devices[i].available, devices[i].reason.empty());
    if (devices[i].available) {
      EXPECT_GT(devices[i].memory, 0);
      EXPECT_TRUE(at::ones({2}, at::Device(devices[i].id)).sum().item<float>() == 2.0F);
    }
  }
}

TEST(Devices, WithoutAGpuNoCudaLibraryIsLoaded) {
  if (!cudaDriver().devices.empty()) GTEST_SKIP() << "there is a GPU here";
  EXPECT_FALSE(loadCudaBackend().loaded);
  EXPECT_EQ(loadCudaBackend().reason, cudaDriver().reason);
  EXPECT_NE(listDevices()[1].reason.find("NVIDIA driver"), std::string::npos);
  EXPECT_FALSE(mapsLibrary("libtorch_cuda.so"));
  try {
    resolveDevice("cuda:0");
    FAIL() << "a device that is not there was given";
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::Unsupported);
    EXPECT_NE(std::string(error.what()).find(cudaDriver().reason), std::string::npos);
  }
}

TEST(ResolveDevice, KnowsNamesAndRefusesOthers) {
  EXPECT_EQ(resolveDevice("cpu"), DeviceId());
  EXPECT_EQ(resolveDevice("cpu").text(), "cpu");
  EXPECT_EQ(DeviceId::cuda(1).text(), "cuda:1");
  EXPECT_EQ(resolveDevice("auto").isCpu(), cudaDriver().devices.empty());
  for (const char* wrong :
       {"", "gpu", "cuda:", "cuda:x", "cuda:-1", "cuda:1x", "CPU", "cuda:99999999999999"}) {
    try {
      resolveDevice(wrong);
      FAIL() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::InvalidArgument) << wrong;
    }
  }
  EXPECT_THROW(resolveDevice("cuda:4096"), Error);
}

}  // namespace
}  // namespace bitfrontier

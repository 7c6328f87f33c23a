// SPDX-License-Identifier: GPL-3.0-or-later
// The CUDA module on a real GPU for tests/kernels/backend_test.cpp: each call's buffers go to the
// device and back, with bytes behind them that must stay as they are.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "core/device/device.h"
#include "kernels/arguments.h"
#include "kernels/blocks.h"
#include "kernels/numerics.h"
#include "kernels/packing.h"
#include "kernels/registry.h"
#include "tests/kernels/backends.h"

namespace bitfrontier {
namespace {

bool thereIsAGpu() { return loadCudaBackend().loaded && cudaKernels().table != nullptr; }

/// Copies of host buffers in device memory, brought back by finish().
class OnDevice {
 public:
  /// The device's copy of `bytes` bytes; null stays null.
  template <typename T>
  T* copy(T* host, std::int64_t bytes) {
    if (host == nullptr) return nullptr;
    at::Tensor guarded = at::full({bytes + kGuard}, 0xa5, at::kByte);
    std::memcpy(guarded.data_ptr(), host, static_cast<std::size_t>(bytes));
    buffers_.push_back({const_cast<void*>(static_cast<const void*>(host)), bytes,
                        guarded.to(at::kCUDA), std::is_const_v<T>});
    return static_cast<T*>(buffers_.back().device.data_ptr());
  }
  void finish() {
    for (const Buffer& buffer : buffers_) {
      const at::Tensor back = buffer.device.cpu();  // waits for the default stream
      const auto* bytes = back.const_data_ptr<std::uint8_t>();
      for (std::int64_t i = 0; i < kGuard; ++i)
        ASSERT_EQ(bytes[buffer.bytes + i], 0xa5) << "byte " << i << " behind a buffer";
      if (!buffer.input) std::memcpy(buffer.host, bytes, static_cast<std::size_t>(buffer.bytes));
    }
  }

 private:
  static constexpr std::int64_t kGuard = 64;
  struct Buffer {
    void* host;
    std::int64_t bytes;
    at::Tensor device;
    bool input;
  };
  std::vector<Buffer> buffers_;
};

/// Sizes of the buffers of a tensor.
struct Sizes {
  std::int64_t codes, constants, means;

  Sizes(const bf_format& format, std::int64_t count)
      : codes(codeBytes(count, format.code_layout, format.code_bits)) {
    const std::int64_t blocks = blockCount(count, format.block_size, format.row_length);
    constants = blocks * typeBytes(format.constant_type);
    means = blocks * 2;
  }
};

template <typename Args>
void copyParameters(OnDevice& device, Args& args, const Sizes& sizes) {
  args.constants = device.copy(args.constants, sizes.constants);
  args.means = device.copy(args.means, sizes.means);
}

template <typename Args>
void copyReports(OnDevice& device, Args& args) {
  args.first_bad_index = device.copy(args.first_bad_index, 8);
  args.bad_count = device.copy(args.bad_count, 8);
}

template <typename Args>
std::int32_t run(std::int32_t (*work)(const Args*), Args& args, OnDevice& device) {
  const std::int32_t status = work(&args);
  device.finish();
  return status;
}

std::int32_t quantize(const bf_quantize_args* host) {
  OnDevice device;
  bf_quantize_args args = *host;
  const Sizes sizes(*args.format, args.count);
  args.input = device.copy(args.input, args.count * typeBytes(args.input_type));
  args.codes = device.copy(args.codes, sizes.codes);
  copyParameters(device, args, sizes);
  copyReports(device, args);
  return run(cudaKernels().table->quantize, args, device);
}

std::int32_t roundTrip(const bf_round_trip_args* host) {
  OnDevice device;
  bf_round_trip_args args = *host;
  const Sizes sizes(*args.format, args.count);
  args.output = device.copy(args.output, args.count * typeBytes(args.output_type));
  args.input = host->input == host->output
                   ? args.output
                   : device.copy(args.input, args.count * typeBytes(args.input_type));
  copyParameters(device, args, sizes);
  copyReports(device, args);
  return run(cudaKernels().table->round_trip, args, device);
}

std::int32_t dequantize(const bf_dequantize_args* host) {
  OnDevice device;
  bf_dequantize_args args = *host;
  const Sizes sizes(*args.format, args.count);
  args.codes = device.copy(args.codes, sizes.codes);
  copyParameters(device, args, sizes);
  args.output = device.copy(args.output, args.count * typeBytes(args.output_type));
  return run(cudaKernels().table->dequantize, args, device);
}

TEST(CudaBackend, IsComparedWhereThereIsAGpu) {
  if (!loadCudaBackend().loaded) GTEST_SKIP() << loadCudaBackend().reason;
  if (cudaKernels().table == nullptr) GTEST_SKIP() << cudaKernels().reason;
  EXPECT_EQ(backendNames(), std::vector<std::string>{"Cuda"});
}

}  // namespace

std::vector<std::string> backendNames() {
  return thereIsAGpu() ? std::vector<std::string>{"Cuda"} : std::vector<std::string>{};
}

const bf_kernel_table& backendNamed(const std::string&) {
  static const bf_kernel_table table = [] {
    bf_kernel_table result = *cudaKernels().table;
    result.quantize = [](const bf_quantize_args* args) { return asHostTable(quantize, args); };
    result.round_trip = [](const bf_round_trip_args* args) { return asHostTable(roundTrip, args); };
    result.dequantize = dequantize;
    return result;
  }();
  return table;
}

bool backendIsSlow(const std::string&) { return false; }

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/tensor_properties.h"

namespace bitfrontier::fuzz {

namespace {

std::string fileOf(const std::string& header, std::size_t dataBytes) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>((header.size() >> (8 * i)) & 0xff);
  return bytes + header + std::string(dataBytes, '\1');
}

}  // namespace

std::vector<std::string> seeds() {
  return {
      fileOf("{}", 0), fileOf(R"({"w":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}})", 24),
      fileOf(R"({"__metadata__":{"format":"pt"},"a":{"dtype":"BF16","shape":[4],)"
             R"("data_offsets":[0,8]},"b":{"dtype":"BOOL","shape":[1,2],"data_offsets":[8,10]}})",
             10),
      fileOf(R"({"e":{"dtype":"I64","shape":[0,5],"data_offsets":[0,0]},)"
             R"("s":{"dtype":"F64","shape":[],"data_offsets":[0,8]}}   )",
             8)};
}

}  // namespace bitfrontier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bitfrontier;
  try {
    const auto file = std::as_bytes(std::span(data, size));
    const SafetensorsHeader header = parseSafetensorsHeader(file, "fuzz");
    fuzz::requireInside(header.entries, data, size);
    std::uint64_t sum = 0;
    for (const StoredTensor& entry : header.entries) {
      sum += static_cast<std::uint64_t>(entry.info.bytes);
    }
    fuzz::require(sum <= size, "tensors do not overlap");
  } catch (const Error&) {
    return fuzz::kRefused;
  }
  return 0;
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/checkpoint/torch_file.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/fuzz/tensor_properties.h"
#include "tests/support/torch_file_builder.h"

namespace bitfrontier::fuzz {

std::vector<std::string> seeds() {
  using test::PickledTensor;
  const std::string data = "0123456789abcdefghijklmn";
  const PickledTensor matrix{"w", "FloatStorage", "0", 6, 0, {2, 3}, {3, 1}};
  const PickledTensor view{"v", "FloatStorage", "0", 6, 1, {2, 2}, {1, 3}};
  const PickledTensor mask{"m", "BoolStorage", "1", 2, 0, {2}, {1}};
  auto zip64 = test::torchZip(test::pickleState({matrix}), {{"0", data}});
  zip64.zip64 = true;
  zip64.comment = "c";
  return {
      test::torchZip(test::pickleState({matrix, view, mask}), {{"0", data}, {"1", "12"}}).build(),
      zip64.build(), test::torchLegacy(test::pickleState({matrix, view}, true), {{"0", data}}, 4)};
}

}  // namespace bitfrontier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bitfrontier;
  try {
    fuzz::requireInside(parseTorchFile(std::as_bytes(std::span(data, size)), "fuzz"), data, size);
  } catch (const Error&) {
    return fuzz::kRefused;
  }
  return 0;
}

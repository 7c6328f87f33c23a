// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/kernel_call.h"

#include <c10/core/impl/VirtualGuardImpl.h>
#include <fmt/format.h>

#include "core/base/error.h"
#include "core/quant/blocks.h"

namespace bitfrontier {
std::int32_t kernelType(at::ScalarType type, std::string_view what) {
  switch (type) {
    case at::ScalarType::Float:
      return BF_FP32;
    case at::ScalarType::Half:
      return BF_FP16;
    case at::ScalarType::BFloat16:
      return BF_BF16;
    default:
      throw Error(
          ErrorKind::InvalidArgument,
          fmt::format("{} is {}, it must be Float, Half or BFloat16", what, c10::toString(type)));
  }
}

std::int32_t kernelConstantType(ConstantType type) {
  switch (type) {
    case ConstantType::Fp16:
      return BF_FP16;
    case ConstantType::Bf16:
      return BF_BF16;
    case ConstantType::E8M0:
      return BF_E8M0;
    case ConstantType::E4M3:
      return BF_E4M3;
    case ConstantType::Fp32:
    case ConstantType::Double:
      break;
  }
  return BF_FP32;
}

at::ScalarType constantScalarType(ConstantType type) {
  switch (type) {
    case ConstantType::Fp16:
      return at::kHalf;
    case ConstantType::Bf16:
      return at::kBFloat16;
    case ConstantType::Fp32:
      return at::kFloat;
    case ConstantType::E8M0:
    case ConstantType::E4M3:
    case ConstantType::Double:
      break;
  }
  return at::kByte;
}

void requireOk(std::int32_t status, const bf_kernel_table& kernels) {
  if (status == BF_OK) return;
  throw Error(status == BF_BAD_ARGUMENT ? ErrorKind::InvalidArgument : ErrorKind::Unsupported,
              fmt::format("{} kernels: {}", kernels.name, kernels.last_error()));
}

bool hostKernels(const bf_kernel_table& kernels) {
  return std::string_view(kernels.name) != "cuda";
}

CallPlace::CallPlace(const at::Tensor& tensor) {
  if (tensor.is_cpu()) {
    runner = hostRunner();
    return;
  }
  const c10::impl::VirtualGuardImpl guard(tensor.device().type());
  stream = guard.getStream(tensor.device()).native_handle();
  device = tensor.device().index();
}

bf_format formatOf(const QuantConfig& config, const std::vector<float>& table,
                   std::int64_t rowLength) {
  bf_format format{};
  format.struct_size = sizeof format;
  format.codebook = table.data();
  format.codebook_size = static_cast<std::int32_t>(table.size());
  format.block_size = config.blockSize > 0 ? config.blockSize : 0;
  format.row_length = blocksEndWithRows(config) ? rowLength : 0;
  format.constant_type = kernelConstantType(config.constant);
  format.constant_rule = config.signedMax ? BF_CONSTANT_SIGNED_MAX : BF_CONSTANT_ABSMAX;
  format.mean_rule = config.centering == Centering::Tensor  ? BF_MEAN_TENSOR
                     : config.centering == Centering::Block ? BF_MEAN_BLOCK
                                                            : BF_MEAN_NONE;
  format.code_layout = BF_CODES_PACKED;
  format.code_bits = config.bits;
  format.tensor_scale = 1.0F;
  return format;
}

}  // namespace bitfrontier

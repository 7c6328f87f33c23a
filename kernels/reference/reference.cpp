// SPDX-License-Identifier: GPL-3.0-or-later
/// The scalar back end: the definition that every other back end is tested against.
///
/// Layout: as in kernel_table.h, host memory.
/// Threads: none, `runner` is not used.
/// Numerics: rules 0-6 of kernel_table.h, word for word; no fused operations can arise.
/// Bytes per weight: quantize reads the input three times (all but the first from cache when a
/// block fits there) and writes codes and constants; bound by the dependent steps of the binary
/// search, not memory.
#include <string>
#include <vector>

#include "kernels/arguments.h"
#include "kernels/packing.h"
#include "kernels/reference/scalar.h"
#include "kernels/registry.h"

namespace bitfrontier {
namespace {

thread_local std::string lastError;

std::int32_t fail(std::int32_t status, std::string message) {
  lastError = std::move(message);
  return status;
}

/// Quantizes block by block. `values(index, code, block parameters)` gets every value,
/// `parameters(block, ...)` every block once.
template <int Width, typename In, typename Args, typename Put, typename PutParameters>
std::int32_t encodeWith(const In* x, const Args& args, const CodeTable& table, const Put& put,
                        const PutParameters& putParameters) {
  const bf_format& format = *args.format;
  const BlockGrid grid = blockGrid(args.count, format.block_size, format.row_length);
  const bool clamp = (args.flags & BF_CLAMP_NOT_FINITE) != 0;
  std::int64_t badCount = 0;
  std::int64_t firstBad = -1;
  for (std::int64_t block = 0; block < grid.blocks; ++block) {
    const std::int64_t begin = grid.begin(block);
    const std::int64_t count = grid.end(block) - begin;
    const NotFinite found = scanBlock(x + begin, count);
    if (found.count > 0 && firstBad < 0) firstBad = begin + found.first;
    badCount += found.count;
    if (firstBad >= 0 && !clamp) {
      if (args.bad_count == nullptr) break;
      continue;
    }
    BlockValues<In> values{x + begin, found.largestFinite};
    const BlockParameters fitted =
        fitBlock(values, count, block, format, table.magnitude, args.constants, args.means);
    putParameters(block, fitted);
    const float inverse = inverseConstant(fitted.constant.value);
    const BlockDecoder decoder(fitted, format);
    for (std::int64_t i = 0; i < count; ++i)
      put(begin + i, table.search(values(i) * inverse, Width), decoder);
  }
  if (args.first_bad_index != nullptr) *args.first_bad_index = firstBad;
  if (args.bad_count != nullptr) *args.bad_count = badCount;
  if (firstBad >= 0 && !clamp)
    return fail(BF_NOT_FINITE, "value " + std::to_string(firstBad) + " is not finite");
  return BF_OK;
}

template <typename In, typename Args, typename Put, typename PutParameters>
std::int32_t encode(const In* x, const Args& args, const CodeTable& table, const Put& put,
                    const PutParameters& putParameters) {
  switch (table.width()) {
    case 8:
      return encodeWith<8>(x, args, table, put, putParameters);
    case 16:
      return encodeWith<16>(x, args, table, put, putParameters);
    case 32:
      return encodeWith<32>(x, args, table, put, putParameters);
    case 64:
      return encodeWith<64>(x, args, table, put, putParameters);
    case 128:
      return encodeWith<128>(x, args, table, put, putParameters);
    default:
      return encodeWith<256>(x, args, table, put, putParameters);
  }
}

/// Writes what a block was fitted to, where the rules say that it is computed.
class ParameterSink {
 public:
  template <typename Args>
  explicit ParameterSink(const Args& args)
      : constants_(args.format->constant_rule == BF_CONSTANT_GIVEN ? nullptr : args.constants),
        means_(args.format->mean_rule == BF_MEAN_BLOCK ? args.means : nullptr),
        type_(args.format->constant_type) {}
  void operator()(std::int64_t block, const BlockParameters& fitted) const {
    if (constants_ != nullptr) writeConstant(constants_, block, type_, fitted.constant.bits);
    if (means_ != nullptr) static_cast<std::uint16_t*>(means_)[block] = fitted.mean;
  }

 private:
  void* constants_;
  void* means_;
  std::int32_t type_;
};

std::int32_t quantize(const bf_quantize_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  const CodeTable table(*args->format);
  auto* codes = static_cast<std::uint8_t*>(args->codes);
  return withType(args->input_type, [&](auto* tag) {
    const auto* input = static_cast<decltype(tag)>(const_cast<void*>(args->input));
    if (args->format->code_layout == BF_CODES_BYTES)
      return encode(
          input, *args, table,
          [codes](std::int64_t i, int code, const BlockDecoder&) {
            codes[i] = static_cast<std::uint8_t>(code);
          },
          ParameterSink(*args));
    CodeWriter writer(codes, args->format->code_bits);
    const std::int32_t status = encode(
        input, *args, table,
        [&writer](std::int64_t, int code, const BlockDecoder&) {
          writer.put(static_cast<unsigned>(code));
        },
        ParameterSink(*args));
    writer.finish();
    return status;
  });
}

std::int32_t roundTrip(const bf_round_trip_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  const CodeTable table(*args->format);
  return withType(args->input_type, [&](auto* inputTag) {
    const auto* input = static_cast<decltype(inputTag)>(const_cast<void*>(args->input));
    return withType(args->output_type, [&](auto* outputTag) {
      auto* output = static_cast<decltype(outputTag)>(args->output);
      return encode(
          input, *args, table,
          [output, &table](std::int64_t i, int code, const BlockDecoder& decode) {
            store(output + i, decode(table.values[code]));
          },
          ParameterSink(*args));
    });
  });
}

/// Calls put(index, value) with the fp32 value of every weight in [begin, end).
template <typename Args, typename Put>
void decode(const Args& args, const CodeTable& table, const BlockGrid& grid, std::int64_t begin,
            std::int64_t end, const Put& put) {
  const bf_format& format = *args.format;
  const auto* codes = static_cast<const std::uint8_t*>(args.codes);
  const bool packed = format.code_layout == BF_CODES_PACKED;
  for (std::int64_t i = begin; i < end;) {
    const std::int64_t block = grid.blockOf(i);
    const std::int64_t stop = std::min(end, grid.end(block));
    const BlockDecoder value(block, format, args.constants,
                             detail::blockMeans(format) ? args.means : nullptr);
    // A code beyond the table (damaged data) reads a padding zero.
    for (; i < stop; ++i)
      put(i, value(table.values[packed ? packedCode(codes, i, format.code_bits) : codes[i]]));
  }
}

std::int32_t dequantize(const bf_dequantize_args* args) {
  if (args == nullptr) return fail(BF_BAD_ARGUMENT, "no arguments");
  if (const char* wrong = checkArguments(*args)) return fail(BF_BAD_ARGUMENT, wrong);
  const CodeTable table(*args->format);
  const BlockGrid grid = blockGrid(args->count, args->format->block_size, args->format->row_length);
  return withType(args->output_type, [&](auto* tag) {
    auto* output = static_cast<decltype(tag)>(args->output);
    decode(*args, table, grid, 0, args->count,
           [output](std::int64_t i, float value) { store(output + i, value); });
    return std::int32_t{BF_OK};
  });
}

}  // namespace

const bf_kernel_table& referenceKernels() {
  static const bf_kernel_table table = {
      .abi_version = BF_KERNEL_ABI_VERSION,
      .reserved = 0,
      .struct_size = sizeof(bf_kernel_table),
      .name = "reference",
      .device_count = []() -> std::int32_t { return 1; },
      .last_error = []() -> const char* { return lastError.c_str(); },
      .quantize = quantize,
      .dequantize = dequantize,
      .round_trip = roundTrip,
  };
  return table;
}

}  // namespace bitfrontier

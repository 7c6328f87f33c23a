// SPDX-License-Identifier: GPL-3.0-or-later
/// C interface that every compute back end fills: the scalar reference, SIMD, the CUDA module.
///
/// Rules of the interface:
/// - Structs are append-only. The caller sets `struct_size = sizeof(struct)` and zeroes the rest
///   (`bf_format format{};`), zero being the plain choice everywhere.
/// - All buffers are in the memory of the table's device (host memory for CPU tables), except
///   `bf_format` and its `codebook`, which are in host memory and read before the call returns.
/// - Device tables start work on `stream` and return before it is finished.
/// - Host tables work on the calling thread, and on those of `runner` when there is one.
///
/// Blocks. A tensor is a flat array of `count` values. Without `row_length` it is cut into runs of
/// `block_size` values (0 = one block), which cross rows. With `row_length`, of which `count` is a
/// multiple, blocks start anew at every row (`block_size` 0 = one block a row). The last block of
/// the tensor, or of each row, may be shorter. Block constants and means lie in the order of the
/// blocks, row by row (kernels/blocks.h).
///
/// Codes. BF_CODES_BYTES: one byte a code. BF_CODES_PACKED: a little-endian stream of bits without
/// gaps, also at the ends of blocks and rows: bit b of code i is bit (i * code_bits + b) % 8, from
/// the least significant, of byte (i * code_bits + b) / 8. So 32 codes are `code_bits`
/// little-endian words of 32 bits, code i * 32 starts at a word, and a tensor takes ceil(count *
/// code_bits / 8) bytes, the last one filled up with zeros (kernels/packing.h). Nothing beyond is
/// read or written.
///
/// Numerics, the same for every back end and equal bit for bit in codes, constants and means. All
/// steps are fp32, rounded to nearest even, never fused, subnormals kept.
/// 0. A value that is NaN or infinite is an error (BF_NOT_FINITE), or is replaced first when
///    BF_CLAMP_NOT_FINITE is set: NaN by 0, an infinity by the largest finite magnitude of its
///    block with its sign (0 in a block without finite values).
/// 1. Mean. x' = x without centering, else x - mean, an overflow becoming the largest finite value
///    of its sign. The mean is `tensor_mean`, or that of the block in fp16: given, or computed as
///    s / n in fp64, rounded to fp32 and then to fp16 (beyond 65504: to 65504), where s is the sum
///    of 32 fp64 lanes, lane j adding values j, j + 32, ... of the block in order from 0, and lanes
///    then being folded in halves (lane j += lane j + 16, then + 8, 4, 2, 1).
/// 2. Constant. t is max|x'|, or with BF_CONSTANT_SIGNED_MAX the x' of largest magnitude, the
///    positive one of two; both divided by the largest magnitude of the codebook when that is
///    neither 0 nor 1. It is stored as
///    - BF_FP32, BF_FP16, BF_BF16: t rounded, a magnitude beyond the largest finite value of the
///      type becoming that value (values above are clipped).
///    - BF_E4M3 (NVFP4): t / tensor_scale rounded to E4M3, a magnitude beyond 448 becoming 448;
///      the constant is the stored value times tensor_scale.
///    - BF_E8M0 (OCP MX): a power of two 2^e in a byte e + 127, e held within -127..127; no sign. A
///      block of zeros has e = -127. With M the largest magnitude of the codebook, e =
///      floor(log2 max|x'|) - floor(log2 M), the OCP rule: the largest values of a block may be
///      clipped by up to a factor 2^(1+floor(log2 M)) / M. A codebook whose M is a power of two
///      would lose up to half: there e is rounded up instead, the smallest with M 2^e >= max|x'|.
///      The codebook of an MX type must therefore be given unnormalised up to a power of two (E2M1:
///      up to 6, or 1.5).
///    All but E8M0 store 0 when the constant rounds to zero or its reciprocal is not finite.
///    With BF_CONSTANT_GIVEN constants are read instead, as stored.
/// 3. y = x' * (1 / constant); y = 0 for a constant that is 0 or not finite or has no finite
///    reciprocal.
/// 4. The code is the index of the codebook value nearest to y, decided by comparing y with the
///    fp32 midpoints of neighbours; a tie goes to the value nearer to zero (kernels/numerics.h,
///    `thresholdBetween`). Values outside the codebook's range take its first or last code.
/// 5. Dequantized value = codebook[code] * constant (+ mean, where centered), rounded once to
///    `output_type`. A code beyond the codebook reads as codebook value 0.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Changes when an existing field or function changes its meaning; appending keeps it.
#define BF_KERNEL_ABI_VERSION 3

/// Element types. The last two are only for block constants.
enum {
  BF_FP32 = 0,
  BF_FP16 = 1,
  BF_BF16 = 2,
  BF_E8M0 = 3,  ///< one byte: a power of two
  BF_E4M3 = 4,  ///< one byte: sign, 4 exponent bits, 3 mantissa bits (OCP E4M3, no infinity)
};

/// Results of a call. Anything but BF_OK leaves a sentence in `last_error()`.
enum {
  BF_OK = 0,
  /// A value is NaN or infinite; `*first_bad_index` says where; outputs are unspecified. Host
  /// tables only: device tables return BF_OK and the caller reads `*first_bad_index` after the
  /// stream is done.
  BF_NOT_FINITE = 1,
  BF_BAD_ARGUMENT = 2,
  BF_UNSUPPORTED = 3,
  BF_DEVICE_ERROR = 4,
};

/// How codes lie in memory.
enum {
  BF_CODES_BYTES = 0,
  BF_CODES_PACKED = 1,
};

/// Where block constants come from.
enum {
  BF_CONSTANT_ABSMAX = 0,
  BF_CONSTANT_SIGNED_MAX = 1,  ///< not for BF_E8M0
  BF_CONSTANT_GIVEN = 2,
};

/// What is subtracted before and added after.
enum {
  BF_MEAN_NONE = 0,
  BF_MEAN_TENSOR = 1,       ///< `tensor_mean`
  BF_MEAN_BLOCK = 2,        ///< one fp16 a block, computed by quantize and round_trip
  BF_MEAN_BLOCK_GIVEN = 3,  ///< one fp16 a block, read from `means`
};

/// Bits of `flags`.
enum {
  BF_CLAMP_NOT_FINITE = 1,
};

/// How weights are represented; the same object serves all calls for a tensor.
typedef struct bf_format {
  size_t struct_size;
  const float* codebook;  ///< host memory, ascending, 1..256 finite values
  int64_t block_size;     ///< values per constant, 0 = all (of the tensor, or of a row)
  int64_t row_length;     ///< 0 = blocks run along the flattened tensor
  int32_t codebook_size;  ///< at most 2^code_bits when codes are packed
  int32_t constant_type;
  int32_t constant_rule;
  int32_t mean_rule;
  int32_t code_layout;
  int32_t code_bits;   ///< BF_CODES_PACKED: 1..8
  float tensor_mean;   ///< BF_MEAN_TENSOR
  float tensor_scale;  ///< BF_E4M3: positive, finite
} bf_format;

/// Threads of a host caller. `run` calls work(work_context, i) once for each i in 0..parts-1, in
/// any order and on any threads, and returns when all calls have; it must not throw.
typedef struct bf_runner {
  void* context;
  void (*run)(void* context, int64_t parts, void (*work)(void* work_context, int64_t part),
              void* work_context);
} bf_runner;

/// values -> codes, block constants, block means.
typedef struct bf_quantize_args {
  size_t struct_size;
  const bf_format* format;
  const void* input;  ///< `count` values of `input_type`
  int64_t count;
  void* codes;      ///< layout `code_layout`
  void* constants;  ///< one `constant_type` a block; read when given, else written
  void* means;      ///< one fp16 a block; only for the two rules of block means
  /// May be null. Lowest index of a NaN or Inf, -1 when there is none; set also when clamping.
  int64_t* first_bad_index;
  int64_t* bad_count;       ///< may be null; number of NaN and Inf, over the whole tensor
  const bf_runner* runner;  ///< host tables: may be null
  void* stream;             ///< device tables: their stream handle; null = default stream
  int32_t input_type;
  int32_t flags;
  int32_t device;  ///< index of the device, 0 for host tables
  int32_t reserved;
} bf_quantize_args;

/// codes, block constants, block means -> values. The rules for making constants and means do not
/// matter here, except that both rules of block means read `means`.
typedef struct bf_dequantize_args {
  size_t struct_size;
  const bf_format* format;
  const void* codes;
  const void* constants;
  const void* means;
  int64_t count;
  void* output;  ///< `count` values of `output_type`
  const bf_runner* runner;
  void* stream;
  int32_t output_type;
  int32_t device;
} bf_dequantize_args;

/// values -> dequantize(quantize(values)) in one pass; the layout of codes does not matter.
typedef struct bf_round_trip_args {
  size_t struct_size;
  const bf_format* format;
  const void* input;
  void* output;  ///< may be `input` when the types agree
  int64_t count;
  void* constants;  ///< read when given; else may be null, or is written
  void* means;      ///< likewise
  int64_t* first_bad_index;
  int64_t* bad_count;
  const bf_runner* runner;
  void* stream;
  int32_t input_type;
  int32_t output_type;
  int32_t flags;
  int32_t device;
} bf_round_trip_args;

/// One back end. All functions may be called from several threads at once.
typedef struct bf_kernel_table {
  int32_t abi_version;  ///< BF_KERNEL_ABI_VERSION of the back end
  int32_t reserved;
  size_t struct_size;  ///< sizeof(bf_kernel_table) of the back end
  const char* name;    ///< "reference", "simd", "cuda"
  /// Number of usable devices; 0 with the reason in last_error().
  int32_t (*device_count)(void);
  /// The calling thread's last failure, one sentence; "" when there was none.
  const char* (*last_error)(void);
  int32_t (*quantize)(const bf_quantize_args* args);
  int32_t (*dequantize)(const bf_dequantize_args* args);
  int32_t (*round_trip)(const bf_round_trip_args* args);
} bf_kernel_table;

/// The one symbol a module exports, under the name BF_KERNEL_MODULE_SYMBOL.
typedef const bf_kernel_table* (*bf_kernel_module_entry)(void);
#define BF_KERNEL_MODULE_SYMBOL "bf_kernel_module"

#ifdef __cplusplus
}
#endif

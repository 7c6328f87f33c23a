// SPDX-License-Identifier: GPL-3.0-or-later
/// C interface that every compute back end fills: the scalar reference, SIMD, the CUDA module.
///
/// Rules of the interface:
/// - Argument structs are append-only. The caller sets `struct_size = sizeof(struct)`; a back end
///   reads a field only when it lies inside that size, so old modules and new callers fit together.
/// - All buffers are in the memory of the table's device (host memory for CPU tables), except
///   `codebook`, which is always in host memory and is copied before the call returns.
/// - Device tables start work on `stream` and return before it is finished.
/// - The tensor is one flat array of `count` values, cut into runs of `block_size` (0 = one block);
///   the last block may be shorter. There are ceil(count / block_size) block constants.
///
/// Numerics, the same for every back end and equal bit for bit in codes and constants:
/// 1. The block constant is max|x| rounded to nearest even in `constant_type`. A maximum above the
///    largest finite value of that type is stored as that largest value (the values above it are
///    clipped); a maximum that rounds to zero, or whose reciprocal is not finite, is stored as 0.
/// 2. y = x * (1 / constant) in fp32, both operations rounded to nearest; y = 0 for a constant of
/// 0.
/// 3. The code is the index of the codebook value nearest to y, decided by comparing y with the
///    fp32 midpoints of neighbours; a tie goes to the value nearer to zero (kernels/codebook.h,
///    `codebookThresholds`). Values outside the codebook's range take its first or last code.
/// 4. Dequantized value = codebook[code] * constant in fp32, rounded once to `output_type`.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Changes when an existing field or function changes its meaning; appending keeps it.
#define BF_KERNEL_ABI_VERSION 1

/// Element types of inputs, outputs and block constants.
enum {
  BF_FP32 = 0,
  BF_FP16 = 1,
  BF_BF16 = 2,
};

/// Results of a call. Anything but BF_OK leaves a sentence in `last_error()`.
enum {
  BF_OK = 0,
  /// A value is NaN or infinite; `*first_bad_index` says where. Host tables only: device tables
  /// return BF_OK and the caller reads `*first_bad_index` after the stream is done.
  BF_NOT_FINITE = 1,
  BF_BAD_ARGUMENT = 2,
  BF_UNSUPPORTED = 3,
  BF_DEVICE_ERROR = 4,
};

/// How codes lie in memory.
enum {
  /// One byte a code, index 0..codebook_size-1.
  BF_CODES_BYTES = 0,
};

/// values -> codes and block constants.
typedef struct bf_quantize_args {
  size_t struct_size;
  const void* input;
  int64_t count;
  int64_t block_size;        ///< values per constant, 0 = all
  const float* codebook;     ///< host memory, ascending, 1..256 finite values
  void* codes;               ///< layout `code_layout`
  void* constants;           ///< ceil(count / block_size) values of `constant_type`
  int64_t* first_bad_index;  ///< may be null; lowest index of a NaN or Inf, -1 when there is none
  void* stream;              ///< device tables: their stream handle; null = default stream
  int32_t codebook_size;
  int32_t input_type;
  int32_t constant_type;
  int32_t code_layout;
  int32_t device;  ///< index of the device, 0 for host tables
  int32_t reserved;
} bf_quantize_args;

/// codes and block constants -> values.
typedef struct bf_dequantize_args {
  size_t struct_size;
  const void* codes;
  const void* constants;
  int64_t count;
  int64_t block_size;
  const float* codebook;
  void* output;  ///< `count` values of `output_type`
  void* stream;
  int32_t codebook_size;
  int32_t output_type;
  int32_t constant_type;
  int32_t code_layout;
  int32_t device;
  int32_t reserved;
} bf_dequantize_args;

/// values -> dequantize(quantize(values)) in one pass. `output` may be `input` when types agree.
typedef struct bf_round_trip_args {
  size_t struct_size;
  const void* input;
  void* output;
  int64_t count;
  int64_t block_size;
  const float* codebook;
  int64_t* first_bad_index;
  void* stream;
  int32_t codebook_size;
  int32_t input_type;
  int32_t output_type;
  int32_t constant_type;
  int32_t device;
  int32_t reserved;
} bf_round_trip_args;

/// One back end. All functions may be called from several threads at once.
typedef struct bf_kernel_table {
  int32_t abi_version;  ///< BF_KERNEL_ABI_VERSION of the back end
  int32_t reserved;
  size_t struct_size;  ///< sizeof(bf_kernel_table) of the back end
  const char* name;    ///< "reference", "cuda"
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

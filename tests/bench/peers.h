// SPDX-License-Identifier: GPL-3.0-or-later
/// Quantizers of other programs, from their published libraries, when environment variables name
/// them: BITFRONTIER_GGML the folder of libggml-cpu.so (wheel `libggml-python`), BITFRONTIER_BNB
/// the file libbitsandbytes_cpu.so (wheel `bitsandbytes`). A function that is not there is empty.
#pragma once

#include <dlfcn.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace bitfrontier::bench {

inline void* openLibrary(const char* variable, const char* file) {
  const char* place = std::getenv(variable);
  if (place == nullptr) return nullptr;
  const std::string path = file[0] == '\0' ? std::string(place) : std::string(place) + "/" + file;
  return dlopen(path.c_str(), RTLD_NOW | RTLD_LOCAL);
}

template <typename Function>
Function* symbol(void* library, const char* name) {
  return library == nullptr ? nullptr : reinterpret_cast<Function*>(dlsym(library, name));
}

/// ggml's row functions: fp32 values to and from blocks of 32 (18 bytes for Q4_0, 34 for Q8_0).
struct Ggml {
  void (*quantizeQ4)(const float*, void*, std::int64_t);
  void (*quantizeQ8)(const float*, void*, std::int64_t);
  void (*dequantizeQ4)(const void*, float*, std::int64_t);
  void (*dequantizeQ8)(const void*, float*, std::int64_t);
};

inline const Ggml& ggml() {
  static const Ggml peer = [] {
    void* base = openLibrary("BITFRONTIER_GGML", "libggml-base.so");
    void* cpu = openLibrary("BITFRONTIER_GGML", "libggml-cpu.so");
    if (auto* init = symbol<void()>(cpu, "ggml_cpu_init")) init();
    return Ggml{symbol<void(const float*, void*, std::int64_t)>(cpu, "quantize_row_q4_0"),
                symbol<void(const float*, void*, std::int64_t)>(cpu, "quantize_row_q8_0"),
                symbol<void(const void*, float*, std::int64_t)>(base, "dequantize_row_q4_0"),
                symbol<void(const void*, float*, std::int64_t)>(base, "dequantize_row_q8_0")};
  }();
  return peer;
}

/// bitsandbytes' functions for host memory; it uses OpenMP, so limit it with OMP_NUM_THREADS=1.
struct Bitsandbytes {
  /// table of 256, values, absmax, codes, block size, count
  void (*quantizeBlockwise)(float*, float*, float*, unsigned char*, long long, long long);
  void (*dequantizeBlockwise)(float*, unsigned char*, const float*, float*, long long, long long);
  /// codes, absmax, values, block size, rows, columns
  void (*dequantizeNf4)(unsigned char*, const float*, float*, long long, long long, long long);
};

inline const Bitsandbytes& bitsandbytes() {
  static const Bitsandbytes peer = [] {
    void* library = openLibrary("BITFRONTIER_BNB", "");
    return Bitsandbytes{
        symbol<void(float*, float*, float*, unsigned char*, long long, long long)>(
            library, "cquantize_blockwise_cpu_fp32"),
        symbol<void(float*, unsigned char*, const float*, float*, long long, long long)>(
            library, "cdequantize_blockwise_cpu_fp32"),
        symbol<void(unsigned char*, const float*, float*, long long, long long, long long)>(
            library, "cdequantize_blockwise_cpu_nf4_fp32")};
  }();
  return peer;
}

}  // namespace bitfrontier::bench

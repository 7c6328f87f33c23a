// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops for every instruction set: this file is compiled once for each, by including
// itself, and then lists them.
#include "kernels/simd/ops.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/simd/targets.cpp"
// SSSE3 alone is not worth its code: such processors take the reference.
#define HWY_DISABLED_TARGETS HWY_SSSE3
// Byte permutations (AVX-512 VBMI).
#define HWY_WANT_AVX3_DL 1
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include "kernels/simd/decode-inl.h"
#include "kernels/simd/encode-inl.h"

#if HWY_TARGET != HWY_SCALAR
HWY_BEFORE_NAMESPACE();
namespace bitfrontier::simd::HWY_NAMESPACE {

extern const Ops kOps;
const Ops kOps = {
    .name = hwy::TargetName(HWY_TARGET),
    .cellDepth = kCellDepth,
    .load = {nullptr, loadHalves, loadBfloats},
    .store = {nullptr, storeHalves, storeBfloats},
    .largest = largest,
    .center = center,
    .constants = constants,
    .encode = {nullptr, nullptr, nullptr, encode<3>, encode<4>, encode<5>, encode<6>, encode<7>,
               encode<8>},
    .roundTrip = {nullptr, nullptr, nullptr, roundTrip<3>, roundTrip<4>, roundTrip<5>, roundTrip<6>,
                  roundTrip<7>, roundTrip<8>},
    .pack = {nullptr, pack<1>, pack<2>, pack<3>, pack<4>, pack<5>, pack<6>, pack<7>, pack<8>},
    .decodeBytes = {nullptr, nullptr, nullptr, decodeBytes<3>, decodeBytes<4>, decodeBytes<5>,
                    decodeBytes<6>, decodeBytes<7>, decodeBytes<8>},
    .decodePacked = {nullptr, decodePacked<1>, decodePacked<2>, decodePacked<3>, decodePacked<4>,
                     decodePacked<5>, decodePacked<6>, decodePacked<7>, decodePacked<8>},
};

}  // namespace bitfrontier::simd::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#if HWY_ONCE
#include <hwy/targets.h>

namespace bitfrontier::simd {

const std::vector<const Ops*>& supportedOps() {
  static const std::vector<const Ops*> all = [] {
    std::vector<const Ops*> found;
    [[maybe_unused]] const std::int64_t machine = hwy::SupportedTargets();
#if HWY_TARGETS & HWY_AVX3_DL
    if ((machine & HWY_AVX3_DL) != 0) found.push_back(&N_AVX3_DL::kOps);
#endif
#if HWY_TARGETS & HWY_AVX3
    if ((machine & HWY_AVX3) != 0) found.push_back(&N_AVX3::kOps);
#endif
#if HWY_TARGETS & HWY_AVX2
    if ((machine & HWY_AVX2) != 0) found.push_back(&N_AVX2::kOps);
#endif
#if HWY_TARGETS & HWY_SSE4
    if ((machine & HWY_SSE4) != 0) found.push_back(&N_SSE4::kOps);
#endif
    return found;
  }();
  return all;
}

}  // namespace bitfrontier::simd
#endif  // HWY_ONCE

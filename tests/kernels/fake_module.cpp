// SPDX-License-Identifier: GPL-3.0-or-later
// A kernel module for the registry's tests; FAKE_VERSION, FAKE_SIZE and FAKE_DEVICES choose what is
// wrong with it.
#include "kernels/kernel_table.h"

namespace {

int32_t devices() { return FAKE_DEVICES; }
const char* lastError() { return "the test's device is switched off"; }

constexpr bf_kernel_table kTable = {FAKE_VERSION, 0,       FAKE_SIZE, "fake", devices,
                                    lastError,    nullptr, nullptr,   nullptr};

}  // namespace

extern "C" const bf_kernel_table* bf_kernel_module() { return &kTable; }

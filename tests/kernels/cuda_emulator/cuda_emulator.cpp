// SPDX-License-Identifier: GPL-3.0-or-later
// Threads of a block as fibers, for x86-64 (System V): a fiber runs until it ends or has to wait.
#include <cstdio>
#include <memory>
#include <mutex>
#include <vector>

#include "tests/kernels/cuda_emulator/cuda_runtime.h"

dim3 threadIdx, blockIdx, gridDim;

// Saves what a call must preserve, changes the stack, restores.
extern "C" void bf_switch_fiber(void** from, void* to);
asm(R"(
.text
.globl bf_switch_fiber
.type bf_switch_fiber, @function
bf_switch_fiber:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size bf_switch_fiber, .-bf_switch_fiber
)");

namespace {

constexpr std::size_t kStack = 128 * 1024;

struct Fiber {
  std::unique_ptr<char[]> stack{new char[kStack]};
  void* top = nullptr;
  bool done = false;
};

/// Counts those who have come; the last one opens it.
struct Barrier {
  int waiting = 0;
  std::uint64_t opened = 0;
};

struct Block {
  std::vector<Fiber> fibers;
  int threads = 0;
  int current = 0;
  void* scheduler = nullptr;
  const std::function<void()>* work = nullptr;
  std::vector<char> shared;
  Barrier all;
  std::vector<Barrier> warps;
  std::vector<std::uint64_t> lanes;  ///< two sets of 32 for each warp, used in turn
  bool moved = false;                ///< a fiber has come further since the last look
};

Block block;

void yield() { bf_switch_fiber(&block.fibers[block.current].top, block.scheduler); }

void waitAt(Barrier& barrier, int wanted) {
  const std::uint64_t before = barrier.opened;
  block.moved = true;
  if (++barrier.waiting == wanted) {
    barrier.waiting = 0;
    ++barrier.opened;
    return;
  }
  while (barrier.opened == before) yield();
  block.moved = true;
}

void enter() {
  (*block.work)();
  block.fibers[block.current].done = true;
  block.moved = true;
  yield();
  std::abort();
}

void prepare(Fiber& fiber) {
  fiber.done = false;
  auto top = reinterpret_cast<std::uintptr_t>(fiber.stack.get()) + kStack;
  auto* place = reinterpret_cast<void**>(top / 16 * 16);
  *--place = nullptr;  // where a return from enter would go; keeps the stack as after a call
  *--place = reinterpret_cast<void*>(enter);
  for (int i = 0; i < 6; ++i) *--place = nullptr;
  fiber.top = place;
}

void runBlock(bool backwards) {
  block.all = {};
  block.warps.assign(static_cast<std::size_t>(block.threads + 31) / 32, {});
  block.lanes.assign(block.warps.size() * 64, 0);
  std::fill(block.shared.begin(), block.shared.end(), '\xff');  // NaN
  for (int i = 0; i < block.threads; ++i) prepare(block.fibers[i]);
  for (int left = block.threads; left > 0;) {
    block.moved = false;
    left = 0;
    for (int i = 0; i < block.threads; ++i) {
      block.current = backwards ? block.threads - 1 - i : i;
      if (block.fibers[block.current].done) continue;
      threadIdx.x = static_cast<unsigned>(block.current);
      bf_switch_fiber(&block.scheduler, block.fibers[block.current].top);
      if (!block.fibers[block.current].done) ++left;
    }
    if (left > 0 && !block.moved) {
      std::fprintf(stderr, "emulated block: %d threads wait for each other for ever\n", left);
      std::abort();
    }
  }
}

}  // namespace

void* emulatedShared() { return block.shared.data(); }

void __syncthreads() { waitAt(block.all, block.threads); }

const std::uint64_t* emulatedExchange(std::uint64_t mine) {
  const std::size_t warp = threadIdx.x / 32;
  const std::size_t lane = threadIdx.x % 32;
  Barrier& barrier = block.warps[warp];
  std::uint64_t* set = block.lanes.data() + warp * 64 + barrier.opened % 2 * 32;
  set[lane] = mine;
  waitAt(barrier, 32);
  return set;
}

cudaError_t emulate(dim3 grid, int threads, std::size_t shared,
                    const std::function<void()>& thread) {
  static std::mutex one;
  const std::lock_guard<std::mutex> lock(one);
  static bool backwards = false;
  backwards = !backwards;  // what depends on an order without a barrier shows in one of them
  block.threads = threads;
  if (block.fibers.size() < static_cast<std::size_t>(threads)) block.fibers.resize(threads);
  block.shared.resize(shared + 16);
  block.work = &thread;
  gridDim = grid;
  for (blockIdx.y = 0; blockIdx.y < grid.y; ++blockIdx.y)
    for (blockIdx.x = 0; blockIdx.x < grid.x; ++blockIdx.x) runBlock(backwards);
  return cudaSuccess;
}

// SPDX-License-Identifier: GPL-3.0-or-later
/// Quantize and round trip of the SIMD back end: everything around the inner loops.
///
/// Layout: as in kernel_table.h, host memory.
/// Threads: parts of whole blocks go to the runner's threads. A tensor whose blocks are larger than
/// two parts is done block by block, the threads sharing each block.
/// Order of work: some blocks, 2048 values at most, go through all steps while they are in the
/// first cache level; values that are not fp32 or are centered are kept there as fp32. Larger
/// blocks are read twice (three times when their mean is wanted). Blocks with values that are not
/// finite take the scalar functions of the reference.
#include <hwy/cache_control.h>
#include <algorithm>
#include <atomic>
#include <limits>
#include <string>
#include <type_traits>
#include <vector>

#include "kernels/packing.h"
#include "kernels/reference/scalar.h"
#include "kernels/simd/parts.h"
#include "kernels/simd/simd.h"

namespace bitfrontier::simd {
namespace {

constexpr std::int32_t kInfinityBits = 0x7f800000;

/// A call, the same for quantize (codes) and round trip (output).
struct Job {
  const Ops& ops;
  const bf_format& format;
  Table table;
  BlockGrid grid;
  const void* input;
  std::int32_t inputType;
  void* constants;  ///< read when given; else written unless null
  void* means;      ///< likewise
  bool clamp;
  bool countAll;
  bool far;  ///< the tensor does not fit the caches
  std::uint8_t* codes = nullptr;
  void* output = nullptr;
  std::int32_t outputType = BF_FP32;

  std::atomic<std::int64_t> badCount{0};
  std::atomic<std::int64_t> firstBad{std::numeric_limits<std::int64_t>::max()};

  template <typename Args>
  Job(const Ops& o, const Args& args)
      : ops(o),
        format(*args.format),
        table(*args.format),
        grid(blockGrid(args.count, args.format->block_size, args.format->row_length)),
        input(args.input),
        inputType(args.input_type),
        constants(args.constants),
        means(args.means),
        clamp((args.flags & BF_CLAMP_NOT_FINITE) != 0),
        countAll(args.bad_count != nullptr),
        far(args.count >= kStreamFrom) {
    table.makeQuestions();
    // Making cells costs some microseconds.
    if (table.depth >= ops.cellDepth && args.count >= kPart / 4) table.makeCells();
  }

  bool packed() const { return codes != nullptr && format.code_layout == BF_CODES_PACKED; }
  bool centered() const { return format.mean_rule != BF_MEAN_NONE; }
  const void* inputAt(std::int64_t index) const {
    return static_cast<const char*>(input) + index * typeBytes(inputType);
  }
  void* outputAt(std::int64_t index) const {
    return static_cast<char*>(output) + index * typeBytes(outputType);
  }
  void foundBad(std::int64_t index, std::int64_t count) {
    badCount += count;
    std::int64_t known = firstBad;
    while (index < known && !firstBad.compare_exchange_weak(known, index)) {
    }
  }
  bool failed() const { return !clamp && firstBad != std::numeric_limits<std::int64_t>::max(); }

  void putParameters(std::int64_t block, std::int64_t count, const std::uint32_t* constantBits,
                     const std::uint16_t* mean) const {
    if (constants != nullptr && format.constant_rule != BF_CONSTANT_GIVEN) {
      const int bytes = typeBytes(format.constant_type);
      if (bytes == 4) {
        std::copy(constantBits, constantBits + count,
                  static_cast<std::uint32_t*>(constants) + block);
      } else if (bytes == 2) {
        auto* out = static_cast<std::uint16_t*>(constants) + block;
        for (std::int64_t i = 0; i < count; ++i)
          out[i] = static_cast<std::uint16_t>(constantBits[i]);
      } else {
        auto* out = static_cast<std::uint8_t*>(constants) + block;
        for (std::int64_t i = 0; i < count; ++i)
          out[i] = static_cast<std::uint8_t>(constantBits[i]);
      }
    }
    if (means != nullptr && format.mean_rule == BF_MEAN_BLOCK)
      std::copy(mean, mean + count, static_cast<std::uint16_t*>(means) + block);
  }
};

/// The parameters of up to kChunkBlocks blocks.
struct Fitted {
  alignas(64) std::int32_t absmax[kChunkBlocks];
  alignas(64) std::int32_t positive[kChunkBlocks];
  alignas(64) std::uint32_t bits[kChunkBlocks];
  alignas(64) float constant[kChunkBlocks];
  alignas(64) float inverse[kChunkBlocks];
  alignas(64) float mean[kChunkBlocks];
  std::uint16_t meanBits[kChunkBlocks];

  Blocks blocks(std::int64_t count, std::int64_t size, bool centered) const {
    return {count, size, inverse, constant, centered ? mean : nullptr};
  }
};

/// One thread's work: runs of values in ascending order, from a place where codes begin at a byte.
class Worker {
 public:
  Worker(Job& job, std::int64_t begin) : job_(job), bytes_(job.codes) {
    if (job_.packed()) bytes_ += begin * job_.format.code_bits / 8;
  }

  void run(std::int64_t first, std::int64_t last) {
    const BlockGrid& grid = job_.grid;
    for (std::int64_t block = first; block < last;) {
      const std::int64_t begin = grid.begin(block);
      // What lies before a bad value is still searched for a lower one.
      if (job_.failed() && !job_.countAll && job_.firstBad < begin) return;
      const std::int64_t size = grid.end(block) - begin;
      if (size > kChunk) {
        large(block, begin, size);
        ++block;
        continue;
      }
      const std::int64_t count =
          std::min({last - block, kChunk / size, kChunkBlocks, grid.fullBlocksFrom(block)});
      group(block, std::max<std::int64_t>(count, 1), begin, size);
      block += std::max<std::int64_t>(count, 1);
    }
    finish();
  }

  /// Values of one block whose parameters are known.
  void runInside(const Fitted& fitted, std::int64_t begin, std::int64_t end) {
    for (std::int64_t i = begin; i < end; i += kChunk) {
      const std::int64_t count = std::min(kChunk, end - i);
      emit(centeredValues(i, 1, count, fitted.mean), fitted.blocks(1, count, job_.centered()), i);
    }
    finish();
  }

 private:
  /// The values as fp32: where they are, or in the buffer.
  const float* values(std::int64_t begin, std::int64_t count) {
    const void* in = job_.inputAt(begin);
    if (job_.inputType == BF_FP32) return static_cast<const float*>(in);
    job_.ops.load[job_.inputType](in, count, x_);
    return x_;
  }

  const float* centeredValues(std::int64_t begin, std::int64_t blocks, std::int64_t size,
                              const float* mean) {
    const float* x = values(begin, blocks * size);
    return job_.centered() ? center(x, blocks, size, mean) : x;
  }

  const float* center(const float* x, std::int64_t blocks, std::int64_t size, const float* mean) {
    if (x != x_) std::copy(x, x + blocks * size, x_);
    job_.ops.center(x_, blocks, size, mean);
    return x_;
  }

  void group(std::int64_t block, std::int64_t count, std::int64_t begin, std::int64_t size) {
    const float* x = values(begin, count * size);
    std::int32_t* positive =
        job_.format.constant_rule == BF_CONSTANT_SIGNED_MAX ? fitted_.positive : nullptr;
    job_.ops.largest(x, count, size, fitted_.absmax, positive);
    const std::int32_t most = *std::max_element(fitted_.absmax, fitted_.absmax + count);
    if (most >= kInfinityBits) {
      for (std::int64_t i = 0; i < count; ++i) scalarBlock(block + i, begin + i * size, size);
      return;
    }
    if (job_.centered()) {
      for (std::int64_t i = 0; i < count; ++i) {
        const double mean = job_.format.mean_rule == BF_MEAN_BLOCK
                                ? blockMean(BlockValues<float>{x + i * size}, size)
                                : 0.0;
        setMean(fitted_, i, block + i, mean);
      }
      x = center(x, count, size, fitted_.mean);
      job_.ops.largest(x, count, size, fitted_.absmax, positive);
    }
    setConstants(fitted_, block, count, positive);
    emit(x, fitted_.blocks(count, size, job_.centered()), begin);
  }

  void setMean(Fitted& fitted, std::int64_t i, std::int64_t block, double computed) const {
    fitted.meanBits[i] = 0;
    if (job_.format.mean_rule == BF_MEAN_TENSOR) {
      fitted.mean[i] = job_.format.tensor_mean;
      return;
    }
    fitted.meanBits[i] = job_.format.mean_rule == BF_MEAN_BLOCK
                             ? meanToHalf(computed)
                             : static_cast<const std::uint16_t*>(job_.means)[block];
    fitted.mean[i] = halfToFloat(fitted.meanBits[i]);
  }

  /// Constants of blocks whose absmax is known, to their places too.
  void setConstants(Fitted& fitted, std::int64_t block, std::int64_t count,
                    const std::int32_t* positive) const {
    const bf_format& format = job_.format;
    const float magnitude = job_.table.magnitude;
    if (format.constant_rule == BF_CONSTANT_ABSMAX && format.constant_type <= BF_BF16 &&
        (magnitude == 1.0F || magnitude == 0.0F)) {
      job_.ops.constants(fitted.absmax, count, format.constant_type, fitted.bits, fitted.constant,
                         fitted.inverse);
    } else {
      for (std::int64_t i = 0; i < count; ++i) {
        StoredConstant stored{};
        if (format.constant_rule == BF_CONSTANT_GIVEN) {
          stored =
              readConstant(job_.constants, block + i, format.constant_type, format.tensor_scale);
        } else {
          const float absmax = floatFromBits(static_cast<std::uint32_t>(fitted.absmax[i]));
          const bool negative = positive != nullptr && positive[i] != fitted.absmax[i];
          stored = makeConstant(negative ? -absmax : absmax, format.constant_type,
                                format.tensor_scale, magnitude);
        }
        fitted.bits[i] = stored.bits;
        fitted.constant[i] = stored.value;
        fitted.inverse[i] = inverseConstant(stored.value);
      }
    }
    job_.putParameters(block, count, fitted.bits, fitted.meanBits);
  }

  /// Codes or values of blocks whose parameters are known.
  void emit(const float* x, const Blocks& blocks, std::int64_t begin) {
    const Ops& ops = job_.ops;
    const int depth = job_.table.depth;
    const std::int64_t count = blocks.count * blocks.size;
    if (job_.codes == nullptr) {
      float* out = job_.outputType == BF_FP32 ? static_cast<float*>(job_.outputAt(begin)) : out_;
      ops.roundTrip[depth](job_.table, x, blocks, out, job_.far && x != x_ && out != out_);
      if (out == out_) ops.store[job_.outputType](out_, count, job_.outputAt(begin));
    } else if (!job_.packed()) {
      ops.encode[depth](job_.table, x, blocks, job_.codes + begin);
    } else {
      ops.encode[depth](job_.table, x, blocks, pending_ + pendingCount_);
      pendingCount_ += count;
      packPending();
    }
  }

  /// Packs whole groups of 32 codes and keeps the rest.
  void packPending() {
    const std::int64_t whole = pendingCount_ / 32 * 32;
    // Packing writes whole words, which must not touch what comes behind: through a buffer.
    alignas(64) std::uint8_t packed[kChunk + 64];
    job_.ops.pack[job_.format.code_bits](pending_, whole, packed);
    const std::int64_t bytes = whole * job_.format.code_bits / 8;
    std::copy(packed, packed + bytes, bytes_);
    bytes_ += bytes;
    std::copy(pending_ + whole, pending_ + pendingCount_, pending_);
    pendingCount_ -= whole;
  }

  void finish() {
    if (job_.far) hwy::FlushStream();
    if (!job_.packed()) return;
    CodeWriter writer(bytes_, job_.format.code_bits);
    for (std::int64_t i = 0; i < pendingCount_; ++i) writer.put(pending_[i]);
    writer.finish();
    pendingCount_ = 0;
  }

  void large(std::int64_t block, std::int64_t begin, std::int64_t size);
  void scalarBlock(std::int64_t block, std::int64_t begin, std::int64_t size);

  Job& job_;
  std::uint8_t* bytes_;  ///< where packed codes go on
  std::int64_t pendingCount_ = 0;
  Fitted fitted_;
  alignas(64) float x_[kChunk];
  alignas(64) float out_[kChunk];
  alignas(64) std::uint8_t pending_[kChunk + 64];

  friend class LargeBlock;
};

/// Fits one large block; `runner` shares the passes over it.
class LargeBlock {
 public:
  LargeBlock(Job& job, const bf_runner* runner, std::int64_t begin, std::int64_t size)
      : job_(job),
        runner_(runner),
        begin_(begin),
        size_(size),
        segments_(runner == nullptr ? 1 : (size - 1) / kPart + 1),
        segment_(runner == nullptr ? size : kPart) {}

  /// False when a value is not finite.
  bool fit(std::int64_t block, Fitted& fitted) {
    const bool isSigned = job_.format.constant_rule == BF_CONSTANT_SIGNED_MAX;
    fold(nullptr, isSigned, fitted);
    if (fitted.absmax[0] >= kInfinityBits) return false;
    Worker worker(job_, 0);
    if (job_.centered()) {
      worker.setMean(fitted, 0, block, job_.format.mean_rule == BF_MEAN_BLOCK ? mean() : 0.0);
      fold(fitted.mean, isSigned, fitted);
    }
    worker.setConstants(fitted, block, 1, isSigned ? fitted.positive : nullptr);
    return true;
  }

  /// Calls work(worker, begin, end) for each segment.
  template <typename Work>
  void forSegments(const Work& work) {
    runParts(runner_, segments_, [&](std::int64_t s) {
      const std::int64_t begin = begin_ + s * segment_;
      Worker worker(job_, begin);
      work(worker, s, begin, std::min(begin + segment_, begin_ + size_));
    });
  }

 private:
  void fold(const float* mean, bool isSigned, Fitted& fitted) {
    std::vector<std::int32_t> absmax(segments_);
    std::vector<std::int32_t> positive(segments_);
    forSegments([&](Worker& worker, std::int64_t s, std::int64_t begin, std::int64_t end) {
      std::int32_t most = 0;
      std::int32_t mostPositive = 0;
      for (std::int64_t i = begin; i < end; i += kChunk) {
        const std::int64_t count = std::min(kChunk, end - i);
        const float* x =
            mean == nullptr ? worker.values(i, count) : worker.centeredValues(i, 1, count, mean);
        std::int32_t a = 0;
        std::int32_t p = 0;
        job_.ops.largest(x, 1, count, &a, isSigned ? &p : nullptr);
        most = std::max(most, a);
        mostPositive = std::max(mostPositive, p);
      }
      absmax[s] = most;
      positive[s] = mostPositive;
    });
    fitted.absmax[0] = *std::max_element(absmax.begin(), absmax.end());
    fitted.positive[0] = *std::max_element(positive.begin(), positive.end());
  }

  /// One thread: the lanes of rule 1 add up in order.
  double mean() const {
    double result = 0.0;
    withType(job_.inputType, [&](auto* tag) {
      using In = std::remove_pointer_t<decltype(tag)>;
      result = blockMean(BlockValues<In>{static_cast<const In*>(job_.inputAt(begin_))}, size_);
      return std::int32_t{BF_OK};
    });
    return result;
  }

  Job& job_;
  const bf_runner* runner_;
  std::int64_t begin_;
  std::int64_t size_;
  std::int64_t segments_;
  std::int64_t segment_;
};

void Worker::large(std::int64_t block, std::int64_t begin, std::int64_t size) {
  if (!LargeBlock(job_, nullptr, begin, size).fit(block, fitted_)) {
    scalarBlock(block, begin, size);
    return;
  }
  for (std::int64_t i = begin; i < begin + size; i += kChunk) {
    const std::int64_t count = std::min(kChunk, begin + size - i);
    emit(centeredValues(i, 1, count, fitted_.mean), fitted_.blocks(1, count, job_.centered()), i);
  }
}

/// A block with values that are not finite, by the functions of the reference.
void Worker::scalarBlock(std::int64_t block, std::int64_t begin, std::int64_t size) {
  withType(job_.inputType, [&](auto* tag) {
    using In = std::remove_pointer_t<decltype(tag)>;
    const In* x = static_cast<const In*>(job_.inputAt(begin));
    const NotFinite found = scanBlock(x, size);
    if (found.count > 0) job_.foundBad(begin + found.first, found.count);
    if (job_.failed()) return std::int32_t{BF_OK};
    BlockValues<In> clean{x, found.largestFinite};
    const BlockParameters fitted =
        fitBlock(clean, size, block, job_.format, job_.table.magnitude, job_.constants, job_.means);
    job_.putParameters(block, 1, &fitted.constant.bits, &fitted.mean);
    Fitted one;
    one.constant[0] = fitted.constant.value;
    one.inverse[0] = inverseConstant(fitted.constant.value);
    one.mean[0] = clean.mean;
    for (std::int64_t i = 0; i < size; i += kChunk) {
      const std::int64_t count = std::min(kChunk, size - i);
      for (std::int64_t j = 0; j < count; ++j) x_[j] = clean(i + j);
      emit(x_, one.blocks(1, count, job_.centered()), begin + i);
    }
    return std::int32_t{BF_OK};
  });
}

/// Blocks that every thread should work on, one after the other.
bool shareBlocks(const Job& job, const bf_runner* runner) {
  return runner != nullptr && job.grid.blockSize > 2 * kPart &&
         (!job.packed() || job.grid.rowLength % 8 == 0 || job.grid.blocks == 1) &&
         (!job.packed() || job.grid.blockSize % 8 == 0 || job.grid.blocks == 1);
}

void runShared(Job& job, const bf_runner* runner) {
  for (std::int64_t block = 0; block < job.grid.blocks; ++block) {
    const std::int64_t begin = job.grid.begin(block);
    const std::int64_t size = job.grid.end(block) - begin;
    Fitted fitted;
    LargeBlock large(job, runner, begin, size);
    if (!large.fit(block, fitted)) {
      Worker(job, begin).run(block, block + 1);
      if (job.failed() && !job.countAll) return;  // later blocks only have later values
      continue;
    }
    large.forSegments([&](Worker& worker, std::int64_t, std::int64_t from, std::int64_t to) {
      worker.runInside(fitted, from, to);
    });
  }
}

template <typename Args>
Outcome run(Job& job, const Args& args) {
  if (shareBlocks(job, args.runner)) {
    runShared(job, args.runner);
  } else {
    const BlockParts parts(job.grid);
    runParts(args.runner, parts.count(), [&](std::int64_t part) {
      Worker(job, job.grid.begin(parts.first(part))).run(parts.first(part), parts.last(part));
    });
  }
  const bool bad = job.firstBad != std::numeric_limits<std::int64_t>::max();
  if (args.first_bad_index != nullptr) *args.first_bad_index = bad ? job.firstBad.load() : -1;
  if (args.bad_count != nullptr) *args.bad_count = job.badCount;
  if (job.failed())
    return {BF_NOT_FINITE, "value " + std::to_string(job.firstBad) + " is not finite"};
  return {};
}

}  // namespace

Outcome quantize(const Ops& ops, const bf_quantize_args& args) {
  Job job(ops, args);
  job.codes = static_cast<std::uint8_t*>(args.codes);
  return run(job, args);
}

Outcome roundTrip(const Ops& ops, const bf_round_trip_args& args) {
  Job job(ops, args);
  job.output = args.output;
  job.outputType = args.output_type;
  return run(job, args);
}

}  // namespace bitfrontier::simd

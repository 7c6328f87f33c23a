// SPDX-License-Identifier: GPL-3.0-or-later
// Wall time of opening model directories: mapping, reading headers or pickles, checking every
// tensor's place. Directories come from BITFRONTIER_BENCH_CHECKPOINTS, separated by ':' (as
// tests/peers/real_shapes.py makes them); without it a checkpoint of 100 GB with holes instead of
// data, as a file with 724 tensors and as 20 shards, which takes no space on disk.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "core/base/file.h"
#include "core/checkpoint/checkpoint.h"

namespace {

namespace fs = std::filesystem;

// A safetensors file of fp16 tensors of `rows` x 1024, whose data is a hole.
void writeHoles(const fs::path& path, int first, int count, long long rows) {
  const long long bytes = 2 * 1024 * rows;
  std::string header = "{";
  for (int i = 0; i < count; ++i) {
    header += fmt::format(
        R"({}"layers.{}.weight":{{"dtype":"F16","shape":[{},1024],"data_offsets":[{},{}]}})",
        i == 0 ? "" : ",", first + i, rows, i * bytes, (i + 1) * bytes);
  }
  header += "}";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  std::string size;
  for (int i = 0; i < 8; ++i) size += static_cast<char>((header.size() >> (8 * i)) & 0xff);
  std::ofstream(path, std::ios::binary) << size << header;
  fs::resize_file(path, 8 + header.size() + static_cast<std::uintmax_t>(count * bytes));
}

constexpr int kTensors = 724;
constexpr long long kRows = 67'000;  // 724 tensors of 137 MB

/// The generated directories, which go with the process.
struct Generated {
  fs::path root = fs::temp_directory_path() / fmt::format("bench_open_{}", ::getpid());
  Generated() {
    for (const char* name : {"single", "shards"}) {
      fs::create_directories(root / name);
      bitfrontier::writeFileAtomic(root / name / "config.json", R"({"model_type": "opt"})");
    }
    writeHoles(root / "single" / "model.safetensors", 0, kTensors, kRows);
    std::string map;
    constexpr int shards = 20;
    for (int shard = 0; shard < shards; ++shard) {
      const int first = kTensors * shard / shards;
      const int last = kTensors * (shard + 1) / shards;
      const std::string name = fmt::format("model-{:05}-of-{:05}.safetensors", shard + 1, shards);
      writeHoles(root / "shards" / name, first, last - first, kRows);
      for (int i = first; i < last; ++i) {
        map += fmt::format(R"({}"layers.{}.weight":"{}")", i == 0 ? "" : ",", i, name);
      }
    }
    bitfrontier::writeFileAtomic(root / "shards" / "model.safetensors.index.json",
                                 R"({"weight_map":{)" + map + "}}");
  }
  ~Generated() { fs::remove_all(root); }
};

void openDirectory(benchmark::State& state, const fs::path& directory) {
  double bytes = 0;
  double tensors = 0;
  for (auto run : state) {
    const auto checkpoint = bitfrontier::Checkpoint::open(directory);
    tensors = static_cast<double>(checkpoint.tensors().size());
  }
  for (const auto& entry : fs::directory_iterator(directory)) {
    bytes += static_cast<double>(entry.file_size());
  }
  state.counters["GB"] = bytes / 1e9;
  state.counters["tensors"] = tensors;
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  std::optional<Generated> generated;
  std::vector<fs::path> directories;
  if (const char* named = std::getenv("BITFRONTIER_BENCH_CHECKPOINTS")) {
    const std::string text = named;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find(':', at), text.size());
      directories.emplace_back(text.substr(at, end - at));
      at = end + 1;
    }
  } else {
    generated.emplace();
    directories = {generated->root / "single", generated->root / "shards"};
  }
  for (const fs::path& directory : directories) {
    benchmark::RegisterBenchmark(
        (directory.parent_path().filename() / directory.filename()).c_str(),
        [directory](benchmark::State& state) { openDirectory(state, directory); })
        ->UseRealTime()
        ->Unit(benchmark::kMillisecond);
  }
  benchmark::RunSpecifiedBenchmarks();
}

// SPDX-License-Identifier: GPL-3.0-or-later
// Speed of reading a tokenizer and of encoding, in CPU time of the thread. Without anything set, a
// tokenizer is trained on generated text and that text is encoded; every line gives MB/s, and for
// encoding the share of a plain pass over the characters measured in this process. With
// BITFRONTIER_BENCH_TOKENIZER (a model directory or tokenizer.json) and BITFRONTIER_BENCH_TEXT (a
// file) those are taken; tests/peers/tokenizers_speed.py compares with other people's software so.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <string>
#include <thread>
#include <vector>

#include "core/base/file.h"
#include "core/base/random.h"
#include "core/tokenizer/bpe/bpe_trainer.h"
#include "core/tokenizer/text/utf8.h"
#include "core/tokenizer/tokenizer.h"

namespace {

using bitfrontier::Tokenizer;

const char* setting(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

// 10 MB of words with frequencies that fall as their rank, in lines.
std::string generatedText() {
  bitfrontier::Rng rng(1);
  std::vector<std::string> words(20000);
  for (std::string& word : words) {
    const auto letters = 2 + rng.below(9);
    for (std::uint64_t i = 0; i < letters; ++i) word += static_cast<char>('a' + rng.below(26));
  }
  std::string text;
  while (text.size() < 10'000'000) {
    const double u = rng.uniform();
    const auto rank = static_cast<std::size_t>(std::exp(u * std::log(double(words.size()))));
    text += words[std::min(rank, words.size()) - 1];
    text += rng.below(12) == 0 ? ".\n" : " ";
  }
  return text;
}

const std::string& text() {
  static const std::string value = [] {
    const char* path = setting("BITFRONTIER_BENCH_TEXT");
    return path != nullptr ? bitfrontier::readFile(path) : generatedText();
  }();
  return value;
}

Tokenizer loadTokenizer() {
  if (const char* path = setting("BITFRONTIER_BENCH_TOKENIZER")) return Tokenizer::load(path);
  static const std::string json =
      bitfrontier::trainByteLevelBpe(text().substr(0, 1'000'000), {.vocabSize = 8192});
  return Tokenizer::parse(json);
}

double threadSeconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Seconds of decoding every character of the text once, best of five.
double passSeconds() {
  double best = 1e9;
  for (int i = 0; i < 5; ++i) {
    const double start = threadSeconds();
    std::int64_t sum = 0;
    for (std::size_t at = 0; at < text().size();) {
      const auto c = bitfrontier::utf8At(text(), at);
      sum += c.code;
      at += c.size;
    }
    benchmark::DoNotOptimize(sum);
    best = std::min(best, threadSeconds() - start);
  }
  return best;
}

void load(benchmark::State& state) {
  for (auto run : state) benchmark::DoNotOptimize(loadTokenizer().vocabSize());
}

void encode(benchmark::State& state) {
  const Tokenizer tokenizer = loadTokenizer();
  const double pass = passSeconds();
  std::size_t tokens = 0;
  const double start = threadSeconds();
  for (auto run : state) tokens = tokenizer.encode(text()).size();
  const double seconds = (threadSeconds() - start) / static_cast<double>(state.iterations());
  state.counters["tokens"] = static_cast<double>(tokens);
  state.counters["MB/s"] = static_cast<double>(text().size()) / 1e6 / seconds;
  state.counters["of_pass"] = pass / seconds;
}

// The text as documents of about 4 KB on all cores; wall time.
void encodeDocuments(benchmark::State& state) {
  const Tokenizer tokenizer = loadTokenizer();
  std::vector<std::string> documents;
  for (std::size_t at = 0; at < text().size();) {
    const std::size_t end =
        std::min(text().find('\n', std::min(at + 4096, text().size() - 1)), text().size() - 1);
    documents.push_back(text().substr(at, end + 1 - at));
    at = end + 1;
  }
  for (auto run : state) {
    benchmark::DoNotOptimize(
        tokenizer.encodeAll(documents, static_cast<int>(state.range(0))).size());
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(text().size()));
}

BENCHMARK(load)->Unit(benchmark::kMillisecond);
BENCHMARK(encode)->Unit(benchmark::kMillisecond);
BENCHMARK(encodeDocuments)
    ->ArgName("threads")
    ->Arg(1)
    ->Arg(static_cast<int>(std::max(2U, std::thread::hardware_concurrency())))
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();

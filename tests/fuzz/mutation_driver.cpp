// SPDX-License-Identifier: GPL-3.0-or-later
// Runs a fuzz target without libFuzzer: mutates its seeds, and what it accepted before, for a given
// time. usage: fuzz_x [--seconds S] [--seed N] | fuzz_x FILE_OR_FOLDER... (replay)
//        | fuzz_x --write-seeds FOLDER
// An input is written to fuzz_x.last before it is tried when FUZZ_KEEP is set, so that a crash
// leaves it behind.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/file.h"
#include "core/base/random.h"
#include "tests/fuzz/fuzz_target.h"

namespace bitfrontier::fuzz {

namespace {

int run(const std::string& input) {
  return LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

std::size_t place(Rng& rng, const std::string& text) {
  return static_cast<std::size_t>(rng.below(text.size() + 1));
}

// Numbers at the borders of what offsets, ids and depths may be.
constexpr std::string_view numbers[] = {"0",
                                        "-1",
                                        "1",
                                        "4294967296",
                                        "2147483648",
                                        "9223372036854775807",
                                        "1e308",
                                        "9223372036854775808",
                                        "18446744073709551615"};
constexpr std::string_view words[] = {"null", "true",    "[]",      "{}",   "\"\"",
                                      "[[[[", "{\"a\":", "\\u0000", "\xff", "\"Regex\"",
                                      "(?=",  "\\s",     "[^"};

void mutate(Rng& rng, std::string& text, const std::vector<std::string>& pool) {
  const std::size_t at = place(rng, text);
  const auto length = static_cast<std::size_t>(1 + rng.below(rng.below(4) == 0 ? 200 : 8));
  switch (rng.below(9)) {
    case 0:
      if (at < text.size()) text[at] = static_cast<char>(rng.below(256));
      break;
    case 1:
      if (at < text.size()) text[at] = static_cast<char>(text[at] ^ (1 << rng.below(8)));
      break;
    case 2:
      if (at < text.size()) text[at] = "0123456789-[]{},:\""[rng.below(18)];
      break;
    case 3:
      text.erase(at, length);
      break;
    case 4:
      text.insert(at, text.substr(place(rng, text), length));
      break;
    case 5:
      text.resize(at);
      break;
    case 6: {  // a whole number of the text becomes another
      const std::size_t begin = text.find_first_of("0123456789", at);
      if (begin == std::string::npos) break;
      const std::size_t end = text.find_first_not_of("0123456789", begin);
      text.replace(begin, (end == std::string::npos ? text.size() : end) - begin,
                   numbers[rng.below(std::size(numbers))]);
      break;
    }
    case 7:
      text.insert(at, words[rng.below(std::size(words))]);
      break;
    default: {
      const std::string& other = pool[rng.below(pool.size())];
      text = text.substr(0, at) + other.substr(place(rng, other));
    }
  }
}

int replay(int count, char** places) {
  std::size_t accepted = 0;
  std::size_t tried = 0;
  const auto one = [&](const std::filesystem::path& file) {
    // Named before, so that a crash tells which one it was.
    std::fprintf(stderr, "%s\n", file.c_str());
    accepted += run(readFile(file)) == 0 ? 1U : 0U;
    ++tried;
  };
  for (int i = 0; i < count; ++i) {
    if (!std::filesystem::is_directory(places[i])) {
      one(places[i]);
      continue;
    }
    for (const auto& entry : std::filesystem::directory_iterator(places[i])) one(entry.path());
  }
  std::printf("%zu inputs, %zu accepted, %zu refused\n", tried, accepted, tried - accepted);
  require(tried > 0, "there is something to replay");
  return 0;
}

int writeSeeds(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const std::vector<std::string> all = seeds();
  for (std::size_t i = 0; i < all.size(); ++i) {
    writeFileAtomic(folder / ("seed-" + std::to_string(i)), all[i]);
  }
  return 0;
}

int fuzz(double seconds, std::uint64_t seed, const std::string& keep) {
  constexpr std::size_t poolLimit = 200;
  constexpr std::size_t sizeLimit = 1 << 16;
  std::vector<std::string> pool = seeds();
  for (const std::string& input : pool) require(run(input) == 0, "seeds are accepted");
  const std::size_t seedCount = pool.size();
  Rng rng(seed);
  std::size_t accepted = 0;
  std::size_t tried = 0;
  const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (std::chrono::steady_clock::now() < end) {
    std::string input = pool[rng.below(pool.size())];
    const auto edits = 1 + rng.below(4);
    for (std::uint64_t e = 0; e < edits; ++e) mutate(rng, input, pool);
    if (input.size() > sizeLimit) input.resize(sizeLimit);
    if (!keep.empty()) writeFileAtomic(keep, input);
    ++tried;
    if (run(input) != 0) continue;
    ++accepted;
    if (pool.size() < seedCount + poolLimit) {
      pool.push_back(std::move(input));
    } else {
      pool[seedCount + rng.below(poolLimit)] = std::move(input);
    }
  }
  std::printf("%zu inputs, %zu accepted, %zu refused\n", tried, accepted, tried - accepted);
  // A driver whose inputs all end the same way would test nothing.
  require(accepted > 0 && accepted < tried, "both outcomes occur");
  return 0;
}

}  // namespace
}  // namespace bitfrontier::fuzz

int main(int argc, char** argv) {
  double seconds = 2;
  std::uint64_t seed = 1;
  int i = 1;
  for (; i + 1 < argc && std::string_view(argv[i]).starts_with("--"); i += 2) {
    const std::string_view option = argv[i];
    if (option == "--seconds") seconds = std::strtod(argv[i + 1], nullptr);
    if (option == "--write-seeds") return bitfrontier::fuzz::writeSeeds(argv[i + 1]);
    if (option == "--seed") seed = std::strtoull(argv[i + 1], nullptr, 10);
  }
  try {
    if (i < argc) return bitfrontier::fuzz::replay(argc - i, argv + i);
    const std::string keep =
        std::getenv("FUZZ_KEEP") != nullptr ? std::string(argv[0]) + ".last" : std::string();
    return bitfrontier::fuzz::fuzz(seconds, seed, keep);
  } catch (const std::exception& e) {
    std::fprintf(stderr, "unexpected exception: %s\n", e.what());
    return 1;
  }
}

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/tokenizer/bpe/bpe_trainer.h"
#include "core/tokenizer/tokenizer.h"
#include "tests/fuzz/fuzz_target.h"

namespace bitfrontier::fuzz {

namespace {

void replaceFirst(std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  require(at != std::string::npos, "the trained file holds what the seed changes");
  text.replace(at, from.size(), to);
}

}  // namespace

std::vector<std::string> seeds() {
  std::string corpus;
  for (int i = 0; i < 30; ++i) corpus += "the cat sat on that mat. ";
  const std::string plain = trainByteLevelBpe(corpus, {.vocabSize = 268});
  std::string nfc = plain;
  replaceFirst(nfc, "\"normalizer\": null", "\"normalizer\": {\"type\": \"NFC\"}");
  std::string split = plain;
  replaceFirst(
      split, "\"pre_tokenizer\": {",
      "\"pre_tokenizer\": {\"type\": \"Sequence\", \"pretokenizers\": [{\"type\": \"Split\", "
      "\"pattern\": {\"Regex\": \"\\\\p{N}{1,3}|\\\\s+(?!\\\\S)\"}, \"behavior\": "
      "\"Isolated\", \"invert\": false}, {\"type\": \"ByteLevel\", \"use_regex\": false, "
      "\"add_prefix_space\": true}]}, \"was\": {");
  return {plain, nfc, split};
}

}  // namespace bitfrontier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bitfrontier;
  try {
    const Tokenizer tokenizer =
        Tokenizer::parse({reinterpret_cast<const char*>(data), size}, "fuzz");
    const auto ids = tokenizer.encode("the cat<|endoftext|>  e\u0301 123 \xff mat's");
    for (const std::int32_t id : ids) {
      fuzz::require(id >= 0 && id < tokenizer.vocabSize(), "ids are below the vocabulary size");
    }
    fuzz::require(tokenizer.decode(ids).size() < 4096, "the text comes back in a sane length");
  } catch (const Error&) {
    return fuzz::kRefused;
  }
  return 0;
}

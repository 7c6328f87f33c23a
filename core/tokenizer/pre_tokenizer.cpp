// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/pre_tokenizer.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/tokenizer/regex.h"

namespace bitfrontier {

namespace {

// The only pattern known to rely on a set nested in a set; it has its own scanner.
constexpr std::string_view bloomPattern =
    " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+";
constexpr std::string_view gpt2Pattern =
    "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

class ByteLevelStep : public PreTokenizerStep {
 public:
  ByteLevelStep(bool prefixSpace, bool useRegex) : prefixSpace_(prefixSpace), regex_(useRegex) {}
  void split(std::string_view text, const PieceSink& sink) const override {
    if (prefixSpace_ && !text.empty() && text.front() != ' ') {
      const std::string spaced = " " + std::string(text);
      cut(spaced, sink);
    } else {
      cut(text, sink);
    }
  }

 private:
  void cut(std::string_view text, const PieceSink& sink) const {
    if (regex_) {
      splitGpt2(text, sink);
    } else {
      sink(text);
    }
  }
  bool prefixSpace_;
  bool regex_;
};

class BloomStep : public PreTokenizerStep {
 public:
  void split(std::string_view text, const PieceSink& sink) const override {
    splitBloom(text, sink);
  }
};

class Gpt2Step : public PreTokenizerStep {
 public:
  void split(std::string_view text, const PieceSink& sink) const override { splitGpt2(text, sink); }
};

class RegexStep : public PreTokenizerStep {
 public:
  RegexStep(Regex regex, bool dropMatches, bool dropGaps)
      : regex_(std::move(regex)), dropMatches_(dropMatches), dropGaps_(dropGaps) {}
  void split(std::string_view text, const PieceSink& sink) const override {
    std::size_t gap = 0;
    regex_.matches(text, [&](std::size_t begin, std::size_t end) {
      if (gap < begin && !dropGaps_) sink(text.substr(gap, begin - gap));
      if (begin < end && !dropMatches_) sink(text.substr(begin, end - begin));
      gap = end;
    });
    if (gap < text.size() && !dropGaps_) sink(text.substr(gap));
  }

 private:
  Regex regex_;
  bool dropMatches_;
  bool dropGaps_;
};

std::shared_ptr<const PreTokenizerStep> splitStep(const nlohmann::json& description,
                                                  std::string_view where) {
  const std::string& behavior = requireString(description, "behavior", where);
  if (behavior != "Isolated" && behavior != "Removed") {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: split behavior '{}' is not supported", where, behavior));
  }
  const bool invert = boolOr(description, "invert", where, false);
  const bool removed = behavior == "Removed";
  const nlohmann::json& pattern = requireObject(description, "pattern", where);
  if (pattern.contains("String")) {
    const std::string& text = requireString(pattern, "String", where);
    return std::make_shared<RegexStep>(Regex::literal(text, where), removed && !invert,
                                       removed && invert);
  }
  const std::string& text = requireString(pattern, "Regex", where);
  if (!removed && text == bloomPattern) return std::make_shared<BloomStep>();
  if (!removed && text == gpt2Pattern) return std::make_shared<Gpt2Step>();
  return std::make_shared<RegexStep>(Regex(text, where), removed && !invert, removed && invert);
}

}  // namespace

PreTokenizer::PreTokenizer()
    : steps_{std::make_shared<ByteLevelStep>(false, true)}, byteLevel_(true) {}

PreTokenizer::PreTokenizer(const nlohmann::json& description, std::string_view where) {
  add(description, where, 0);
  if (!byteLevel_) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: only byte-level pre-tokenizers are supported", where));
  }
}

void PreTokenizer::add(const nlohmann::json& description, std::string_view where, int depth) {
  const std::string& type = requireString(description, "type", where);
  if (byteLevel_) {
    throw Error(
        ErrorKind::Unsupported,
        fmt::format("{}: pre-tokenizer '{}' after ByteLevel is not supported", where, type));
  }
  if (type == "ByteLevel") {
    steps_.push_back(
        std::make_shared<ByteLevelStep>(boolOr(description, "add_prefix_space", where, true),
                                        boolOr(description, "use_regex", where, true)));
    byteLevel_ = true;
  } else if (type == "Split") {
    steps_.push_back(splitStep(description, where));
  } else if (type == "Sequence" && depth < 8) {
    for (const auto& part : requireArray(description, "pretokenizers", where)) {
      add(part, where, depth + 1);
    }
  } else {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: pre-tokenizer '{}' is not supported", where, type));
  }
}

void PreTokenizer::run(std::size_t step, std::string_view text, const PieceSink& sink) const {
  if (step + 1 == steps_.size()) {
    steps_[step]->split(text, sink);
    return;
  }
  steps_[step]->split(text, [&](std::string_view piece) { run(step + 1, piece, sink); });
}

}  // namespace bitfrontier

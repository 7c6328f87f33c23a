// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/pipeline/pre_tokenizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/tokenizer/bpe/byte_level.h"
#include "core/tokenizer/pipeline/scanners.h"
#include "core/tokenizer/regex/text_pattern.h"
#include "core/tokenizer/text/older_unicode.h"
#include "core/tokenizer/text/unicode.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

using PartSink = Sink<const Piece&>;

// Passes on pieces of `piece.text` as what they are.
class Within {
 public:
  Within(const Piece& piece, const PartSink& sink) : piece_(piece), sink_(sink) {}
  void operator()(std::string_view part) const {
    sink_(piece_.sub(static_cast<std::size_t>(part.data() - piece_.text.data()), part.size()));
  }
  void operator()(std::size_t begin, std::size_t size) const { sink_(piece_.sub(begin, size)); }

 private:
  const Piece& piece_;
  const PartSink& sink_;
};

class ByteLevelStep : public PreTokenizerStep {
 public:
  ByteLevelStep(bool prefixSpace, bool useRegex, bool respell)
      : prefixSpace_(prefixSpace), regex_(useRegex), respell_(respell) {}

  void split(const Piece& piece, const PartSink& sink) const override {
    if (!prefixSpace_ || piece.text.empty() || piece.text.front() == ' ') {
      cut(piece, sink);
      return;
    }
    const std::string spaced = " " + std::string(piece.text);
    cut({spaced, piece.fromStart > 0 ? piece.fromStart + 1 : 0}, sink);
  }

  std::shared_ptr<const ByteLevelStep> withoutRespelling() const {
    return std::make_shared<ByteLevelStep>(prefixSpace_, regex_, false);
  }

 private:
  void cut(const Piece& piece, const PartSink& sink) const {
    if (!respell_) {
      pieces(piece, sink);
      return;
    }
    pieces(piece, [&](const Piece& part) {
      const std::string spelled = bytesToToken(part.text);
      const std::string_view start = part.text.substr(0, part.fromStart);
      sink(Piece{spelled, bytesToToken(start).size()});
    });
  }
  void pieces(const Piece& piece, const PartSink& sink) const {
    if (regex_) {
      splitGpt2(piece.text, Within(piece, sink));
    } else {
      sink(piece);
    }
  }
  bool prefixSpace_;
  bool regex_;
  bool respell_;
};

class ScannerStep : public PreTokenizerStep {
 public:
  explicit ScannerStep(Scanner scanner) : scanner_(scanner) {}
  void split(const Piece& piece, const PartSink& sink) const override {
    scanner_(piece.text, Within(piece, sink));
  }

 private:
  Scanner scanner_;
};

class PatternStep : public PreTokenizerStep {
 public:
  PatternStep(TextPattern pattern, SplitBehavior behavior, bool invert)
      : pattern_(std::move(pattern)), behavior_(behavior), invert_(invert) {}
  void split(const Piece& piece, const PartSink& sink) const override {
    const Within within(piece, sink);
    const Splitter::Ranges ranges(within);
    Splitter splitter(behavior_, invert_, ranges);
    pattern_.matches(piece.text,
                     [&](std::size_t begin, std::size_t end) { splitter.match(begin, end); });
    splitter.finish(piece.text.size());
  }

 private:
  TextPattern pattern_;
  SplitBehavior behavior_;
  bool invert_;
};

// Every character of a kind is a match.
class KindStep : public PreTokenizerStep {
 public:
  using Holds = bool (*)(std::int32_t code);
  KindStep(Holds holds, SplitBehavior behavior) : holds_(holds), behavior_(behavior) {}
  void split(const Piece& piece, const PartSink& sink) const override {
    const Within within(piece, sink);
    const Splitter::Ranges ranges(within);
    Splitter splitter(behavior_, false, ranges);
    for (std::size_t at = 0; at < piece.text.size();) {
      const Utf8Char c = utf8At(piece.text, at);
      if (holds_(c.code)) splitter.match(at, at + c.size);
      at += c.size;
    }
    splitter.finish(piece.text.size());
  }

 private:
  Holds holds_;
  SplitBehavior behavior_;
};

// Runs of word characters and runs of others; white space is left out.
class WhitespaceStep : public PreTokenizerStep {
 public:
  void split(const Piece& piece, const PartSink& sink) const override {
    enum class Kind : std::uint8_t { Space, Word, Other };
    const auto kindOf = [](std::int32_t code) {
      if (isWhiteSpace(code)) return Kind::Space;
      return isWordCharacter(code) ? Kind::Word : Kind::Other;
    };
    const Within within(piece, sink);
    std::size_t begin = 0;
    Kind kind = Kind::Space;
    for (std::size_t at = 0; at < piece.text.size();) {
      const Utf8Char c = utf8At(piece.text, at);
      const Kind next = kindOf(c.code);
      if (next != kind) {
        if (kind != Kind::Space) within(begin, at - begin);
        begin = at;
        kind = next;
      }
      at += c.size;
    }
    if (kind != Kind::Space) within(begin, piece.text.size() - begin);
  }
};

class MetaspaceStep : public PreTokenizerStep {
 public:
  enum class Prepend : std::uint8_t { First, Always, Never };

  MetaspaceStep(std::string replacement, Prepend prepend, bool split)
      : replacement_(std::move(replacement)), prepend_(prepend), split_(split) {}

  void split(const Piece& piece, const PartSink& sink) const override {
    std::string text;
    std::size_t fromStart = piece.fromStart;
    for (std::size_t at = 0; at < piece.text.size(); ++at) {
      if (piece.text[at] != ' ') {
        text += piece.text[at];
        continue;
      }
      if (at < piece.fromStart) fromStart += replacement_.size() - 1;
      text += replacement_;
    }
    const bool here =
        prepend_ == Prepend::Always || (prepend_ == Prepend::First && piece.fromStart > 0);
    if (here && !text.empty() && !text.starts_with(replacement_)) {
      text.insert(0, replacement_);
      if (fromStart > 0) fromStart += replacement_.size();
    }
    const Piece whole{text, fromStart};
    if (!split_) {
      sink(whole);
      return;
    }
    std::size_t begin = 0;
    while (begin < text.size()) {
      // A match at the begin belongs to this piece.
      const std::size_t from =
          begin + (std::string_view(text).substr(begin).starts_with(replacement_)
                       ? replacement_.size()
                       : 0);
      const std::size_t end = std::min(text.find(replacement_, from), text.size());
      sink(whole.sub(begin, end - begin));
      begin = end;
    }
  }

 private:
  std::string replacement_;
  Prepend prepend_;
  bool split_;
};

std::shared_ptr<const PreTokenizerStep> makeSplit(const nlohmann::json& description,
                                                  std::string_view where) {
  const SplitBehavior behavior =
      parseSplitBehavior(requireString(description, "behavior", where), where);
  const bool invert = boolOr(description, "invert", where, false);
  const nlohmann::json& pattern = requireObject(description, "pattern", where);
  if (behavior == SplitBehavior::Isolated && pattern.contains("Regex")) {
    if (const Scanner scanner = scannerFor(requireString(pattern, "Regex", where))) {
      return std::make_shared<ScannerStep>(scanner);
    }
  }
  return std::make_shared<PatternStep>(TextPattern::parse(description, where), behavior, invert);
}

std::shared_ptr<const PreTokenizerStep> makeMetaspace(const nlohmann::json& description,
                                                      std::string_view where) {
  using Prepend = MetaspaceStep::Prepend;
  const bool old = boolOr(description, "add_prefix_space", where, true);
  const std::string scheme = stringOr(description, "prepend_scheme", where, "always");
  constexpr std::pair<std::string_view, Prepend> schemes[] = {
      {"first", Prepend::First}, {"always", Prepend::Always}, {"never", Prepend::Never}};
  for (const auto& [name, prepend] : schemes) {
    if (scheme != name) continue;
    // Files older than prepend_scheme have add_prefix_space alone.
    const bool stated = description.contains("prepend_scheme");
    if (!old && prepend != Prepend::Never && stated) {
      throw Error(ErrorKind::Format,
                  fmt::format("{}: Metaspace has add_prefix_space false and prepend_scheme '{}'",
                              where, scheme));
    }
    return std::make_shared<MetaspaceStep>(requireCharacter(description, "replacement", where),
                                           old ? prepend : Prepend::Never,
                                           boolOr(description, "split", where, true));
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: prepend_scheme '{}' is not supported", where, scheme));
}

}  // namespace

PreTokenizer::PreTokenizer(const nlohmann::json& description, std::string_view where,
                           bool bytesAlready) {
  if (!description.is_null()) add(description, where, 0);
  finish(bytesAlready);
}

// A ByteLevel at the end that is the only one need not respell: the bytes are looked up directly.
void PreTokenizer::finish(bool bytesAlready) {
  const auto isByteLevel = [](const auto& step) {
    return dynamic_cast<const ByteLevelStep*>(step.get()) != nullptr;
  };
  if (bytesAlready || steps_.empty() || !isByteLevel(steps_.back())) return;
  if (std::count_if(steps_.begin(), steps_.end(), isByteLevel) != 1) return;
  steps_.back() = dynamic_cast<const ByteLevelStep&>(*steps_.back()).withoutRespelling();
  rawBytes_ = true;
}

void PreTokenizer::add(const nlohmann::json& description, std::string_view where, int depth) {
  const std::string& type = requireString(description, "type", where);
  if (type == "ByteLevel") {
    steps_.push_back(
        std::make_shared<ByteLevelStep>(boolOr(description, "add_prefix_space", where, true),
                                        boolOr(description, "use_regex", where, true), true));
  } else if (type == "Split") {
    steps_.push_back(makeSplit(description, where));
  } else if (type == "Digits") {
    const bool single = boolOr(description, "individual_digits", where, false);
    steps_.push_back(std::make_shared<KindStep>(
        isNumeric, single ? SplitBehavior::Isolated : SplitBehavior::Contiguous));
  } else if (type == "Whitespace") {
    steps_.push_back(std::make_shared<WhitespaceStep>());
  } else if (type == "WhitespaceSplit") {
    steps_.push_back(std::make_shared<KindStep>(isWhiteSpace, SplitBehavior::Removed));
  } else if (type == "Punctuation") {
    const std::string behavior = stringOr(description, "behavior", where, "Isolated");
    steps_.push_back(
        std::make_shared<KindStep>(isPunctuation, parseSplitBehavior(behavior, where)));
  } else if (type == "BertPreTokenizer") {
    steps_.push_back(std::make_shared<KindStep>(isWhiteSpace, SplitBehavior::Removed));
    steps_.push_back(std::make_shared<KindStep>(isPunctuation, SplitBehavior::Isolated));
  } else if (type == "CharDelimiterSplit") {
    steps_.push_back(std::make_shared<PatternStep>(
        TextPattern::literal(requireCharacter(description, "delimiter", where)),
        SplitBehavior::Removed, false));
  } else if (type == "Metaspace") {
    steps_.push_back(makeMetaspace(description, where));
  } else if (type == "Sequence" && depth < 8) {
    for (const auto& part : requireArray(description, "pretokenizers", where)) {
      add(part, where, depth + 1);
    }
  } else {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: pre-tokenizer '{}' is not supported", where, type));
  }
}

void PreTokenizer::split(const Piece& piece, const PieceSink& sink) const {
  if (!piece.text.empty()) run(0, piece, sink);
}

void PreTokenizer::run(std::size_t step, const Piece& piece, const PieceSink& sink) const {
  if (step == steps_.size()) {
    sink(piece.text);
    return;
  }
  steps_[step]->split(piece, [&](const Piece& part) { run(step + 1, part, sink); });
}

}  // namespace bitfrontier

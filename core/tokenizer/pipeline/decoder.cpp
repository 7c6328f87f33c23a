// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/pipeline/decoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/tokenizer/bpe/byte_level.h"
#include "core/tokenizer/regex/text_pattern.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

using Tokens = std::vector<std::string>;

std::string join(const Tokens& tokens, std::string_view between) {
  std::string out;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (i > 0) out += between;
    out += tokens[i];
  }
  return out;
}

// "<0x0A>"; the package reads the two places as a number that may have a sign.
std::optional<char> fallbackByte(std::string_view token) {
  if (token.size() != 6 || !token.starts_with("<0x") || token.back() != '>') return std::nullopt;
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
  };
  const int high = token[3] == '+' ? 0 : digit(token[3]);
  const int low = digit(token[4]);
  if (high < 0 || low < 0) return std::nullopt;
  return static_cast<char>(high * 16 + low);
}

void decodeBytes(Tokens& tokens) {
  Tokens out;
  std::string bytes;
  const auto flush = [&] {
    if (bytes.empty()) return;
    if (isUtf8(bytes)) {
      out.push_back(bytes);
    } else {
      out.insert(out.end(), bytes.size(), "\xef\xbf\xbd");
    }
    bytes.clear();
  };
  for (std::string& token : tokens) {
    if (const auto byte = fallbackByte(token)) {
      bytes += *byte;
    } else {
      flush();
      out.push_back(std::move(token));
    }
  }
  flush();
  tokens = std::move(out);
}

void strip(std::string& token, const std::string& content, std::int64_t start, std::int64_t stop) {
  std::string_view rest = token;
  for (std::int64_t i = 0; i < start && rest.starts_with(content); ++i) {
    rest.remove_prefix(content.size());
  }
  for (std::int64_t i = 0; i < stop && rest.ends_with(content); ++i) {
    rest.remove_suffix(content.size());
  }
  token = std::string(rest);
}

}  // namespace

Decoder::Decoder(const nlohmann::json& description, std::string_view where) {
  if (!description.is_null()) add(description, where, 0);
}

void Decoder::addByteLevel() {
  present_ = true;
  steps_.emplace_back([](Tokens& tokens) {
    std::string bytes;
    for (const std::string& token : tokens) bytes += tokenToBytes(token);
    tokens = {lossyUtf8(bytes)};
  });
}

void Decoder::add(const nlohmann::json& description, std::string_view where, int depth) {
  const std::string& type = requireString(description, "type", where);
  present_ = true;
  if (type == "ByteLevel") {
    addByteLevel();
  } else if (type == "Replace") {
    const auto pattern =
        std::make_shared<const TextPattern>(TextPattern::parse(description, where));
    steps_.emplace_back(
        [pattern, content = requireString(description, "content", where)](Tokens& tokens) {
          for (std::string& token : tokens) token = pattern->replaced(token, content);
        });
  } else if (type == "ByteFallback") {
    steps_.emplace_back(decodeBytes);
  } else if (type == "Fuse") {
    steps_.emplace_back([](Tokens& tokens) { tokens = {join(tokens, "")}; });
  } else if (type == "Strip") {
    const std::string content = requireCharacter(description, "content", where);
    const std::int64_t start = requireInt(description, "start", where, 0, 1 << 30);
    const std::int64_t stop = requireInt(description, "stop", where, 0, 1 << 30);
    steps_.emplace_back([=](Tokens& tokens) {
      for (std::string& token : tokens) strip(token, content, start, stop);
    });
  } else if (type == "Metaspace") {
    const auto space = std::make_shared<const TextPattern>(
        TextPattern::literal(requireCharacter(description, "replacement", where)));
    const bool skipFirst = boolOr(description, "add_prefix_space", where, true) &&
                           stringOr(description, "prepend_scheme", where, "always") != "never";
    steps_.emplace_back([=](Tokens& tokens) {
      for (std::size_t i = 0; i < tokens.size(); ++i) {
        tokens[i] = space->replaced(tokens[i], i == 0 && skipFirst ? "" : " ");
      }
    });
  } else if (type == "Sequence" && depth < 8) {
    for (const auto& part : requireArray(description, "decoders", where)) {
      add(part, where, depth + 1);
    }
  } else {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: decoder '{}' is not supported", where, type));
  }
}

std::string Decoder::decode(std::vector<std::string> tokens) const {
  for (const Step& step : steps_) step(tokens);
  return lossyUtf8(join(tokens, present_ ? "" : " "));
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/files/tokenizer_json.h"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "core/base/error.h"

namespace bitfrontier {

namespace {

using nlohmann::json;

constexpr std::size_t deepest = 32;

// Receives the events of the parser. A tree is built as usual, but inside the vocabulary and the
// merges.
class Reader : public nlohmann::json_sax<json> {
 public:
  Reader(std::string_view text, std::string_view where, bool onlyVocab)
      : text_(text), where_(where) {
    if (onlyVocab) place_ = Place::BeforeVocab;
  }
  TokenizerJson take() {
    checkIds();
    return std::move(out_);
  }

  bool null() override { return value(nullptr); }
  bool boolean(bool v) override { return value(v); }
  bool number_integer(std::int64_t v) override { return number(v, v); }
  bool number_unsigned(std::uint64_t v) override {
    return number(v, v > INT64_MAX ? INT64_MAX : static_cast<std::int64_t>(v));
  }
  bool number_float(double v, const std::string& /*spelled*/) override { return value(v); }
  bool binary(json::binary_t& v) override { return value(v); }
  bool string(std::string& v) override {
    if (place_ == Place::Merges) {
      addSpelledMerge(out_.merges, v, where_);
    } else if (place_ == Place::Pair) {
      pair_.push_back(std::move(v));
    } else {
      return value(std::move(v));
    }
    return true;
  }
  bool key(std::string& v) override {
    key_ = std::move(v);
    return true;
  }

  bool start_object(std::size_t /*size*/) override {
    deeper();
    if (place_ == Place::BeforeVocab || (place_ == Place::Tree && at({"model", "vocab"}))) {
      if (out_.hasVocab) twice("vocab");
      out_.hasVocab = true;
      place_ = Place::Vocab;
      return true;
    }
    if (place_ != Place::Tree) wrongPlace();
    open(json::object());
    return true;
  }
  bool end_object() override {
    --depth_;
    if (place_ == Place::Vocab) {
      place_ = Place::Tree;
      return true;
    }
    close();
    return true;
  }
  bool start_array(std::size_t /*size*/) override {
    deeper();
    if (place_ == Place::Merges) {
      place_ = Place::Pair;
      pair_.clear();
      return true;
    }
    if (place_ == Place::Tree && at({"model", "merges"})) {
      if (out_.hasMerges) twice("merges");
      out_.hasMerges = true;
      place_ = Place::Merges;
      return true;
    }
    if (place_ != Place::Tree) wrongPlace();
    open(json::array());
    return true;
  }
  bool end_array() override {
    --depth_;
    if (place_ == Place::Merges) {
      place_ = Place::Tree;
    } else if (place_ == Place::Pair) {
      if (pair_.size() != 2) wrongPlace();
      out_.merges.add(pair_[0], pair_[1]);
      place_ = Place::Merges;
    } else {
      close();
    }
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    if (dynamic_cast<const json::parse_error*>(&error) == nullptr) {
      fail(fmt::format("holds a number out of range before byte {}", position));
    }
    fail(fmt::format("not valid JSON at byte {} of {}", position, text_.size()));
  }

 private:
  enum class Place : std::uint8_t { Tree, BeforeVocab, Vocab, Merges, Pair };

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::Format, fmt::format("{}: {}", where_, what));
  }
  [[noreturn]] void twice(std::string_view name) const {
    fail(fmt::format("'{}' occurs twice", name));
  }
  [[noreturn]] void wrongPlace() const {
    switch (place_) {
      case Place::Vocab:
        fail(fmt::format("the id of token '{}' is no integer", key_));
      case Place::Merges:
      case Place::Pair:
        fail(fmt::format("merge {} is neither a string nor two strings", out_.merges.size()));
      default:
        fail("the vocabulary is no object");
    }
  }
  void deeper() {
    if (++depth_ > deepest) fail(fmt::format("is nested more than {} deep", deepest));
  }
  // Whether the value that begins is that of the given keys from the root.
  bool at(std::initializer_list<std::string_view> keys) const {
    if (open_.size() != keys.size()) return false;
    std::size_t i = 0;
    for (const std::string_view key : keys) {
      const std::string& seen = i + 1 < open_.size() ? names_[i + 1] : key_;
      if (!open_[i]->is_object() || seen != key) return false;
      ++i;
    }
    return true;
  }
  json* put(json value) {
    if (open_.empty()) {
      out_.rest = std::move(value);
      return &out_.rest;
    }
    json& parent = *open_.back();
    if (parent.is_array()) {
      parent.push_back(std::move(value));
      return &parent.back();
    }
    const auto [it, fresh] = parent.get_ref<json::object_t&>().emplace(key_, std::move(value));
    if (!fresh) twice(key_);
    return &it->second;
  }
  void open(json value) {
    names_.push_back(key_);
    open_.push_back(put(std::move(value)));
  }
  void close() {
    open_.pop_back();
    names_.pop_back();
  }
  template <typename T>
  bool value(T&& v) {
    if (place_ != Place::Tree) wrongPlace();
    put(json(std::forward<T>(v)));
    return true;
  }
  template <typename T>
  bool number(T v, std::int64_t id) {
    if (place_ != Place::Vocab) return value(v);
    if (id < 0 || id > INT32_MAX) outside(id);
    if (!out_.vocab.add(key_, static_cast<std::int32_t>(id))) {
      fail(fmt::format("token '{}' occurs twice in the vocabulary", key_));
    }
    return true;
  }
  [[noreturn]] void outside(std::int64_t id) const {
    fail(fmt::format("token '{}' has id {}, outside 0 to {}", key_, id, INT32_MAX));
  }
  // Ids index arrays here and in the model; one far beyond the number of entries is an error in
  // the file rather than a reason to allocate.
  void checkIds() const {
    const std::size_t limit = 2 * out_.vocab.size() + 65536;
    std::vector<bool> seen(limit);
    for (std::size_t i = 0; i < out_.vocab.size(); ++i) {
      const auto [token, id] = out_.vocab.entry(i);
      const auto index = static_cast<std::size_t>(id);
      if (index >= limit) {
        fail(fmt::format("token '{}' has id {}, outside 0 to {}", token, id, limit - 1));
      }
      if (seen[index]) fail(fmt::format("token '{}' repeats id {}", token, id));
      seen[index] = true;
    }
  }

  std::string_view text_;
  std::string_view where_;
  TokenizerJson out_;
  Place place_ = Place::Tree;
  std::size_t depth_ = 0;
  std::string key_;
  std::vector<json*> open_;
  std::vector<std::string> names_;  // the keys under which the open values lie
  std::vector<std::string> pair_;
};

TokenizerJson run(std::string_view text, std::string_view where, bool onlyVocab) {
  if (text.size() > largestTokenizerFile) {
    throw Error(ErrorKind::Format, fmt::format("{}: {} bytes are more than the {} allowed", where,
                                               text.size(), largestTokenizerFile));
  }
  Reader reader(text, where, onlyVocab);
  json::sax_parse(text, &reader);
  return reader.take();
}

}  // namespace

TokenizerJson readTokenizerJson(std::string_view text, std::string_view where) {
  return run(text, where, false);
}

Vocab readVocabJson(std::string_view text, std::string_view where) {
  return run(text, where, true).vocab;
}

void addSpelledMerge(MergeList& merges, std::string_view line, std::string_view where) {
  const std::size_t space = line.find(' ');
  if (space == std::string_view::npos || line.find(' ', space + 1) != std::string_view::npos) {
    throw Error(ErrorKind::Format, fmt::format("{}: merge {} is '{}', not two tokens and a space",
                                               where, merges.size(), line));
  }
  merges.add(line.substr(0, space), line.substr(space + 1));
}

}  // namespace bitfrontier

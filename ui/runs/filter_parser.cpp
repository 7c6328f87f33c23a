// SPDX-License-Identifier: GPL-3.0-or-later
// The grammar of the filter box:
//   any    = all { ("or" | "|") all }
//   all    = { ["and"] not }
//   not    = ("-" | "!" | "not") not | "(" any ")" | term
//   term   = field operator value { "," value } | value { "," value }
#include <algorithm>
#include <utility>

#include "ui/runs/filter_term.h"

namespace bitfrontier {
namespace {

using Op = FilterTerm::Op;

bool isBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
bool isOperator(char c) { return c == ':' || c == '=' || c == '<' || c == '>' || c == '!'; }

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {
    for (char& c : text_) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }

  ParsedFilter parse() {
    std::vector<FilterNode> all;
    while (!atEnd()) {
      if (auto node = parseAny(0)) all.push_back(std::move(*node));
      if (!atEnd()) {  // only a bracket too many stops parseAny early
        complain("a bracket closes that was not opened", at_);
        ++at_;
      }
    }
    return {join(FilterNode::Kind::And, std::move(all)),
            std::move(complaint_),
            place_,
            std::move(parts_),
            alternatives_,
            std::move(unfinished_)};
  }

 private:
  static constexpr int kDeepest = 40;
  using Node = std::optional<FilterNode>;

  bool atEnd() {
    while (at_ < text_.size() && isBlank(text_[at_])) ++at_;
    return at_ >= text_.size();
  }

  /// The place is where the word begins that is not understood.
  void complain(std::string sentence, std::size_t place) {
    if (!complaint_.empty()) return;
    complaint_ = std::move(sentence);
    place_ = std::min(place, text_.size());
  }

  static Node join(FilterNode::Kind kind, std::vector<FilterNode> nodes) {
    if (nodes.empty()) return std::nullopt;
    if (nodes.size() == 1) return std::move(nodes.front());
    FilterNode node;
    node.kind = kind;
    node.children = std::move(nodes);
    return node;
  }

  /// The word that stands alone here: "or", "and", "not", "|"; it is taken when it does.
  bool take(std::string_view word) {
    if (atEnd() || text_.compare(at_, word.size(), word) != 0) return false;
    const std::size_t end = at_ + word.size();
    if (end < text_.size() && !isBlank(text_[end]) && text_[end] != '(' && text_[end] != ')') {
      return false;
    }
    at_ = end;
    return true;
  }

  Node parseAny(int depth) {
    std::vector<FilterNode> nodes;
    do {
      if (Node node = parseAll(depth)) nodes.push_back(std::move(*node));
      if (!beginsOr()) break;
      alternatives_ = alternatives_ || depth == 0;
    } while (take("or") || take("||") || take("|"));
    return join(FilterNode::Kind::Or, std::move(nodes));
  }

  bool beginsOr() {
    const std::size_t here = at_;
    const bool found = take("or") || take("||") || take("|");
    at_ = here;
    return found;
  }

  Node parseAll(int depth) {
    std::vector<FilterNode> nodes;
    while (!atEnd() && text_[at_] != ')' && !beginsOr()) {
      if (take("and") || take("&&")) continue;
      const std::size_t begin = at_;
      Node node = parseNot(depth);
      if (!node) continue;
      if (depth == 0) parts_.push_back({begin, at_, *node});
      nodes.push_back(std::move(*node));
    }
    return join(FilterNode::Kind::And, std::move(nodes));
  }

  Node parseNot(int depth) {
    if (depth > kDeepest) {
      complain("the filter has too many brackets", at_);
      at_ = text_.size();
      return std::nullopt;
    }
    const bool dash = text_[at_] == '-' || text_[at_] == '!';
    if (dash || take("not")) {
      if (dash) ++at_;
      if (dash ? at_ >= text_.size() || isBlank(text_[at_]) : atEnd()) {
        complain("\"not\" waits for a term", at_);
        return std::nullopt;
      }
      Node inner = parseNot(depth + 1);
      if (!inner) return std::nullopt;
      FilterNode node;
      node.kind = FilterNode::Kind::Not;
      node.children.push_back(std::move(*inner));
      return node;
    }
    if (text_[at_] == '(') {
      ++at_;
      Node inner = parseAny(depth + 1);
      if (!atEnd()) {
        ++at_;  // the closing bracket; at the end it may still be typed
      } else {
        unfinished_ += ')';
      }
      return inner;
    }
    return parseTerm();
  }

  /// A value up to a blank, comma or bracket, or what stands in quotes. Quoted text is taken as it
  /// stands.
  std::string parseValue(bool stopAtOperator, bool& quoted) {
    quoted = at_ < text_.size() && text_[at_] == '"';
    const std::size_t begin = at_ + (quoted ? 1 : 0);
    std::size_t end = begin;
    if (quoted) {
      end = std::min(text_.find('"', begin), text_.size());
      if (end == text_.size()) unfinished_ += '"';
      at_ = std::min(end + 1, text_.size());
    } else {
      while (end < text_.size() && !isBlank(text_[end]) && text_[end] != ',' && text_[end] != ')' &&
             text_[end] != '"' && !(stopAtOperator && isOperator(text_[end]))) {
        ++end;
      }
      at_ = end;
    }
    return text_.substr(begin, end - begin);
  }

  std::vector<std::string> parseList(std::string first, bool quoted) {
    std::vector<std::string> values;
    if (!first.empty() || quoted) values.push_back(std::move(first));
    while (at_ < text_.size() && text_[at_] == ',') {
      ++at_;
      std::string value = parseValue(false, quoted);
      if (!value.empty()) values.push_back(std::move(value));
    }
    std::erase(values, std::string());
    return values;
  }

  /// The operator here, for numbers with the blanks around it ("bits >= 3").
  std::optional<Op> parseOperator(bool numeric) {
    std::size_t at = at_;
    while (numeric && at < text_.size() && isBlank(text_[at])) ++at;
    if (at >= text_.size() || !isOperator(text_[at])) return std::nullopt;
    const char first = text_[at++];
    const bool equal =
        at < text_.size() && (text_[at] == '=' || (first == '!' && text_[at] == ':'));
    at += equal ? 1 : 0;
    std::size_t value = at;
    while (numeric && value < text_.size() && isBlank(text_[value])) ++value;
    const bool number = value < text_.size() &&
                        (text_[value] == '.' || (text_[value] >= '0' && text_[value] <= '9'));
    at_ = number ? value : at;
    switch (first) {
      case '<':
        return equal ? Op::LessEqual : Op::Less;
      case '>':
        return equal ? Op::GreaterEqual : Op::Greater;
      case '!':
        return Op::NotEqual;
      default:
        return Op::Equal;
    }
  }

  Node parseTerm() {
    const std::size_t begin = at_;
    bool quoted = false;
    std::string word = parseValue(true, quoted);
    if (!quoted && !word.empty()) {
      const auto field = filterField(word);
      const bool numeric = field && isNumeric(*field);
      if (const auto op = parseOperator(numeric)) {
        if (field) return parseFieldTerm(word, *field, *op, begin);
        parseValues();
        complain("unknown field \"" + word + "\"", begin);
        return std::nullopt;
      }
      const bool typing = at_ >= text_.size() || (numeric && atEnd());
      if (typing && word.size() > 1 && beginsFieldName(word)) {
        complain("waiting for the rest of \"" + word + "\"", begin);
        return std::nullopt;
      }
    }
    if (at_ == begin && at_ < text_.size() && isOperator(text_[at_])) {
      // A comparison without a field.
      const std::string rest = parseRest();
      complain("\"" + rest + "\" has no field before it", begin);
      return std::nullopt;
    }
    FilterNode node;
    node.term.texts = parseList(std::move(word), quoted);
    if (node.term.texts.empty()) return std::nullopt;
    return node;
  }

  std::vector<std::string> parseValues() {
    bool quoted = false;
    std::string first = parseValue(false, quoted);
    return parseList(std::move(first), quoted);
  }

  /// Everything up to the next blank, at least one character.
  std::string parseRest() {
    const std::size_t begin = at_++;
    while (at_ < text_.size() && !isBlank(text_[at_]) && text_[at_] != ')') ++at_;
    return text_.substr(begin, at_ - begin);
  }

  Node parseFieldTerm(const std::string& name, FilterField field, Op op, std::size_t begin) {
    FilterNode node;
    FilterTerm& term = node.term;
    term.field = field;
    term.op = op;
    term.whole = at_ >= 2 && text_.compare(at_ - 2, 2, "==") == 0;
    const std::size_t values = at_;
    term.texts = parseValues();
    if (term.texts.empty()) {
      complain("waiting for the value of " + name, begin);
      return std::nullopt;
    }
    if (!isNumeric(field)) {
      if (op == Op::Equal || op == Op::NotEqual) return node;
      complain(name + " is a text: compare it with : or !=", begin);
      return std::nullopt;
    }
    joinUnit(term.texts.back(), field);
    for (const std::string& text : term.texts) {
      if (const auto range = parseFilterNumber(text, field)) {
        term.ranges.push_back(*range);
      } else {
        complain("\"" + text + "\" is not a number", values);
      }
    }
    if (term.ranges.empty()) return std::nullopt;
    return node;
  }

  /// "10 GB": the unit may stand apart.
  void joinUnit(std::string& number, FilterField field) {
    if (field != FilterField::Size) return;
    std::size_t begin = at_;
    while (begin < text_.size() && isBlank(text_[begin])) ++begin;
    std::size_t end = begin;
    while (end < text_.size() && !isBlank(text_[end]) && text_[end] != ')') ++end;
    if (begin == at_ || end == begin || number.empty()) return;
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    const std::string both = number + text_.substr(begin, end - begin);
    // One letter is more likely a word of its own.
    if (!isDigit(number.back()) || isDigit(text_[begin]) || end - begin < 2) return;
    if (!parseFilterNumber(both, field)) return;
    number = both;
    at_ = end;
  }

  std::string text_;
  std::size_t at_ = 0;
  std::string complaint_;
  std::size_t place_ = 0;
  std::vector<FilterPart> parts_;
  bool alternatives_ = false;
  std::string unfinished_;
};

}  // namespace

ParsedFilter parseFilter(std::string_view text) { return Parser(text).parse(); }

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/bpe/bpe.h"

#include <fmt/format.h>

#include <bit>
#include <queue>

#include "core/base/error.h"
#include "core/tokenizer/bpe/byte_level.h"
#include "core/tokenizer/text/utf8.h"

namespace bitfrontier {

namespace {

constexpr std::size_t shortWord = 64;  // symbols that are merged by plain search
constexpr std::uint64_t golden = 0x9e3779b97f4a7c15U;

std::uint64_t pairKey(std::int32_t left, std::int32_t right) {
  return (static_cast<std::uint64_t>(static_cast<std::uint32_t>(left)) << 32) |
         static_cast<std::uint32_t>(right);
}

std::size_t bytePair(char left, char right) {
  return static_cast<std::size_t>(static_cast<unsigned char>(left)) << 8 |
         static_cast<unsigned char>(right);
}

bool continuesCharacter(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

std::string byteToken(unsigned byte) { return fmt::format("<0x{:02X}>", byte); }

// A first symbol list of fixed room; `push` fails silently when full, `full` tells.
struct ShortSymbols {
  std::array<std::int32_t, shortWord> ids;
  std::size_t count = 0;
  bool full = false;
  void push(std::int32_t id) {
    if (count < ids.size()) {
      ids[count++] = id;
    } else {
      full = true;
    }
  }
};

struct LongSymbols {
  std::vector<std::int32_t> ids;
  static constexpr bool full = false;
  void push(std::int32_t id) { ids.push_back(id); }
};

}  // namespace

Bpe::Bpe(const Vocab& vocab, const MergeList& merges, BpeOptions options, std::string_view where)
    : vocab_(vocab), options_(std::move(options)) {
  if (options_.unknown) {
    unknownId_ = vocab.find(*options_.unknown);
    if (unknownId_ < 0) {
      throw Error(ErrorKind::Format, fmt::format("{}: unk_token '{}' is not in the vocabulary",
                                                 where, *options_.unknown));
    }
  }
  for (unsigned b = 0; b < 256; ++b) {
    byteFallback_[b] = options_.byteFallback ? vocab.find(byteToken(b)) : -1;
  }
  for (unsigned b = 0; b < 256; ++b) {
    const char byte = static_cast<char>(b);
    first_[b] = firstOf(options_.byteLevel ? bytesToToken({&byte, 1}) : std::string(1, byte));
  }
  addMerges(vocab, merges, where);
  if (!options_.ignoreMerges) {
    allowCuts(merges);
  } else if (options_.byteLevel) {
    for (std::size_t i = 0; i < vocab.size(); ++i) {
      const Vocab::Entry entry = vocab.entry(i);
      if (const auto bytes = spelledBytes(entry.token)) words_.add(*bytes, entry.id);
    }
  }
}

void Bpe::addMerges(const Vocab& vocab, const MergeList& merges, std::string_view where) {
  const std::size_t slots = std::bit_ceil(2 * merges.size() + 2);
  merges_.assign(slots, Merge{0, -1, -1});
  shift_ = 64U - static_cast<unsigned>(std::countr_zero(slots));
  for (std::size_t rank = 0; rank < merges.size(); ++rank) {
    const auto idOf = [&](std::string_view token) {
      const std::int32_t id = vocab.find(token);
      if (id < 0) {
        throw Error(ErrorKind::Format,
                    fmt::format("{}: merge {} ('{}' and '{}') needs '{}', which is not in the "
                                "vocabulary",
                                where, rank, merges.left(rank), merges.right(rank), token));
      }
      return id;
    };
    const std::uint64_t key = pairKey(idOf(merges.left(rank)), idOf(merges.right(rank)));
    std::size_t at = (key * golden) >> shift_;
    while (merges_[at].rank >= 0 && merges_[at].pair != key) at = (at + 1) & (slots - 1);
    // Of a pair listed twice the later place counts, as in the package.
    merges_[at] = {key, static_cast<std::int32_t>(rank), idOf(merges.joined(rank))};
  }
}

// A cut between two characters is safe when no merge brings them together and what becomes of one
// does not depend on the other.
void Bpe::allowCuts(const MergeList& merges) {
  bool everyByte = options_.byteFallback;
  for (const std::int32_t id : byteFallback_) everyByte = everyByte && id >= 0;
  bool everyFirst = options_.byteLevel;
  for (const First& first : first_) everyFirst = everyFirst && first.known;
  // Without a token for everything, neighbours of what vanishes become adjacent and unknown ones
  // may fuse or wait for each other.
  cuts_ = everyByte || everyFirst ||
          (options_.unknown && !options_.fuseUnknown && !options_.byteFallback);
  for (std::size_t rank = 0; rank < merges.size() && cuts_; ++rank) {
    // Tokens that stand for something else than their spelling.
    for (const std::string_view token : {merges.left(rank), merges.right(rank)}) {
      const bool byte = options_.byteFallback && token.size() == 6 && token.starts_with("<0x");
      if (byte || (options_.unknown && token == *options_.unknown)) cuts_ = false;
    }
    std::string_view text = merges.joined(rank);
    std::optional<std::string> bytes;
    if (options_.byteLevel) {
      bytes = spelledBytes(text);
      if (!bytes) continue;  // its symbols never arise from bytes
      text = *bytes;
    }
    for (std::size_t i = 1; i < text.size(); ++i) adjacent_.set(bytePair(text[i - 1], text[i]));
  }
}

std::size_t Bpe::cut(std::string_view word) const {
  if (!cuts_) return word.size();
  for (std::size_t i = 1; i < word.size(); ++i) {
    if (adjacent_.test(bytePair(word[i - 1], word[i]))) continue;
    if (options_.byteLevel || !continuesCharacter(word[i])) return i;
  }
  return word.size();
}

const Bpe::Merge* Bpe::find(std::int32_t left, std::int32_t right) const {
  const std::uint64_t key = pairKey(left, right);
  const std::size_t mask = merges_.size() - 1;
  for (std::size_t at = (key * golden) >> shift_;; at = (at + 1) & mask) {
    const Merge& merge = merges_[at];
    if (merge.rank < 0) return nullptr;
    if (merge.pair == key) return &merge;
  }
}

Bpe::First Bpe::firstOf(std::string_view spelled) const {
  First first;
  const std::int32_t id = vocab_.find(spelled);
  if (id >= 0) {
    first.ids[0] = id;
    first.count = 1;
    first.known = true;
    return first;
  }
  if (options_.byteFallback) {
    for (const char c : spelled) {
      first.ids[first.count] = byteFallback_[static_cast<unsigned char>(c)];
      if (first.ids[first.count++] < 0) {
        first.count = 0;
        break;
      }
    }
    if (first.count > 0) return first;
  }
  first.unknown = unknownId_ >= 0;
  return first;
}

// The order is the package's: an unknown character is written when a known one follows, so that
// bytes of a character between them come first.
template <typename Symbols>
void Bpe::firstSymbols(std::string_view word, Symbols& symbols) const {
  bool pending = false;
  for (std::size_t at = 0; at < word.size() && !symbols.full;) {
    const auto lead = static_cast<unsigned char>(word[at]);
    std::size_t size = 1;
    First other;
    const First* first = &first_[lead];
    if (!options_.byteLevel && lead >= 0x80) {
      size = utf8At(word, at).size;
      other = firstOf(word.substr(at, size));
      first = &other;
    }
    if (first->unknown) {
      if (pending && !options_.fuseUnknown) symbols.push(unknownId_);
      pending = true;
    } else {
      if (pending && first->known) {
        symbols.push(unknownId_);
        pending = false;
      }
      for (std::size_t i = 0; i < first->count; ++i) symbols.push(first->ids[i]);
    }
    at += size;
  }
  if (pending) symbols.push(unknownId_);
}

void Bpe::encode(std::string_view word, std::vector<std::int32_t>& ids) const {
  if (options_.ignoreMerges) {
    const std::int32_t id = (options_.byteLevel ? words_ : vocab_).find(word);
    if (id >= 0) {
      ids.push_back(id);
      return;
    }
  }
  if (word.size() <= 4 * shortWord) {
    ShortSymbols symbols;
    firstSymbols(word, symbols);
    if (!symbols.full) {
      mergeShort(symbols.ids.data(), symbols.count, ids);
      return;
    }
  }
  LongSymbols symbols;
  symbols.ids.reserve(word.size());
  firstSymbols(word, symbols);
  mergeLong(symbols.ids, ids);
}

void Bpe::mergeShort(std::int32_t* symbols, std::size_t count,
                     std::vector<std::int32_t>& ids) const {
  constexpr std::int32_t none = INT32_MAX;
  std::array<std::int32_t, shortWord> ranks;
  std::array<std::int32_t, shortWord> merged;
  const auto look = [&](std::size_t i) {
    const Merge* merge = find(symbols[i], symbols[i + 1]);
    ranks[i] = merge == nullptr ? none : merge->rank;
    merged[i] = merge == nullptr ? -1 : merge->id;
  };
  for (std::size_t i = 0; i + 1 < count; ++i) look(i);
  while (count > 1) {
    std::size_t best = 0;
    for (std::size_t i = 1; i + 1 < count; ++i) {
      if (ranks[i] < ranks[best]) best = i;
    }
    if (ranks[best] == none) break;
    symbols[best] = merged[best];
    for (std::size_t i = best + 1; i + 1 < count; ++i) {
      symbols[i] = symbols[i + 1];
      ranks[i] = ranks[i + 1];
      merged[i] = merged[i + 1];
    }
    --count;
    if (best + 1 < count) look(best);
    if (best > 0) look(best - 1);
  }
  ids.insert(ids.end(), symbols, symbols + count);
}

// A heap of (rank, place) over a linked list. A place's rank is that of its current pair, and ranks
// are different for different pairs, so an entry is out of date when the rank is another.
void Bpe::mergeLong(const std::vector<std::int32_t>& symbols,
                    std::vector<std::int32_t>& ids) const {
  struct Link {
    std::int32_t id;
    std::int32_t previous;
    std::int32_t next;
    std::int32_t rank;
    std::int32_t merged;
  };
  if (symbols.size() > INT32_MAX) {
    throw Error(ErrorKind::InvalidArgument, "a word of more than 2 GB cannot be encoded");
  }
  const auto count = static_cast<std::int32_t>(symbols.size());
  std::vector<Link> links(symbols.size());
  const auto link = [&](std::int32_t i) -> Link& { return links[static_cast<std::size_t>(i)]; };
  for (std::int32_t i = 0; i < count; ++i) {
    link(i) = {symbols[static_cast<std::size_t>(i)], i - 1, i + 1 < count ? i + 1 : -1, -1, -1};
  }
  std::vector<std::uint64_t> heap;
  const auto look = [&](std::int32_t i) {
    Link& left = link(i);
    const Merge* merge = left.next < 0 ? nullptr : find(left.id, link(left.next).id);
    left.rank = merge == nullptr ? -1 : merge->rank;
    if (merge == nullptr) return false;
    left.merged = merge->id;
    heap.push_back(pairKey(merge->rank, i));
    return true;
  };
  for (std::int32_t i = 0; i < count; ++i) look(i);
  const auto later = std::greater<>();
  std::make_heap(heap.begin(), heap.end(), later);
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end(), later);
    const std::uint64_t top = heap.back();
    heap.pop_back();
    const auto at = static_cast<std::int32_t>(top & 0xffffffffU);
    Link& left = link(at);
    if (left.rank != static_cast<std::int32_t>(top >> 32)) continue;
    Link& right = link(left.next);
    left.id = left.merged;
    left.next = right.next;
    right.rank = -1;
    if (left.next >= 0) link(left.next).previous = at;
    if (left.previous >= 0 && look(left.previous)) {
      std::push_heap(heap.begin(), heap.end(), later);
    }
    if (look(at)) std::push_heap(heap.begin(), heap.end(), later);
  }
  for (std::int32_t i = count > 0 ? 0 : -1; i >= 0; i = link(i).next) ids.push_back(link(i).id);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <type_traits>

namespace bitfrontier {

/// Receives consecutive pieces of a text; refers to a callable that outlives the call it is passed
/// to.
template <typename... Args>
class Sink {
 public:
  template <typename F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Sink>)
      Sink(F&& f)  // NOLINT(bugprone-forwarding-reference-overload)
      : object_(const_cast<void*>(static_cast<const void*>(std::addressof(f)))),
        call_([](void* object, Args... args) {
          (*static_cast<std::remove_reference_t<F>*>(object))(args...);
        }) {}
  void operator()(Args... args) const { call_(object_, args...); }

 private:
  void* object_;
  void (*call_)(void*, Args...);
};

using PieceSink = Sink<std::string_view>;

/// A piece of normalized text that remembers whether it begins the original one.
struct Piece {
  std::string_view text;
  /// So many of the first bytes stand for the first character of the text given to the tokenizer;
  /// 0 when the piece begins elsewhere.
  std::size_t fromStart = 0;

  Piece sub(std::size_t begin, std::size_t size) const {
    return {text.substr(begin, size), fromStart > begin ? fromStart - begin : 0};
  }
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

namespace bitfrontier {

/// A parsed address.
class Url {
 public:
  /// Throws Format.
  explicit Url(const std::string& text);

  /// Goes where a redirect leads; `location` may be relative. Throws Format.
  void follow(const std::string& location);
  std::string text() const;
  std::string scheme() const;
  /// Scheme, host and port: who gets what is sent.
  std::string origin() const;

 private:
  struct Free {
    void operator()(void* url) const;
  };
  bool set(const std::string& text);
  std::string part(int which, unsigned flags = 0) const;

  std::unique_ptr<void, Free> handle_;  // libcurl's
};

/// Escapes everything but letters, digits and "-._~" (RFC 3986).
std::string urlQuoted(const std::string& text);

}  // namespace bitfrontier

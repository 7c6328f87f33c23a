// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/url.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/base/error.h"

namespace bitfrontier {

Url::Url(const std::string& text) : handle_(curl_url()) {
  if (!set(text)) throw Error(ErrorKind::Format, fmt::format("{} is no address", text));
}

void Url::Free::operator()(void* url) const { curl_url_cleanup(static_cast<CURLU*>(url)); }

bool Url::set(const std::string& text) {
  return curl_url_set(static_cast<CURLU*>(handle_.get()), CURLUPART_URL, text.c_str(), 0) ==
         CURLUE_OK;
}

void Url::follow(const std::string& location) {
  const std::string from = text();
  if (set(location)) return;
  throw Error(ErrorKind::Format,
              fmt::format("{} redirects to {}, which is no address", from, location));
}

std::string Url::part(int which, unsigned flags) const {
  char* text = nullptr;
  auto* handle = static_cast<CURLU*>(handle_.get());
  if (curl_url_get(handle, static_cast<CURLUPart>(which), &text, flags) != CURLUE_OK) return {};
  std::string copy = text;
  curl_free(text);
  return copy;
}

std::string Url::text() const { return part(CURLUPART_URL); }

std::string Url::scheme() const { return part(CURLUPART_SCHEME); }

std::string Url::origin() const {
  std::string host = part(CURLUPART_HOST);
  std::transform(host.begin(), host.end(), host.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return fmt::format("{}://{}:{}", scheme(), host, part(CURLUPART_PORT, CURLU_DEFAULT_PORT));
}

std::string urlQuoted(const std::string& text) {
  const std::unique_ptr<char, decltype(&curl_free)> quoted(
      curl_easy_escape(nullptr, text.c_str(), static_cast<int>(text.size())), &curl_free);
  if (!quoted) throw Error(ErrorKind::Format, fmt::format("{} cannot be part of an address", text));
  return quoted.get();
}

}  // namespace bitfrontier

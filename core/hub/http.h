// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/job.h"
#include "core/hub/hub_settings.h"

namespace bitfrontier {

/// An answer of a server, or why there was none.
struct HttpAnswer {
  long status = 0;      ///< 0 when the connection failed
  std::string failure;  ///< the reason then
  std::string url;      ///< that answered last
  /// Names in lower case. Those that begin with "x-" are of the whole chain of redirects.
  std::map<std::string, std::string> headers;
  std::string body;

  /// Whether asking again may help: no connection, 408, 429, 5xx.
  bool mayPass() const;
  std::string header(const std::string& name) const;
  /// What Retry-After asks for, in seconds or as a date.
  std::optional<std::chrono::seconds> retryAfter() const;
  /// "HTTP 404" or the failure.
  std::string reason() const;
};

/// Requests over HTTP through libcurl, which also reads the proxies from the environment. The token
/// goes to the endpoint's scheme, host and port and nowhere else; a redirect from https to http is
/// refused. Cancelling takes effect within a second. Not for several threads at once.
class HttpClient {
 public:
  explicit HttpClient(HubSettings settings);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// The content, at most `maxBytes`, through all redirects. Throws Format above that.
  HttpAnswer get(const std::string& url, std::size_t maxBytes, const JobContext& job);
  /// Headers only; follows redirects within the same host, so that a file's description is that of
  /// the hub and not of its storage.
  HttpAnswer head(const std::string& url, const JobContext& job);

  struct Sink {
    /// Before the first byte of an answer 200 or 206.
    std::function<void(const HttpAnswer&)> begin;
    std::function<void(std::span<const std::byte>)> data;
  };
  /// The content from byte `first`. What the sink throws ends the transfer and comes out.
  HttpAnswer download(const std::string& url, std::uint64_t first, const Sink& sink,
                      const JobContext& job);

  /// Calls `request` until its answer is final, with pauses that double or that the server asks
  /// for. `progressed` tells whether the last try got further, which starts the count anew.
  HttpAnswer retrying(const std::function<HttpAnswer()>& request, const JobContext& job,
                      const std::function<bool()>& progressed = {});

  const HubSettings& settings() const { return settings_; }

 private:
  struct Request;
  HttpAnswer perform(Request& request, const JobContext& job);
  void once(Request& request, HttpAnswer& answer, const JobContext& job);

  HubSettings settings_;
  void* curl_;
};

}  // namespace bitfrontier

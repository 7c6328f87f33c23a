// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/http.h"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <condition_variable>
#include <ctime>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>

#include "core/base/error.h"
#include "core/hub/url.h"

namespace bitfrontier {

namespace {

constexpr int kMaxRedirects = 10;
constexpr std::size_t kMaxErrorBody = std::size_t{64} << 10;

void initialiseCurl() {
  static const CURLcode code = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (code != CURLE_OK) throw Error(ErrorKind::Unsupported, "libcurl cannot be used");
}

/// Errors of the line that another try may not meet.
bool isPassing(CURLcode code) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_PARTIAL_FILE:
    case CURLE_OPERATION_TIMEDOUT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_GOT_NOTHING:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM:
      return true;
    default:
      return false;
  }
}

bool isRedirect(long status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

std::string withoutLineEnd(std::string_view text) {
  const auto space = [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; };
  while (!text.empty() && space(text.front())) text.remove_prefix(1);
  while (!text.empty() && space(text.back())) text.remove_suffix(1);
  return std::string(text);
}

/// Sleeps unless the job is cancelled before.
void pauseFor(std::chrono::milliseconds time, const JobContext& job) {
  std::mutex mutex;
  std::condition_variable_any wake;
  std::unique_lock lock(mutex);
  wake.wait_for(lock, job.stop, time, [] { return false; });
  job.throwIfCancelled();
}

}  // namespace

bool HttpAnswer::mayPass() const {
  return status == 0 || status == 408 || status == 429 || status >= 500;
}

std::string HttpAnswer::header(const std::string& name) const {
  const auto found = headers.find(name);
  return found == headers.end() ? std::string() : found->second;
}

std::optional<std::chrono::seconds> HttpAnswer::retryAfter() const {
  const std::string text = header("retry-after");
  if (text.empty()) return std::nullopt;
  long long seconds = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seconds);
  if (code == std::errc() && end == text.data() + text.size()) {
    return std::chrono::seconds(std::clamp(seconds, 0LL, 1'000'000LL));
  }
  const std::time_t date = curl_getdate(text.c_str(), nullptr);
  if (date < 0) return std::nullopt;
  return std::chrono::seconds(std::max<std::time_t>(0, date - std::time(nullptr)));
}

std::string HttpAnswer::reason() const {
  return status == 0 ? failure : fmt::format("HTTP {}", status);
}

struct HttpClient::Request {
  std::string url;
  bool headersOnly = false;
  bool sameHostOnly = false;
  std::uint64_t first = 0;
  std::size_t maxBody = kMaxErrorBody;
  const Sink* sink = nullptr;

  // While it runs.
  CURL* curl = nullptr;
  HttpAnswer* answer = nullptr;
  const JobContext* job = nullptr;
  std::map<std::string, std::string> fresh;  // of the answer that is being read
  bool begun = false;
  bool enough = false;  // of the page that comes with an error, which may have no end
  std::exception_ptr thrown;

  bool toSink() const {
    return sink != nullptr && (answer->status == 200 || answer->status == 206);
  }
  void take(std::span<const std::byte> bytes);
  void finishHeaders();
};

void HttpClient::Request::finishHeaders() {
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer->status);
  for (auto& [name, value] : fresh) answer->headers[name] = std::move(value);
  fresh.clear();
}

void HttpClient::Request::take(std::span<const std::byte> bytes) {
  if (!begun) {
    begun = true;
    finishHeaders();
    if (toSink()) sink->begin(*answer);
  }
  if (toSink()) return sink->data(bytes);
  const bool wanted = answer->status == 200 && sink == nullptr;
  if (wanted && bytes.size() > maxBody - answer->body.size()) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: sends more than the {} bytes allowed", url, maxBody));
  }
  const std::size_t room = maxBody - std::min(maxBody, answer->body.size());
  answer->body.append(reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), room));
  enough = bytes.size() > room;
}

namespace {

template <typename Request>
std::size_t onData(char* data, std::size_t, std::size_t size, void* context) {
  auto& request = *static_cast<Request*>(context);
  try {
    request.take(std::as_bytes(std::span(data, size)));
    return request.enough ? 0 : size;
  } catch (...) {
    request.thrown = std::current_exception();
    return 0;
  }
}

template <typename Request>
std::size_t onHeader(char* data, std::size_t, std::size_t size, void* context) {
  auto& request = *static_cast<Request*>(context);
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) request.fresh.clear();
  const std::size_t colon = line.find(':');
  constexpr std::size_t most = 200;
  if (colon != std::string_view::npos && request.fresh.size() < most) {
    std::string name(line.substr(0, colon));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    request.fresh[name] = withoutLineEnd(line.substr(colon + 1));
  }
  return size;
}

template <typename Request>
int onProgress(void* context, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return static_cast<Request*>(context)->job->cancelled() ? 1 : 0;
}

}  // namespace

HttpClient::HttpClient(HubSettings settings) : settings_(std::move(settings)) {
  initialiseCurl();
  curl_ = curl_easy_init();
  if (curl_ == nullptr) throw Error(ErrorKind::OutOfMemory, "libcurl has no memory");
}

HttpClient::~HttpClient() { curl_easy_cleanup(curl_); }

void HttpClient::once(Request& request, HttpAnswer& answer, const JobContext& job) {
  request.curl = curl_;
  request.answer = &answer;
  request.job = &job;
  request.begun = request.enough = false;
  request.fresh.clear();
  answer.status = 0;
  answer.url = request.url;
  answer.body.clear();
  answer.failure.clear();
  std::array<char, CURL_ERROR_SIZE> text{};
  curl_slist* list = curl_slist_append(nullptr, "Accept-Encoding: identity");
  if (!settings_.token.empty() && Url(request.url).origin() == Url(settings_.endpoint).origin()) {
    list = curl_slist_append(list, ("Authorization: Bearer " + settings_.token).c_str());
  }
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(list, curl_slist_free_all);
  CURL* curl = curl_;
  const auto seconds = static_cast<long>(settings_.timeout.count());
  curl_easy_reset(curl);  // keeps the connections
  curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "bitfrontier");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, text.data());
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, seconds);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, seconds);
  curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 256L << 10);
  curl_easy_setopt(curl, CURLOPT_NOBODY, request.headersOnly ? 1L : 0L);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, onData<Request>);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &request);
  curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, onHeader<Request>);
  curl_easy_setopt(curl, CURLOPT_HEADERDATA, &request);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, onProgress<Request>);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, &request);
  const std::string range = fmt::format("{}-", request.first);
  if (request.first > 0) curl_easy_setopt(curl, CURLOPT_RANGE, range.c_str());
  if (!settings_.certificates.empty()) {
    curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.certificates.c_str());
  }
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  if (request.thrown) std::rethrow_exception(std::exchange(request.thrown, nullptr));
  job.throwIfCancelled();
  if (code == CURLE_OK || request.enough) {
    if (!request.begun) {
      request.finishHeaders();
      if (request.toSink()) request.sink->begin(answer);
    }
    return;
  }
  const char* what = text[0] != '\0' ? text.data() : curl_easy_strerror(code);
  if (!isPassing(code)) throw Error(ErrorKind::Io, fmt::format("{}: {}", request.url, what));
  answer.status = 0;
  answer.failure = what;
}

HttpAnswer HttpClient::perform(Request& request, const JobContext& job) {
  HttpAnswer answer;
  for (int hop = 0; hop <= kMaxRedirects; ++hop) {
    job.throwIfCancelled();
    once(request, answer, job);
    const std::string location = answer.header("location");
    if (!isRedirect(answer.status) || location.empty()) return answer;
    const Url from(request.url);
    Url to(request.url);
    to.follow(location);
    if (request.sameHostOnly && to.origin() != from.origin()) return answer;
    if (to.scheme() != "https" && (to.scheme() != "http" || from.scheme() == "https")) {
      throw Error(ErrorKind::Unsupported, fmt::format("{} redirects to {}, which is not encrypted",
                                                      request.url, to.text()));
    }
    // What describes this hop's own body is not the next one's.
    std::erase_if(answer.headers, [](const auto& h) { return !h.first.starts_with("x-"); });
    request.url = to.text();
  }
  throw Error(ErrorKind::Io,
              fmt::format("{}: redirects more than {} times", answer.url, kMaxRedirects));
}

HttpAnswer HttpClient::get(const std::string& url, std::size_t maxBytes, const JobContext& job) {
  Request request;
  request.url = url;
  request.maxBody = maxBytes;
  return perform(request, job);
}

HttpAnswer HttpClient::head(const std::string& url, const JobContext& job) {
  Request request;
  request.url = url;
  request.headersOnly = true;
  request.sameHostOnly = true;
  return perform(request, job);
}

HttpAnswer HttpClient::download(const std::string& url, std::uint64_t first, const Sink& sink,
                                const JobContext& job) {
  Request request;
  request.url = url;
  request.first = first;
  request.sink = &sink;
  return perform(request, job);
}

HttpAnswer HttpClient::retrying(const std::function<HttpAnswer()>& request, const JobContext& job,
                                const std::function<bool()>& progressed) {
  int tries = 0;
  for (;;) {
    HttpAnswer answer = request();
    if (!answer.mayPass()) return answer;
    if (progressed && progressed()) tries = 0;
    if (tries >= settings_.retries) return answer;
    std::chrono::milliseconds pause = settings_.firstPause * (1 << std::min(tries, 10));
    if (const auto asked = answer.retryAfter()) pause = *asked;
    if (pause > settings_.longestPause) return answer;
    ++tries;
    job.progress({0,
                  fmt::format("{}, trying again in {:.0f} s", answer.reason(),
                              static_cast<double>(pause.count()) / 1000),
                  0, 0});
    pauseFor(pause, job);
  }
}

}  // namespace bitfrontier

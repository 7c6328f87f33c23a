// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_fetch.h"

#include <fmt/format.h>
#include <sys/statvfs.h>

#include <algorithm>
#include <charconv>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/hub/blob_download.h"
#include "core/hub/url.h"

namespace bitfrontier {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kMaxListing = std::size_t{64} << 20;
constexpr std::size_t kMaxIndex = std::size_t{128} << 20;
/// What is left free beside the files themselves.
constexpr std::uint64_t kMargin = std::uint64_t{64} << 20;

/// Of sizes, which a list may exaggerate: the largest number where the sum has no room.
std::uint64_t sum(std::uint64_t a, std::uint64_t b) {
  return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

std::string fileUrl(const HttpClient& http, const FetchPlan& plan, const std::string& path) {
  std::string quoted;
  for (std::size_t at = 0; at <= path.size();) {
    const std::size_t end = std::min(path.find('/', at), path.size());
    quoted += (at > 0 ? "/" : "") + urlQuoted(path.substr(at, end - at));
    at = end + 1;
  }
  return fmt::format("{}/{}/resolve/{}/{}", http.settings().endpoint, plan.model.repo, plan.commit,
                     quoted);
}

HttpAnswer getText(HttpClient& http, const HubModel& model, const std::string& url,
                   std::size_t maxBytes, const JobContext& job) {
  HttpAnswer answer = http.retrying([&] { return http.get(url, maxBytes, job); }, job);
  if (answer.status != 200) failAnswer(answer, model, http.settings());
  return answer;
}

/// An ETag without its quotes and the mark of a weak one.
std::string plainTag(std::string tag) {
  if (tag.starts_with("W/")) tag.erase(0, 2);
  std::erase(tag, '"');
  return tag;
}

/// Asks for what a listing without details left open, as some mirrors' do.
void complete(HttpClient& http, const FetchPlan& plan, HubFile& file, const JobContext& job) {
  if (file.sizeKnown && !file.hash.empty()) return;
  const std::string url = fileUrl(http, plan, file.path);
  const HttpAnswer answer = http.retrying([&] { return http.head(url, job); }, job);
  const bool fine = answer.status == 200 || (answer.status >= 300 && answer.status < 400);
  if (!fine) failAnswer(answer, plan.model, http.settings());
  const auto firstOf = [&](const char* a, const char* b) {
    return answer.header(a).empty() ? answer.header(b) : answer.header(a);
  };
  if (!file.sizeKnown) {
    const std::string size = firstOf("x-linked-size", "content-length");
    const auto [end, code] = std::from_chars(size.data(), size.data() + size.size(), file.size);
    file.sizeKnown = code == std::errc() && end == size.data() + size.size();
  }
  if (file.hash.empty()) file.hash = plainTag(firstOf("x-linked-etag", "etag"));
  if (!file.sizeKnown || !(isHex(file.hash, 40) || isHex(file.hash, 64))) {
    throw Error(ErrorKind::Format, fmt::format("{}: the server states no size or no hash", url));
  }
}

std::uint64_t sizeOnDisk(const fs::path& path) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(path, code);
  return code ? 0 : size;
}

FetchPlan::File look(const HubCache& cache, const HubModel& model, HubFile file) {
  FetchPlan::File planned{std::move(file), 0, false};
  const HubFile& wanted = planned.file;
  const fs::path blob = cache.blob(model, wanted.hash);
  std::error_code code;
  planned.done = fs::is_regular_file(blob, code) && sizeOnDisk(blob) == wanted.size;
  const std::uint64_t partial = sizeOnDisk(fs::path(blob) += ".incomplete");
  planned.have = planned.done ? wanted.size : partial <= wanted.size ? partial : 0;
  return planned;
}

}  // namespace

std::uint64_t FetchPlan::totalBytes() const {
  std::uint64_t bytes = 0;
  for (const File& f : files) bytes = sum(bytes, f.file.size);
  return bytes;
}

std::uint64_t FetchPlan::missingBytes() const {
  std::uint64_t bytes = 0;
  for (const File& f : files) bytes = sum(bytes, f.file.size - f.have);
  return bytes;
}

FetchPlan planFetch(HttpClient& http, const HubModel& model, const JobContext& job) {
  const HubSettings& settings = http.settings();
  if (settings.offline) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} is not fetched, because HF_HUB_OFFLINE is set", model.text()));
  }
  const std::string url = fmt::format("{}/api/models/{}/revision/{}?blobs=true", settings.endpoint,
                                      model.repo, urlQuoted(model.revision));
  const HubListing listing = parseHubListing(getText(http, model, url, kMaxListing, job).body, url);
  FetchPlan plan{model, listing.commit, {}};
  const auto readIndex = [&](const HubFile& index) {
    return getText(http, model, fileUrl(http, plan, index.path), kMaxIndex, job).body;
  };
  const HubCache cache(settings.cache);
  for (HubFile& file : neededFiles(listing, model, readIndex)) {
    complete(http, plan, file, job);
    plan.files.push_back(look(cache, model, std::move(file)));
  }
  return plan;
}

void checkSpace(const std::vector<FetchPlan>& plans, const HubCache& cache) {
  std::uint64_t needed = 0;
  for (const FetchPlan& plan : plans) needed = sum(needed, plan.missingBytes());
  if (needed == 0) return;
  fs::path place = fs::absolute(cache.root());
  while (!pathExists(place) && place.has_relative_path()) place = place.parent_path();
  struct statvfs info {};
  if (::statvfs(place.c_str(), &info) != 0) return;  // the system does not say; writing will
  const std::uint64_t space = std::uint64_t{info.f_bavail} * info.f_frsize;
  if (sum(needed, kMargin) <= space) return;
  throw Error(ErrorKind::Io,
              fmt::format("{:.2f} GB are to be downloaded but the disk of {} has {:.2f} GB free",
                          static_cast<double>(needed) / 1e9, cache.root().string(),
                          static_cast<double>(space) / 1e9));
}

fs::path fetchModel(HttpClient& http, const FetchPlan& plan, const JobContext& job) {
  const HubCache cache(http.settings().cache);
  const std::uint64_t total = plan.totalBytes();
  std::uint64_t before = 0;
  for (const FetchPlan::File& planned : plan.files) {
    job.throwIfCancelled();
    const HubFile& file = planned.file;
    BlobDownload download;
    download.model = plan.model;
    download.url = fileUrl(http, plan, file.path);
    download.file = file;
    download.commit = plan.commit;
    download.blob = cache.blob(plan.model, file.hash);
    download.lock = cache.lock(plan.model, file.hash);
    download.report = [&](std::uint64_t bytes) {
      job.progress({static_cast<double>(before + bytes) /
                        static_cast<double>(std::max(total, std::uint64_t{1})),
                    file.path, static_cast<std::int64_t>(before + bytes),
                    static_cast<std::int64_t>(total)});
    };
    downloadBlob(http, download, job);
    cache.link(plan.model, plan.commit, file.path, file.hash);
    before += file.size;
  }
  cache.setCommit(plan.model, plan.commit);
  return cache.snapshot(plan.model, plan.commit);
}

}  // namespace bitfrontier

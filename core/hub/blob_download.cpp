// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/blob_download.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <span>
#include <system_error>
#include <thread>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"

namespace bitfrontier {

namespace fs = std::filesystem;

namespace {

[[noreturn]] void failFile(std::string_view action, const fs::path& path, int code) {
  throw Error(ErrorKind::Io, fmt::format("cannot {} {}: {}", action, path.string(),
                                         std::generic_category().message(code)));
}

int openFile(const fs::path& path, int flags) {
  std::error_code code;
  fs::create_directories(path.parent_path(), code);
  const int file = ::open(path.c_str(), flags | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) failFile("open", path, errno);
  return file;
}

/// Held while a file is downloaded, by the same kind of lock as huggingface_hub's.
class FileLock {
 public:
  FileLock(const fs::path& path, const JobContext& job) : file_(openFile(path, O_RDWR)) {
    bool told = false;
    while (::flock(file_, LOCK_EX | LOCK_NB) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) {
        const int code = errno;
        ::close(file_);
        failFile("lock", path, code);
      }
      if (!told) job.progress({0, "another program downloads this file; waiting", 0, 0});
      told = true;
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      if (job.cancelled()) {
        ::close(file_);
        job.throwIfCancelled();
      }
    }
  }
  ~FileLock() { ::close(file_); }
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

 private:
  int file_;
};

/// The bytes so far of a blob, and their hash.
class PartialBlob {
 public:
  PartialBlob(fs::path path, const HubFile& file)
      : path_(std::move(path)), file_(file), descriptor_(openFile(path_, O_RDWR)), hash_(start()) {}
  ~PartialBlob() { ::close(descriptor_); }
  PartialBlob(const PartialBlob&) = delete;
  PartialBlob& operator=(const PartialBlob&) = delete;

  std::uint64_t size() const { return size_; }
  bool complete() const { return size_ == file_.size; }

  /// Reads what an earlier download left.
  void resume(const JobContext& job) {
    std::vector<std::byte> buffer(std::size_t{1} << 20);
    struct stat info {};
    if (::fstat(descriptor_, &info) != 0) failFile("examine", path_, errno);
    if (static_cast<std::uint64_t>(info.st_size) > file_.size) return restart();
    for (;;) {
      job.throwIfCancelled();
      const ssize_t got = ::read(descriptor_, buffer.data(), buffer.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) failFile("read", path_, errno);
      if (got == 0) return;
      hash_.update(std::span(buffer).first(static_cast<std::size_t>(got)));
      size_ += static_cast<std::uint64_t>(got);
    }
  }
  void restart() {
    if (::ftruncate(descriptor_, 0) != 0 || ::lseek(descriptor_, 0, SEEK_SET) != 0) {
      failFile("empty", path_, errno);
    }
    hash_ = start();
    size_ = 0;
  }
  void append(std::span<const std::byte> bytes) {
    if (bytes.size() > file_.size - size_) {
      throw Error(ErrorKind::Format, fmt::format("{}: the server sends more than the {} bytes that "
                                                 "the file has",
                                                 file_.path, file_.size));
    }
    hash_.update(bytes);
    while (!bytes.empty()) {
      const ssize_t put = ::write(descriptor_, bytes.data(), bytes.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) failFile("write", path_, errno);
      bytes = bytes.subspan(static_cast<std::size_t>(put));
      size_ += static_cast<std::uint64_t>(put);
    }
  }
  std::string digest() const { return hash_.hexDigest(); }
  void moveTo(const fs::path& blob) const {
    if (::fsync(descriptor_) != 0) failFile("flush", path_, errno);
    if (::rename(path_.c_str(), blob.c_str()) != 0) failFile("rename", path_, errno);
  }
  void remove() const { ::unlink(path_.c_str()); }

 private:
  // 64 digits are the SHA-256 of the content, 40 the name that git gives a blob.
  HashStream start() const {
    if (file_.hash.size() == 64) return HashStream(HashStream::Kind::Sha256);
    HashStream hash(HashStream::Kind::Sha1);
    hash.update(fmt::format("blob {}", file_.size));
    hash.update(std::string_view("\0", 1));
    return hash;
  }

  fs::path path_;
  const HubFile& file_;
  int descriptor_;
  HashStream hash_;
  std::uint64_t size_ = 0;
};

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

void requireSame(const BlobDownload& download, std::string_view what, const std::string& stated,
                 const std::string& expected) {
  if (stated.empty() || stated == expected) return;
  throw Error(ErrorKind::Format,
              fmt::format("{}: the server states the {} {}, its list of files {}", download.url,
                          what, stated, expected));
}

/// Compares what the answer says about its content with what is expected.
void beginContent(const BlobDownload& download, const HttpAnswer& answer, PartialBlob& partial) {
  const HubFile& file = download.file;
  requireSame(download, "commit", answer.header("x-repo-commit"), download.commit);
  requireSame(download, "size", answer.header("x-linked-size"), fmt::format("{}", file.size));
  if (answer.status == 206) {
    // bytes 100-199/200
    const std::string range = answer.header("content-range");
    const std::size_t dash = std::min(range.find('-'), range.size());
    const std::size_t slash = std::min(range.find('/'), range.size());
    const auto first =
        range.starts_with("bytes ")
            ? number(std::string_view(range).substr(6, dash - std::min<std::size_t>(dash, 6)))
            : std::nullopt;
    if (first != partial.size()) {
      throw Error(ErrorKind::Format, fmt::format("{}: asked for the bytes from {}, got '{}'",
                                                 download.url, partial.size(), range));
    }
    const std::string total = slash < range.size() ? range.substr(slash + 1) : "*";
    requireSame(download, "size", total == "*" ? "" : total, fmt::format("{}", file.size));
  } else {
    partial.restart();  // the server begins anew
  }
  if (const auto length = number(answer.header("content-length"))) {
    requireSame(download, "size", fmt::format("{}", *length + partial.size()),
                fmt::format("{}", file.size));
  }
}

void transfer(HttpClient& http, const BlobDownload& download, PartialBlob& partial,
              const JobContext& job) {
  HttpClient::Sink sink;
  sink.begin = [&](const HttpAnswer& answer) { beginContent(download, answer, partial); };
  sink.data = [&](std::span<const std::byte> bytes) {
    partial.append(bytes);
    if (download.report) download.report(partial.size());
  };
  std::uint64_t reached = partial.size();
  const auto request = [&] {
    HttpAnswer answer = http.download(download.url, partial.size(), sink, job);
    const bool content = answer.status == 200 || answer.status == 206;
    if (answer.status == 416 && partial.size() > 0) {
      partial.restart();
      answer.status = 0;
      answer.failure = "the server has no such range";
    } else if (content && !partial.complete()) {
      answer.status = 0;
      answer.failure = fmt::format("{}: the connection ended after {} of {} bytes", download.url,
                                   partial.size(), download.file.size);
    }
    return answer;
  };
  const auto progressed = [&] {
    const bool more = partial.size() > reached;
    reached = std::max(reached, partial.size());
    return more;
  };
  const HttpAnswer answer = http.retrying(request, job, progressed);
  if (!partial.complete()) failAnswer(answer, download.model, http.settings());
}

bool isThere(const BlobDownload& download) {
  std::error_code code;
  const std::uintmax_t size = fs::file_size(download.blob, code);
  return !code && size == download.file.size;
}

}  // namespace

void downloadBlob(HttpClient& http, const BlobDownload& download, const JobContext& job) {
  if (isThere(download)) return;
  const FileLock lock(download.lock, job);
  if (isThere(download)) return;
  fs::path path = download.blob;
  path += ".incomplete";
  PartialBlob partial(path, download.file);
  partial.resume(job);
  bool resumed = partial.size() > 0;
  for (;;) {
    if (!partial.complete()) transfer(http, download, partial, job);
    if (partial.digest() == download.file.hash) break;
    // What was left from before may be the fault; what came in one piece is not.
    if (!resumed) {
      partial.remove();
      throw Error(ErrorKind::Format,
                  fmt::format("{}: the {} bytes received have the hash {}, not {}", download.url,
                              partial.size(), partial.digest(), download.file.hash));
    }
    resumed = false;
    partial.restart();
  }
  partial.moveTo(download.blob);
}

void failAnswer(const HttpAnswer& answer, const HubModel& model, const HubSettings& settings) {
  const std::string code = answer.header("x-error-code");
  const std::string token =
      settings.token.empty() ? "; no token is set (HF_TOKEN)" : " for the token that is set";
  if (code == "GatedRepo") {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} is gated: its terms have to be accepted at {}/{}{}", model.text(),
                            settings.endpoint, model.repo, token));
  }
  if (code == "RevisionNotFound") {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} has no revision {}", model.repo, model.revision));
  }
  if (code == "RepoNotFound" || answer.status == 401 || answer.status == 403) {
    throw Error(ErrorKind::NotFound, fmt::format("{} has no model {}, or it is private{}",
                                                 settings.endpoint, model.text(), token));
  }
  if (answer.status == 404) {
    throw Error(ErrorKind::NotFound, fmt::format("{}: HTTP 404", answer.url));
  }
  const std::string said = answer.header("x-error-message");
  throw Error(ErrorKind::Io, fmt::format("{}: {}{}", answer.url, answer.reason(),
                                         said.empty() ? "" : ", " + said));
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/zip_writer.h"

#include <fmt/format.h>
#include <zip.h>

#include <utility>

#include "core/base/error.h"

namespace bitfrontier {

struct ZipWriter::Handle {
  zip_t* zip = nullptr;
  ~Handle() {
    if (zip != nullptr) zip_discard(zip);
  }
};

ZipWriter::ZipWriter(std::filesystem::path path)
    : path_(std::move(path)), handle_(std::make_unique<Handle>()) {
  int code = 0;
  handle_->zip = zip_open(path_.c_str(), ZIP_CREATE | ZIP_TRUNCATE, &code);
  if (handle_->zip != nullptr) return;
  zip_error_t error;
  zip_error_init_with_code(&error, code);
  const std::string text = zip_error_strerror(&error);
  zip_error_fini(&error);
  throw Error(ErrorKind::Io, fmt::format("cannot write {}: {}", path_.string(), text));
}

ZipWriter::~ZipWriter() = default;

void ZipWriter::fail() const {
  throw Error(ErrorKind::Io,
              fmt::format("cannot write {}: {}", path_.string(), zip_strerror(handle_->zip)));
}

void ZipWriter::add(const std::string& member, std::string content) {
  // libzip reads it when the archive is closed.
  contents_.push_back(std::make_unique<std::string>(std::move(content)));
  const std::string& kept = *contents_.back();
  zip_source_t* source = zip_source_buffer(handle_->zip, kept.data(), kept.size(), 0);
  if (source == nullptr) fail();
  const zip_int64_t index = zip_file_add(handle_->zip, member.c_str(), source, ZIP_FL_ENC_UTF_8);
  if (index < 0) {
    zip_source_free(source);
    fail();
  }
  const auto at = static_cast<zip_uint64_t>(index);
  constexpr zip_uint16_t kNoon = 12 << 11, kFirstDay = (1 << 5) | 1;  // of 1980, as DOS has it
  constexpr zip_uint32_t kPlainFile = 0100644U << 16;
  if (zip_set_file_compression(handle_->zip, at, ZIP_CM_DEFLATE, 6) != 0 ||
      zip_file_set_dostime(handle_->zip, at, kNoon, kFirstDay, 0) != 0 ||
      zip_file_set_external_attributes(handle_->zip, at, 0, ZIP_OPSYS_UNIX, kPlainFile) != 0) {
    fail();
  }
}

void ZipWriter::finish() {
  if (zip_close(handle_->zip) != 0) fail();
  handle_->zip = nullptr;
}

}  // namespace bitfrontier

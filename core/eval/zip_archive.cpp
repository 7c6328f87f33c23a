// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/zip_archive.h"

#include <fmt/format.h>
#include <zip.h>

#include <algorithm>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {

struct ZipArchive::Handle {
  zip_t* zip = nullptr;
  ~Handle() {
    if (zip != nullptr) zip_discard(zip);
  }
};

ZipArchive::ZipArchive(const std::filesystem::path& path)
    : path_(path), handle_(std::make_unique<Handle>()) {
  if (!pathExists(path)) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no file {}", path.string()));
  }
  int code = 0;
  handle_->zip = zip_open(path.c_str(), ZIP_RDONLY, &code);
  if (handle_->zip == nullptr) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    const bool system = code == ZIP_ER_OPEN || code == ZIP_ER_READ || code == ZIP_ER_SEEK;
    throw Error(system ? ErrorKind::Io : ErrorKind::Format,
                fmt::format("cannot open {} as a zip archive: {}", path.string(), text));
  }
  list();
}

ZipArchive::ZipArchive(std::string_view bytes, const std::filesystem::path& name)
    : path_(name), handle_(std::make_unique<Handle>()) {
  zip_error_t error;
  zip_error_init(&error);
  zip_source_t* source = zip_source_buffer_create(bytes.data(), bytes.size(), 0, &error);
  if (source != nullptr) handle_->zip = zip_open_from_source(source, ZIP_RDONLY, &error);
  if (handle_->zip == nullptr) {
    if (source != nullptr) zip_source_free(source);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    throw Error(ErrorKind::Format,
                fmt::format("cannot open {} as a zip archive: {}", name.string(), text));
  }
  zip_error_fini(&error);
  list();
}

void ZipArchive::list() {
  const zip_int64_t count = zip_get_num_entries(handle_->zip, 0);
  for (zip_int64_t i = 0; i < count; ++i) {
    const char* name = zip_get_name(handle_->zip, static_cast<zip_uint64_t>(i), ZIP_FL_ENC_GUESS);
    if (name != nullptr && *name != '\0' && !std::string_view(name).ends_with('/')) {
      members_.emplace_back(name);
    }
  }
}

ZipArchive::~ZipArchive() = default;

bool ZipArchive::has(const std::string& member) const {
  return std::ranges::find(members_, member) != members_.end();
}

std::string ZipArchive::read(const std::string& member, std::uint64_t maxBytes) const {
  const auto where = [&] { return fmt::format("{}, member {}", path_.string(), member); };
  zip_stat_t stat;
  zip_stat_init(&stat);
  if (zip_stat(handle_->zip, member.c_str(), ZIP_FL_ENC_GUESS, &stat) != 0) {
    throw Error(ErrorKind::NotFound, fmt::format("{} holds no member {}", path_.string(), member));
  }
  if ((stat.valid & ZIP_STAT_SIZE) == 0 || stat.size > maxBytes) {
    throw Error(ErrorKind::Format, fmt::format("{} unpacks to {} bytes, more than the {} allowed",
                                               where(), stat.size, maxBytes));
  }
  struct Closer {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
  };
  const std::unique_ptr<zip_file_t, Closer> file(zip_fopen_index(handle_->zip, stat.index, 0));
  if (file == nullptr) {
    const int code = zip_error_code_zip(zip_get_error(handle_->zip));
    const bool unsupported =
        code == ZIP_ER_COMPNOTSUPP || code == ZIP_ER_ENCRNOTSUPP || code == ZIP_ER_NOPASSWD;
    throw Error(unsupported ? ErrorKind::Unsupported : ErrorKind::Format,
                fmt::format("{}: {}", where(), zip_strerror(handle_->zip)));
  }
  // The size is a claim of the archive: memory grows with what is really there.
  constexpr std::size_t kChunk = std::size_t{1} << 20;
  std::string content;
  while (true) {
    const std::size_t before = content.size();
    content.resize(before + kChunk);
    const zip_int64_t got = zip_fread(file.get(), content.data() + before, kChunk);
    if (got < 0) {
      throw Error(ErrorKind::Format, fmt::format("{}: {}", where(), zip_file_strerror(file.get())));
    }
    content.resize(before + static_cast<std::size_t>(got));
    if (got == 0) break;
    if (content.size() > stat.size) {
      throw Error(ErrorKind::Format, fmt::format("{} unpacks to more than the {} bytes it states",
                                                 where(), stat.size));
    }
  }
  if (content.size() != stat.size) {
    throw Error(ErrorKind::Format, fmt::format("{} unpacks to {} bytes, not the {} it states",
                                               where(), content.size(), stat.size));
  }
  return content;
}

}  // namespace bitfrontier

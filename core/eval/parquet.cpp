// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/parquet.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <vector>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/resources.h"
#include "core/parquet/parquet_module.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFile = "libbitfrontier_parquet.so";

std::vector<fs::path> places() {
  if (const char* named = std::getenv("BITFRONTIER_PARQUET_MODULE")) return {named};
  const fs::path dir = executableDir();
  return {dir / kFile, dir / ".." / "lib" / "bitfrontier" / kFile, dir / ".." / "lib" / kFile};
}

/// The module's function, loaded once and kept. Throws Unsupported.
bf_parquet_read_t module() {
  std::string reason = "it is not there";
  for (const fs::path& place : places()) {
    if (!pathExists(place)) continue;
    void* library = ::dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
      reason = ::dlerror();
      continue;
    }
    const auto version =
        reinterpret_cast<bf_parquet_version_t>(::dlsym(library, "bf_parquet_version"));
    const auto read = reinterpret_cast<bf_parquet_read_t>(::dlsym(library, "bf_parquet_read"));
    if (version != nullptr && read != nullptr && version() == BF_PARQUET_VERSION) return read;
    reason = fmt::format("{} has another version", place.string());
  }
  throw Error(ErrorKind::Unsupported,
              fmt::format("reading Parquet needs the optional module {}, which could not be loaded "
                          "({}); build it with ./dev setup --parquet, or use the task's .jsonl",
                          kFile, reason));
}

}  // namespace

void readParquet(const fs::path& path, std::string& jsonLines) {
  if (!pathExists(path)) {
    throw Error(ErrorKind::NotFound, fmt::format("there is no file {}", path.string()));
  }
  static const bf_parquet_read_t read = module();
  constexpr std::size_t kMost = std::size_t{1} << 30;
  struct Sink {
    std::string* text;
    bool tooMuch;
  } sink{&jsonLines, false};
  std::array<char, 512> problem{};
  const int result = read(
      path.c_str(),
      [](void* context, const char* row, size_t size) {
        auto& to = *static_cast<Sink*>(context);
        to.tooMuch = to.text->size() + size > kMost;
        if (to.tooMuch) return 1;
        to.text->append(row, size).push_back('\n');
        return 0;
      },
      &sink, problem.data(), problem.size());
  if (sink.tooMuch) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: the rows take more than {} bytes", path.string(), kMost));
  }
  if (result != 0) {
    throw Error(ErrorKind::Format, fmt::format("{}: {}", path.string(), problem.data()));
  }
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/engine/engine.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <system_error>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

#ifdef BITFRONTIER_NO_DEEPBIND
constexpr int kOwnSymbolsFirst = 0;  // the address sanitizer does not allow it
#else
// Ceres brings ATLAS into the process, whose sgemm has the name of libtorch's: found first, it
// would multiply for libtorch, several times slower and on one thread.
constexpr int kOwnSymbolsFirst = RTLD_DEEPBIND;
#endif

[[noreturn]] void fail(const std::string& what) {
  const char* reason = dlerror();
  throw Error(ErrorKind::Unsupported, what + ": " + (reason == nullptr ? "unknown" : reason));
}

fs::path modulePath() {
  std::error_code failed;
  const fs::path folder = fs::read_symlink("/proc/self/exe", failed).parent_path();
  const fs::path beside = folder / kEngineFile;
  const fs::path installed = folder.parent_path() / "lib" / "bitfrontier" / kEngineFile;
  for (const fs::path& place : {beside, installed}) {
    if (fs::exists(place, failed)) return place;
  }
  throw Error(ErrorKind::NotFound,
              fmt::format("the part that runs models is missing: neither {} nor {} is there",
                          beside.string(), installed.string()));
}

const Engine& load() {
  const fs::path module = modulePath();
  if (dlopen("libtorch_cpu.so", RTLD_NOW | RTLD_GLOBAL | kOwnSymbolsFirst) == nullptr) {
    fail("libtorch cannot be loaded");
  }
  // Neither is closed again: libtorch does not survive it.
  void* handle = dlopen(module.c_str(), RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) fail(module.string() + " cannot be loaded");
  const auto entry = reinterpret_cast<const Engine* (*)()>(dlsym(handle, kEngineSymbol));
  if (entry == nullptr) fail(module.string() + " is no engine");
  const Engine& found = *entry();
  if (found.version != BITFRONTIER_VERSION) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{} is of version {}, this program of {}", module.string(),
                            found.version, BITFRONTIER_VERSION));
  }
  return found;
}

}  // namespace

const Engine& engine() {
  static const Engine& loaded = load();  // tried again after an exception
  return loaded;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bundle/bundle.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"
#include "core/base/sqlite_file.h"
#include "core/eval/task.h"
#include "core/eval/zip_archive.h"
#include "core/eval/zip_writer.h"
#include "core/store/schema.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kVersion = 1;
constexpr std::uint64_t kMostManifest = 16 << 20;
constexpr std::uint64_t kMostPart = std::uint64_t{4} << 30;
constexpr std::uint64_t kMostGrowth = 200;  ///< unpacked bytes for each packed one
constexpr std::uint64_t kSmall = 64 << 20;  ///< that any archive may unpack to
constexpr std::size_t kMostParts = 10'000;

/// Why a name is not taken; empty when it is.
std::string whyNotName(std::string_view name) {
  if (name.empty() || name.size() > 200) return "is empty or longer than 200 bytes";
  if (name.front() == '/' || (name.size() > 1 && name[1] == ':')) return "is absolute";
  for (const char c : name) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\\' || c == 0x7f) {
      return "has characters that no name has";
    }
  }
  for (std::size_t from = 0; from <= name.size();) {
    const std::size_t to = std::min(name.find('/', from), name.size());
    const std::string_view step = name.substr(from, to - from);
    if (step == "..") return "leads out of its folder";
    if (step.empty() || step == ".") return "has an empty step";
    from = to + 1;
  }
  return {};
}

/// Two names that some file systems hold for one are the same name.
std::string folded(std::string_view name) {
  std::string small(name);
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return small;
}

/// A folder of our own that goes with the object.
class Scratch {
 public:
  explicit Scratch(const fs::path& near) {
    std::string pattern = (near / ".bfz-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      throw Error(ErrorKind::Io, fmt::format("cannot make a folder in {}", near.string()));
    }
    path_ = pattern;
  }
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  const fs::path& path() const { return path_; }
  /// The folder is at `place` from now on.
  void moveTo(const fs::path& place) {
    fs::rename(path_, place);
    path_.clear();
  }

 private:
  fs::path path_;
};

std::string manifestText(const BundleManifest& manifest) {
  Json parts = Json::array();
  for (const BundleManifest::Part& part : manifest.parts) {
    parts.push_back({{"name", part.name}, {"sha256", part.sha256}, {"bytes", part.bytes}});
  }
  return Json({{"bitfrontier_bundle", kVersion},
               {"program", manifest.program},
               {"evaluator", manifest.evaluator},
               {"schema", manifest.schema},
               {"runs", manifest.runs},
               {"parts", parts}})
             .dump(2) +
         "\n";
}

BundleManifest parseManifest(const std::string& text, const std::string& where) {
  BundleManifest manifest;
  try {
    const auto json = nlohmann::json::parse(text);
    const int version = json.at("bitfrontier_bundle").get<int>();
    if (version != kVersion) {
      throw Error(ErrorKind::Unsupported,
                  fmt::format("{}: version {} of a newer Bitfrontier, this one knows {}", where,
                              version, kVersion));
    }
    manifest.program = json.at("program").get<std::string>();
    manifest.evaluator = json.at("evaluator").get<std::string>();
    manifest.schema = json.at("schema").get<int>();
    manifest.runs = json.at("runs").get<std::int64_t>();
    for (const auto& part : json.at("parts")) {
      manifest.parts.push_back({part.at("name").get<std::string>(),
                                part.at("sha256").get<std::string>(),
                                part.at("bytes").get<std::uint64_t>()});
    }
  } catch (const nlohmann::json::exception& e) {
    throw Error(ErrorKind::Format, fmt::format("{} is no manifest: {}", where, e.what()));
  }
  return manifest;
}

/// A bundle whose names and sizes can be; its contents are read one by one.
class Reader {
 public:
  explicit Reader(const fs::path& file) : file_(file), zip_(file) {
    std::set<std::string> names;
    for (const std::string& member : zip_.members()) {
      if (const std::string why = whyNotName(member); !why.empty()) {
        refuse(fmt::format(
            "the name {} {}",
            nlohmann::json(member).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace),
            why));
      }
      if (!names.insert(folded(member)).second) refuse(fmt::format("{} is there twice", member));
    }
    if (!zip_.has(std::string(kBundleManifest))) {
      refuse(fmt::format("it has no {}", kBundleManifest));
    }
    const std::string where = fmt::format("{}, {}", file.string(), kBundleManifest);
    manifest_ = parseManifest(zip_.read(std::string(kBundleManifest), kMostManifest), where);
    checkParts();
  }

  const BundleManifest& manifest() const { return manifest_; }

  /// Its content, with the hash that the manifest says.
  std::string read(const BundleManifest::Part& part) const {
    std::string content = zip_.read(part.name, part.bytes);
    if (content.size() != part.bytes) {
      refuse(fmt::format("part {} has {} bytes, its manifest says {}", part.name, content.size(),
                         part.bytes));
    }
    if (const std::string hash = sha256Hex(std::string_view(content)); hash != part.sha256) {
      refuse(fmt::format("part {} has the SHA-256 {}, its manifest says {}", part.name,
                         hash.substr(0, 16), part.sha256.substr(0, 16)));
    }
    return content;
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw Error(ErrorKind::Format, fmt::format("{} is no sound bundle: {}", file_.string(), why));
  }

  void checkParts() const {
    const auto& parts = manifest_.parts;
    if (parts.size() > kMostParts) refuse(fmt::format("it has {} parts", parts.size()));
    if (parts.empty() || parts.front().name != kBundleStore) refuse("it has no store");
    std::set<std::string> named{std::string(kBundleManifest)};
    std::uint64_t total = 0;
    for (const BundleManifest::Part& part : parts) {
      if (!named.insert(part.name).second) {
        refuse(fmt::format("its manifest names {} twice", part.name));
      }
      if (!zip_.has(part.name)) refuse(fmt::format("part {} is missing", part.name));
      if (part.bytes > kMostPart) {
        refuse(fmt::format("part {} is said to have {} bytes", part.name, part.bytes));
      }
      total += part.bytes;
    }
    std::error_code code;
    const std::uintmax_t packed = fs::file_size(file_, code);
    if (code || (total > kSmall && total / kMostGrowth > packed)) {
      refuse(fmt::format("{} bytes are said to unpack to {}", packed, total));
    }
    for (const std::string& member : zip_.members()) {
      if (!named.contains(member)) refuse(fmt::format("its manifest does not name {}", member));
    }
  }

  fs::path file_;
  ZipArchive zip_;
  BundleManifest manifest_;
};

void report(const JobContext& job, const char* what, std::size_t done, std::size_t all) {
  job.throwIfCancelled();
  job.progress({static_cast<double>(done) / static_cast<double>(all), what,
                static_cast<std::int64_t>(done), static_cast<std::int64_t>(all)});
}

void verifyAll(const Reader& reader, const JobContext& job) {
  const auto& parts = reader.manifest().parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    report(job, "verifying", i, parts.size());
    static_cast<void>(reader.read(parts[i]));
  }
}

void unpackAll(const Reader& reader, const fs::path& folder, const JobContext& job) {
  const fs::path parent = fs::absolute(folder).parent_path();
  Scratch scratch(parent);
  const auto& parts = reader.manifest().parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    report(job, "unpacking", i, parts.size());
    const fs::path place = scratch.path() / parts[i].name;
    fs::create_directories(place.parent_path());
    writeFileAtomic(place, reader.read(parts[i]));
  }
  writeFileAtomic(scratch.path() / kBundleManifest, manifestText(reader.manifest()));
  fs::permissions(scratch.path(), fs::perms::owner_all | fs::perms::group_read |
                                      fs::perms::group_exec | fs::perms::others_read |
                                      fs::perms::others_exec);
  std::error_code ignored;
  fs::remove(folder, ignored);  // an empty one
  scratch.moveTo(folder);
}

/// Calls; what the file system says becomes ours.
template <typename Call>
auto withFiles(Call&& call) {
  try {
    return call();
  } catch (const fs::filesystem_error& e) {
    throw Error(ErrorKind::Io, fmt::format("{}: {}", e.path1().string(), e.code().message()));
  }
}

}  // namespace

BundleManifest writeBundle(const RunStore& store, std::vector<BundlePart> parts,
                           const fs::path& file, const JobContext& job) {
  refuseToReplaceDatabase(file);
  std::ranges::sort(parts, {}, &BundlePart::name);
  std::set<std::string> names{folded(kBundleStore), folded(kBundleManifest)};
  for (const BundlePart& part : parts) {
    if (const std::string why = whyNotName(part.name); !why.empty()) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("the part \"{}\" of a bundle {}", part.name, why));
    }
    if (!names.insert(folded(part.name)).second) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("two parts of a bundle are called {}", part.name));
    }
  }
  return withFiles([&] {
    const fs::path folder = fs::absolute(file).parent_path();
    const Scratch scratch(folder);
    const fs::path copy = scratch.path() / kBundleStore;
    job.throwIfCancelled();
    store.backupTo(copy);
    BundleManifest manifest;
    manifest.program = BITFRONTIER_VERSION;
    manifest.evaluator = kEvaluatorVersion;
    manifest.schema = storeSchemaVersion();
    manifest.runs =
        static_cast<std::int64_t>(RunStore::open(copy, RunStore::Mode::ReadOnly).runs().size());
    parts.insert(parts.begin(), {std::string(kBundleStore), readFile(copy, kMostPart)});
    for (const BundlePart& part : parts) {
      manifest.parts.push_back(
          {part.name, sha256Hex(std::string_view(part.content)), part.content.size()});
    }
    job.throwIfCancelled();
    ZipWriter zip(file);
    zip.add(std::string(kBundleManifest), manifestText(manifest));
    for (BundlePart& part : parts) zip.add(part.name, std::move(part.content));
    zip.finish();
    return manifest;
  });
}

BundleManifest verifyBundle(const fs::path& file, const JobContext& job) {
  const Reader reader(file);
  verifyAll(reader, job);
  return reader.manifest();
}

BundleManifest unpackBundle(const fs::path& file, const fs::path& folder, const JobContext& job) {
  return withFiles([&] {
    if (fs::exists(folder) && !(fs::is_directory(folder) && fs::is_empty(folder))) {
      throw Error(ErrorKind::Conflict, fmt::format("{} is there and not empty", folder.string()));
    }
    const Reader reader(file);
    verifyAll(reader, job);
    unpackAll(reader, folder, job);
    return reader.manifest();
  });
}

fs::path openBundle(const fs::path& file, const fs::path& otherwise, const JobContext& job) {
  return withFiles([&] {
    const Reader reader(file);
    verifyAll(reader, job);
    const std::string manifest = manifestText(reader.manifest());
    const auto unpackedAt = [&](const fs::path& folder) {
      const fs::path there = folder / kBundleManifest;
      return pathExists(folder / kBundleStore) && pathExists(there) &&
             readFile(there, kMostManifest) == manifest;
    };
    const fs::path beside = fs::absolute(file).parent_path();
    const bool writable = ::access(beside.c_str(), W_OK) == 0;
    if (!writable) fs::create_directories(otherwise);
    const fs::path base = (writable ? beside : otherwise) / file.stem();
    for (int number = 1;; ++number) {
      const fs::path folder =
          number == 1 ? base : fs::path(fmt::format("{}-{}", base.string(), number));
      if (unpackedAt(folder)) return folder / kBundleStore;
      std::error_code code;
      if (fs::exists(folder, code) && !(fs::is_directory(folder) && fs::is_empty(folder))) continue;
      unpackAll(reader, folder, job);
      return folder / kBundleStore;
    }
  });
}

bool isBundle(const fs::path& file) noexcept {
  try {
    if (folded(file.extension().string()) != kBundleEnding) return false;
    std::ifstream in(file, std::ios::binary);
    char start[2] = {};
    return in.read(start, 2) && start[0] == 'P' && start[1] == 'K';
  } catch (...) {
    return false;
  }
}

}  // namespace bitfrontier

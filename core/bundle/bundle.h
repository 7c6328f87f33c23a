// SPDX-License-Identifier: GPL-3.0-or-later
// A store with all that was made of it in one file that says when a byte of it is another one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/job.h"
#include "core/store/run_store.h"

namespace bitfrontier {

/// A file that goes into a bundle beside the store: "law.json", "figures/width.pdf".
struct BundlePart {
  std::string name;  ///< with forward slashes, below the bundle's folder
  std::string content;
};

/// What a bundle says of itself (manifest.json).
struct BundleManifest {
  struct Part {
    std::string name, sha256;
    std::uint64_t bytes = 0;
  };
  std::string program;    ///< version that wrote it
  std::string evaluator;  ///< kEvaluatorVersion of it
  int schema = 0;         ///< of the store
  std::int64_t runs = 0;
  std::vector<Part> parts;  ///< the store first
};

inline constexpr std::string_view kBundleStore = "store.bfdb";
inline constexpr std::string_view kBundleManifest = "manifest.json";
inline constexpr std::string_view kBundleEnding = ".bfz";

/// Writes a zip archive with a snapshot of the store (SQLite's backup), the parts in order of their
/// names and a manifest with the SHA-256 of each. The same inputs give the same bytes. Throws
/// InvalidArgument for a part's name that cannot be or is there twice, Io; refuses to replace a
/// database.
BundleManifest writeBundle(const RunStore& store, std::vector<BundlePart> parts,
                           const std::filesystem::path& file, const JobContext& job = {});

/// Reads every part and compares its hash with the manifest; nothing is written. Throws Format with
/// the first part that differs, is missing or is not named, or the reason why the archive is not
/// taken: names that lead out of its folder, are absolute or twice there, parts that unpack to more
/// than they state or to far more than the archive holds, or a file that ends early.
BundleManifest verifyBundle(const std::filesystem::path& file, const JobContext& job = {});

/// Verifies all, then unpacks into a folder that must not be there yet or be empty; it appears as a
/// whole or not at all. Throws as verifyBundle(), and Io.
BundleManifest unpackBundle(const std::filesystem::path& file, const std::filesystem::path& folder,
                            const JobContext& job = {});

/// Unpacks for looking at it: beside the bundle, in a folder of its name, or in `otherwise` where
/// nothing can be written there; one that was unpacked before from the same bundle is taken as it
/// is. Returns the store's file.
std::filesystem::path openBundle(const std::filesystem::path& file,
                                 const std::filesystem::path& otherwise,
                                 const JobContext& job = {});

/// Whether the file is a zip archive with the ending of a bundle; reads some bytes. Never throws.
bool isBundle(const std::filesystem::path& file) noexcept;

}  // namespace bitfrontier

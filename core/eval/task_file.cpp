// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/task_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/json.h"
#include "core/eval/parquet.h"
#include "core/eval/python_text.h"
#include "core/eval/zip_archive.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

bool matches(std::string_view name, std::string_view pattern) {
  const std::size_t star = pattern.find('*');
  if (star == std::string_view::npos) return name == pattern;
  const std::string_view end = pattern.substr(star + 1);
  return name.size() + 1 >= pattern.size() && name.starts_with(pattern.substr(0, star)) &&
         name.ends_with(end);
}

/// Usual file names of a kind's evaluated split, best first. Of ARC both sets have the same kind;
/// the name or the folder says which is meant.
std::vector<std::string_view> usualNames(TaskKind kind) {
  switch (kind) {
    case TaskKind::Lambada:
      return {"lambada_test_en.jsonl", "lambada_test.jsonl", "lambada_test_plain_text.txt",
              "test-*.parquet"};
    case TaskKind::HellaSwag:
      return {"hellaswag_val.jsonl", "validation-*.parquet"};
    case TaskKind::Piqa:
      return {"valid.jsonl", "dev.jsonl", "validation-*.parquet"};
    case TaskKind::WinoGrande:
      return {"dev.jsonl", "validation-*.parquet"};
    case TaskKind::Arc:
      return {"ARC-*-Test.jsonl", "test-*.parquet"};
    case TaskKind::WikiText:
      return {"wiki.test.raw", "wiki.test.tokens", "test-*.parquet"};
    case TaskKind::Text:
      return {"*.jsonl", "*.txt"};
    case TaskKind::Custom:
      return {};
  }
  return {};
}

/// Files that may be the task's: those with the best of the usual names. `hint` ("easy",
/// "challenge") chooses between the two sets of ARC, by any part of the path.
std::vector<std::string> candidates(const std::vector<std::string>& files, TaskKind kind,
                                    std::string_view hint) {
  const auto hinted = [&](const std::string& file) {
    std::string lower = file;
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower.find(hint) != std::string::npos;
  };
  for (const std::string_view pattern : usualNames(kind)) {
    std::vector<std::string> found;
    for (const std::string& file : files) {
      if (matches(fs::path(file).filename().string(), pattern) && hinted(file)) {
        found.push_back(file);
      }
    }
    std::ranges::sort(found);
    if (!found.empty()) return found;
  }
  return {};
}

std::string_view arcHint(const TaskSource& source) {
  for (std::string text : {source.name, source.path.string()}) {
    std::ranges::transform(text, text.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (text.find("easy") != std::string::npos) return "easy";
    if (text.find("challenge") != std::string::npos) return "challenge";
  }
  return "";
}

/// The one file of a container, or several that are the numbered parts of one.
std::vector<std::string> choose(const std::string& container, const std::vector<std::string>& files,
                                TaskKind kind, std::string_view hint) {
  std::vector<std::string> found = candidates(files, kind, hint);
  if (found.empty()) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} holds no file of a {} task under a usual name ({}); name the file "
                            "itself",
                            container, taskKindName(kind), fmt::join(usualNames(kind), ", ")));
  }
  const bool parts = std::ranges::all_of(found, [&](const std::string& file) {
    return file.ends_with(".parquet") &&
           fs::path(file).parent_path() == fs::path(found.front()).parent_path();
  });
  if (found.size() > 1 && !parts) {
    const std::string_view help = kind == TaskKind::Arc
                                      ? "; write arc_easy=PATH or arc_challenge=PATH"
                                      : "; name one of them";
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} holds {} files that may be the task, {} and {} among them{}",
                            container, found.size(), found[0], found[1], help));
  }
  return found;
}

bool beginsArray(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '[';
}

/// Rows that stand in one JSON array, each on a line of its own.
void arrayToLines(TaskFile& file) {
  const nlohmann::json rows = parseJson(file.content, file.name);
  file.content.clear();
  for (const auto& row : rows) file.content += row.dump() + "\n";
  file.fromArray = true;
}

/// Content by extension; `read` gives the bytes of the file and of what lies beside it.
TaskFile contentOf(const std::string& name, const fs::path& inner,
                   const std::function<std::optional<std::string>(const fs::path&)>& read) {
  TaskFile file;
  file.name = name;
  file.jsonLines = inner.extension() == ".jsonl" || inner.extension() == ".json";
  const std::optional<std::string> content = read(inner);
  if (!content) throw Error(ErrorKind::NotFound, name + ": the task file is not there any more");
  file.content = *content;
  if (file.jsonLines && beginsArray(file.content)) arrayToLines(file);
  if (!file.jsonLines) requireUtf8(file.content, name);
  fs::path labels = inner;
  labels.replace_filename(inner.stem().string() + "-labels.lst");
  file.labels = read(labels);
  file.labelsName = labels.filename().string();
  return file;
}

TaskFile fromParquet(const std::vector<fs::path>& parts) {
  TaskFile file;
  file.name = parts.front().string();
  for (const fs::path& part : parts) readParquet(part, file.content);
  return file;
}

TaskFile fromZip(const fs::path& archive, const fs::path& member, TaskKind kind,
                 std::string_view hint) {
  ZipArchive zip(archive);
  const std::string inner = member.empty()
                                ? choose(archive.string(), zip.members(), kind, hint).front()
                                : member.string();
  if (inner.ends_with(".parquet")) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: a Parquet file inside an archive must be unpacked first ({})",
                            archive.string(), inner));
  }
  return contentOf((archive / inner).string(), inner,
                   [&](const fs::path& path) -> std::optional<std::string> {
                     const bool wanted = path == fs::path(inner);
                     if (!wanted && !zip.has(path.string())) return std::nullopt;
                     return zip.read(path.string());
                   });
}

TaskFile fromFolder(const fs::path& folder, TaskKind kind, std::string_view hint) {
  constexpr std::size_t kMost = 10'000;
  std::vector<std::string> files;
  std::error_code error;
  for (fs::recursive_directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    if (at.depth() > 4) at.disable_recursion_pending();
    if (!at->is_regular_file(error)) continue;
    files.push_back(at->path().string());
    if (files.size() > kMost) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{} holds more than {} files; name the file of the task",
                              folder.string(), kMost));
    }
  }
  if (error) {
    throw Error(ErrorKind::Io, fmt::format("cannot list {}: {}", folder.string(), error.message()));
  }
  std::vector<fs::path> found;
  for (const std::string& file : choose(folder.string(), files, kind, hint))
    found.emplace_back(file);
  if (found.front().extension() == ".parquet") return fromParquet(found);
  return readTaskFile({"", found.front()}, kind);
}

}  // namespace

TaskSource parseTaskSource(const fs::path& source) {
  const std::string text = source.string();
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals == 0 || pathExists(source)) return {"", source};
  return {text.substr(0, equals), text.substr(equals + 1)};
}

TaskFile readTaskFile(const TaskSource& source, TaskKind kind) {
  const fs::path& path = source.path;
  const std::string_view hint = kind == TaskKind::Arc ? arcHint(source) : std::string_view();
  std::error_code ignored;
  if (fs::is_directory(path, ignored)) return fromFolder(path, kind, hint);
  fs::path member;
  for (fs::path at = path; at.has_relative_path(); at = at.parent_path()) {
    if (at.extension() == ".zip" && fs::is_regular_file(at, ignored)) {
      return fromZip(at, member, kind, hint);
    }
    if (at.parent_path() == at) break;
    member = member.empty() ? at.filename() : at.filename() / member;
  }
  if (path.extension() == ".parquet") return fromParquet({path});
  return contentOf(path.string(), path, [&](const fs::path& wanted) -> std::optional<std::string> {
    if (wanted != path && !pathExists(wanted)) return std::nullopt;
    return readFile(wanted);
  });
}

bool holdsArray(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::string start(4096, '\0');
  file.read(start.data(), static_cast<std::streamsize>(start.size()));
  start.resize(static_cast<std::size_t>(file.gcount()));
  return beginsArray(start);
}

void requireUtf8(const std::string& text, const std::string& name) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t before = at;
    if (!python::valid(text, at)) {
      throw Error(ErrorKind::Format, fmt::format("{} is not UTF-8 at byte {}", name, before));
    }
  }
}

std::vector<NumberedLine> linesOf(std::string_view content) {
  std::vector<NumberedLine> lines;
  std::int64_t number = 0;
  while (!content.empty()) {
    ++number;
    const std::size_t end = content.find('\n');
    std::string_view text = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    if (!text.empty() && text.back() == '\r') text.remove_suffix(1);
    if (text.find_first_not_of(" \t") != std::string_view::npos) lines.push_back({text, number});
  }
  return lines;
}

}  // namespace bitfrontier

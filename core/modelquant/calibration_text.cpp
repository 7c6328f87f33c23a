// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/modelquant/calibration_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

std::string jsonLinesText(const std::string& content, const std::string& where) {
  std::string text;
  std::size_t number = 0;
  for (std::size_t begin = 0; begin < content.size();) {
    const std::size_t end = std::min(content.find('\n', begin), content.size());
    const std::string_view line = std::string_view(content).substr(begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.find_first_not_of(" \t\r") == line.npos) continue;
    const std::string place = fmt::format("{}:{}", where, number);
    text += requireString(parseJson(line, place), "text", place) + "\n";
  }
  return text;
}

}  // namespace

std::string CalibrationText::identity() const {
  return fmt::format("{} {}x{} sha256={}", name, sequences,
                     length > 0 ? std::to_string(length) : "max", sha256Hex(text).substr(0, 16));
}

CalibrationText readCalibrationText(const std::filesystem::path& file) {
  CalibrationText result;
  result.name = file.stem().string();
  const std::string content = readFile(file);
  result.text = file.extension() == ".jsonl" ? jsonLinesText(content, file.string()) : content;
  if (result.text.empty())
    throw Error(ErrorKind::InvalidArgument, fmt::format("{}: there is no text", file.string()));
  return result;
}

}  // namespace bitfrontier

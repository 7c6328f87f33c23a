// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_model.h"

#include <algorithm>
#include <cctype>

namespace bitfrontier {

namespace {

bool isPlain(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '.';
}

bool isRepoPart(std::string_view text) {
  return !text.empty() && text.size() <= 96 && std::all_of(text.begin(), text.end(), isPlain) &&
         text.front() != '-' && text.front() != '.' && text.back() != '-' && text.back() != '.' &&
         text.find("--") == std::string_view::npos && text.find("..") == std::string_view::npos;
}

// Becomes a path in the cache and a part of addresses.
bool isRevision(std::string_view text) {
  return !text.empty() && text.size() <= 200 && text.front() != '/' && text.back() != '/' &&
         text.find("..") == std::string_view::npos && text.find("//") == std::string_view::npos &&
         text.front() != '.' && text.find("/.") == std::string_view::npos &&
         std::all_of(text.begin(), text.end(), [](char c) { return isPlain(c) || c == '/'; });
}

}  // namespace

bool isHex(std::string_view text, std::size_t digits) {
  return text.size() == digits && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

bool HubModel::isCommit() const { return isHex(revision, 40); }

std::string HubModel::text() const { return revision == "main" ? repo : repo + "@" + revision; }

std::optional<HubModel> parseHubModel(std::string_view text) {
  HubModel model;
  if (const std::size_t at = text.find('@'); at != std::string_view::npos) {
    if (!isRevision(text.substr(at + 1))) return std::nullopt;
    model.revision = text.substr(at + 1);
    text = text.substr(0, at);
  }
  const std::size_t slash = text.find('/');
  const bool valid = slash == std::string_view::npos
                         ? isRepoPart(text)
                         : isRepoPart(text.substr(0, slash)) && isRepoPart(text.substr(slash + 1));
  if (!valid || text.ends_with(".git") || text.ends_with(".ipynb")) return std::nullopt;
  model.repo = text;
  return model;
}

}  // namespace bitfrontier

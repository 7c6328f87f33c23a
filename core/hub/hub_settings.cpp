// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/hub/url.h"

namespace bitfrontier {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMaxToken = 4096;

bool isNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

/// Python's expandvars and expanduser: $NAME, ${NAME}, a leading ~; unknown names stay.
std::string expand(const std::string& text, const HubSettings::Environment& get) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool braces = text[i] == '$' && i + 1 < text.size() && text[i + 1] == '{';
    const std::size_t begin = i + (braces ? 2 : 1);
    std::size_t end = begin;
    while (text[i] == '$' && end < text.size() && isNameCharacter(text[end])) ++end;
    const bool closed = !braces || (end < text.size() && text[end] == '}');
    const auto value = text[i] == '$' && end > begin && closed
                           ? get(text.substr(begin, end - begin).c_str())
                           : std::nullopt;
    if (value) {
      out += *value;
      i = end - (braces ? 0 : 1);
    } else {
      out += text[i];
    }
  }
  if (out == "~" || out.starts_with("~/")) out = get("HOME").value_or("") + out.substr(1);
  return out;
}

bool isTrue(std::string value) {
  std::transform(value.begin(), value.end(), value.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return value == "1" || value == "ON" || value == "YES" || value == "TRUE";
}

std::string stripped(std::string text) {
  const auto space = [](unsigned char c) { return std::isspace(c) != 0; };
  text.erase(text.begin(), std::find_if_not(text.begin(), text.end(), space));
  text.erase(std::find_if_not(text.rbegin(), text.rend(), space).base(), text.end());
  return text;
}

std::string readToken(const HubSettings::Environment& get, const fs::path& home) {
  if (isTrue(get("HF_HUB_DISABLE_IMPLICIT_TOKEN").value_or(""))) return {};
  std::string token = get("HF_TOKEN").value_or("");
  std::string where = "HF_TOKEN";
  if (token.empty()) token = get("HUGGING_FACE_HUB_TOKEN").value_or("");
  if (token.empty()) {
    const auto named = get("HF_TOKEN_PATH");
    const fs::path file = named ? fs::path(expand(*named, get)) : home / "token";
    where = file.string();
    if (pathExists(file)) token = readFile(file, kMaxToken);
  }
  token = stripped(token);
  // It becomes a line of a request.
  const auto plain = [](unsigned char c) { return c > 0x20 && c < 0x7F; };
  if (!std::all_of(token.begin(), token.end(), plain)) {
    throw Error(ErrorKind::InvalidArgument, fmt::format("the token of {} is no token", where));
  }
  return token;
}

void requireWebAddress(const std::string& endpoint) {
  std::string scheme;
  try {
    scheme = Url(endpoint).scheme();
  } catch (const Error&) {
    // No address at all.
  }
  if (scheme == "https" || scheme == "http") return;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("HF_ENDPOINT is {}, which is no https or http address", endpoint));
}

}  // namespace

HubSettings HubSettings::fromEnvironment() {
  return fromEnvironment([](const char* name) -> std::optional<std::string> {
    const char* value = std::getenv(name);
    if (value == nullptr) return std::nullopt;
    return value;
  });
}

HubSettings HubSettings::fromEnvironment(const Environment& get) {
  const auto first = [&](std::initializer_list<const char*> names) -> std::optional<std::string> {
    for (const char* name : names) {
      const auto value = get(name);
      if (value && !value->empty()) return value;
    }
    return std::nullopt;
  };
  HubSettings settings;
  const std::string user = first({"XDG_CACHE_HOME"}).value_or("~/.cache");
  const fs::path home = expand(first({"HF_HOME"}).value_or(user + "/huggingface"), get);
  const auto cache = first({"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"});
  settings.cache = cache ? fs::path(expand(*cache, get)) : home / "hub";
  settings.endpoint = first({"HF_ENDPOINT"}).value_or("https://huggingface.co");
  while (settings.endpoint.ends_with('/')) settings.endpoint.pop_back();
  requireWebAddress(settings.endpoint);
  settings.token = readToken(get, home);
  settings.certificates =
      first({"REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"}).value_or("");
  settings.offline = isTrue(first({"HF_HUB_OFFLINE"}).value_or("")) ||
                     isTrue(first({"TRANSFORMERS_OFFLINE"}).value_or(""));
  if (const auto text = first({"HF_HUB_DOWNLOAD_TIMEOUT"})) {
    int seconds = 0;
    const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), seconds);
    if (code != std::errc() || end != text->data() + text->size() || seconds < 1) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("HF_HUB_DOWNLOAD_TIMEOUT is {}, not a number of seconds", *text));
    }
    settings.timeout = std::chrono::seconds(seconds);
  }
  return settings;
}

}  // namespace bitfrontier

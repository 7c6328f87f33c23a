// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/session_file.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

constexpr int kVersion = 1;

}  // namespace

std::string sessionText(const Session& session) {
  nlohmann::ordered_json windows = nlohmann::ordered_json::array();
  for (const SessionWindow& window : session.windows) {
    windows.push_back(
        {{"view", toJson(window.view)}, {"geometry", window.geometry}, {"layout", window.layout}});
  }
  return nlohmann::ordered_json{{"bitfrontier", "session"},
                                {"version", kVersion},
                                {"ended", session.ended},
                                {"windows", std::move(windows)}}
             .dump(1) +
         "\n";
}

Session parseSession(std::string_view text, std::string_view where) {
  const nlohmann::json value = parseJson(text, where);
  if (requireInt(value, "version", where) != kVersion) {
    throw Error(ErrorKind::Format, std::string(where) + ": a session of another version");
  }
  Session session;
  session.ended = boolOr(value, "ended", where, false);
  for (const nlohmann::json& window : requireArray(value, "windows", where)) {
    SessionWindow& w = session.windows.emplace_back();
    w.view = viewStateFromJson(requireObject(window, "view", where));
    w.geometry = stringOr(window, "geometry", where, "");
    w.layout = stringOr(window, "layout", where, "");
  }
  return session;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "ui/view/view_state.h"

namespace bitfrontier {

/// One window of a session.
struct SessionWindow {
  ViewState view;
  std::string geometry, layout;  ///< as QMainWindow saves them, base64

  bool operator==(const SessionWindow&) const = default;
};

/// What was open, so that it can be again.
struct Session {
  bool ended = false;  ///< by the user; else the program was killed or has crashed
  std::vector<SessionWindow> windows;

  bool operator==(const Session&) const = default;
};

std::string sessionText(const Session& session);
/// What cannot be read of a window is passed over. Throws Error{Format} for what is no session, or
/// one of another version.
Session parseSession(std::string_view text, std::string_view where);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "core/base/error.h"

namespace bitfrontier::test {

/// Expects an Error of that kind from `call` whose sentence begins with `file`, "<file>: ..." or
/// "<file> ...", and holds `part`.
template <typename Call>
void expectErrorAbout(const std::string& file, ErrorKind kind, const std::string& part,
                      const Call& call) {
  try {
    call();
    ADD_FAILURE() << "no error with '" << part << "'";
  } catch (const Error& e) {
    const std::string said = e.what();
    EXPECT_EQ(e.kind(), kind) << said;
    EXPECT_TRUE(said.starts_with(file + ": ") || said.starts_with(file + " ")) << said;
    EXPECT_NE(said.find(part), std::string::npos) << said << "\ndoes not say: " << part;
  }
}

/// The sentence of the Error of that kind that `call` throws.
template <typename Call>
std::string errorText(ErrorKind kind, const Call& call) {
  try {
    call();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), kind) << e.what();
    return e.what();
  }
  ADD_FAILURE() << "no Error was thrown";
  return "";
}

}  // namespace bitfrontier::test

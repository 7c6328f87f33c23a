// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bitfrontier {

/// A model on the hub: "EleutherAI/pythia-70m", "gpt2", "EleutherAI/pythia-70m@step1000".
struct HubModel {
  std::string repo;
  std::string revision = "main";  ///< branch, tag, or a commit of 40 hexadecimal digits

  /// Whether the revision is a commit.
  bool isCommit() const;
  /// As parsed; "@main" is left out.
  std::string text() const;
};

/// Nothing when the text cannot name a model (the hub's rules for names).
std::optional<HubModel> parseHubModel(std::string_view text);

/// Whether the text is `digits` lower-case hexadecimal digits.
bool isHex(std::string_view text, std::size_t digits);

}  // namespace bitfrontier

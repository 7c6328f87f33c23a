// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

namespace bitfrontier {

/// Content of a PDF's attachment of this name, whatever program packed the file again; absent when
/// there is none. Throws Error{Format} for what is no PDF and for attachments above 16 MiB.
std::optional<std::string> pdfAttachment(const std::filesystem::path& file, std::string_view name);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"

namespace bitfrontier {

std::string_view errorKindName(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::InvalidArgument:
      return "InvalidArgument";
    case ErrorKind::NotFound:
      return "NotFound";
    case ErrorKind::Format:
      return "Format";
    case ErrorKind::Io:
      return "Io";
    case ErrorKind::Unsupported:
      return "Unsupported";
    case ErrorKind::OutOfMemory:
      return "OutOfMemory";
    case ErrorKind::Cancelled:
      return "Cancelled";
    case ErrorKind::Numeric:
      return "Numeric";
    case ErrorKind::Conflict:
      return "Conflict";
  }
  return "Unknown";
}

Error::Error(ErrorKind kind, std::string message) : std::runtime_error(message), kind_(kind) {}

}  // namespace bitfrontier

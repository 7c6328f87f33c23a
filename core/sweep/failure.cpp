// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/failure.h"

#include <c10/util/Exception.h>

#include <new>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

bool has(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

FailureCause causeOf(const std::exception& error) {
  if (dynamic_cast<const std::bad_alloc*>(&error) ||
      dynamic_cast<const c10::OutOfMemoryError*>(&error)) {
    return FailureCause::OutOfMemory;
  }
  const std::string_view text = error.what();
  // What the system says of a disk (strerror of ENOSPC, EDQUOT, EROFS), whoever hands it on.
  if (has(text, "No space left") || has(text, "quota exceeded") || has(text, "disk is full") ||
      has(text, "Read-only file system")) {
    return FailureCause::Disk;
  }
  const auto* known = dynamic_cast<const Error*>(&error);
  if (known == nullptr) {
    // libtorch's allocator of host memory has no exception of its own.
    return has(text, "not enough memory") || has(text, "out of memory") ? FailureCause::OutOfMemory
                                                                        : FailureCause::Other;
  }
  switch (known->kind()) {
    case ErrorKind::OutOfMemory:
      return FailureCause::OutOfMemory;
    case ErrorKind::Numeric:
      return FailureCause::NotANumber;
    case ErrorKind::NotFound:
    case ErrorKind::Format:
    case ErrorKind::Io:
    case ErrorKind::Unsupported:
    case ErrorKind::Conflict:
    case ErrorKind::InvalidArgument:
      return FailureCause::Load;
    case ErrorKind::Cancelled:
      break;
  }
  return FailureCause::Other;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>

namespace bitfrontier {

/// What went wrong, coarse enough to choose a reaction (exit code, retry, dialog) from.
enum class ErrorKind {
  InvalidArgument,  ///< a value given by the caller or user is not allowed
  NotFound,         ///< a file, tensor, key or record does not exist
  Format,           ///< a file's content breaks its format
  Io,               ///< the system refused to read or write
  Unsupported,      ///< well formed, but nothing here handles it
  OutOfMemory,      ///< host or device memory is exhausted
  Cancelled,        ///< the stop token was set
  Numeric,          ///< NaN, overflow, no convergence
  Conflict,         ///< two things that must agree do not
};

/// The kind's name as written above, for logs and exit messages.
std::string_view errorKindName(ErrorKind kind);

/// The only exception type thrown by core. `what()` is one lower-case sentence without a period
/// that names the file, the place in it and the values. Names out of files may hold anything:
/// control characters and invalid UTF-8 are shown as \\xNN, and the middle of a text above 2000
/// bytes is left out.
class Error : public std::runtime_error {
 public:
  Error(ErrorKind kind, std::string message);
  ErrorKind kind() const { return kind_; }

 private:
  ErrorKind kind_;
};

}  // namespace bitfrontier

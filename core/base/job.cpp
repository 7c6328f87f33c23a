// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/job.h"

#include "core/base/error.h"

namespace bitfrontier {

void JobContext::throwIfCancelled() const {
  if (cancelled()) throw Error(ErrorKind::Cancelled, "cancelled");
}

void JobContext::progress(const Progress& p) const {
  if (report) report(p);
}

}  // namespace bitfrontier

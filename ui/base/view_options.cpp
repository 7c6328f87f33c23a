// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/view_options.h"

namespace bitfrontier {

bool sameContent(const ViewOptions& a, const ViewOptions& b) {
  ViewOptions c = a;
  c.fits = b.fits;
  c.means = b.means;
  c.frontier = b.frontier;
  c.errorBars = b.errorBars;
  c.split = b.split;
  c.xLog = b.xLog;
  c.yLog = b.yLog;
  c.rings = b.rings;
  c.labels = b.labels;
  c.lossless = b.lossless;
  c.losslessBits = b.losslessBits;
  c.budgetBits = b.budgetBits;
  return c == b;
}

}  // namespace bitfrontier

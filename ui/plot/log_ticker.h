// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plot/qcp.h"

namespace bitfrontier {

/// Ticks of a logarithmic axis: a labelled tick at every decade ("10⁹") and small ticks at 2..9
/// times it. With less than two decades in view 2 and 5, then 3, then every multiple get labels
/// too; below a third of a decade the ticks become evenly spaced. In `Bytes` mode labels are sizes:
/// "10 MB", "1 GB"; in `Plain` mode numbers a person writes out: "20", "0.5".
class LogTicker : public QCPAxisTicker {
 public:
  enum class Labels { Powers, Bytes, Plain };
  explicit LogTicker(Labels labels = Labels::Powers) : labels_(labels) {}

  /// Upper bound of labelled decades; more are thinned to every second, third, ... decade.
  void setMaximumDecades(int count) { maximumDecades_ = count; }
  /// The label of one tick.
  QString label(double tick) const;

 protected:
  QVector<double> createTickVector(double tickStep, const QCPRange& range) override;
  QVector<double> createSubTickVector(int subTickCount, const QVector<double>& ticks) override;
  int getSubTickCount(double) override { return 8; }
  QString getTickLabel(double tick, const QLocale& locale, QChar formatChar,
                       int precision) override;

 private:
  Labels labels_;
  int maximumDecades_ = 9;
  QCPRange range_;
};

}  // namespace bitfrontier

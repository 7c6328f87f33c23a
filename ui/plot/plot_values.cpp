// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plot/plot_values.h"

#include <cmath>
#include <unordered_map>

#include "ui/base/text.h"

namespace bitfrontier {
namespace {

struct Tr {
  Q_DECLARE_TR_FUNCTIONS(PlotValues)
};

constexpr double kNone = LawPoint::kAbsent;

double at(const std::vector<double>* values, std::size_t i) {
  return values && i < values->size() ? (*values)[i] : kNone;
}

double xOf(const LawPoint& p, std::size_t i, const ViewOptions& options, const PointAxes* axes) {
  switch (options.x) {
    case XAxis::TotalBits:
      return p.totalBits;
    case XAxis::Memory:
      return at(axes ? &axes->memory : nullptr, i) / 8;
    case XAxis::Parameters:
      return p.parameters;
    case XAxis::Seconds:
      return at(axes ? &axes->seconds : nullptr, i);
  }
  return kNone;
}

QString missingX(XAxis x) {
  switch (x) {
    case XAxis::TotalBits:
      return Tr::tr("no total bits");
    case XAxis::Memory:
      return Tr::tr("memory not known");
    case XAxis::Parameters:
      return Tr::tr("no number of parameters");
    case XAxis::Seconds:
      return Tr::tr("no duration");
  }
  return {};
}

QString missingY(const ViewOptions& options) {
  switch (options.y) {
    case YAxis::Difference:
      return Tr::tr("not paired with 16 bit");
    case YAxis::Residual:
      return Tr::tr("no law describes them");
    default:
      return options.metric == LawMetric::Accuracy ? Tr::tr("no accuracy")
                                                   : Tr::tr("no cross-entropy");
  }
}

/// Metric minus what the point's law says, by the point's key; each law once.
std::unordered_map<std::string, double> residuals(const LawSet& laws) {
  std::unordered_map<std::string, double> all;
  for (const LawCurve& curve : laws.laws) {
    if (!curve.law) continue;
    const JointFit& fit = *curve.law;
    for (const LawPoint& p : curve.series.points) {
      const double size = fit.axis == LawAxis::Parameters ? p.parameters : p.totalBits;
      const double fitted = fit.predict(fit.row(curve.format, size));
      all[pointKey(p)] = metricOf(p, laws.metric) - fitted;
    }
  }
  return all;
}

}  // namespace

PlotValues plotValues(std::span<const LawPoint> points, const ViewOptions& options,
                      const PlotInputs& inputs) {
  PlotValues values;
  values.x.assign(points.size(), kNone);
  values.y.assign(points.size(), kNone);
  values.error.assign(points.size(), kNone);
  std::unordered_map<std::string, double> residual;
  const bool lawsFit = inputs.laws && inputs.laws->metric == options.metric;
  if (options.y == YAxis::Residual && lawsFit) residual = residuals(*inputs.laws);
  PlotValues::Hidden noX{missingX(options.x), {}}, noY{missingY(options), {}};
  PlotValues::Hidden logX{Tr::tr("not above 0 on the logarithmic x axis"), {}, true, false};
  PlotValues::Hidden logY{Tr::tr("not above 0 on the logarithmic y axis"), {}, false, true};
  const double scale = plotScale(options.metric), bars = barErrors(options);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const LawPoint& p = points[i];
    const double x = xOf(p, i, options, inputs.axes);
    double y = plotValue(p, options.metric), error = plotError(p, options.metric);
    if (options.y == YAxis::Error && options.metric == LawMetric::Accuracy) y = 100 - y;
    if (options.y == YAxis::Difference) {
      y = scale * at(inputs.axes ? &inputs.axes->difference : nullptr, i);
      error = scale * at(inputs.axes ? &inputs.axes->differenceSe : nullptr, i);
    }
    if (options.y == YAxis::Residual) {
      const auto found = residual.find(pointKey(p));
      y = found == residual.end() ? kNone : scale * found->second;
    }
    const int row = static_cast<int>(i);
    if (!std::isfinite(y)) {
      noY.points.push_back(row);
    } else if (!std::isfinite(x) || (options.x == XAxis::TotalBits && !(x > 0))) {
      noX.points.push_back(row);
    } else if (options.xLog && !(x > 0)) {
      logX.points.push_back(row);
    } else if (options.yLog && !(y > 0)) {
      logY.points.push_back(row);
    } else {
      values.x[i] = x;
      values.y[i] = y;
      values.error[i] = bars * error;
    }
  }
  for (PlotValues::Hidden* hidden : {&noY, &noX, &logX, &logY}) {
    if (!hidden->points.empty()) values.hidden.push_back(std::move(*hidden));
  }
  return values;
}

double barErrors(const ViewOptions& options) { return options.y == YAxis::Difference ? 1.96 : 1; }

QString barText(const ViewOptions& options) {
  return options.y == YAxis::Difference ? Tr::tr("95 % of the paired difference")
                                        : Tr::tr("±1 standard error");
}

QString xAxisLabel(const ViewOptions& options) {
  switch (options.x) {
    case XAxis::Memory:
      return options.context > 0
                 ? Tr::tr("Memory (bytes), weights and cache of %1 tokens").arg(options.context)
                 : Tr::tr("Memory of the weights (bytes)");
    case XAxis::Parameters:
      return Tr::tr("Parameters");
    case XAxis::Seconds:
      return Tr::tr("Time of the evaluation (s)");
    case XAxis::TotalBits:
      break;
  }
  switch (options.rule) {
    case CountingRule::LinearOnly:
      return Tr::tr("Total bits of the linear layers");
    case CountingRule::AllParameters:
      return Tr::tr("Total model bits (all parameters at k bits)");
    case CountingRule::CheckpointBytes:
      return Tr::tr("Total model bits");
  }
  return {};
}

QString yAxisLabel(const ViewOptions& options) {
  const bool accuracy = options.metric == LawMetric::Accuracy;
  const QString task = Text::from(options.task);
  switch (options.y) {
    case YAxis::Difference:
      return accuracy ? Tr::tr("Accuracy minus that at 16 bit (points)")
                      : Tr::tr("Cross-entropy minus that at 16 bit (nats per token)");
    case YAxis::Residual:
      return accuracy ? Tr::tr("Accuracy minus the law (points)")
                      : Tr::tr("Cross-entropy minus the law (nats per token)");
    case YAxis::Error:
      if (accuracy) {
        return task.isEmpty() ? Tr::tr("Mean zero-shot error (%)")
                              : Tr::tr("Error on %1 (%)").arg(task);
      }
      break;
    case YAxis::Metric:
      break;
  }
  if (!task.isEmpty()) {
    return accuracy ? Tr::tr("Accuracy on %1 (%)").arg(task)
                    : Tr::tr("Cross-entropy of %1 (nats per token)").arg(task);
  }
  return Text::metricAxis(options.metric);
}

double curveValue(double metric, const ViewOptions& options) {
  if (options.x != XAxis::TotalBits) return kNone;
  const double value = plotScale(options.metric) * metric;
  double y = kNone;
  if (options.y == YAxis::Metric) y = value;
  if (options.y == YAxis::Error) y = options.metric == LawMetric::Accuracy ? 100 - value : value;
  return options.yLog && !(y > 0) ? kNone : y;
}

bool hasFrontier(const ViewOptions& options) {
  return options.y == YAxis::Metric || options.y == YAxis::Error;
}

bool higherIsBetter(const ViewOptions& options) {
  return options.metric == LawMetric::Accuracy && options.y != YAxis::Error;
}

QString hiddenText(const PlotValues& values) {
  std::size_t count = 0;
  QStringList reasons;
  for (const PlotValues::Hidden& hidden : values.hidden) {
    count += hidden.points.size();
    reasons << hidden.why;
  }
  if (count == 0) return {};
  return Tr::tr("%1 hidden: %2")
      .arg(Text::amount(count, Tr::tr("point"), Tr::tr("points")), reasons.join(Tr::tr(", ")));
}

QString xText(double x, const ViewOptions& options) {
  switch (options.x) {
    case XAxis::TotalBits:
      return Text::size(x);
    case XAxis::Memory:
      return Text::size(8 * x);
    case XAxis::Parameters:
      return Tr::tr("%1 parameters").arg(Text::count(x));
    case XAxis::Seconds:
      return Text::duration(x);
  }
  return {};
}

}  // namespace bitfrontier

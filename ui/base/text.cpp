// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/text.h"

#include <cmath>
#include <QLocale>
#include <regex>

#include "core/base/number_text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString absent() { return u"–"_s; }

// With the decimal point of the user's language.
QString localised(const std::string& number) {
  return QString::fromStdString(number).replace(u'.', QLocale().decimalPoint());
}

}  // namespace

QString Text::from(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString Text::size(double bits) {
  if (!std::isfinite(bits) || bits <= 0) return absent();
  return localised(formatBytes(bits)).replace(u' ', QChar(0x202f));
}

QString Text::fixed(double value, int decimals) {
  return std::isfinite(value) ? QLocale().toString(value, 'f', decimals) : u"–"_s;
}

QString Text::number(double value, int digits) {
  if (!std::isfinite(value)) return absent();
  return QLocale().toString(value, 'g', digits);
}

QString Text::amount(std::size_t n, const QString& one, const QString& many) {
  return QString::number(n) + u' ' + (n == 1 ? one : many);
}

QString Text::count(double value) {
  if (!std::isfinite(value) || value <= 0) return absent();
  return localised(formatCount(value));
}

QString Text::duration(double seconds) {
  if (!(seconds >= 0) || !std::isfinite(seconds)) return absent();
  return QString::fromStdString(formatDuration(seconds));
}

QString Text::durationRange(double low, double high) {
  const QString from = duration(low), to = duration(high);
  return from == to ? tr("about %1").arg(from) : tr("%1 to %2").arg(from, to);
}

QString Text::metric(const LawPoint& point, LawMetric metric) {
  const double value = plotValue(point, metric);
  if (!std::isfinite(value)) return absent();
  const double error = plotError(point, metric);
  const bool percent = metric == LawMetric::Accuracy;
  const QLocale locale;
  QString text = locale.toString(value, 'f', percent ? 2 : 4);
  if (std::isfinite(error)) text += u" ± "_s + locale.toString(error, 'f', percent ? 2 : 4);
  if (percent) text += u" %"_s;
  return text;
}

QString Text::block(std::int64_t blockSize) {
  if (blockSize == 0) return tr("whole tensor");
  if (blockSize < 0) return tr("row");
  return QLocale::c().toString(qlonglong{blockSize}).remove(u',');
}

bool Text::hasBlock(const LawPoint& point) {
  // Published methods without blocks have constants per channel, not one for the whole tensor.
  return point.bits < 16 && !(point.published() && point.blockSize == 0);
}

QString Text::block(const LawPoint& point) {
  return hasBlock(point) ? block(point.blockSize) : absent();
}

QString Text::bitsPerParameter(const LawPoint& point) {
  if (!(point.parameters > 0)) return absent();
  return QLocale().toString(point.totalBits / point.parameters, 'f', 2);
}

QString Text::metricName(LawMetric metric) {
  return metric == LawMetric::Accuracy ? tr("Accuracy") : tr("Cross-entropy");
}

QString Text::metricAxis(LawMetric metric) {
  return metric == LawMetric::Accuracy ? tr("Mean zero-shot accuracy (%)")
                                       : tr("Cross-entropy (nats per token)");
}

double plotScale(LawMetric metric) { return metric == LawMetric::Accuracy ? 100.0 : 1.0; }

double plotValue(const LawPoint& point, LawMetric metric) {
  return plotScale(metric) * (metric == LawMetric::Accuracy ? point.accuracy : point.crossEntropy);
}

double plotError(const LawPoint& point, LawMetric metric) {
  return plotScale(metric) *
         (metric == LawMetric::Accuracy ? point.accuracySe : point.crossEntropySe);
}

QString Text::source(std::string_view source) {
  if (source.empty()) return tr("measured here");
  return isCitation(source) ? tr("published: %1").arg(from(source))
                            : tr("imported: %1").arg(from(source));
}

QString Text::rule(CountingRule rule) {
  switch (rule) {
    case CountingRule::LinearOnly:
      return tr("Linear layers");
    case CountingRule::AllParameters:
      return tr("All at k bits");
    case CountingRule::CheckpointBytes:
      return tr("Whole checkpoint");
  }
  return {};
}

bool isCitation(std::string_view source) {
  static const std::regex year(R"((^|[^0-9])(19|20)[0-9][0-9]($|[^0-9]))");
  static const std::regex file(R"(\.(csv|json|jsonl|log|md|tsv|txt)$)", std::regex::icase);
  for (const std::string_view program : {"lm-evaluation-harness", "llama.cpp"}) {
    if (source.starts_with(program)) return false;
  }
  return std::regex_search(source.begin(), source.end(), year) &&
         !std::regex_search(source.begin(), source.end(), file);
}

std::string pointKey(const LawPoint& point) {
  if (!point.runIds.empty()) return std::to_string(point.runIds.front());
  return point.model + '\x1f' + point.config + '\x1f' + point.method + '\x1f' +
         std::to_string(point.itemLimit) + '\x1f' + point.calibration + '\x1f' + point.bosProfile +
         '\x1f' + std::to_string(point.maxLength) + '\x1f' + point.source;
}

}  // namespace bitfrontier

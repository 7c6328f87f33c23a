// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/base/text.h"

#include <array>
#include <cmath>
#include <QLocale>
#include <regex>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString absent() { return u"–"_s; }

// Three significant digits with the locale's separator, no exponent.
QString threeDigits(double value) {
  const int decimals = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return QLocale().toString(value, 'f', decimals);
}

}  // namespace

QString Text::from(std::string_view utf8) {
  return QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size()));
}

QString Text::size(double bits) {
  if (!std::isfinite(bits) || bits <= 0) return absent();
  static constexpr std::array<const char16_t*, 5> kUnits{u"B", u"kB", u"MB", u"GB", u"TB"};
  double value = bits / 8;
  std::size_t unit = 0;
  while (value >= 999.5 && unit + 1 < kUnits.size()) {
    value /= 1000;
    ++unit;
  }
  return threeDigits(value) + QChar(0x202f) + QString::fromUtf16(kUnits[unit]);
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
  if (value >= 0.9995e9) return threeDigits(value / 1e9) + u"B"_s;
  if (value >= 0.9995e6) return threeDigits(value / 1e6) + u"M"_s;
  if (value >= 0.9995e3) return threeDigits(value / 1e3) + u"k"_s;
  return QLocale().toString(value, 'f', 0);
}

QString Text::duration(double seconds) {
  if (!(seconds >= 0) || !std::isfinite(seconds)) return absent();
  if (seconds < 1) return tr("less than 1 s");
  const auto total = static_cast<long long>(std::llround(seconds));
  const auto hours = total / 3600;
  const auto minutes = total / 60 % 60;
  if (hours > 0) return tr("%1 h %2 min").arg(hours).arg(minutes);
  if (minutes > 0) return tr("%1 min %2 s").arg(minutes).arg(total % 60);
  return tr("%1 s").arg(total);
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/export.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <type_traits>

#include "core/law/numeric/exact_text.h"
#include "core/store/run_fields.h"

namespace bitfrontier {
namespace {

template <typename Point, typename Visitor>
void visitPointFields(Point& point, Visitor&& visit) {
  visit("model", point.model);
  visit("family", point.family);
  visit("config", point.config);
  visit("data_type", point.dataType);
  visit("bits", point.bits);
  visit("block_size", point.blockSize);
  visit("method", point.method);
  visit("parameters", point.parameters);
  visit("total_bits", point.totalBits);
  visit("accuracy", point.accuracy);
  visit("accuracy_se", point.accuracySe);
  visit("chance", point.chance);
  visit("accuracy_tasks", point.accuracyTasks);
  visit("cross_entropy", point.crossEntropy);
  visit("cross_entropy_se", point.crossEntropySe);
  visit("bits_per_byte", point.bitsPerByte);
  visit("item_limit", point.itemLimit);
  visit("source", point.source);
  visit("calibration", point.calibration);
  visit("bos_profile", point.bosProfile);
  visit("max_length", point.maxLength);
}

template <typename T>
std::string csvValue(const T& value) {
  if constexpr (std::is_same_v<T, RunStatus>) {
    return std::string(runStatusName(value));
  } else if constexpr (std::is_same_v<T, std::string>) {
    return csvField(value);
  } else if constexpr (std::is_floating_point_v<T>) {
    return exactNumber(value);
  } else {
    return std::to_string(value);
  }
}

/// A file name may hold any bytes, JSON only UTF-8: what is none becomes U+FFFD.
nlohmann::json jsonText(const std::string& text) {
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return text;
  using Json = nlohmann::json;
  return Json::parse(Json(text).dump(-1, ' ', false, Json::error_handler_t::replace));
}

template <typename T>
nlohmann::json jsonValue(const T& value) {
  if constexpr (std::is_same_v<T, RunStatus>) {
    return std::string(runStatusName(value));
  } else if constexpr (std::is_floating_point_v<T>) {
    return std::isfinite(value) ? nlohmann::json(value) : nlohmann::json(nullptr);
  } else if constexpr (std::is_same_v<T, std::string>) {
    return jsonText(value);
  } else {
    return value;
  }
}

}  // namespace

std::string runsToCsv(std::span<const RunRecord> runs) {
  std::string csv = "id";
  RunRecord any;
  visitRunFields(any, [&](const char* name, auto&) { csv += std::string(",") + name; });
  csv += '\n';
  for (const RunRecord& run : runs) {
    csv += std::to_string(run.id);
    visitRunFields(run, [&](const char*, const auto& field) { csv += ',' + csvValue(field); });
    csv += '\n';
  }
  return csv;
}

std::string pointsToCsv(std::span<const LawPoint> points) {
  std::string csv;
  LawPoint any;
  visitPointFields(
      any, [&](const char* name, auto&) { csv += (csv.empty() ? "" : ",") + std::string(name); });
  csv += '\n';
  for (const LawPoint& point : points) {
    bool first = true;
    visitPointFields(point, [&](const char*, const auto& field) {
      csv += (first ? "" : ",") + csvValue(field);
      first = false;
    });
    csv += '\n';
  }
  return csv;
}

nlohmann::json runsToJson(std::span<const RunRecord> runs, bool withItems) {
  nlohmann::json array = nlohmann::json::array();
  for (const RunRecord& run : runs) {
    nlohmann::json object{{"id", run.id}};
    visitRunFields(run,
                   [&](const char* name, const auto& field) { object[name] = jsonValue(field); });
    if (withItems) {
      object["correct"] = run.result.correct;
      nlohmann::json& likelihoods = object["log_likelihood"] = nlohmann::json::array();
      for (const double value : run.result.logLikelihood) likelihoods.push_back(jsonValue(value));
    }
    array.push_back(std::move(object));
  }
  return array;
}

nlohmann::json pointsToJson(std::span<const LawPoint> points) {
  nlohmann::json array = nlohmann::json::array();
  for (const LawPoint& point : points) {
    nlohmann::json object = nlohmann::json::object();
    visitPointFields(point,
                     [&](const char* name, const auto& field) { object[name] = jsonValue(field); });
    object["run_ids"] = point.runIds;
    array.push_back(std::move(object));
  }
  return array;
}

}  // namespace bitfrontier

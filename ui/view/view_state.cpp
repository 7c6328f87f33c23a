// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/view_state.h"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <nlohmann/json.hpp>
#include <span>
#include <type_traits>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

/// The words that stand for the values of an enumeration, in their order.
template <typename Enum>
std::span<const std::string_view> words();
template <>
std::span<const std::string_view> words<LawMetric>() {
  static constexpr std::string_view kWords[]{"accuracy", "cross-entropy"};
  return kWords;
}
template <>
std::span<const std::string_view> words<CountingRule>() {
  static constexpr std::string_view kWords[]{"linear", "all", "checkpoint"};
  return kWords;
}
template <>
std::span<const std::string_view> words<SeriesKey>() {
  static constexpr std::string_view kWords[]{"bits", "block", "type", "config"};
  return kWords;
}
template <>
std::span<const std::string_view> words<SourceChoice>() {
  static constexpr std::string_view kWords[]{"measured", "published", "both"};
  return kWords;
}
template <>
std::span<const std::string_view> words<XAxis>() {
  static constexpr std::string_view kWords[]{"bits", "memory", "parameters", "seconds"};
  return kWords;
}
template <>
std::span<const std::string_view> words<YAxis>() {
  static constexpr std::string_view kWords[]{"metric", "difference", "residual", "error"};
  return kWords;
}

/// Every member of ViewOptions by name. One that has no line here does not compile.
template <typename Options, typename Visit>
void eachOption(Options& options, Visit&& visit) {
  auto& [metric, rule, series, source, fits, means, frontier, errorBars, partial, x, y, xLog, yLog,
         task, context, rings, labels, lossless, losslessBits, budgetBits, filter, set, others,
         exclusions, baseline] = options;
  visit("metric", metric);
  visit("rule", rule);
  visit("series", series);
  visit("source", source);
  visit("fits", fits);
  visit("means", means);
  visit("frontier", frontier);
  visit("errorBars", errorBars);
  visit("partial", partial);
  visit("x", x);
  visit("y", y);
  visit("xLog", xLog);
  visit("yLog", yLog);
  visit("task", task);
  visit("context", context);
  visit("rings", rings);
  visit("labels", labels);
  visit("lossless", lossless);
  visit("losslessBits", losslessBits);
  visit("budgetBits", budgetBits);
  visit("filter", filter);
  visit("set", set);
  visit("others", others);
  visit("exclusions", exclusions);
  visit("baseline", baseline);
}

template <typename Visibility, typename Visit>
void eachHidden(Visibility& hidden, Visit&& visit) {
  auto& [values, families, methods, sources] = hidden;
  visit("values", values);
  visit("families", families);
  visit("methods", methods);
  visit("sources", sources);
}

template <typename Layout, typename Visit>
void eachOfTable(Layout& layout, Visit&& visit) {
  auto& [columns, sortedBy, ascending, pinned, groupedBy] = layout;
  visit("columns", columns);
  visit("sortedBy", sortedBy);
  visit("ascending", ascending);
  visit("pinned", pinned);
  visit("groupedBy", groupedBy);
}

// ---- Writing ----

/// Paths and names of others may be no UTF-8, which JSON must be.
ordered_json write(const std::string& text) {
  return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size())).toStdString();
}
ordered_json write(const QString& text) { return text.toStdString(); }
ordered_json write(bool value) { return value; }
ordered_json write(double value) { return value; }
ordered_json write(int value) { return value; }
ordered_json write(std::int64_t value) { return value; }
template <typename Enum>
requires std::is_enum_v<Enum> ordered_json write(Enum value) {
  return words<Enum>()[static_cast<std::size_t>(value)];
}
ordered_json write(const PointRef& ref) {
  if (ref.empty()) return nullptr;
  return {{"point", write(ref.name)}, {"key", write(ref.key)}};
}
ordered_json write(const Exclusion& e) {
  return {{"point", write(e.point.name)},
          {"key", write(e.point.key)},
          {"reason", write(e.reason)},
          {"date", write(e.date)}};
}
ordered_json write(const QCPRange& range) { return {range.lower, range.upper}; }
template <typename T>
ordered_json write(const std::optional<T>& value) {
  return value ? write(*value) : ordered_json();
}
template <typename List>
requires requires(const List& list) {
  list.begin();
  typename List::value_type;
}
ordered_json write(const List& list) {
  ordered_json array = ordered_json::array();
  for (const auto& value : list) array.push_back(write(value));
  return array;
}

// ---- Reading ----

/// Where in the view something stands, and what was wrong so far.
class Reader {
 public:
  explicit Reader(std::vector<std::string>* complaints) : complaints_(complaints) {}

  void complain(const std::string& place, const std::string& what) const {
    if (complaints_) complaints_->push_back(place + ": " + what);
  }

  /// @name Reads one value; leaves `out` as it is and complains when the value is of another kind
  /// @{
  void read(const json& value, const std::string&, json& out) const { out = value; }
  void read(const json& value, const std::string& place, std::string& out) const {
    if (!value.is_string()) return complain(place, "not a text");
    out = value.get<std::string>();
  }
  void read(const json& value, const std::string& place, QString& out) const {
    if (!value.is_string()) return complain(place, "not a text");
    out = QString::fromStdString(value.get<std::string>());
  }
  void read(const json& value, const std::string& place, bool& out) const {
    if (!value.is_boolean()) return complain(place, "not true or false");
    out = value.get<bool>();
  }
  void read(const json& value, const std::string& place, double& out) const {
    if (!value.is_number()) return complain(place, "not a number");
    out = value.get<double>();
  }
  template <typename Whole>
  requires std::is_same_v<Whole, int> || std::is_same_v<Whole, std::int64_t>
  void read(const json& value, const std::string& place, Whole& out) const {
    if (!value.is_number_integer()) return complain(place, "not a whole number");
    out = value.get<Whole>();
  }
  template <typename Enum>
  requires std::is_enum_v<Enum>
  void read(const json& value, const std::string& place, Enum& out) const {
    const auto names = words<Enum>();
    const auto it = value.is_string()
                        ? std::find(names.begin(), names.end(), value.get<std::string>())
                        : names.end();
    if (it != names.end()) {
      out = static_cast<Enum>(it - names.begin());
      return;
    }
    std::string known;
    for (const std::string_view name : names) {
      known += (known.empty() ? "" : ", ") + std::string(name);
    }
    complain(place, "not one of " + known);
  }
  void read(const json& value, const std::string& place, PointRef& out) const {
    if (value.is_null()) return;
    PointRef ref;
    object(value, place, [&](auto&& member) {
      member("point", ref.name);
      member("key", ref.key);
    });
    if (ref.empty()) return complain(place, "names no point");
    out = ref;
  }
  void read(const json& value, const std::string& place, Exclusion& out) const {
    object(value, place, [&](auto&& member) {
      member("point", out.point.name);
      member("key", out.point.key);
      member("reason", out.reason);
      member("date", out.date);
    });
  }
  void read(const json& value, const std::string& place, QCPRange& out) const {
    const bool pair =
        value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number();
    const double low = pair ? value[0].get<double>() : 0, high = pair ? value[1].get<double>() : 0;
    if (!pair || !std::isfinite(low) || !std::isfinite(high) || !(low < high)) {
      return complain(place, "not two numbers, the lower one first");
    }
    out.lower = low;
    out.upper = high;
  }
  void read(const json& value, const std::string& place, PlotRange& out) const {
    object(value, place, [&](auto&& member) {
      member("x", out.x);
      member("y", out.y);
    });
  }
  template <typename T>
  void read(const json& value, const std::string& place, std::optional<T>& out) const {
    if (value.is_null()) return;
    std::vector<std::string> wrong;
    T whole{};
    Reader(&wrong).read(value, place, whole);
    if (wrong.empty()) out = std::move(whole);  // half of it would be another picture
    if (complaints_) complaints_->insert(complaints_->end(), wrong.begin(), wrong.end());
  }
  template <typename List>
  requires requires(List& list) {
    list.insert(list.end(), *list.begin());
    typename List::value_type;
  }
  void read(const json& value, const std::string& place, List& out) const {
    if (!value.is_array()) return complain(place, "not a list");
    List list;
    for (std::size_t i = 0; i < value.size(); ++i) {
      std::vector<std::string> wrong;
      typename List::value_type item{};
      Reader(&wrong).read(value[i], place + "[" + std::to_string(i) + "]", item);
      if (wrong.empty()) list.insert(list.end(), std::move(item));
      if (complaints_) complaints_->insert(complaints_->end(), wrong.begin(), wrong.end());
    }
    out = std::move(list);
  }
  /// @}

  /// `members` calls its argument with the name and the place for each member that is known.
  template <typename Members>
  void object(const json& value, const std::string& place, Members&& members) const {
    if (!value.is_object()) return complain(place, "not an object");
    std::vector<std::string> known;
    members([&](const char* name, auto& out) {
      known.emplace_back(name);
      if (value.contains(name)) read(value[name], join(place, name), out);
    });
    for (const auto& [name, ignored] : value.items()) {
      if (std::find(known.begin(), known.end(), name) == known.end()) {
        complain(join(place, name), "not known to this program");
      }
    }
  }

 private:
  static std::string join(const std::string& place, const std::string& name) {
    return place.empty() ? name : place + "." + name;
  }

  std::vector<std::string>* complaints_;
};

/// Numbers that no control can give.
void checkNumbers(ViewOptions& options, const Reader& reader) {
  const ViewOptions usual;
  if (options.context < 0) {
    reader.complain("options.context", "below 0");
    options.context = usual.context;
  }
  if (options.losslessBits < 1 || options.losslessBits > 16) {
    reader.complain("options.losslessBits", "not from 1 to 16");
    options.losslessBits = usual.losslessBits;
  }
  if (!std::isfinite(options.budgetBits) || options.budgetBits < 0) {
    reader.complain("options.budgetBits", "below 0");
    options.budgetBits = usual.budgetBits;
  }
}

/// Exclusions without a point or a reason would drop points that nobody can account for.
void checkExclusions(std::vector<Exclusion>& exclusions, const Reader& reader) {
  const std::size_t before = exclusions.size();
  std::erase_if(exclusions, [](const Exclusion& e) { return e.point.empty() || e.reason.empty(); });
  if (exclusions.size() < before) {
    reader.complain("options.exclusions", "an exclusion needs a point and a reason");
  }
}

}  // namespace

ordered_json toJson(const ViewState& state) {
  const auto members = [](ordered_json& object) {
    return [&object](const char* name, const auto& value) { object[name] = write(value); };
  };
  ordered_json options = ordered_json::object(), hidden = ordered_json::object(),
               tables = ordered_json::object();
  eachOption(state.options, members(options));
  options["sourceChosen"] = state.sourceChosen;
  options["metricChosen"] = state.metricChosen;
  eachHidden(state.hidden, members(hidden));
  for (const auto& [name, layout] : state.tables) {
    ordered_json table = ordered_json::object();
    eachOfTable(layout, members(table));
    tables[write(name).get<std::string>()] = std::move(table);
  }
  ordered_json range;
  if (state.range) range = {{"x", write(state.range->x)}, {"y", write(state.range->y)}};
  return {{"bitfrontier", "view"},
          {"version", kViewStateVersion},
          {"store", write(state.store)},
          {"options", std::move(options)},
          {"range", std::move(range)},
          {"hidden", std::move(hidden)},
          {"selected", write(state.selected)},
          {"current", write(state.current)},
          {"tables", std::move(tables)}};
}

ViewState viewStateFromJson(const json& value, std::vector<std::string>* complaints) {
  if (!value.is_object() || !value.contains("version")) {
    throw Error(ErrorKind::Format, "not a view of Bitfrontier");
  }
  if (value["version"] != kViewStateVersion) {
    throw Error(ErrorKind::Format, "a view of version " + value["version"].dump() +
                                       ", this program reads version " +
                                       std::to_string(kViewStateVersion));
  }
  ViewState state;
  const Reader reader(complaints);
  json options = json::object(), hidden = options, tables = options;
  reader.object(value, "", [&](auto&& member) {
    std::string kind;
    int version = 0;
    member("bitfrontier", kind);
    member("version", version);
    member("store", state.store);
    member("options", options);
    member("range", state.range);
    member("hidden", hidden);
    member("selected", state.selected);
    member("current", state.current);
    member("tables", tables);
  });
  reader.object(options, "options", [&](auto&& member) {
    eachOption(state.options, member);
    member("sourceChosen", state.sourceChosen);
    member("metricChosen", state.metricChosen);
  });
  checkExclusions(state.options.exclusions, reader);
  checkNumbers(state.options, reader);
  reader.object(hidden, "hidden", [&](auto&& member) { eachHidden(state.hidden, member); });
  if (!tables.is_object()) {
    reader.complain("tables", "not an object");
    return state;
  }
  for (const auto& [name, table] : tables.items()) {
    reader.object(table, "tables." + name,
                  [&](auto&& member) { eachOfTable(state.tables[name], member); });
  }
  return state;
}

std::string viewStateText(const ViewState& state) { return toJson(state).dump(2) + "\n"; }

ViewState parseViewState(std::string_view text, std::string_view where,
                         std::vector<std::string>* complaints) {
  const json value = parseJson(text, where);
  std::vector<std::string> wrong;
  try {
    ViewState state = viewStateFromJson(value, &wrong);
    if (complaints) {
      for (const std::string& w : wrong) complaints->push_back(std::string(where) + ": " + w);
    }
    return state;
  } catch (const Error& e) {
    throw Error(e.kind(), std::string(where) + ": " + e.what());
  }
}

}  // namespace bitfrontier

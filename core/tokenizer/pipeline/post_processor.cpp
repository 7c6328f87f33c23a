// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tokenizer/pipeline/post_processor.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/base/json.h"

namespace bitfrontier {

namespace {

using nlohmann::json;
using Ids = std::vector<std::int32_t>;

// Beyond any vocabulary that is read.
constexpr std::int64_t largestId = std::int64_t{1} << 28;

std::int32_t checkedId(const json& value, std::string_view name, std::string_view where) {
  if (!value.is_number_integer() || value < 0 || value > largestId) {
    throw Error(ErrorKind::Format,
                fmt::format("{}: special token '{}' has the id {}, not one from 0 to {}", where,
                            name, value.dump(), largestId));
  }
  return value.get<std::int32_t>();
}

void wrap(Ids before, const Ids& after, Ids& prefix, Ids& suffix) {
  before.insert(before.end(), prefix.begin(), prefix.end());
  prefix = std::move(before);
  suffix.insert(suffix.end(), after.begin(), after.end());
}

void readTemplate(const json& description, std::string_view where, Ids& prefix, Ids& suffix) {
  const json& tokens = requireObject(description, "special_tokens", where);
  Ids before;
  Ids after;
  bool textSeen = false;
  for (const json& part : requireArray(description, "single", where)) {
    if (part.is_object() && part.contains("Sequence")) {
      if (textSeen) {
        throw Error(ErrorKind::Unsupported,
                    fmt::format("{}: a template that repeats the text is not supported", where));
      }
      textSeen = true;
      continue;
    }
    const std::string& name =
        requireString(requireObject(part, "SpecialToken", where), "id", where);
    for (const json& id : requireArray(requireObject(tokens, name, where), "ids", where)) {
      (textSeen ? after : before).push_back(checkedId(id, name, where));
    }
  }
  if (!textSeen) {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: a template without the text is not supported", where));
  }
  wrap(std::move(before), after, prefix, suffix);
}

Ids pairId(const json& description, const char* key, std::string_view where) {
  const json& pair = requireArray(description, key, where);
  if (pair.size() != 2) {
    throw Error(ErrorKind::Format, fmt::format("{}: '{}' is no token with its id", where, key));
  }
  return {checkedId(pair[1], key, where)};
}

void read(const json& description, std::string_view where, Ids& prefix, Ids& suffix, int depth) {
  const std::string& type = requireString(description, "type", where);
  if (type == "TemplateProcessing") {
    readTemplate(description, where, prefix, suffix);
  } else if (type == "RobertaProcessing" || type == "BertProcessing") {
    wrap(pairId(description, "cls", where), pairId(description, "sep", where), prefix, suffix);
  } else if (type == "Sequence" && depth < 8) {
    for (const json& part : requireArray(description, "processors", where)) {
      read(part, where, prefix, suffix, depth + 1);
    }
  } else if (type != "ByteLevel") {
    throw Error(ErrorKind::Unsupported,
                fmt::format("{}: post-processor '{}' is not supported", where, type));
  }
}

}  // namespace

void readPostProcessor(const json& description, std::string_view where, Ids& prefix, Ids& suffix) {
  if (!description.is_null()) read(description, where, prefix, suffix, 0);
}

}  // namespace bitfrontier

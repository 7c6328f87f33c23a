// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/law/form/law_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "core/base/error.h"
#include "core/law/form/all.h"

namespace bitfrontier {
namespace {

bool sameName(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](unsigned char x, unsigned char y) {
    return std::tolower(x) == std::tolower(y);
  });
}

}  // namespace

std::span<const LawForm* const> lawForms() { return allForms(); }

const LawForm& lawForm(std::string_view name) {
  std::string known;
  for (const LawForm* form : lawForms()) {
    if (sameName(form->info().name, name)) return *form;
    known += (known.empty() ? "" : ", ") + std::string(form->info().name);
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("unknown law '{}', one of {} is meant", name, known));
}

}  // namespace bitfrontier

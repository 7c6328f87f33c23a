// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/wikitext.h"

#include "core/eval/python_text.h"

namespace bitfrontier {
namespace {

/// re.sub(r"OPEN\s*([^CLOSE]*?)\s*CLOSE", r"OPEN\1CLOSE", text): no white space just inside.
std::string tighten(std::string_view text, char open, char close) {
  std::string result;
  result.reserve(text.size());
  std::size_t at = 0;
  while (true) {
    const std::size_t begin = text.find(open, at);
    const std::size_t end = begin == std::string_view::npos ? begin : text.find(close, begin + 1);
    if (end == std::string_view::npos) break;
    result.append(text.substr(at, begin + 1 - at));
    result.append(python::strip(text.substr(begin + 1, end - begin - 1)));
    result += close;
    at = end + 1;
  }
  return result.append(text.substr(at));
}

/// re.sub(r"/' [0-9]/", r"/'[0-9]/", text), which was meant for something else.
std::string replaceSlashedDigits(std::string_view text) {
  std::string result;
  std::size_t at = 0;
  for (std::size_t hit = text.find("/' "); hit != std::string_view::npos;
       hit = text.find("/' ", hit + 1)) {
    if (hit < at || hit + 4 >= text.size() || text[hit + 3] < '0' || text[hit + 3] > '9' ||
        text[hit + 4] != '/') {
      continue;
    }
    result.append(text.substr(at, hit - at)).append("/'[0-9]/");
    at = hit + 5;
  }
  return result.append(text.substr(at));
}

}  // namespace

std::string detokenizeWikiText(std::string_view page) {
  std::string text = replaceSlashedDigits(python::replace(page, "s '", "s'"));
  const auto replace = [&](std::string_view from, std::string_view to) {
    text = python::replace(text, from, to);
  };
  replace(" @-@ ", "-");
  replace(" @,@ ", ",");
  replace(" @.@ ", ".");
  replace(" : ", ": ");
  replace(" ; ", "; ");
  replace(" . ", ". ");
  replace(" ! ", "! ");
  replace(" ? ", "? ");
  replace(" , ", ", ");
  text = tighten(text, '(', ')');
  text = tighten(text, '[', ']');
  text = tighten(text, '{', '}');
  text = tighten(text, '"', '"');
  text = tighten(text, '\'', '\'');
  replace("= = = =", "====");
  replace("= = =", "===");
  replace("= =", "==");
  replace(" \u00b0 ", "\u00b0");
  replace(" \n", "\n");
  replace("\n ", "\n");
  replace(" N ", " 1 ");
  replace(" 's", "'s");
  return text;
}

std::vector<std::string> splitWikiTextPages(std::string_view file) {
  std::vector<std::string> pages;
  std::string page;
  bool empty = true;  // no line yet, which is not the same as a blank one
  std::size_t at = 0;
  while (true) {
    const std::size_t end = std::min(file.find('\n', at), file.size());
    const std::string_view line = file.substr(at, end - at);
    const std::string marked = python::replace(python::replace(line, "= = =", "==="), "= =", "==");
    const std::string_view bare = python::strip(marked);
    if (bare.starts_with("= ") && bare.ends_with(" =")) {
      if (!python::strip(page).empty()) pages.push_back(std::move(page));
      page.clear();
      empty = true;
    }
    if (!empty) page += '\n';
    page += line;
    empty = false;
    if (end == file.size()) break;
    at = end + 1;
  }
  pages.push_back(std::move(page));
  return pages;
}

std::size_t countWords(std::string_view text) {
  std::size_t words = 1;
  bool inSpace = false;
  for (std::size_t at = 0; at < text.size();) {
    const bool space = python::isSpace(python::next(text, at));
    words += space && !inSpace ? 1 : 0;
    inSpace = space;
  }
  return words;
}

}  // namespace bitfrontier

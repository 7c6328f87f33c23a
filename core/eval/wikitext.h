// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bitfrontier {

/// WikiText's tokenized text as running text, with the harness's replacements in the harness's
/// order (lm_eval/tasks/wikitext/preprocess_wikitext.py).
std::string detokenizeWikiText(std::string_view page);

/// The pages of a WikiText file as distributed (wiki.test.raw): one starts at every line "= Title
/// =". As the harness's old reader splits them (lm_eval/datasets/wikitext/wikitext.py).
std::vector<std::string> splitWikiTextPages(std::string_view file);

/// The harness's number of words of a text: the fields of Python's re.split(r"\s+", text).
std::size_t countWords(std::string_view text);

}  // namespace bitfrontier

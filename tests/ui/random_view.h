// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <random>
#include <string>

#include "ui/view/view_state.h"

namespace bitfrontier::testing {

/// Words with everything that files and people put into them.
inline std::string randomText(std::mt19937& random) {
  static const std::string kParts[]{"opt",  "bits>=3",  " ", "\"quoted\"", "\\",   "\n", "ä", "四",
                                    "int4", "a/b.bfdb", ",", "{\"x\":1}",  "\x1f", "or", "-"};
  std::string text;
  for (auto n = random() % 5; n > 0; --n) text += kParts[random() % std::size(kParts)];
  return text;
}

/// Any view; with `everything`, one that differs from the default in each member.
inline ViewState randomView(std::mt19937& random, bool everything = false) {
  const auto flip = [&] { return everything || random() % 2; };
  const auto text = [&] { return everything ? "x" + randomText(random) : randomText(random); };
  const auto texts = [&](auto add) {
    for (auto n = random() % 4 + everything; n > 0; --n) add(text());
  };
  ViewState s;
  s.store = text();
  ViewOptions& o = s.options;
  if (flip()) o.metric = LawMetric::CrossEntropy;
  if (flip()) o.rule = random() % 2 ? CountingRule::LinearOnly : CountingRule::AllParameters;
  if (flip()) o.series = random() % 2 ? SeriesKey::BlockSize : SeriesKey::Config;
  if (flip()) o.source = random() % 2 ? SourceChoice::Measured : SourceChoice::Published;
  for (bool* flag : {&o.fits, &o.means, &o.frontier, &o.errorBars, &o.partial, &o.xLog, &o.yLog,
                     &o.rings, &o.labels, &o.lossless}) {
    if (flip()) *flag = !*flag;
  }
  if (flip()) o.x = random() % 2 ? XAxis::Memory : XAxis::Seconds;
  if (flip()) o.y = random() % 2 ? YAxis::Difference : YAxis::Error;
  if (flip()) o.context = static_cast<std::int64_t>(random() % 2048);
  if (flip()) o.losslessBits = 5 + static_cast<int>(random() % 11);
  if (flip()) o.budgetBits = 1 + static_cast<double>(random());
  o.task = text();
  o.filter = text();
  o.set = text();
  texts([&](const std::string& name) { o.others.push_back(name); });
  texts([&](const std::string& name) {
    o.exclusions.push_back({{text(), "p" + name}, "r" + text(), "2026-01-02"});
  });
  if (flip()) o.baseline = {text(), "b" + text()};
  s.sourceChosen = flip();
  s.metricChosen = flip();
  if (flip()) {
    std::uniform_real_distribution<double> exponent(2, 12), value(-5, 100);
    const double x = std::pow(10, exponent(random)), y = value(random);
    s.range = PlotRange{{x, x * 3.1}, {y, y + exponent(random)}};
  }
  const auto hide = [&](std::set<QString>& names) {
    texts([&](const std::string& name) { names.insert(QString::fromStdString(name)); });
  };
  hide(s.hidden.hiddenValues);
  hide(s.hidden.hiddenFamilies);
  hide(s.hidden.hiddenMethods);
  hide(s.hidden.hiddenSources);
  texts([&](const std::string& key) { s.selected.push_back(key); });
  if (!s.selected.empty()) s.current = s.selected.front();
  texts([&](const std::string& name) {
    TableLayout& table = s.tables[name];
    texts([&](const std::string& column) { table.columns.push_back(column); });
    table.sortedBy = text();
    table.ascending = flip();
    table.pinned = flip() ? 2 : 0;
    table.groupedBy = text();
  });
  return s;
}

}  // namespace bitfrontier::testing

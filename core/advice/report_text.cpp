// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>

#include "core/advice/report.h"
#include "core/advice/widths_text.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json toJson(const MeanGain& gain) {
  return {{"gain", number(gain.gain)},
          {"se", number(gain.se)},
          {"bits_per_parameter", gain.bits},
          {"pairs", gain.pairs},
          {"significant", gain.significant()}};
}

Json toJson(const Correlation& c) {
  return {{"r", number(c.r)}, {"low", number(c.low)}, {"high", number(c.high)}, {"n", c.n}};
}

Json familyToJson(const FamilyReport& f) {
  Json widths = Json::array(), blocks = Json::array(), types = Json::array(),
       spreads = Json::array(), laws = Json::array(), lossless = Json::array();
  for (const WidthShare& w : f.widths) {
    widths.push_back(
        {{"bits", w.bits}, {"share_of_budgets", w.share}, {"mean_p_best", number(w.probability)}});
  }
  for (std::size_t i = 0; i < f.lossless.size(); ++i) {
    lossless.push_back({{"config", f.losslessNames[i]},
                        {"lossless_bits", f.lossless[i].k},
                        {"p_better", f.lossless[i].probability},
                        {"lead", f.lossless[i].lead}});
  }
  for (const BlockGain& b : f.blocks) {
    blocks.push_back({{"bits", b.bits},
                      {"large_block", b.largeBlock},
                      {"small_block", b.smallBlock},
                      {"small_block_gain", toJson(b.block)},
                      {"one_more_bit_gain", toJson(b.bit)},
                      {"ratio", number(b.ratio())}});
  }
  for (const TypeOrder& order : f.types) {
    Json entries = Json::array();
    for (const TypeOrder::Entry& e : order.types) {
      entries.push_back(
          {{"data_type", e.dataType}, {"mean", e.mean}, {"behind_the_best", toJson(e.behind)}});
    }
    types.push_back({{"bits", order.bits},
                     {"block_size", order.blockSize},
                     {"models", order.models},
                     {"types", entries}});
  }
  for (const WidthSpread& s : f.spreads) {
    spreads.push_back({{"bits", s.bits},
                       {"configs", s.configs},
                       {"best", s.best},
                       {"worst", s.worst},
                       {"gain", toJson(s.gain)}});
  }
  for (const LawScore& l : f.laws) {
    laws.push_back({{"form", l.form},
                    {"title", l.title},
                    {"aicc", number(l.aicc)},
                    {"delta_aicc", number(l.delta)},
                    {"lack_of_fit", number(l.tau)},
                    {"problem", l.problem.empty() ? Json(nullptr) : Json(l.problem)}});
  }
  return {{"title", f.title},
          {"metric", lawMetricName(f.metric)},
          {"models", f.models},
          {"configs", f.configs},
          {"points", f.points},
          {"paired", f.paired},
          {"curves", f.curves},
          {"contested_budgets", f.budgets},
          {"widths", widths},
          {"ranges", rangesToJson(f.ranges, f.measured)},
          {"crossings", f.crossings},
          {"lossless", lossless},
          {"blocks", blocks},
          {"types", types},
          {"spreads", spreads},
          {"laws", laws},
          {"law_verdict", f.lawVerdict},
          {"notes", f.notes}};
}

/// Gains in points of accuracy or thousandths of nats, with their errors.
std::string gainText(const MeanGain& gain, LawMetric metric) {
  if (!std::isfinite(gain.gain)) return "";
  const bool accuracy = metric == LawMetric::Accuracy;
  const double scale = accuracy ? 100 : 1;
  const int digits = accuracy ? 2 : 4;
  const std::string text = fmt::format("{:+.{}f}", scale * gain.gain, digits);
  return std::isfinite(gain.se) ? fmt::format("{} \u00b1 {:.{}f}", text, scale * gain.se, digits)
                                : text + ", error unknown";
}

std::string blockText(std::int64_t block) {
  if (block == 0) return "whole tensor";
  return block < 0 ? "row" : fmt::format("{}", block);
}

std::string correlationText(const Correlation& c) {
  if (!std::isfinite(c.r)) return fmt::format("none (n = {})", c.n);
  if (!std::isfinite(c.low)) return fmt::format("{:.3f} (n = {})", c.r, c.n);
  return fmt::format("{:.3f} (95 %: {:.3f} to {:.3f}, n = {})", c.r, c.low, c.high, c.n);
}

void writeWidths(const FamilyReport& f, std::string& out) {
  out += fmt::format("\n**Best bit width by budget** ({}): ", f.curves);
  if (f.ranges.empty()) {
    out += "at no budget two widths compete.\n";
    return;
  }
  if (f.budgets > 0) {
    out += fmt::format(
        "{} budgets, two an octave, at which at least three widths are measured, or all of which "
        "a model fits.\n\n",
        f.budgets);
    out += "| bits | best at | mean P(best) |\n|---:|---:|---:|\n";
    for (const WidthShare& w : f.widths) {
      out += fmt::format("| {} | {:.0f} % | {} |\n", w.bits, 100 * w.share,
                         std::isfinite(w.probability) ? fmt::format("{:.2f}", w.probability) : "");
    }
  } else {
    out += "curves are compared at no budget, since nowhere enough widths are measured.\n";
  }
  out += '\n';
  for (const std::string& range : f.rangeSentences) out += fmt::format("- {}\n", range);
  for (const std::string& crossing : f.crossings) out += fmt::format("- {}\n", crossing);
  for (std::size_t i = 0; i < f.lossless.size(); ++i) {
    out += fmt::format("- {} against 16-bit quality at 4 bits a parameter: better with P {:.2f}\n",
                       f.losslessNames[i], f.lossless[i].probability);
  }
}

void writeBlocks(const FamilyReport& f, std::string& out) {
  if (f.blocks.empty()) return;
  const char* unit = f.metric == LawMetric::Accuracy ? "points" : "nats";
  out +=
      fmt::format("\n**Small blocks against one more bit** ({}, over models and types)\n\n", unit);
  out +=
      fmt::format("| bits | block {} -> {} | bits it costs | one more bit | ratio | pairs |\n",
                  blockText(f.blocks.front().largeBlock), blockText(f.blocks.front().smallBlock));
  out += "|---:|---:|---:|---:|---:|---:|\n";
  for (const BlockGain& b : f.blocks) {
    out += fmt::format("| {} | {} | {:+.2f} | {} | {} | {}, {} |\n", b.bits,
                       gainText(b.block, f.metric), b.block.bits, gainText(b.bit, f.metric),
                       b.bit.significant() ? fmt::format("{:.2f}", b.ratio()) : "", b.block.pairs,
                       b.bit.pairs);
  }
  out += "\nA ratio is given where one more bit makes a difference beyond two standard errors.\n";
}

void writeTypes(const FamilyReport& f, std::string& out) {
  if (f.types.empty()) return;
  out += fmt::format(
      "\n**Data types by block size** (mean over models; in brackets how far behind "
      "the best, {})\n\n| bits | block | order | models |\n|---:|---:|---|---:|\n",
      f.metric == LawMetric::Accuracy ? "points" : "nats");
  for (const TypeOrder& order : f.types) {
    std::string text;
    for (const TypeOrder::Entry& e : order.types) {
      if (text.empty()) {
        text = f.metric == LawMetric::Accuracy
                   ? fmt::format("{} {:.1f} %", e.dataType, 100 * e.mean)
                   : fmt::format("{} {:.4f}", e.dataType, e.mean);
      } else {
        text += fmt::format(", {} ({}{})", e.dataType, gainText(e.behind, f.metric),
                            e.behind.significant() || std::isnan(e.behind.se) ? "" : ", a tie");
      }
    }
    out += fmt::format("| {} | {} | {} | {} |\n", order.bits, blockText(order.blockSize), text,
                       order.models);
  }
}

void writeSpreads(const FamilyReport& f, std::string& out) {
  if (f.spreads.empty()) return;
  out +=
      "\n**What block and type matter at each width** (best against worst configuration)\n\n"
      "| bits | best | worst | difference | configurations |\n|---:|---|---|---:|---:|\n";
  for (const WidthSpread& s : f.spreads) {
    out += fmt::format(
        "| {} | {} | {} | {}{} | {} |\n", s.bits, s.best, s.worst, gainText(s.gain, f.metric),
        s.gain.significant() || std::isnan(s.gain.se) ? "" : " (none shown)", s.configs);
  }
}

void writeLaws(const FamilyReport& f, std::string& out) {
  if (f.laws.empty()) return;
  out += fmt::format("\n**Offsets or a bivariate power law?** {}\n\n", f.lawVerdict);
  out += "| law | AICc | difference | lack of fit | |\n|---|---:|---:|---:|---|\n";
  for (const LawScore& l : f.laws) {
    out += fmt::format("| {}: {} | {} | {} | {} | {} |\n", l.form, l.title,
                       std::isfinite(l.aicc) ? fmt::format("{:.1f}", l.aicc) : "",
                       std::isfinite(l.delta) ? fmt::format("{:.1f}", l.delta) : "",
                       std::isfinite(l.tau) ? fmt::format("{:.4f}", l.tau) : "", l.problem);
  }
}

}  // namespace

Json reportToJson(const Report& report) {
  Json families = Json::array(), correlations = Json::array(), broken = Json::array();
  for (const FamilyReport& f : report.families) families.push_back(familyToJson(f));
  for (const Report::Linked& l : report.correlations) {
    correlations.push_back({{"title", l.title},
                            {"cross_entropy_accuracy", toJson(l.crossEntropy)},
                            {"perplexity_accuracy", toJson(l.perplexity)}});
  }
  for (const Report::Broken& b : report.instabilities) {
    Json widths = Json::array();
    for (const Instability& w : b.widths) {
      widths.push_back({{"bits", w.bits}, {"points", w.points}, {"broken", w.broken.size()}});
    }
    broken.push_back({{"title", b.title}, {"widths", widths}, {"names", b.names}});
  }
  return {{"families", families},
          {"correlations", correlations},
          {"perplexity_limit", report.perplexityLimit},
          {"instabilities", broken},
          {"notes", report.notes}};
}

std::string reportToMarkdown(const Report& report) {
  std::string out = "# Scaling report\n";
  for (const FamilyReport& f : report.families) {
    out += fmt::format("\n## {}: {}\n\n{} models x {} configurations, {} points, errors {}.\n",
                       f.title, lawMetricName(f.metric), f.models, f.configs, f.points,
                       f.paired ? "paired by item" : "independent");
    writeWidths(f, out);
    writeBlocks(f, out);
    writeTypes(f, out);
    writeSpreads(f, out);
    writeLaws(f, out);
    for (const std::string& note : f.notes) out += fmt::format("\nNote: {}.\n", note);
  }
  out +=
      "\n## Correlation of accuracy with cross-entropy and perplexity\n\n"
      "| points | cross-entropy | perplexity |\n|---|---|---|\n";
  for (const Report::Linked& l : report.correlations) {
    out += fmt::format("| {} | {} | {} |\n", l.title, correlationText(l.crossEntropy),
                       correlationText(l.perplexity));
  }
  if (report.correlations.empty()) out += "| no point has both | | |\n";
  out += fmt::format("\n## Instability: perplexity above {:g} where the 16-bit model's is not\n\n",
                     report.perplexityLimit);
  if (report.instabilities.empty()) out += "No point has a cross-entropy.\n";
  for (const Report::Broken& b : report.instabilities) {
    std::string widths;
    for (const Instability& w : b.widths) {
      widths += fmt::format("{}{} of {} at {} bit", widths.empty() ? "" : ", ", w.broken.size(),
                            w.points, w.bits);
    }
    out += fmt::format("- {}: {}\n", b.title, widths);
    constexpr std::size_t kShown = 12;
    for (std::size_t i = 0; i < std::min(kShown, b.names.size()); ++i) {
      out += fmt::format("  - {}\n", b.names[i]);
    }
    if (b.names.size() > kShown) out += fmt::format("  - and {} more\n", b.names.size() - kShown);
  }
  for (const std::string& note : report.notes) out += fmt::format("\nNote: {}.\n", note);
  return out;
}

}  // namespace bitfrontier

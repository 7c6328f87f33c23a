// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/gui_options.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>

#include "app/gui/scenes.h"

namespace bitfrontier {

namespace {

/// Words of the command line that stand for values.
struct Words {
  std::string by = "bits", metric = "auto", rule = "checkpoint", source = "auto";
  std::string preset = "icml", theme = "system";
  bool noFits = false, means = false, noFrontier = false, noErrorBars = false, noNote = false;
};

void addDataOptions(CLI::App& app, GuiOptions& options, Words& words) {
  app.add_option("store", options.store, "Store of runs (.bfdb)")->type_name("FILE");
  app.add_option("more", options.more, "Further stores, each in a window of its own")
      ->type_name("FILE");
  app.add_option("--by", words.by, "Series by bits, block or type")
      ->check(CLI::IsMember({"bits", "block", "type"}))
      ->capture_default_str();
  app.add_option("--metric", words.metric,
                 "accuracy, cross-entropy; auto: cross-entropy where there are no accuracies")
      ->check(CLI::IsMember({"auto", "accuracy", "cross-entropy"}))
      ->capture_default_str();
  app.add_option("--rule", words.rule, "Bits of: linear, all, checkpoint")
      ->check(CLI::IsMember({"linear", "all", "checkpoint"}))
      ->capture_default_str();
  app.add_option("--source,--origin", words.source,
                 "measured, published, all; auto: measured when there are any")
      ->check(CLI::IsMember({"auto", "measured", "published", "all", "both"}))
      ->capture_default_str();
  app.add_option("--family", options.headless.families, "Only these families")->delimiter(',');
  app.add_option("--filter", options.headless.options.filter,
                 "As in the filter box, e.g. \"bits>=3 type:int\"");
  app.add_flag("--partial", options.headless.options.partial,
               "Also points that lack some of the tasks that others of their family have");
}

void addFigureOptions(CLI::App& app, GuiOptions& options, Words& words) {
  app.add_option("--export", options.headless.figures,
                 "Write the figure and end; no display needed")
      ->type_name("FILE.pdf|svg|png")
      ->delimiter(',');
  app.add_option("--laws", options.headless.laws, "Write the fitted laws and end")
      ->type_name("FILE.json|csv")
      ->delimiter(',');
  std::vector<std::string> presets;
  for (const QString& name : presetNames()) presets.push_back(name.toStdString());
  app.add_option("--preset", words.preset,
                 "Size of the figure: column (icml), text, acl, ieee, slide, screen")
      ->check(CLI::IsMember(presets))
      ->capture_default_str();
  app.add_flag("--no-fits", words.noFits, "Without the fitted laws");
  app.add_flag("--means", words.means, "With the mean of each model joined by lines");
  app.add_flag("--no-frontier", words.noFrontier, "Without the Pareto frontier");
  app.add_flag("--no-error-bars", words.noErrorBars, "Without error bars");
  app.add_flag("--no-note", words.noNote, "Without the note below the figure");
}

void addWindowOptions(CLI::App& app, GuiOptions& options, Words& words) {
  app.add_option("--theme", words.theme, "system, light, dark or contrast")
      ->check(CLI::IsMember({"system", "light", "dark", "contrast"}))
      ->capture_default_str();
  app.add_option("--language", options.language,
                 "Of the window, for example zh_CN; else as the preferences or LANG say")
      ->type_name("LOCALE");
  app.add_option(
         "--screenshot", options.screenshot,
         "Write a picture of the window and end; no display needed. With {scene} in its name: "
         "one of every scene")
      ->type_name("FILE.png");
  std::vector<std::string> names;
  for (const Scene& scene : scenes()) names.push_back(scene.name);
  app.add_option("--scene", options.scene, "What the screenshot shows")
      ->check(CLI::IsMember(names))
      ->capture_default_str();
  app.add_flag("--check-display", options.checkDisplay,
               "Say whether a window can be opened here, and end");
  app.add_option("--width", options.width, "Of the screenshot, pixels")
      ->check(CLI::Range(640, 8000));
  app.add_option("--height", options.height, "Of the screenshot, pixels")
      ->check(CLI::Range(480, 8000));
}

void apply(const Words& words, GuiOptions& options) {
  static const std::map<std::string, SeriesKey> kKeys{
      {"bits", SeriesKey::Bits}, {"block", SeriesKey::BlockSize}, {"type", SeriesKey::DataType}};
  HeadlessExport& headless = options.headless;
  headless.options.series = kKeys.at(words.by);
  headless.options.rule = findCountingRule(words.rule).value();
  headless.options.metric =
      words.metric == "cross-entropy" ? LawMetric::CrossEntropy : LawMetric::Accuracy;
  headless.autoMetric = words.metric == "auto";
  headless.options.fits = !words.noFits;
  headless.options.means = words.means;
  headless.options.frontier = !words.noFrontier;
  headless.options.errorBars = !words.noErrorBars;
  headless.look.note = !words.noNote;
  headless.look.dark = words.theme == "dark";
  headless.autoSource = words.source == "auto";
  headless.options.source = words.source == "measured"    ? SourceChoice::Measured
                            : words.source == "published" ? SourceChoice::Published
                                                          : SourceChoice::Both;
  headless.look.preset = *findPreset(QString::fromStdString(words.preset));
  options.theme = words.theme == "dark"       ? Theme::Dark
                  : words.theme == "light"    ? Theme::Light
                  : words.theme == "contrast" ? Theme::HighContrast
                                              : Theme::System;
}

}  // namespace

GuiOptions parseGuiOptions(int argc, char** argv) {
  GuiOptions options;
  Words words;
  CLI::App app(
      "The window of Bitfrontier: accuracy against total model bits. Without a store it opens the\n"
      "user's own, made on first use, with published results in it.",
      "bitfrontier-gui");
  app.set_version_flag("--version", "bitfrontier-gui " BITFRONTIER_VERSION);
  addDataOptions(app, options, words);
  addFigureOptions(app, options, words);
  addWindowOptions(app, options, words);
  app.footer("Exit codes: 0 done, 1 error, 2 wrong command line.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    options.help = true;
    if (e.get_exit_code() == 0) {
      app.exit(e);
    } else {
      std::fprintf(stderr, "bitfrontier-gui: error: %s\n", e.what());
      options.exitCode = kExitUsage;
    }
    return options;
  }
  apply(words, options);
  options.themeGiven = app.count("--theme") > 0;
  return options;
}

}  // namespace bitfrontier

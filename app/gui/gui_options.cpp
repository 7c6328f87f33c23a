// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/gui_options.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <map>
#include <memory>

#include "app/gui/scenes.h"
#include "core/base/error.h"
#include "ui/export/figure_view.h"
#include "ui/view/view_library.h"

namespace bitfrontier {

namespace {

/// A saved view, that of a figure or of a JSON file, or one that is written out.
FigureView viewNamed(const std::string& word) {
  if (word.starts_with('{')) return parseFigureView(word, "--view");
  std::error_code ignored;
  if (std::filesystem::exists(word, ignored)) return viewOfFigure(word);
  const ViewLibrary library(viewLibraryFile());
  FigureView view;
  if (const SavedView* saved = library.find(QString::fromStdString(word))) {
    view.view = saved->state;
    return view;
  }
  QStringList names;
  for (const SavedView& saved : library.views()) names << saved.name;
  const std::string known = names.isEmpty()
                                ? "none is saved"
                                : "saved are " + names.join(QStringLiteral(", ")).toStdString();
  throw Error(ErrorKind::NotFound,
              "--view: no file and no saved view is named " + word + "; " + known);
}

/// Words of the command line that stand for values.
struct Words {
  std::string by = "bits", metric = "auto", rule = "checkpoint", source = "auto";
  std::string preset = "icml", palette = "okabe-ito", theme = "system";
  std::string font, title, xTitle, yTitle;
  std::vector<std::string> formats, families;
  std::string filter;
  int text = 0, dpi = 0;
  bool partial = false, noFits = false, means = false, noFrontier = false, noErrorBars = false;
  bool noNote = false, noLegend = false, noEmbed = false;
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
  app.add_option("--family", words.families, "Only these families")->delimiter(',');
  app.add_option("--filter", words.filter, "As in the filter box, e.g. \"bits>=3 type:int\"");
  app.add_option("--view", options.view,
                 "Start from a saved view, the view of an exported figure, a JSON file or JSON; "
                 "other options change it")
      ->type_name("NAME|FILE|JSON");
  app.add_flag("--partial", words.partial,
               "Also points that lack some of the tasks that others of their family have");
}

void addFigureOptions(CLI::App& app, GuiOptions& options, Words& words) {
  app.add_option("--export", options.headless.figures,
                 "Write the figure and end; no display needed")
      ->type_name("FILE.pdf|svg|png|tex|csv|py|json")
      ->delimiter(',');
  app.add_option("--laws", options.headless.laws, "Write the fitted laws and end")
      ->type_name("FILE.json|csv")
      ->delimiter(',');
  std::vector<std::string> presets, formats;
  for (const QString& name : presetNames()) presets.push_back(name.toStdString());
  for (const FigureFormat f : kFigureFormats) formats.push_back(formatEnding(f).toStdString());
  app.add_option("--format", words.formats,
                 "Write each file of --export in all of these, whatever its ending")
      ->delimiter(',')
      ->check(CLI::IsMember(formats));
  app.add_option("--preset", words.preset, "Size of the figure and of its text")
      ->check(CLI::IsMember(presets))
      ->capture_default_str();
  app.add_option("--text", words.text, "Size of all text, points")
      ->check(CLI::Range(kSmallestText, kLargestText));
  app.add_option("--font", words.font, "Font of all text");
  app.add_option("--palette", words.palette, "Colours: okabe-ito, grey, tab10")
      ->check(CLI::IsMember({"okabe-ito", "grey", "tab10"}))
      ->capture_default_str();
  app.add_option("--title", words.title, "Above the figure");
  app.add_option("--x-title", words.xTitle, "Of the axis across, in place of its own");
  app.add_option("--y-title", words.yTitle, "Of the axis up, in place of its own");
  app.add_option("--dpi", words.dpi, "Dots per inch of PNG")
      ->check(CLI::Range(kSmallestDpi, kLargestDpi));
  app.add_flag("--no-legend", words.noLegend, "Without the legend");
  app.add_flag("--no-embed", words.noEmbed, "Without the view inside the file");
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
  app.add_option("--width", options.width, "Of the figure in points, of the screenshot in pixels")
      ->check(CLI::Range(kSmallestSide, 8000));
  app.add_option("--height", options.height, "Of the figure in points, of the screenshot in pixels")
      ->check(CLI::Range(kSmallestSide, 8000));
}

/// What was given on the command line changes the view that it starts from; all else is as usual.
void apply(const CLI::App& app, const Words& words, HeadlessExport& request) {
  static const std::map<std::string, SeriesKey> kKeys{
      {"bits", SeriesKey::Bits}, {"block", SeriesKey::BlockSize}, {"type", SeriesKey::DataType}};
  const auto given = [&app](const char* option) { return app.count(option) > 0; };
  ViewOptions& options = request.options;
  if (given("--by")) options.series = kKeys.at(words.by);
  if (given("--rule")) options.rule = findCountingRule(words.rule).value();
  if (given("--metric")) {
    options.metric =
        words.metric == "cross-entropy" ? LawMetric::CrossEntropy : LawMetric::Accuracy;
    request.autoMetric = words.metric == "auto";
  }
  if (given("--source")) {
    request.autoSource = words.source == "auto";
    options.source = words.source == "measured"    ? SourceChoice::Measured
                     : words.source == "published" ? SourceChoice::Published
                                                   : SourceChoice::Both;
  }
  if (given("--filter")) options.filter = words.filter;
  if (given("--family")) request.families = words.families;
  options.partial = options.partial || words.partial;
  options.fits = options.fits && !words.noFits;
  options.means = options.means || words.means;
  options.frontier = options.frontier && !words.noFrontier;
  options.errorBars = options.errorBars && !words.noErrorBars;
  for (const std::string& ending : words.formats) {
    request.formats.push_back(*findFormat(QString::fromStdString(ending)));
  }
}

void apply(const CLI::App& app, const Words& words, const GuiOptions& gui, FigureLook& look) {
  const auto given = [&app](const char* option) { return app.count(option) > 0; };
  if (given("--preset")) look.preset = *findPreset(QString::fromStdString(words.preset));
  if (given("--width")) look.preset.width = gui.width;
  if (given("--height")) look.preset.height = gui.height;
  if (given("--text")) look.preset.font = words.text;
  if (given("--dpi")) look.pngDpi = words.dpi;
  if (given("--palette")) look.palette = *findPalette(QString::fromStdString(words.palette));
  const auto text = [&](const char* option, const std::string& word, QString& out) {
    if (given(option)) out = QString::fromStdString(word);
  };
  text("--font", words.font, look.font);
  text("--title", words.title, look.title);
  text("--x-title", words.xTitle, look.xTitle);
  text("--y-title", words.yTitle, look.yTitle);
  if (given("--theme")) look.dark = words.theme == "dark";
  look.note = look.note && !words.noNote;
  look.legend = look.legend && !words.noLegend;
  look.embed = look.embed && !words.noEmbed;
}

/// One sentence about sizes that the kind of picture cannot have; empty when all is well.
std::string sizeMistake(const CLI::App& app, const GuiOptions& options) {
  const bool figure = !options.headless.figures.empty();
  const int leastWidth = figure ? kSmallestSide : 640, leastHeight = figure ? kSmallestSide : 480;
  const int most = figure ? kLargestSide : 8000;
  const auto wrong = [&](const char* option, int value, int least) -> std::string {
    if (app.count(option) == 0 || (value >= least && value <= most)) return {};
    return std::string(option) + ": " + std::to_string(value) + " is not from " +
           std::to_string(least) + " to " + std::to_string(most) + (figure ? " points" : " pixels");
  };
  const std::string width = wrong("--width", options.width, leastWidth);
  return width.empty() ? wrong("--height", options.height, leastHeight) : width;
}

}  // namespace

GuiOptions parseGuiOptions(int argc, char** argv) {
  GuiOptions options;
  const auto kept = std::make_shared<Words>();
  Words& words = *kept;
  const auto parser = std::make_shared<CLI::App>(
      "The window of Bitfrontier: accuracy against total model bits. Without a store it opens the\n"
      "user's own, made on first use, with published results in it.",
      "bitfrontier-gui");
  CLI::App& app = *parser;
  app.set_version_flag("--version", "bitfrontier-gui " BITFRONTIER_VERSION);
  addDataOptions(app, options, words);
  addFigureOptions(app, options, words);
  addWindowOptions(app, options, words);
  app.footer("Exit codes: 0 done, 1 error, 2 wrong command line.");
  const auto mistaken = [&options](const std::string& sentence) {
    options.help = true;
    options.exitCode = kExitUsage;
    std::fprintf(stderr, "bitfrontier-gui: error: %s\n", sentence.c_str());
  };
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& e) {
    options.help = true;
    if (e.get_exit_code() == 0) {
      app.exit(e);
    } else {
      mistaken(e.what());
    }
    return options;
  }
  if (const std::string mistake = sizeMistake(app, options); !mistake.empty()) {
    mistaken(mistake);
    return options;
  }
  options.theme = words.theme == "dark"       ? Theme::Dark
                  : words.theme == "light"    ? Theme::Light
                  : words.theme == "contrast" ? Theme::HighContrast
                                              : Theme::System;
  options.themeGiven = app.count("--theme") > 0;
  options.complete = [parser, kept, gui = options](HeadlessExport& request) {
    request.autoMetric = request.autoSource = true;
    if (!gui.view.empty()) {
      const FigureView start = viewNamed(gui.view);
      request.setView(start.view);
      request.look = start.look;
    }
    apply(*parser, *kept, request);
    apply(*parser, *kept, gui, request.look);
  };
  return options;
}

}  // namespace bitfrontier

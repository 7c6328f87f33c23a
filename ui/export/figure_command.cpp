// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_command.h"

#include <nlohmann/json.hpp>
#include <QFileInfo>
#include <QRegularExpression>

#include "ui/launch/launch_choice.h"
#include "ui/view/view_state.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using nlohmann::ordered_json;

/// What differs from a new view, and what a store would else decide.
std::string shortView(const FigureSpec& spec) {
  ViewState view;
  view.options = spec.options;
  view.sourceChosen = view.metricChosen = true;
  view.range = spec.range;
  view.hidden = spec.visibility;
  const ordered_json whole = toJson(view), usual = toJson(ViewState());
  ordered_json changed{{"version", kViewStateVersion}};
  for (const char* part : {"options", "hidden"}) {
    ordered_json some = ordered_json::object();
    for (const auto& [name, value] : whole[part].items()) {
      if (value != usual[part][name] || name == "source" || name == "metric") some[name] = value;
    }
    if (!some.empty()) changed[part] = std::move(some);
  }
  if (view.range) changed["range"] = whole["range"];
  return changed.dump();
}

QStringList lookOptions(const FigureLook& look) {
  QStringList words{u"--preset"_s, look.preset.id};
  const FigurePreset usual = findPreset(look.preset.id).value_or(look.preset);
  const auto number = [&](const char* option, int value, int before) {
    if (value != before) words << QLatin1String(option) << QString::number(value);
  };
  number("--width", look.preset.width, usual.width);
  number("--height", look.preset.height, usual.height);
  number("--text", look.preset.font, usual.font);
  number("--dpi", look.pngDpi, FigureLook().pngDpi);
  const auto text = [&](const char* option, const QString& value) {
    if (!value.isEmpty()) words << QLatin1String(option) + u'=' + value;
  };
  text("--font", look.font);
  if (look.palette != FigurePalette::OkabeIto) text("--palette", paletteName(look.palette));
  text("--title", look.title);
  text("--x-title", look.xTitle);
  text("--y-title", look.yTitle);
  if (look.dark) words << u"--theme"_s << u"dark"_s;
  if (!look.legend) words << u"--no-legend"_s;
  if (!look.note) words << u"--no-note"_s;
  if (!look.embed) words << u"--no-embed"_s;
  return words;
}

}  // namespace

QString figureName(const QString& pattern, const FigureSpec& spec, const QString& view,
                   const QDate& date) {
  constexpr qsizetype kLongestName = 200;  // bytes; file systems take 255 with an ending
  QString name = pattern;
  name.replace(u"{view}"_s, view.isEmpty() ? u"frontier"_s : view);
  name.replace(u"{date}"_s, date.toString(Qt::ISODate));
  name.replace(u"{preset}"_s, spec.look.preset.id);
  name.replace(u"{store}"_s, QFileInfo(QString::fromStdString(spec.store)).completeBaseName());
  static const QRegularExpression kBad(u"[/\\\\:*?\"<>|\\x00-\\x1f]+"_s);
  name.replace(kBad, u"-"_s);
  name = name.trimmed();
  while (name.startsWith(u'.')) name.remove(0, 1);
  while (name.toUtf8().size() > kLongestName) name.chop(1);
  return name.isEmpty() ? u"figure"_s : name;
}

QString figureCommand(const FigureSpec& spec, const std::vector<FigureFormat>& formats,
                      const QString& base) {
  QStringList words{u"bitfrontier-gui"_s, QString::fromStdString(spec.store),
                    u"--view"_s,          QString::fromStdString(shortView(spec)),
                    u"--export"_s,        base};
  QStringList endings;
  for (const FigureFormat format : formats) endings << formatEnding(format);
  words << u"--format"_s << endings.join(u',');
  words << lookOptions(spec.look);
  for (QString& word : words) word = shellWord(word);
  return words.join(u' ');
}

}  // namespace bitfrontier

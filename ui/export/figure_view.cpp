// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_view.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <QFile>
#include <QImageReader>
#include <QXmlStreamReader>

#include "core/base/error.h"
#include "core/base/json.h"
#include "ui/export/pdf_attachment.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;
namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr qint64 kLargestFile = qint64{256} << 20;
constexpr char kNamespace[] = "urn:bitfrontier:view";

ordered_json lookJson(const FigureLook& look) {
  return {{"preset", look.preset.id.toStdString()},
          {"width", look.preset.width},
          {"height", look.preset.height},
          {"text", look.preset.font},
          {"sizeAxis", look.preset.sizeAxis},
          {"font", look.font.toStdString()},
          {"palette", paletteName(look.palette).toStdString()},
          {"title", look.title.toStdString()},
          {"xTitle", look.xTitle.toStdString()},
          {"yTitle", look.yTitle.toStdString()},
          {"legend", look.legend},
          {"note", look.note},
          {"dark", look.dark},
          {"dpi", look.pngDpi},
          {"embed", look.embed}};
}

/// Sizes and names that this program does not know become the usual ones, with a complaint.
FigureLook lookFromJson(const json& value, std::string_view where,
                        std::vector<std::string>* complaints) {
  const auto complain = [&](const std::string& what) {
    if (complaints) complaints->push_back(std::string(where) + ": " + what);
  };
  FigureLook look;
  const std::string preset = stringOr(value, "preset", where, look.preset.id.toStdString());
  if (const auto found = findPreset(QString::fromStdString(preset))) {
    look.preset = *found;
  } else {
    complain("the preset " + preset + " is not known");
  }
  const auto whole = [&](const char* name, int& out, int low, int high) {
    const std::int64_t n = intOr(value, name, where, out);
    if (n < low || n > high) {
      complain(std::string(name) + " is not from " + std::to_string(low) + " to " +
               std::to_string(high));
    } else {
      out = static_cast<int>(n);
    }
  };
  whole("width", look.preset.width, kSmallestSide, kLargestSide);
  whole("height", look.preset.height, kSmallestSide, kLargestSide);
  whole("text", look.preset.font, kSmallestText, kLargestText);
  whole("dpi", look.pngDpi, kSmallestDpi, kLargestDpi);
  look.preset.sizeAxis = boolOr(value, "sizeAxis", where, look.preset.sizeAxis);
  look.font = QString::fromStdString(stringOr(value, "font", where, ""));
  const std::string palette =
      stringOr(value, "palette", where, paletteName(look.palette).toStdString());
  if (const auto found = findPalette(QString::fromStdString(palette))) {
    look.palette = *found;
  } else {
    complain("the palette " + palette + " is not known");
  }
  look.title = QString::fromStdString(stringOr(value, "title", where, ""));
  look.xTitle = QString::fromStdString(stringOr(value, "xTitle", where, ""));
  look.yTitle = QString::fromStdString(stringOr(value, "yTitle", where, ""));
  look.legend = boolOr(value, "legend", where, look.legend);
  look.note = boolOr(value, "note", where, look.note);
  look.dark = boolOr(value, "dark", where, look.dark);
  look.embed = boolOr(value, "embed", where, look.embed);
  return look;
}

std::string fileName(const std::string& path) { return fs::path(path).filename().string(); }

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error(ErrorKind::Format, file.string() + ": " + why);
}

[[noreturn]] void refuseWithout(const fs::path& file) {
  refuse(file,
         "has no view in it: it was exported without one, changed afterwards, or made by another "
         "program");
}

QByteArray contentOf(const fs::path& path) {
  QFile file(QString::fromStdString(path.string()));
  if (!file.exists()) throw Error(ErrorKind::NotFound, path.string() + ": no such file");
  if (!file.open(QIODevice::ReadOnly)) {
    throw Error(ErrorKind::Io,
                path.string() + ": cannot be read: " + file.errorString().toLower().toStdString());
  }
  if (file.size() > kLargestFile) refuse(path, "is larger than a figure can be");
  return file.readAll();
}

std::string textOfSvg(const fs::path& file, const QByteArray& svg) {
  QXmlStreamReader reader(svg);
  while (!reader.atEnd()) {
    reader.readNext();
    if (reader.isStartElement() && reader.name() == "view"_L1 &&
        reader.namespaceUri() == QLatin1String(kNamespace)) {
      const QString text = reader.readElementText();
      if (!reader.hasError()) return text.toStdString();
    }
  }
  if (reader.hasError()) {
    refuse(file, "is not a whole SVG: line " + std::to_string(reader.lineNumber()) + ": " +
                     reader.errorString().toStdString());
  }
  refuseWithout(file);
}

std::string textOfPng(const fs::path& file) {
  QImageReader reader(QString::fromStdString(file.string()), "png");
  const QString key = QLatin1String(kFigureViewName);
  if (!reader.canRead()) refuse(file, "is not a PNG picture");
  QString text = reader.text(key);
  if (text.isEmpty()) {  // other programs put texts behind the picture
    reader.read();
    text = reader.text(key);
  }
  if (text.isEmpty()) refuseWithout(file);
  return text.toStdString();
}

}  // namespace

QByteArray figureViewText(const FigureSpec& spec) {
  ViewState view;
  view.store = fileName(spec.store);
  view.options = spec.options;
  for (std::string& other : view.options.others) other = fileName(other);
  view.sourceChosen = view.metricChosen = true;
  view.range = spec.range;
  view.hidden = spec.visibility;
  const ordered_json figure{{"bitfrontier", "figure"},
                            {"version", kVersion},
                            {"view", toJson(view)},
                            {"look", lookJson(spec.look)}};
  return QByteArray::fromStdString(figure.dump(1) + "\n");
}

FigureView parseFigureView(std::string_view text, std::string_view where,
                           std::vector<std::string>* complaints) {
  const json value = parseJson(text, where);
  FigureView figure;
  if (!value.is_object() || !value.contains("view")) {  // a view of its own
    figure.view = parseViewState(text, where, complaints);
    return figure;
  }
  if (const std::int64_t version = requireInt(value, "version", where); version != kVersion) {
    throw Error(ErrorKind::Format, std::string(where) + ": a figure of version " +
                                       std::to_string(version) + ", this program reads version " +
                                       std::to_string(kVersion));
  }
  figure.view = parseViewState(requireObject(value, "view", where).dump(), where, complaints);
  if (value.contains("look")) {
    figure.look = lookFromJson(requireObject(value, "look", where), where, complaints);
  }
  return figure;
}

QByteArray lookText(const FigureLook& look) {
  return QByteArray::fromStdString(lookJson(look).dump());
}

FigureLook parseLook(std::string_view text, std::string_view where,
                     std::vector<std::string>* complaints) {
  return lookFromJson(parseJson(text, where), where, complaints);
}

QByteArray svgWithView(QByteArray svg, const QByteArray& text) {
  const qsizetype head = svg.indexOf("<svg");
  const qsizetype end = head < 0 ? -1 : svg.indexOf('>', head);
  if (end < 0) return svg;
  const QByteArray metadata = QByteArray("\n<metadata><bf:view xmlns:bf=\"") + kNamespace + "\">" +
                              QString::fromUtf8(text).toHtmlEscaped().toUtf8() +
                              "</bf:view></metadata>";
  return svg.insert(end + 1, metadata);
}

FigureView viewOfFigure(const fs::path& file, std::vector<std::string>* complaints) {
  const QByteArray content = contentOf(file);
  std::string text;
  if (content.left(1024).contains("%PDF-")) {
    std::optional<std::string> attached = pdfAttachment(file, kFigureViewName);
    if (!attached) refuseWithout(file);
    text = std::move(*attached);
  } else if (content.startsWith("\x89PNG")) {
    text = textOfPng(file);
  } else if (content.trimmed().startsWith('<')) {
    text = textOfSvg(file, content);
  } else if (content.trimmed().startsWith('{')) {
    text = content.toStdString();
  } else {
    refuse(file, "is neither a PDF, SVG or PNG figure nor a view");
  }
  return parseFigureView(text, file.string(), complaints);
}

void placeStores(ViewState& view, std::span<const fs::path> known, const fs::path& folder) {
  const auto place = [&](std::string& store) {
    if (store.empty() || fs::path(store).has_parent_path()) return;
    const auto same = std::find_if(known.begin(), known.end(),
                                   [&](const fs::path& k) { return k.filename() == store; });
    std::error_code ignored;
    if (same != known.end()) {
      store = same->string();
    } else if (fs::exists(folder / store, ignored)) {
      store = (folder / store).string();
    }
  };
  place(view.store);
  for (std::string& other : view.options.others) place(other);
}

}  // namespace bitfrontier

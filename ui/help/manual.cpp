// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/manual.h"

#include <algorithm>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include "core/base/error.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString read(const QString& name) {
  QFile file(name);
  if (!file.open(QIODevice::ReadOnly)) {
    throw Error(ErrorKind::NotFound, name.toStdString() + ": this page of the manual is missing");
  }
  return QString::fromUtf8(file.readAll());
}

/// Without the lines of pictures that do not exist.
QString withoutMissingPictures(const QString& markdown, const QString& folder) {
  static const QRegularExpression picture(uR"(^!\[[^\]]*\]\(([^)]+)\)\s*$)"_s);
  QStringList kept;
  for (const QString& line : markdown.split(u'\n')) {
    const auto match = picture.match(line);
    if (match.hasMatch() && !QFileInfo::exists(folder + u'/' + match.captured(1))) continue;
    kept << line;
  }
  return kept.join(u'\n');
}

ManualPage parse(const QString& file, const QString& markdown) {
  ManualPage page{file, {}, markdown, {}};
  static const QRegularExpression heading(uR"(^(#{1,3}) (.+)$)"_s);
  bool code = false;
  for (const QString& line : markdown.split(u'\n')) {
    if (line.startsWith(u"```"_s)) code = !code;
    const auto match = heading.match(line);
    if (!code && match.hasMatch()) {
      ManualSection section;
      section.title = match.captured(2).remove(u'`');
      section.anchor = anchorOf(section.title);
      section.level = static_cast<int>(match.captured(1).size());
      page.sections << section;
    } else if (!page.sections.isEmpty()) {
      page.sections.last().text += line + u'\n';
    }
  }
  if (!page.sections.isEmpty()) page.title = page.sections.first().title;
  return page;
}

}  // namespace

QString anchorOf(const QString& title) {
  QString anchor;
  for (const QChar c : title.toLower()) {
    if (c.isLetterOrNumber()) {
      anchor += c;
    } else if ((c.isSpace() || c == u'-') && !anchor.endsWith(u'-')) {
      anchor += u'-';
    }
  }
  return anchor;
}

Manual::Manual(const std::filesystem::path& folder) {
  const QString base = QString::fromStdString(folder.string());
  const QString index = read(base + u"/index.md"_s);
  QStringList files{u"index.md"_s};
  static const QRegularExpression link(uR"(\]\(([a-z0-9_-]+\.md)\))"_s);
  for (auto it = link.globalMatch(index); it.hasNext();) {
    const QString file = it.next().captured(1);
    if (!files.contains(file)) files << file;
  }
  for (const QString& file : files) {
    pages_ << parse(file, withoutMissingPictures(read(base + u'/' + file), base));
  }
}

const ManualPage* Manual::page(const QString& file) const {
  const auto it = std::find_if(pages_.begin(), pages_.end(),
                               [&](const ManualPage& page) { return page.file == file; });
  return it == pages_.end() ? nullptr : &*it;
}

QList<Manual::Hit> Manual::find(const QString& words) const {
  const QStringList wanted = words.split(u' ', Qt::SkipEmptyParts);
  QList<Hit> titles, texts;
  if (wanted.isEmpty()) return titles;
  for (const ManualPage& page : pages_) {
    for (const ManualSection& section : page.sections) {
      const auto has = [&](const QString& text) {
        return std::all_of(wanted.begin(), wanted.end(), [&](const QString& word) {
          return text.contains(word, Qt::CaseInsensitive);
        });
      };
      if (has(section.title)) {
        titles << Hit{&page, &section};
      } else if (has(section.title + u'\n' + section.text)) {
        texts << Hit{&page, &section};
      }
    }
  }
  return titles + texts;
}

}  // namespace bitfrontier

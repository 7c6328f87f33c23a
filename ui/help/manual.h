// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <QList>
#include <QString>

namespace bitfrontier {

/// A heading of a page of the manual and what stands below it.
struct ManualSection {
  QString title;
  QString anchor;  ///< as links name it: "the-filter", lower case with dashes
  QString text;    ///< Markdown without the heading
  int level = 1;
};

struct ManualPage {
  QString file;  ///< "filter.md"
  QString title;
  QString markdown;
  QList<ManualSection> sections;  ///< the first is the title's
};

/// The manual: Markdown files of one folder in the order in which `index.md` links to them.
/// Pictures that are not there are left out.
class Manual {
 public:
  /// Throws Error when the folder has no index.md, or that names a page which is not there.
  explicit Manual(const std::filesystem::path& folder);

  const QList<ManualPage>& pages() const { return pages_; }
  /// By file name, or null.
  const ManualPage* page(const QString& file) const;

  struct Hit {
    const ManualPage* page;
    const ManualSection* section;
  };
  /// Sections that have all words, those with them in the title first.
  QList<Hit> find(const QString& words) const;

 private:
  QList<ManualPage> pages_;
};

/// "The filter language" -> "the-filter-language".
QString anchorOf(const QString& title);

}  // namespace bitfrontier

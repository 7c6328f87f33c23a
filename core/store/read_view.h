// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>

#include "core/store/store_file.h"

namespace SQLite {
class Database;
}

namespace bitfrontier {

/// A connection that reads a store and writes nothing, neither to the file nor beside it, whatever
/// state the file is in. Where SQLite alone could read only by writing, a copy in memory is read:
/// a store with a write-ahead log (as earlier versions wrote them), one whose writer was killed
/// in the middle of a change, one with an older schema. Throws Error or SQLite::Exception.
class ReadView {
 public:
  ReadView(std::filesystem::path file, int timeoutMs);
  ~ReadView();
  ReadView(ReadView&&) noexcept;
  ReadView& operator=(ReadView&&) noexcept;

  /// What to query. A copy is made anew when the file has changed.
  SQLite::Database& database();
  /// Looks at the file again. Needed when a query throws SQLITE_READONLY: a writer was killed in
  /// the middle of a change, and the next writer has not yet undone it.
  void open();
  /// Increases whenever the file has changed.
  std::int64_t revision();

 private:
  void refresh();
  /// The file itself, or of an older schema its content in memory. False when only a copy of the
  /// files can be read.
  bool openInPlace();
  /// False when somebody wrote while the files were copied or, unless `hurry`, just before.
  bool openCopy(bool hurry);

  std::filesystem::path file_;
  int timeoutMs_;
  std::unique_ptr<SQLite::Database> database_;
  bool copy_ = false;
  FileSignature signature_;  ///< of a copy
  std::int64_t copies_ = 0;
};

}  // namespace bitfrontier

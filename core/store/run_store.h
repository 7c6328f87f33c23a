// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/law/data/law_point.h"
#include "core/store/run_record.h"
#include "core/store/run_row.h"

namespace bitfrontier {

/// Selects runs and points; empty lists select everything.
struct RunFilter {
  std::vector<std::string> families;
  std::vector<std::string> models;
  std::vector<std::string> dataTypes;
  std::vector<int> bits;
  std::vector<std::int64_t> blockSizes;
  std::vector<std::string> tasks;
  std::vector<std::string> bosProfiles;  ///< of measured runs; see bosProfileName()
  std::optional<std::int64_t> itemLimit;
  bool measured = true;         ///< runs of this program
  bool published = true;        ///< numbers imported from papers
  bool includePartial = false;  ///< also points that miss some of the tasks their peers have
  /// Which total of ModelBits becomes LawPoint::totalBits.
  CountingRule rule = CountingRule::CheckpointBytes;
};

/// What RunStore::addAll did.
struct AddCounts {
  std::int64_t added = 0;         ///< new, or in place of a failed or cancelled run
  std::int64_t alreadyThere = 0;  ///< a finished run with this key and these results was there
  std::int64_t different =
      0;  ///< a finished run with this key but other results was there and stays
};

/// The SQLite store of runs (extension .bfdb, application_id 0x42464442 "BFDB"): one file, with a
/// rollback journal beside it while a run is being added. One object per thread; several processes
/// may have the same file open. All members throw Error naming the file.
class RunStore {
 public:
  enum class Mode {
    ReadOnly,   ///< writes nothing anywhere, see ReadView
    Update,     ///< reads and writes a store that exists
    ReadWrite,  ///< reads and writes, and makes the store when there is none
  };

  /// Refuses foreign SQLite files, newer schemas, and for writing what whyNotWritable() names. What
  /// is refused stays as it is. Writing migrates an older schema.
  static RunStore open(const std::filesystem::path& file, Mode mode = Mode::ReadWrite);
  /// An empty store in memory.
  static RunStore inMemory();
  RunStore(RunStore&&) noexcept;
  RunStore& operator=(RunStore&&) noexcept;
  ~RunStore();

  /// Inserts in one transaction and returns the row id. A finished run with this key already there:
  /// Error Conflict. A failed or cancelled run with this key is replaced.
  std::int64_t add(const RunRecord& record);
  /// Adds many in one transaction: all or, when one of them throws, none. Finished runs that are
  /// there stay and are counted.
  AddCounts addAll(std::span<const RunRecord> records);
  /// True when a run with this key is stored with status Done.
  bool hasDone(std::string_view key) const;
  /// All fields, per-item outcomes included.
  std::optional<RunRecord> find(std::string_view key) const;
  std::optional<RunRecord> find(std::int64_t id) const;
  /// Matching runs ordered by id, without per-item outcomes unless asked for.
  std::vector<RunRecord> runs(const RunFilter& filter = {}, bool withItems = false) const;
  /// The runs with an id above `after`, ordered by it, by the columns of RunRow alone; their texts
  /// are put into `names`. All at one moment.
  RowsRead rowsAfter(std::int64_t after, NamePool& names) const;
  /// What points of the filter are made of: the runs of its tasks, the others of its lists not yet
  /// applied, without outcomes and the fields that only a list of runs shows
  /// (RunColumns::OfPoints). Kept for the next question until the file changes, so that a command
  /// reads it once.
  std::shared_ptr<const std::vector<RunRecord>> peersOf(const RunFilter& filter) const;
  /// Done runs joined to one point per source, model, configuration and evaluation settings,
  /// ordered by total bits; see aggregatePoints().
  std::vector<LawPoint> points(const RunFilter& filter = {}) const;
  /// True when some run was made by this program, not imported.
  bool hasMeasured() const;
  /// Increases whenever any process has changed the file. Throws NotFound or Conflict when the file
  /// was deleted, moved or replaced since it was opened; add() does so too.
  std::int64_t revision() const;
  std::filesystem::path path() const;

 private:
  struct Impl;
  explicit RunStore(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace bitfrontier

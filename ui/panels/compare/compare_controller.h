// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <QObject>
#include <QString>
#include <string>
#include <vector>

#include "core/advice/sweep_diff.h"
#include "ui/jobs/live_answer.h"
#include "ui/view/scope.h"

namespace bitfrontier {

/// One side as the user names it.
struct CompareSide {
  std::filesystem::path store;  ///< empty: the open one
  std::string filter;           ///< of the filter box
  SourceChoice source = SourceChoice::Both;

  bool operator==(const CompareSide&) const = default;
};

/// Two sides and how they are compared.
struct CompareQuestion {
  CompareSide a, b;
  bool byWidth = false;  ///< match cells of the same bits and block, not of the same configuration
  Correction correction = Correction::Holm;

  bool operator==(const CompareQuestion&) const = default;
};

/// Compares two sweeps by core's diff, in the background, again when the open store changes.
class CompareController : public QObject {
  Q_OBJECT

 public:
  CompareController(StoreSession* session, ViewController* view, QObject* parent = nullptr);

  void setActive(bool active);
  const CompareQuestion& question() const { return question_; }
  void setQuestion(const CompareQuestion& question);

  /// Null before the first answer.
  const SweepDiff* diff() const { return diff_.answer().get(); }
  bool updating() const { return diff_.updating(); }
  const QString& problem() const { return diff_.problem(); }
  /// "open store, family:opt, measured".
  QString name(const CompareSide& side) const;
  QString csv() const;
  /// Selects the points of the open store that are behind a cell.
  void select(const DiffCell& cell);

 Q_SIGNALS:
  void changed();

 private:
  void ask(bool urgent);

  StoreSession* session_;
  ViewController* view_;
  CompareQuestion question_;
  bool asked_ = false;  ///< a question was put
  LiveAnswer<SweepDiff> diff_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <memory>
#include <QObject>
#include <QString>
#include <QStringList>
#include <string>
#include <vector>

#include "core/analysis/analysis.h"
#include "ui/jobs/live_answer.h"
#include "ui/plot/law_set.h"
#include "ui/view/view_controller.h"

namespace bitfrontier {

/// One parameter as a person writes it.
struct ParameterRow {
  QString name, meaning, unit;
  double value = 0;
  double lower = LawPoint::kAbsent, upper = LawPoint::kAbsent;  ///< 95 %
  bool profiled = false;  ///< the interval is from the profile likelihood
  QString remark;         ///< "at a bound", "held", "not determined"

  /// "4.21 ± 0.05", "3.1 [2.2, 5.9]" where the interval is skewed, "0.5 or less" at a bound.
  QString text() const;
};

/// One law that was tried.
struct TriedLaw {
  QString name, title;
  double aicc = LawPoint::kAbsent, difference = LawPoint::kAbsent;
  int parameters = 0;
  double lackOfFit = LawPoint::kAbsent;
  bool usable = false, chosen = false;
  QString why;  ///< the refusal
};

/// A value with the half-width of its interval, both to the digits that the latter has.
QString withHalfWidth(double value, double halfWidth);

/// What the laws panel shows of the view's laws, and the longer questions about one of them.
class LawsController : public QObject {
  Q_OBJECT

 public:
  LawsController(StoreSession* session, ViewController* view, QObject* parent = nullptr);

  /// The families with a law or a reason why none; empty before the first fit.
  const std::vector<ChosenLaw>& families() const;
  std::size_t shown() const;
  void show(std::size_t family);
  /// The shown family's law; null where none describes it.
  const JointFit* law() const;
  bool updating() const { return view_->busy(); }

  QString reason() const;  ///< which law the data choose and why
  std::vector<ParameterRow> parameters() const;
  std::vector<TriedLaw> tried() const;
  /// Refusals, then what else has to be said, each a sentence.
  QStringList remarks() const;
  /// "168 points of 7 sizes, lack of fit 0.42 points, ...".
  QString facts() const;
  /// The whole law as one sentence, for people who hear it.
  QString sentence() const;

  /// @name Longer questions, worked out when asked for
  /// @{
  void askProfile();
  void askComparison();
  void cancel();
  bool profiling() const { return profile_.updating(); }
  bool comparing() const { return comparison_.updating(); }
  /// Of the shown law; empty before.
  const std::vector<ProfileInterval>& profile() const;
  /// Null before.
  const LawComparison* comparison() const;
  QString problem() const;
  /// @}

  /// @name For other programs
  /// @{
  QString latex() const;
  QString json() const;
  QString python() const;
  QString command() const;
  /// @}

  /// Selects the points that the shown law, or curve `curve` of the set, rests on.
  void selectEvidence();
  void selectEvidenceOf(std::size_t curve);

 Q_SIGNALS:
  void changed();

 private:
  struct Profile {
    std::string title;
    const void* laws = nullptr;  ///< of which set
    std::vector<ProfileInterval> intervals;
  };
  struct Comparison {
    std::string title;
    const void* laws = nullptr;
    LawComparison comparison;
  };
  const ChosenLaw* family() const;
  std::vector<LawPoint> evidence(std::size_t first, std::size_t count) const;
  JointOptions options() const;

  StoreSession* session_;
  ViewController* view_;
  std::string title_;  ///< of the family that the user chose
  LiveAnswer<Profile> profile_;
  LiveAnswer<Comparison> comparison_;
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <QObject>
#include <QString>
#include <string>
#include <vector>

#include "core/advice/width_headline.h"
#include "ui/base/latest_task.h"
#include "ui/plot/plot_evidence.h"
#include "ui/view/view_controller.h"

namespace bitfrontier {

/// What is said of one family in view, and what it rests on.
struct Statement {
  WidthHeadline headline;
  std::vector<std::string> details;  ///< every range in words, which law, notes
  std::vector<std::string> points;   ///< keys of its points on the frontier of its set
  double lowest = 0, highest = 0;    ///< of their metric, plotted units; 0, 0 without points
};

/// All that is said of what is in view.
struct Statements {
  std::vector<Statement> families;  ///< decided ones first
  std::string why;                  ///< one sentence, where there is nothing to say
};

/// Blocking; reads outcomes from the store. Throws Error.
Statements makeStatements(const std::filesystem::path& store, const std::vector<LawPoint>& points,
                          LawMetric metric, const JobContext& job = {});
FrontierChances makeChances(const std::filesystem::path& store, const std::vector<LawPoint>& points,
                            std::span<const double> costs, LawMetric metric,
                            const JobContext& job = {});

/// "4 bit is best from 1.2 to 9 GB (P 0.97); undecided below", without the family.
QString headlineText(const WidthHeadline& headline);
/// One line in rich text; each family's part is a link to its place in `families`.
QString statementsHtml(const Statements& statements);
/// "1.2 to 9 GB", "400 kB to 1.2 MB" of total bits.
QString sizeRange(double fromBits, double toBits);

/// Computes in the background what the points in view say about bit widths, and how sure it is
/// which of them are on the frontier. New points of the same view wait for what is under way.
class Evidence : public QObject {
  Q_OBJECT

 public:
  Evidence(StoreSession* session, ViewController* view, QObject* parent = nullptr);

  /// What was last found; null before.
  const std::shared_ptr<const Statements>& statements() const { return statements_; }
  const std::shared_ptr<const FrontierChances>& chances() const { return chances_; }
  bool busy() const { return widths_.busy() || frontiers_.busy(); }
  /// True while what statements() has is of another view.
  bool outdated() const { return widths_.busy(); }

 Q_SIGNALS:
  void started();
  void statementsChanged();
  void chancesChanged();

 private:
  void update();
  void findWidths();
  void findFrontiers();

  StoreSession* session_;
  ViewController* view_;
  std::shared_ptr<const Statements> statements_;
  std::shared_ptr<const FrontierChances> chances_;
  LatestTask widths_, frontiers_;
  ViewOptions asked_;
  std::filesystem::path askedStore_;
  bool again_ = false;
};

}  // namespace bitfrontier

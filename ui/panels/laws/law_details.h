// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QTabWidget>
#include <QWidget>

#include "ui/panels/laws/laws_controller.h"
#include "ui/panels/parts/panel_parts.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

class ResidualPlot;

using ParameterTable = TypedTable<ParameterRow>;
using TriedTable = TypedTable<TriedLaw>;
using ComparedTable = TypedTable<LawComparison::Row>;

/// Pages about the law of the shown family: parameters, the laws that were tried, residuals, how
/// they compare.
class LawDetails : public QObject {
  Q_OBJECT

 public:
  LawDetails(LawsController* controller, QTabWidget* tabs);

  ParameterTable& parameterTable() { return *parameters_; }
  TriedTable& triedTable() { return *tried_; }

 Q_SIGNALS:
  void copied(const QString& what);

 private:
  QWidget* makeLawPage();
  QWidget* makeTriedPage();
  QWidget* makeComparisonPage();
  QWidget* makeCopyButtons();
  void refresh();
  void copy(const QString& text, const QString& what);

  LawsController* controller_;
  std::unique_ptr<ParameterTable> parameters_;
  std::unique_ptr<TriedTable> tried_;
  std::unique_ptr<ComparedTable> compared_;
  QLabel *reason_, *facts_, *remarks_, *verdicts_;
  QTableView *parameterView_, *triedView_, *comparedView_;
  QPushButton *profile_, *compare_;
  std::vector<QPushButton*> copies_;
  ResidualPlot* residuals_;
};

}  // namespace bitfrontier

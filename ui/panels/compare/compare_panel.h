// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QTabWidget>
#include <QWidget>

#include "ui/panels/compare/compare_controller.h"
#include "ui/panels/compare/compare_tables.h"
#include "ui/panels/panel.h"
#include "ui/panels/parts/panel_parts.h"

namespace bitfrontier {

/// Two sweeps beside each other: matched cells, what only one has, parameters of laws, a verdict.
class ComparePanel : public QWidget {
  Q_OBJECT

 public:
  explicit ComparePanel(const PanelContext& context, QWidget* parent = nullptr);

  CompareController& controller() { return *controller_; }
  CellTable& cells() { return *cells_; }

 protected:
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;

 private:
  struct SideBoxes {
    QComboBox *store, *source;
    QLineEdit* filter;
  };
  SideBoxes makeSide(class QGridLayout* grid, int row, const QString& name);
  CompareSide sideOf(const SideBoxes& boxes) const;
  void chooseStore(QComboBox* box);
  void compare();
  void showDiff();
  void exportCsv();

  PanelRequests* requests_;
  AppSettings* settings_;
  CompareController* controller_;
  std::array<SideBoxes, 2> sides_;
  QComboBox *match_, *correction_;
  QPushButton *compare_, *export_;
  QLabel *verdict_, *notes_;
  std::unique_ptr<CellTable> cells_;
  std::unique_ptr<LonelyTable> lonely_;
  std::unique_ptr<ParameterDiffTable> parameters_;
  QTabWidget* tabs_;
  QTableView* cellView_;
};

}  // namespace bitfrontier

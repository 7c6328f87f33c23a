// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QComboBox>
#include <QLabel>
#include <QTableView>
#include <QTabWidget>
#include <QWidget>
#include <vector>

#include "ui/base/view_options.h"
#include "ui/panels/laws/law_details.h"
#include "ui/panels/laws/laws_controller.h"
#include "ui/plot/law_set.h"
#include "ui/runs/table_model.h"

namespace bitfrontier {

using LawTable = TypedTable<LawCurve>;
std::unique_ptr<LawTable> makeLawTable(QObject* parent = nullptr);

/// The fitted laws: one row per series, with the choices that decide what is fitted, and pages
/// about the law of one family.
class LawPanel : public QWidget {
  Q_OBJECT

 public:
  explicit LawPanel(LawsController* controller, QWidget* parent = nullptr);

  void setOptions(const ViewOptions& options);
  void setLaws(const std::shared_ptr<const LawSet>& laws);
  /// The rows as tab-separated text on the clipboard.
  void copyRows() const;
  LawTable& table() { return *table_; }
  LawsController& controller() { return *controller_; }
  LawDetails& details() { return *details_; }

 Q_SIGNALS:
  void optionsEdited(bitfrontier::ViewOptions options);
  void copied(const QString& what);

 private:
  QLayout* buildChoices();
  void edited();
  void showFamilies();

  LawsController* controller_;
  ViewOptions options_;
  std::unique_ptr<LawTable> table_;
  QComboBox *metric_, *rule_, *series_, *family_;
  QTabWidget* tabs_;
  LawDetails* details_ = nullptr;
  QLabel* formula_;
  QTableView* view_;
};

}  // namespace bitfrontier

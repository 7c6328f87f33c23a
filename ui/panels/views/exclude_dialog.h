// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QLineEdit>
#include <QPushButton>
#include <string>
#include <vector>

#include "ui/base/point_ref.h"

namespace bitfrontier {

/// Asks for the reason why points are left out of laws, frontier and advice. Without one it does
/// not end.
class ExcludeDialog : public QDialog {
  Q_OBJECT

 public:
  /// `reasons` are those that were given before, to choose from.
  ExcludeDialog(std::vector<PointRef> points, const QStringList& reasons,
                QWidget* parent = nullptr);

  const std::vector<PointRef>& points() const { return points_; }
  std::string reason() const { return reason_->text().toStdString(); }

 private:
  std::vector<PointRef> points_;
  QLineEdit* reason_;
  QPushButton* exclude_;
};

}  // namespace bitfrontier

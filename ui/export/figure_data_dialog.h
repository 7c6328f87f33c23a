// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QDialog>

#include "core/store/import/csv.h"
#include "ui/export/figure_spec.h"

namespace bitfrontier {

/// A CSV as it is.
class CsvModel : public QAbstractTableModel {
  Q_OBJECT

 public:
  explicit CsvModel(CsvTable table, QObject* parent = nullptr);

  int rowCount(const QModelIndex& parent = {}) const override;
  int columnCount(const QModelIndex& parent = {}) const override;
  QVariant data(const QModelIndex& index, int role) const override;
  QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

 private:
  CsvTable table_;
};

/// The points that a figure draws, as a table that can be copied.
class FigureDataDialog : public QDialog {
  Q_OBJECT

 public:
  explicit FigureDataDialog(const FigureSpec& spec, QWidget* parent = nullptr);
};

}  // namespace bitfrontier

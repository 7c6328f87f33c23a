// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_data_dialog.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QGuiApplication>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include "ui/base/table_mime.h"
#include "ui/base/text.h"
#include "ui/export/figure_export.h"
#include "ui/export/figure_scripts.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

CsvModel::CsvModel(CsvTable table, QObject* parent)
    : QAbstractTableModel(parent), table_(std::move(table)) {}

int CsvModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.rows().size());
}

int CsvModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(table_.columns().size());
}

QVariant CsvModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || role != Qt::DisplayRole) return {};
  const CsvTable::Row& row = table_.rows()[static_cast<std::size_t>(index.row())];
  return Text::from(row[static_cast<std::size_t>(index.column())].text);
}

QVariant CsvModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (role != Qt::DisplayRole) return {};
  if (orientation == Qt::Vertical) return section + 1;
  return Text::from(table_.columns()[static_cast<std::size_t>(section)]);
}

FigureDataDialog::FigureDataDialog(const FigureSpec& spec, QWidget* parent) : QDialog(parent) {
  setObjectName(u"figureDataDialog"_s);
  setWindowTitle(tr("Data of the figure"));
  auto* model = new CsvModel(CsvTable::parse(figureCsv(spec).toStdString(), "figure.csv"), this);
  auto* text = new QLabel(figureNote(spec));
  text->setTextFormat(Qt::PlainText);
  text->setWordWrap(true);
  auto* view = new QTableView;
  view->setObjectName(u"figureDataView"_s);
  view->setAccessibleName(tr("Points that are drawn"));
  view->setModel(model);
  view->setEditTriggers(QAbstractItemView::NoEditTriggers);
  view->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 6);
  view->horizontalHeader()->setResizeContentsPrecision(50);  // not of all rows
  view->resizeColumnsToContents();
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  buttons->button(QDialogButtonBox::Close)->setText(tr("Close"));
  QPushButton* copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
  copy->setObjectName(u"figureDataCopy"_s);
  copy->setToolTip(tr("Puts the table on the clipboard for a spreadsheet"));
  copy->setStatusTip(copy->toolTip());
  connect(copy, &QPushButton::clicked, this,
          [spec] { QGuiApplication::clipboard()->setMimeData(tableMimeData(figureTable(spec))); });
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(text);
  layout->addWidget(view, 1);
  layout->addWidget(buttons);
  resize(860, 480);
}

}  // namespace bitfrontier

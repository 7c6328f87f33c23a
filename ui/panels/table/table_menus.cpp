// SPDX-License-Identifier: GPL-3.0-or-later
// The menus of a cell and of a column of the tables.
#include <QClipboard>
#include <QGuiApplication>
#include <QHeaderView>
#include <QMenu>

#include "ui/base/text.h"
#include "ui/panels/table/runs_panel.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QAction* add(QMenu& menu, const char* name, const QString& text, const QString& tip) {
  QAction* action = menu.addAction(text);
  action->setObjectName(QString::fromLatin1(name));
  action->setToolTip(tip);
  action->setStatusTip(tip);
  return action;
}

}  // namespace

std::unique_ptr<QMenu> RunsPanel::rowMenu(PinnedTable* view, const QModelIndex& index) {
  TableModel* model = modelOf(view);
  if (!index.isValid()) return nullptr;
  auto menu = std::make_unique<QMenu>(this);
  menu->setToolTipsVisible(true);
  if (model->isHeading(index.row())) {
    connect(
        add(*menu, "toggleGroup", tr("&Open or close the group"), tr("Shows or hides its rows")),
        &QAction::triggered, this, [model, row = index.row()] { model->toggleGroup(row); });
    return menu;
  }
  if (!view->selectionModel()->isRowSelected(index.row(), {})) view->selectRow(index.row());

  connect(add(*menu, "selectInPlot", tr("&Show in the plot"),
              tr("Selects the points of the selected rows")),
          &QAction::triggered, this, [this, view] {
            if (view == pointView_) {
              pointSelectionChanged();
            } else {
              runSelectionChanged();
            }
          });
  menu->addSeparator();
  const LawPoint* point = view == pointView_ ? points_->rowAt(index.row()) : nullptr;
  const RunRow* run = view == runView_ ? runs_->rowAt(index.row()) : nullptr;
  const auto text = [&](auto ofPoint, auto ofRun) {
    return point ? QString::fromStdString((*point).*ofPoint)
                 : Text::from(std::string_view((*run).*ofRun));
  };
  struct Field {
    const char16_t* name;
    QString only, without, value;
  };
  const QString model_ = text(&LawPoint::model, &RunRow::model);
  const QString family = text(&LawPoint::family, &RunRow::family);
  const QString config = text(&LawPoint::config, &RunRow::config);
  QMenu* without = new QMenu(tr("&Leave out"), menu.get());
  without->setToolTipsVisible(true);
  std::vector<std::pair<QString, QString>> fields{
      {u"model"_s, model_}, {u"family"_s, family}, {u"config"_s, config}};
  if (run) fields.emplace_back(u"task"_s, Text::from(run->result.task.text()));
  for (const auto& [field, value] : fields) {
    if (value.isEmpty()) continue;
    const QString name = QString(value).replace(u'&', u"&&"_s);
    connect(add(*menu, qPrintable(u"only-"_s + field), tr("Only %1").arg(name),
                tr("Writes %1 into the filter").arg(field + u':' + value)),
            &QAction::triggered, this,
            [this, f = field, v = value] { Q_EMIT filterWanted(f, v, false); });
    connect(add(*without, qPrintable(u"without-"_s + field), name,
                tr("Writes %1 into the filter").arg(u'-' + field + u':' + value)),
            &QAction::triggered, this,
            [this, f = field, v = value] { Q_EMIT filterWanted(f, v, true); });
  }
  menu->addMenu(without);
  if (point) {
    menu->addSeparator();
    menu->addActions(pointActions_);
  }
  menu->addSeparator();
  const QString cell = model->data(index, Qt::DisplayRole).toString();
  connect(add(*menu, "copyCell", tr("&Copy the cell"), cell), &QAction::triggered, this,
          [cell] { QGuiApplication::clipboard()->setText(cell); });
  for (const auto& [name, format, label] :
       {std::tuple{"copyTsv", TableFormat::Tsv, tr("Copy rows for a s&preadsheet")},
        std::tuple{"copyCsv", TableFormat::Csv, tr("Copy rows as CS&V")},
        std::tuple{"copyMarkdown", TableFormat::Markdown, tr("Copy rows as &Markdown")},
        std::tuple{"copyLatex", TableFormat::Latex, tr("Copy rows as LaTe&X")}}) {
    connect(add(*menu, name, label, tr("The selected rows with the columns that are shown")),
            &QAction::triggered, this, [this, f = format] { copyRows(f); });
  }
  return menu;
}

std::unique_ptr<QMenu> RunsPanel::headerMenu(PinnedTable* view, int column) {
  TableModel* model = modelOf(view);
  QHeaderView* header = view->horizontalHeader();
  auto menu = std::make_unique<QMenu>(this);
  menu->setToolTipsVisible(true);
  if (column >= 0) {
    const QString title = model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
    QAction* group = add(*menu, "groupBy", tr("&Group by %1").arg(title),
                         tr("Rows that are equal in it stand below one heading"));
    group->setCheckable(true);
    group->setChecked(model->groupColumn() == column);
    group->setEnabled(model->canGroup(column));
    connect(group, &QAction::toggled, this,
            [model, column](bool on) { model->setGroupColumn(on ? column : -1); });
    const int upTo = header->visualIndex(column) + 1;
    QAction* pin = add(*menu, "pinColumns", tr("&Pin the columns up to %1").arg(title),
                       tr("They stay in place when the table is scrolled sideways"));
    pin->setCheckable(true);
    pin->setChecked(view->pinned() == upTo);
    connect(pin, &QAction::toggled, this,
            [view, upTo](bool on) { view->setPinned(on ? upTo : 0); });
    QAction* hide = add(*menu, "hideColumn", tr("&Hide %1").arg(title), tr("Hides this column"));
    hide->setEnabled(column != 0);
    connect(hide, &QAction::triggered, this,
            [view, column] { view->setColumnShown(column, false); });
    menu->addSeparator();
  }
  QAction* uniform = add(*menu, "hideUniform", tr("Hide columns that are the &same in all rows"),
                         tr("What differs is left"));
  uniform->setCheckable(true);
  uniform->setChecked(view->property("hideUniform").toBool());
  connect(uniform, &QAction::toggled, this, [this, view](bool on) {
    view->setProperty("hideUniform", on);
    hideUniform(view, on);
  });
  QMenu* shown = menu->addMenu(tr("&Columns"));
  for (int visual = 0; visual < model->columnCount(); ++visual) {
    const int c = header->logicalIndex(visual);
    QAction* action = add(*shown, qPrintable(u"column-%1"_s.arg(c)),
                          model->headerData(c, Qt::Horizontal, Qt::DisplayRole).toString(),
                          model->headerData(c, Qt::Horizontal, Qt::ToolTipRole).toString());
    action->setCheckable(true);
    action->setChecked(!view->isColumnHidden(c));
    action->setEnabled(c != 0);
    connect(action, &QAction::toggled, this, [view, c](bool on) { view->setColumnShown(c, on); });
  }
  return menu;
}

void RunsPanel::hideUniform(PinnedTable* view, bool hide) {
  const TableModel* model = modelOf(view);
  for (int column = 1; column < model->columnCount(); ++column) {
    const QByteArray mark = "uniform" + QByteArray::number(column);  // hidden by this, not by hand
    const bool wanted = hide && model->isUniform(column);
    if (wanted && !view->isColumnHidden(column)) {
      view->setProperty(mark, true);
      view->setColumnShown(column, false);
    } else if (!wanted && view->property(mark).toBool()) {
      view->setProperty(mark, false);
      view->setColumnShown(column, true);
    }
  }
}

}  // namespace bitfrontier

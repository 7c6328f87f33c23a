// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/compare/compare_panel.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QSaveFile>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QComboBox* combo(const QString& name, const QString& accessible, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->setAccessibleName(accessible);
  box->setToolTip(tip);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(11);
  return box;
}

template <typename Table, typename Row>
void setRows(Table& table, std::vector<Row> rows) {
  table.setRows(std::make_shared<const std::vector<Row>>(std::move(rows)));
}

}  // namespace

ComparePanel::ComparePanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent),
      requests_(&context.requests),
      settings_(&context.settings),
      controller_(new CompareController(&context.session, &context.view, this)),
      verdict_(makeText(u"compareVerdict"_s)),
      notes_(makeText(u"compareNotes"_s)),
      cells_(makeCellTable()),
      lonely_(makeLonelyTable()),
      parameters_(makeParameterDiffTable()),
      tabs_(new QTabWidget) {
  setObjectName(u"comparePanel"_s);
  auto* content = new QWidget;
  auto* layout = new QVBoxLayout(content);
  layout->setContentsMargins(4, 4, 4, 4);
  auto* grid = new QGridLayout;
  grid->setColumnStretch(3, 1);
  sides_[0] = makeSide(grid, 0, u"A"_s);
  sides_[1] = makeSide(grid, 1, u"B"_s);
  layout->addLayout(grid);
  auto* row = new QHBoxLayout;
  const auto add = [&](const QString& label, QWidget* control) {
    auto* text = new QLabel(label);
    text->setBuddy(control);
    row->addWidget(text);
    row->addWidget(control);
  };
  match_ = combo(u"compareMatch"_s, tr("Match"), tr("Which cells of A and B are the same one"));
  match_->setMinimumContentsLength(15);
  match_->addItem(tr("Same configuration"), false);
  match_->addItem(tr("Same bits and block"), true);
  add(tr("Match"), match_);
  correction_ = combo(u"compareCorrection"_s, tr("Correction"),
                      tr("What keeps many tests from finding differences by chance"));
  correction_->addItem(u"Holm"_s, int(Correction::Holm));
  correction_->addItem(u"Benjamini–Hochberg"_s, int(Correction::BenjaminiHochberg));
  correction_->addItem(tr("none"), int(Correction::None));
  add(tr("Correction"), correction_);
  compare_ = makeButton(u"compareGo"_s, tr("Compare"), tr("Compares the cells that both have"));
  export_ = makeButton(u"compareExport"_s, tr("Export CSV…"),
                       tr("Writes every cell with its difference to a file"));
  row->addWidget(compare_);
  row->addWidget(export_);
  row->addStretch();
  layout->addLayout(row);
  QFont bold = verdict_->font();
  bold.setBold(true);
  verdict_->setFont(bold);
  layout->addWidget(verdict_);
  cellView_ =
      makeTableView(cells_.get(), u"compareCells"_s, tr("Matched cells"), {28, 15, 15, 20, 10, 14});
  cellView_->setSortingEnabled(true);
  cellView_->sortByColumn(-1, Qt::AscendingOrder);
  tabs_->setObjectName(u"compareTabs"_s);
  tabs_->setAccessibleName(tr("Pages of the comparison"));
  tabs_->setDocumentMode(true);
  tabs_->addTab(cellView_, tr("Cells"));
  tabs_->addTab(
      makeTableView(lonely_.get(), u"compareLonely"_s, tr("Only in A or B"), {8, 30, 16, 30}),
      tr("Only in A or B"));
  tabs_->addTab(makeTableView(parameters_.get(), u"compareParameters"_s, tr("Law parameters"),
                              {14, 6, 16, 10, 10, 24, 10}),
                tr("Law parameters"));
  tabs_->setMinimumHeight(6 * QFontMetrics(font()).lineSpacing());
  layout->addWidget(tabs_, 1);
  layout->addWidget(notes_);
  auto* outer = new QVBoxLayout(this);
  outer->setContentsMargins(0, 0, 0, 0);
  outer->addWidget(scrolled(content));

  connect(controller_, &CompareController::changed, this, &ComparePanel::showDiff);
  connect(compare_, &QPushButton::clicked, this, &ComparePanel::compare);
  connect(export_, &QPushButton::clicked, this, &ComparePanel::exportCsv);
  connect(cellView_, &QTableView::clicked, this, [this](const QModelIndex& index) {
    controller_->select(
        cells_->rows()[static_cast<std::size_t>(cells_->sourceRow(index.row()))].cell);
  });
  showDiff();
}

ComparePanel::SideBoxes ComparePanel::makeSide(QGridLayout* grid, int row, const QString& name) {
  SideBoxes side;
  side.store = combo(u"compareStore"_s + name, tr("Store of side %1").arg(name),
                     tr("The store that side %1 is read from").arg(name));
  side.store->addItem(tr("The open store"), QString());
  for (const QString& file : settings_->recentStores()) {
    side.store->addItem(QFileInfo(file).fileName(), file);
    side.store->setItemData(side.store->count() - 1, file, Qt::ToolTipRole);
  }
  side.store->addItem(tr("Another store…"), u"?"_s);
  side.source = combo(u"compareSource"_s + name, tr("Source of side %1").arg(name),
                      tr("Whose numbers side %1 takes").arg(name));
  side.source->addItem(tr("All sources"), int(SourceChoice::Both));
  side.source->addItem(tr("Measured"), int(SourceChoice::Measured));
  side.source->addItem(tr("Published"), int(SourceChoice::Published));
  side.filter = new QLineEdit;
  side.filter->setObjectName(u"compareFilter"_s + name);
  side.filter->setAccessibleName(tr("Filter of side %1").arg(name));
  side.filter->setPlaceholderText(tr("Filter, e.g. family:opt bits>=3"));
  side.filter->setToolTip(tr("What of the store side %1 is, as in the filter box").arg(name));
  side.filter->setMinimumWidth(60);
  auto* label = new QLabel(tr("Side %1").arg(name));
  label->setBuddy(side.store);
  grid->addWidget(label, row, 0);
  grid->addWidget(side.store, row, 1);
  grid->addWidget(side.source, row, 2);
  grid->addWidget(side.filter, row, 3);
  connect(side.store, &QComboBox::activated, this, [this, box = side.store] {
    if (box->currentData().toString() == u"?") chooseStore(box);
  });
  connect(side.filter, &QLineEdit::returnPressed, this, &ComparePanel::compare);
  return side;
}

void ComparePanel::chooseStore(QComboBox* box) {
  auto* dialog = new QFileDialog(this, tr("Choose a store"), {}, tr("Stores (*.bfdb)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(u"compareStoreDialog"_s);
  dialog->setFileMode(QFileDialog::ExistingFile);
  box->setCurrentIndex(0);
  connect(dialog, &QFileDialog::fileSelected, box, [box](const QString& file) {
    box->insertItem(1, QFileInfo(file).fileName(), file);
    box->setItemData(1, file, Qt::ToolTipRole);
    box->setCurrentIndex(1);
  });
  dialog->open();
}

CompareSide ComparePanel::sideOf(const SideBoxes& boxes) const {
  CompareSide side;
  side.store = boxes.store->currentData().toString().toStdString();
  side.filter = boxes.filter->text().toStdString();
  side.source = static_cast<SourceChoice>(boxes.source->currentData().toInt());
  return side;
}

void ComparePanel::compare() {
  CompareQuestion question;
  question.a = sideOf(sides_[0]);
  question.b = sideOf(sides_[1]);
  question.byWidth = match_->currentData().toBool();
  question.correction = static_cast<Correction>(correction_->currentData().toInt());
  controller_->setQuestion(question);
}

void ComparePanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  controller_->setActive(true);
}

void ComparePanel::hideEvent(QHideEvent* event) {
  QWidget::hideEvent(event);
  controller_->setActive(false);
}

void ComparePanel::showDiff() {
  const SweepDiff* diff = controller_->diff();
  QString text = controller_->problem();
  if (diff) {
    const CompareQuestion& question = controller_->question();
    QString verdict = Text::from(diff->verdict);
    if (!verdict.isEmpty()) verdict[0] = verdict[0].toUpper();
    text = tr("%1.\nA: %2. B: %3.")
               .arg(verdict, controller_->name(question.a), controller_->name(question.b));
  } else if (text.isEmpty()) {
    text = tr("Choose two stores, sources or filters, then compare.");
  }
  if (controller_->updating()) text = tr("updating…") + u' ' + text;
  verdict_->setText(text);
  QStringList notes;
  if (diff) {
    for (const std::string& note : diff->notes) notes << tr("Note: %1").arg(Text::from(note));
  }
  notes_->setText(notes.join(u'\n'));
  notes_->setVisible(!notes.isEmpty());
  setRows(*cells_, diff ? cellRows(*diff) : std::vector<CellRow>());
  setRows(*lonely_, diff ? lonelyRows(*diff) : std::vector<LonelyRow>());
  setRows(*parameters_, diff ? diff->parameters : std::vector<ParameterDifference>());
  tabs_->setTabText(0, tr("Cells (%1)").arg(cells_->rowCount()));
  tabs_->setTabText(
      1, diff ? tr("Only in A (%1) or B (%2)").arg(diff->onlyA.size()).arg(diff->onlyB.size())
              : tr("Only in A or B"));
  setReason(export_, tr("Writes every cell with its difference to a file"),
            diff ? QString() : tr("Compare first"));
}

void ComparePanel::exportCsv() {
  auto* dialog =
      new QFileDialog(this, tr("Export the comparison"), u"comparison.csv"_s, tr("CSV (*.csv)"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setObjectName(u"compareExportDialog"_s);
  dialog->setAcceptMode(QFileDialog::AcceptSave);
  dialog->setDefaultSuffix(u"csv"_s);
  connect(dialog, &QFileDialog::fileSelected, this, [this](const QString& name) {
    QSaveFile file(name);
    const QByteArray text = controller_->csv().toUtf8();
    const bool written =  // unbuffered: see writeFile() of ui/export
        file.open(QIODevice::WriteOnly | QIODevice::Unbuffered) &&
        file.write(text) == text.size() && file.commit();
    Q_EMIT requests_->messageShown(
        written ? tr("Written: %1").arg(name)
                : tr("%1 cannot be written: %2").arg(name, file.errorString()));
  });
  dialog->open();
}

const PanelSpec kComparePanel{
    u"compareDock", [] { return ComparePanel::tr("Compare"); }, PanelSpec::Place::BottomRight,
    false, [](const PanelContext& context) -> QWidget* { return new ComparePanel(context); }};

}  // namespace bitfrontier

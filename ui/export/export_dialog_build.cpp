// SPDX-License-Identifier: GPL-3.0-or-later
// The controls of the export dialog.
#include <QDialogButtonBox>
#include <QFontDatabase>
#include <QGridLayout>
#include <QGroupBox>
#include <QHBoxLayout>
#include <QListView>
#include <QScrollArea>
#include <QVBoxLayout>

#include "ui/export/export_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString paletteTitle(FigurePalette palette) {
  switch (palette) {
    case FigurePalette::OkabeIto:
      return ExportDialog::tr("Okabe-Ito, for all eyes");
    case FigurePalette::Grey:
      return ExportDialog::tr("Grey, for print without colour");
    case FigurePalette::Tab10:
      return ExportDialog::tr("Tab10, as Matplotlib");
  }
  return {};
}

QString formatTitle(FigureFormat format) {
  switch (format) {
    case FigureFormat::Pdf:
      return ExportDialog::tr("PDF");
    case FigureFormat::Svg:
      return ExportDialog::tr("SVG");
    case FigureFormat::Png:
      return ExportDialog::tr("PNG");
    case FigureFormat::Tex:
      return ExportDialog::tr("TeX");
    case FigureFormat::Csv:
      return ExportDialog::tr("CSV");
    case FigureFormat::Python:
      return ExportDialog::tr("Python");
    case FigureFormat::Json:
      return ExportDialog::tr("JSON");
  }
  return {};
}

QString formatTip(FigureFormat format) {
  switch (format) {
    case FigureFormat::Pdf:
      return ExportDialog::tr("For LaTeX and print: text is text, fonts are inside");
    case FigureFormat::Svg:
      return ExportDialog::tr("For the web, and for editing in a drawing program");
    case FigureFormat::Png:
      return ExportDialog::tr("A picture, for programs that take nothing else");
    case FigureFormat::Tex:
      return ExportDialog::tr("A LaTeX document that draws the figure with pgfplots");
    case FigureFormat::Csv:
      return ExportDialog::tr("The points that are drawn");
    case FigureFormat::Python:
      return ExportDialog::tr(
          "A script that draws the figure again with Matplotlib; it reads the "
          "CSV beside it");
    case FigureFormat::Json:
      return ExportDialog::tr("The laws with their parameters and intervals");
  }
  return {};
}

void addRow(QFormLayout& form, const QString& text, QWidget* field, QWidget* buddy = nullptr) {
  auto* label = new QLabel(text);
  label->setBuddy(buddy ? buddy : field);
  form.addRow(label, field);
}

QWidget* inOneRow(std::initializer_list<QWidget*> widgets) {
  auto* row = new QWidget;
  auto* layout = new QHBoxLayout(row);
  layout->setContentsMargins(0, 0, 0, 0);
  for (QWidget* widget : widgets) layout->addWidget(widget);
  layout->addStretch();
  return row;
}

QLabel* labelFor(const QString& text, QWidget* buddy) {
  auto* label = new QLabel(text);
  label->setBuddy(buddy);
  return label;
}

}  // namespace

template <typename Control>
Control* ExportDialog::named(Control* control, const char* name, const QString& title,
                             const QString& tip) {
  control->setObjectName(QLatin1String(name));
  if (!title.isEmpty()) control->setAccessibleName(title);
  control->setToolTip(tip);
  control->setStatusTip(tip);
  return control;
}

QCheckBox* ExportDialog::box(const char* name, const QString& text, const QString& tip, bool on) {
  auto* check = named(new QCheckBox(text), name, {}, tip);
  check->setChecked(on);
  connect(check, &QCheckBox::toggled, this, &ExportDialog::changed);
  return check;
}

QSpinBox* ExportDialog::number(const char* name, const QString& title, const QString& tip, int low,
                               int high) {
  auto* spin = named(new QSpinBox, name, title, tip);
  spin->setRange(low, high);
  spin->setSuffix(tr(" pt"));
  connect(spin, &QSpinBox::valueChanged, this, &ExportDialog::changed);
  return spin;
}

QPushButton* ExportDialog::button(const char* name, const QString& text, const QString& tip) {
  auto* push = named(new QPushButton(text), name, {}, tip);
  push->setAutoDefault(false);
  return push;
}

QWidget* ExportDialog::buildLook() {
  preset_ =
      named(new QComboBox, "exportPreset", tr("Preset"), tr("Size and text that a venue asks for"));
  for (const FigurePreset& p : figurePresets()) preset_->addItem(p.label, p.id);
  const QString side = tr("Exactly so large is the figure; 72 points are an inch");
  width_ = number("exportWidth", tr("Width"), side, kSmallestSide, kLargestSide);
  height_ = number("exportHeight", tr("Height"), side, kSmallestSide, kLargestSide);
  text_ = number("exportText", tr("Size of the text"), tr("All text of the figure has this size"),
                 kSmallestText, kLargestText);
  font_ = named(new QComboBox, "exportFont", tr("Font"), tr("Font of all text of the figure"));
  font_->addItem(tr("DejaVu Sans"), QString());
  for (const QString& family : QFontDatabase::families()) {
    const bool usable = QFontDatabase::isSmoothlyScalable(family) &&
                        !QFontDatabase::isPrivateFamily(family) && family != "DejaVu Sans"_L1;
    if (usable) font_->addItem(family, family);
  }
  font_->setMinimumContentsLength(12);
  font_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  palette_ = named(new QComboBox, "exportPalette", tr("Palette"), tr("Colours of the series"));
  for (const auto p : {FigurePalette::OkabeIto, FigurePalette::Grey, FigurePalette::Tab10}) {
    palette_->addItem(paletteTitle(p), static_cast<int>(p));
  }
  title_ = named(new QLineEdit, "exportTitle", tr("Title"), tr("Stands above the figure"));
  title_->setPlaceholderText(tr("none; papers have captions"));
  xTitle_ = named(new QLineEdit, "exportXTitle", tr("Title of the axis across"),
                  tr("In place of what the axis says by itself"));
  xTitle_->setPlaceholderText(xAxisLabel(spec_.options));
  yTitle_ = named(new QLineEdit, "exportYTitle", tr("Title of the axis up"),
                  tr("In place of what the axis says by itself"));
  yTitle_->setPlaceholderText(yAxisLabel(spec_.options));
  connect(preset_, &QComboBox::currentIndexChanged, this, &ExportDialog::takePreset);
  for (QComboBox* combo : {font_, palette_}) {
    connect(combo, &QComboBox::currentIndexChanged, this, &ExportDialog::changed);
  }
  for (QLineEdit* edit : {title_, xTitle_, yTitle_}) {
    edit->setMaxLength(200);
    connect(edit, &QLineEdit::textChanged, this, &ExportDialog::changed);
  }
  auto* group = new QGroupBox(tr("Figure"));
  auto* form = new QFormLayout(group);
  addRow(*form, tr("Preset, si&ze"), preset_);
  addRow(*form, tr("&Width"), inOneRow({width_, labelFor(tr("&Height"), height_), height_}),
         width_);
  addRow(*form, tr("Te&xt"), inOneRow({text_, labelFor(tr("Fo&nt"), font_), font_}), text_);
  addRow(*form, tr("Pa&lette"), palette_);
  addRow(*form, tr("&Title"), title_);
  addRow(*form, tr("Ac&ross"), xTitle_);
  addRow(*form, tr("&Up"), yTitle_);
  form->addRow(buildParts());
  return group;
}

QWidget* ExportDialog::buildParts() {
  legend_ = box("exportLegend", tr("Le&gend"),
                tr("Below the axes, a quarter of the figure at most"), spec_.look.legend);
  note_ = box("exportNote", tr("N&ote"),
              tr("Says the number of points, what bars and bands are, how bits are counted, and "
                 "which points are excluded"),
              spec_.look.note);
  embed_ = box("exportEmbed", tr("&Embed the view"),
               tr("PDF, SVG and PNG then show this view again when they are dropped on the window; "
                  "the names of stores are inside, not their folders"),
               spec_.look.embed);
  dark_ = box("exportDark", tr("Dar&k background"), tr("For dark slides"), spec_.look.dark);
  part_ = box("exportPart", tr("Only the &part that is seen"),
              tr("The part of the plane that the plot is zoomed into; else all points"),
              spec_.range.has_value());
  part_->setVisible(spec_.range.has_value());
  auto* parts = new QWidget;
  auto* grid = new QGridLayout(parts);
  grid->setContentsMargins(0, 0, 0, 0);
  grid->addWidget(legend_, 0, 0);
  grid->addWidget(note_, 0, 1);
  grid->addWidget(embed_, 1, 0);
  grid->addWidget(dark_, 1, 1);
  grid->addWidget(part_, 2, 0, 1, 2);
  return parts;
}

QWidget* ExportDialog::buildFiles() {
  auto* boxes = new QWidget;
  auto* grid = new QGridLayout(boxes);
  grid->setContentsMargins(0, 0, 0, 0);
  dpi_ = named(new QComboBox, "exportDpi", tr("Resolution of the picture"),
               tr("Dots per inch of a PNG"));
  for (const int dpi : {150, 300, 600}) dpi_->addItem(tr("%1 dpi").arg(dpi), dpi);
  connect(dpi_, &QComboBox::currentIndexChanged, this, &ExportDialog::changed);
  int place = 0;
  for (const FigureFormat format : kFigureFormats) {
    const QByteArray name = "exportFormat-" + formatEnding(format).toLatin1();
    QCheckBox* check = box(name.constData(), formatTitle(format), formatTip(format), false);
    connect(check, &QCheckBox::toggled, this, &ExportDialog::showFiles);
    formats_[format] = check;
    grid->addWidget(check, place / 4, place % 4);
    ++place;
  }
  grid->addWidget(dpi_, 1, 3);
  name_ = named(new QLineEdit, "exportName", tr("Name of the files"),
                tr("{view}, {date}, {preset} and {store} are filled in"));
  folder_ = named(new QLineEdit, "exportFolder", tr("Folder"), tr("Where the files are written"));
  QPushButton* browse = button("exportBrowse", tr("&Browse…"), tr("Chooses the folder"));
  for (QLineEdit* edit : {name_, folder_}) {
    connect(edit, &QLineEdit::textChanged, this, &ExportDialog::showFiles);
  }
  connect(browse, &QPushButton::clicked, this, &ExportDialog::chooseFolder);
  files_ = new QLabel;
  files_->setObjectName(u"exportFiles"_s);
  files_->setWordWrap(true);
  files_->setTextFormat(Qt::PlainText);
  auto* place2 = new QWidget;
  auto* row = new QHBoxLayout(place2);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(folder_, 1);
  row->addWidget(browse);
  auto* group = new QGroupBox(tr("Files"));
  auto* form = new QFormLayout(group);
  form->addRow(boxes);
  addRow(*form, tr("Na&me"), name_);
  addRow(*form, tr("&Folder"), place2, folder_);
  form->addRow(files_);
  return group;
}

QWidget* ExportDialog::buildPreview() {
  preview_ = new ExportPreview;
  connect(preview_, &ExportPreview::dragged, this, &ExportDialog::dragOut);
  size_ = new QLabel;
  size_->setObjectName(u"exportSize"_s);
  verdict_ = new QLabel;
  verdict_->setObjectName(u"exportVerdict"_s);
  lint_ = new QStringListModel(this);
  auto* list = named(new QListView, "exportLint", tr("What a reviewer would hold against it"),
                     tr("Faults of the figure, and what helps"));
  list->setModel(lint_);
  list->setWordWrap(true);
  list->setEditTriggers(QAbstractItemView::NoEditTriggers);
  list->setSelectionMode(QAbstractItemView::NoSelection);
  list->setMaximumHeight(4 * fontMetrics().height() + 8);
  verdict_->setBuddy(list);
  lintList_ = list;
  auto* side = new QWidget;
  auto* column = new QVBoxLayout(side);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(preview_, 1);
  column->addWidget(size_);
  column->addWidget(verdict_);
  column->addWidget(list);
  return side;
}

QWidget* ExportDialog::buildButtons() {
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close);
  QPushButton* close = buttons->button(QDialogButtonBox::Close);
  close->setText(tr("Close"));  // a desktop's own text may take the key of another button
  close->setObjectName(u"exportClose"_s);
  close->setToolTip(tr("Closes this window; nothing is written"));
  close->setStatusTip(close->toolTip());
  close->setAutoDefault(false);
  save_ = button("exportSave", tr("&Save"), tr("Writes the files"));
  save_->setDefault(true);
  buttons->addButton(save_, QDialogButtonBox::ActionRole);
  QPushButton* copy = button("exportCopy", tr("&Copy"),
                             tr("Puts the figure on the clipboard as PNG, SVG, PDF and table"));
  QPushButton* command = button("exportCommand", tr("Copy comman&d"),
                                tr("Puts the shell command of this export on the clipboard"));
  QPushButton* points =
      button("exportData", tr("Show dat&a…"), tr("Shows the points that are drawn as a table"));
  for (QPushButton* push : {copy, command, points}) {
    buttons->addButton(push, QDialogButtonBox::ActionRole);
  }
  connect(save_, &QPushButton::clicked, this, &ExportDialog::save);
  connect(copy, &QPushButton::clicked, this, &ExportDialog::copyFigure);
  connect(command, &QPushButton::clicked, this, &ExportDialog::copyCommand);
  connect(points, &QPushButton::clicked, this, &ExportDialog::showData);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  return buttons;
}

void ExportDialog::build() {
  setObjectName(u"exportDialog"_s);
  setWindowTitle(tr("Export figure"));
  auto* controls = new QWidget;
  auto* column = new QVBoxLayout(controls);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(buildLook());
  column->addWidget(buildFiles());
  column->addStretch();
  auto* scroll = new QScrollArea;  // large fonts need more than a small screen has
  scroll->setWidget(controls);
  scroll->setWidgetResizable(true);
  scroll->setFrameShape(QFrame::NoFrame);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  scroll->setMinimumWidth(controls->minimumSizeHint().width() + 18);
  auto* both = new QHBoxLayout;
  both->addWidget(scroll);
  both->addWidget(buildPreview(), 1);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(both, 1);
  layout->addWidget(buildButtons());
  // The button box leaves its later buttons out of the chain.
  QWidget* before = save_;
  for (const QString& name :
       {u"exportCopy"_s, u"exportCommand"_s, u"exportData"_s, u"exportClose"_s}) {
    auto* next = findChild<QPushButton*>(name);
    setTabOrder(before, next);
    before = next;
  }
}

}  // namespace bitfrontier

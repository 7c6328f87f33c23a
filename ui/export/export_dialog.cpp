// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_dialog.h"

#include <algorithm>
#include <QClipboard>
#include <QDir>
#include <QDrag>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMessageBox>
#include <QSignalBlocker>

#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/export/figure_data_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ExportDialog::ExportDialog(FigureSpec spec, const ExportChoice& choice, const QString& view,
                           QWidget* parent)
    : QDialog(parent), spec_(std::move(spec)), view_(view) {
  build();
  fill(choice);
  later_.setSingleShot(true);
  later_.setInterval(120);  // while someone types
  connect(&later_, &QTimer::timeout, this, &ExportDialog::refresh);
  refresh();
}

void ExportDialog::fill(const ExportChoice& choice) {
  const FigureLook& look = spec_.look;
  const std::initializer_list<QWidget*> all{preset_, width_, height_, text_,   font_,   palette_,
                                            dpi_,    title_, xTitle_, yTitle_, folder_, name_};
  for (QWidget* widget : all) widget->blockSignals(true);
  preset_->setCurrentIndex(std::max(0, preset_->findData(look.preset.id)));
  width_->setValue(look.preset.width);
  height_->setValue(look.preset.height);
  text_->setValue(look.preset.font);
  if (!look.font.isEmpty() && font_->findData(look.font) < 0) font_->addItem(look.font, look.font);
  font_->setCurrentIndex(std::max(0, font_->findData(look.font)));
  palette_->setCurrentIndex(palette_->findData(static_cast<int>(look.palette)));
  if (dpi_->findData(look.pngDpi) < 0) dpi_->addItem(tr("%1 dpi").arg(look.pngDpi), look.pngDpi);
  dpi_->setCurrentIndex(dpi_->findData(look.pngDpi));
  title_->setText(look.title);
  xTitle_->setText(look.xTitle);
  yTitle_->setText(look.yTitle);
  for (const auto& [format, box] : formats_) {
    const QSignalBlocker blocker(box);
    box->setChecked(std::find(choice.formats.begin(), choice.formats.end(), format) !=
                    choice.formats.end());
  }
  name_->setText(choice.name);
  folder_->setText(choice.folder.isEmpty() ? QDir::currentPath() : choice.folder);
  for (QWidget* widget : all) widget->blockSignals(false);
}

FigureSpec ExportDialog::spec() const {
  FigureSpec spec = spec_;
  FigureLook& look = spec.look;
  if (const auto preset = findPreset(preset_->currentData().toString())) look.preset = *preset;
  look.preset.width = width_->value();
  look.preset.height = height_->value();
  look.preset.font = text_->value();
  look.font = font_->currentData().toString();
  look.palette = static_cast<FigurePalette>(palette_->currentData().toInt());
  look.title = title_->text().trimmed();
  look.xTitle = xTitle_->text().trimmed();
  look.yTitle = yTitle_->text().trimmed();
  look.legend = legend_->isChecked();
  look.note = note_->isChecked();
  look.embed = embed_->isChecked();
  look.dark = dark_->isChecked();
  look.pngDpi = dpi_->currentData().toInt();
  if (!part_->isChecked()) spec.range.reset();
  return spec;
}

ExportChoice ExportDialog::choice() const {
  ExportChoice choice;
  choice.folder = folder_->text();
  choice.name = name_->text();
  choice.formats.clear();
  for (const FigureFormat format : kFigureFormats) {
    if (formats_.at(format)->isChecked()) choice.formats.push_back(format);
  }
  return choice;
}

QStringList ExportDialog::files() const {
  const ExportChoice now = choice();
  const QString base =
      QDir(now.folder).filePath(figureName(now.name, spec(), view_, QDate::currentDate()));
  QStringList files;
  for (const FigureFormat format : now.formats) files << withEnding(base, format);
  return files;
}

QString ExportDialog::command() const {
  const ExportChoice now = choice();
  const FigureSpec figure = spec();
  return figureCommand(
      figure, now.formats,
      QDir(now.folder).filePath(figureName(now.name, figure, view_, QDate::currentDate())));
}

void ExportDialog::takePreset() {
  const auto preset = findPreset(preset_->currentData().toString());
  if (!preset) return;
  for (const auto& [spin, value] :
       {std::pair{width_, preset->width}, {height_, preset->height}, {text_, preset->font}}) {
    const QSignalBlocker blocker(spin);
    spin->setValue(value);
  }
  refresh();
}

void ExportDialog::changed() { later_.start(); }

void ExportDialog::refresh() {
  later_.stop();
  const FigureSpec now = spec();
  preview_->showFigure(now);
  const QSizeF size = figureSize(now);
  size_->setText(tr("%1 × %2 pt (%3 × %4 in), text %5 pt; shown at %6 %")
                     .arg(size.width())
                     .arg(size.height())
                     .arg(QLocale().toString(size.width() / 72, 'f', 2),
                          QLocale().toString(size.height() / 72, 'f', 2))
                     .arg(now.look.preset.font)
                     .arg(qRound(100 * preview_->share())));
  remarks_ = lintFigure(now);
  QStringList lines;
  for (const LintRemark& remark : remarks_) lines << u"⚠ "_s + remark.text + u' ' + remark.advice;
  lint_->setStringList(lines);
  verdict_->setText(remarks_.empty() ? tr("✓ Nothing that a reviewer would hold against it")
                                     : tr("A reviewer would say:"));
  lintList_->setVisible(!remarks_.empty());
  showFiles();
}

void ExportDialog::showFiles() {
  QStringList names;
  for (const QString& file : files()) names << QFileInfo(file).fileName();
  save_->setEnabled(!names.isEmpty());
  files_->setText(names.isEmpty() ? tr("Choose a format.")
                                  : tr("Writes %1").arg(names.join(u", "_s)));
  const bool alone = formats_.at(FigureFormat::Python)->isChecked() &&
                     !formats_.at(FigureFormat::Csv)->isChecked();
  if (alone) files_->setText(files_->text() + u". "_s + tr("The script needs the CSV, too."));
  dpi_->setEnabled(formats_.at(FigureFormat::Png)->isChecked());
}

void ExportDialog::save() {
  QStringList there;
  for (const QString& file : files()) {
    if (QFileInfo::exists(file)) there << QFileInfo(file).fileName();
  }
  if (there.isEmpty()) {
    write();
    return;
  }
  auto* box = new QMessageBox(QMessageBox::Question, tr("Export figure"),
                              there.size() == 1 ? tr("%1 is there.").arg(there.front())
                                                : tr("%1 are there.").arg(there.join(u", "_s)),
                              QMessageBox::Cancel, this);
  box->setObjectName(u"exportReplaceBox"_s);
  box->setAttribute(Qt::WA_DeleteOnClose);
  QPushButton* replace = box->addButton(tr("Replace"), QMessageBox::AcceptRole);
  replace->setObjectName(u"exportReplace"_s);
  connect(replace, &QPushButton::clicked, this, &ExportDialog::write);
  box->open();
}

void ExportDialog::write() {
  try {
    const FigureSpec now = spec();
    const QStringList names = files();
    for (const QString& file : names) exportFigure(now, file);
    Q_EMIT exported(names);
    accept();
  } catch (const Error& e) {
    complain(Text::from(e.what()));
  }
}

void ExportDialog::complain(const QString& sentence) {
  auto* box = new QMessageBox(QMessageBox::Warning, tr("Export figure"), sentence,
                              QMessageBox::Close, this);
  box->setObjectName(u"exportErrorBox"_s);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->open();
}

void ExportDialog::chooseFolder() {
  const QString folder =
      QFileDialog::getExistingDirectory(this, tr("Folder of the figures"), folder_->text());
  if (!folder.isEmpty()) folder_->setText(folder);
}

void ExportDialog::copyFigure() {
  QGuiApplication::clipboard()->setMimeData(figureMimeData(spec()));
}

void ExportDialog::copyCommand() { QGuiApplication::clipboard()->setText(command()); }

void ExportDialog::showData() {
  auto* dialog = new FigureDataDialog(spec(), this);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void ExportDialog::dragOut() {
  auto* drag = new QDrag(this);
  const FigureSpec now = spec();
  drag->setMimeData(
      figureDragData(now, figureName(choice().name, now, view_, QDate::currentDate())));
  drag->exec(Qt::CopyAction);
}

}  // namespace bitfrontier

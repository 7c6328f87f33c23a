// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_dialog.h"

#include <algorithm>
#include <QClipboard>
#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QFormLayout>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPushButton>
#include <QScreen>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ExportDialog::ExportDialog(FigureSpec spec, QWidget* parent)
    : QDialog(parent), spec_(std::move(spec)) {
  setObjectName(u"exportDialog"_s);
  setWindowTitle(tr("Export figure"));
  preset_ = new QComboBox;
  preset_->setObjectName(u"exportPreset"_s);
  preset_->setAccessibleName(tr("Size"));
  for (const FigurePreset& p : figurePresets()) preset_->addItem(p.label, p.id);
  preset_->setCurrentIndex(std::max(0, preset_->findData(spec_.look.preset.id)));
  note_ = new QCheckBox(tr("&Note with number of points and counting rule"));
  note_->setObjectName(u"exportNote"_s);
  note_->setChecked(spec_.look.note);
  dark_ = new QCheckBox(tr("Dar&k background"));
  dark_->setObjectName(u"exportDark"_s);
  dark_->setChecked(spec_.look.dark);
  part_ = new QCheckBox(tr("Only the &part that is seen"));
  part_->setObjectName(u"exportPart"_s);
  part_->setToolTip(tr("The part of the plane that the plot is zoomed into; else all points"));
  part_->setChecked(spec_.range.has_value());
  part_->setVisible(spec_.range.has_value());
  size_ = new QLabel;
  size_->setObjectName(u"exportSize"_s);
  picture_ = new QLabel;
  picture_->setObjectName(u"exportPreview"_s);
  picture_->setAccessibleName(tr("Preview"));
  picture_->setAlignment(Qt::AlignCenter);
  picture_->setFrameShape(QFrame::StyledPanel);

  auto* buttons = new QDialogButtonBox;
  auto* save = buttons->addButton(tr("&Save as…"), QDialogButtonBox::ActionRole);
  save->setObjectName(u"exportSave"_s);
  save->setDefault(true);
  auto* copy = buttons->addButton(tr("&Copy"), QDialogButtonBox::ActionRole);
  copy->setObjectName(u"exportCopy"_s);
  copy->setToolTip(tr("Puts the figure on the clipboard as PNG, SVG and PDF"));
  copy->setAutoDefault(false);
  QPushButton* close = buttons->addButton(QDialogButtonBox::Close);
  close->setText(tr("Close"));  // a desktop's own text may take the key of another button
  close->setAutoDefault(false);
  close->setObjectName(u"exportClose"_s);
  auto* form = new QFormLayout;
  form->addRow(tr("Si&ze"), preset_);
  form->addRow(QString(), size_);
  form->addRow(QString(), part_);
  form->addRow(QString(), note_);
  form->addRow(QString(), dark_);
  auto* layout = new QVBoxLayout(this);
  layout->addLayout(form);
  layout->addWidget(picture_, 1);
  layout->addWidget(buttons);
  connect(preset_, &QComboBox::currentIndexChanged, this, &ExportDialog::preview);
  connect(part_, &QCheckBox::toggled, this, &ExportDialog::preview);
  connect(note_, &QCheckBox::toggled, this, &ExportDialog::preview);
  connect(dark_, &QCheckBox::toggled, this, &ExportDialog::preview);
  connect(save, &QPushButton::clicked, this, &ExportDialog::save);
  connect(copy, &QPushButton::clicked, this, &ExportDialog::copyImage);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  // The button box leaves its later buttons out of the chain.
  setTabOrder(dark_, save);
  setTabOrder(save, copy);
  setTabOrder(copy, close);
  preview();
}

FigureSpec ExportDialog::spec() const {
  FigureSpec spec = spec_;
  if (const auto preset = findPreset(preset_->currentData().toString())) spec.look.preset = *preset;
  if (!part_->isChecked()) spec.range.reset();
  spec.look.note = note_->isChecked();
  spec.look.dark = dark_->isChecked();
  return spec;
}

void ExportDialog::preview() {
  const FigureSpec now = spec();
  constexpr double kWidest = 620, kHighest = 460;
  const QSizeF room = QSizeF(kWidest, kHighest)
                          .boundedTo(screen()->availableSize() - QSize(60, 270))  // what is around
                          .expandedTo(QSizeF(200, 150));
  const QSizeF figure = figureSize(now);
  const double scale =
      std::min({2.0, room.width() / figure.width(), room.height() / figure.height()});
  const double ratio = devicePixelRatioF();
  QPixmap pixmap = QPixmap::fromImage(renderImage(now, scale * ratio));
  pixmap.setDevicePixelRatio(ratio);
  picture_->setPixmap(pixmap);
  picture_->setMinimumSize(picture_->sizeHint());  // a cut preview says something else
  size_->setText(tr("%1 × %2 pt, text %3 pt; shown at %4 %")
                     .arg(figure.width())
                     .arg(figure.height())
                     .arg(now.look.preset.font)
                     .arg(qRound(100 * scale)));
}

void ExportDialog::save() {
  QString filter;
  QString file = QFileDialog::getSaveFileName(this, tr("Save the figure"), u"frontier.pdf"_s,
                                              tr("PDF (*.pdf);;SVG (*.svg);;PNG (*.png)"), &filter);
  if (file.isEmpty()) return;
  if (QFileInfo(file).suffix().isEmpty()) {  // a bare name takes the chosen format
    file += filter.contains(u"*.svg"_s)   ? u".svg"_s
            : filter.contains(u"*.png"_s) ? u".png"_s
                                          : u".pdf"_s;
  }
  try {
    exportFigure(spec(), file);
    accept();
  } catch (const Error& e) {
    QMessageBox::warning(this, tr("Export figure"), Text::from(e.what()));
  }
}

void ExportDialog::copyImage() {
  QGuiApplication::clipboard()->setMimeData(figureMimeData(spec()));
}

}  // namespace bitfrontier

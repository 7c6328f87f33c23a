// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/text_window.h"

#include <QDialogButtonBox>
#include <QPushButton>
#include <QVBoxLayout>

#include "ui/base/screen_size.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

TextWindow::TextWindow(const QString& name, const QString& title, QSize size, QWidget* parent)
    : QDialog(parent), text_(new QTextBrowser) {
  setObjectName(name);
  setWindowTitle(title);
  text_->setObjectName(name + u"Text"_s);
  text_->setAccessibleName(title);
  text_->setOpenLinks(false);
  auto* buttons = new QDialogButtonBox;
  auto* close = buttons->addButton(QDialogButtonBox::Close);
  close->setObjectName(name + u"Close"_s);
  close->setText(tr("Close"));
  close->setDefault(true);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->addWidget(text_, 1);
  column->addWidget(buttons);
  resizeToScreen(*this, size);
}

}  // namespace bitfrontier

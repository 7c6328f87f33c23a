// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/views/exclude_dialog.h"

#include <algorithm>
#include <QCompleter>
#include <QDialogButtonBox>
#include <QLabel>
#include <QListWidget>
#include <QVBoxLayout>
#include <utility>

#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ExcludeDialog::ExcludeDialog(std::vector<PointRef> points, const QStringList& reasons,
                             QWidget* parent)
    : QDialog(parent), points_(std::move(points)), reason_(new QLineEdit) {
  setObjectName(u"excludeDialog"_s);
  setWindowTitle(tr("Exclude points"));
  const int count = static_cast<int>(points_.size());
  auto* text =
      new QLabel(count == 1 ? tr("This point stays in the plot as a cross. Laws, frontier and "
                                 "advice are computed without it.")
                            : tr("These points stay in the plot as crosses. Laws, frontier and "
                                 "advice are computed without them."));
  text->setWordWrap(true);
  auto* list = new QListWidget;
  list->setObjectName(u"excludeList"_s);
  list->setAccessibleName(tr("Points to be excluded"));
  list->setSelectionMode(QAbstractItemView::NoSelection);
  list->setTextElideMode(Qt::ElideMiddle);
  for (const PointRef& point : points_) {
    list->addItem(Text::from(point.name));
    list->item(list->count() - 1)->setToolTip(Text::from(point.name));
  }
  list->setMaximumHeight(QFontMetrics(list->font()).height() * (std::min(count, 8) + 1) + 12);
  reason_->setObjectName(u"excludeReason"_s);
  reason_->setAccessibleName(tr("Reason"));
  reason_->setPlaceholderText(tr("For example: diverged during training"));
  reason_->setToolTip(tr("Is printed in the note of each figure"));
  auto* completer = new QCompleter(reasons, this);
  completer->setCaseSensitivity(Qt::CaseInsensitive);
  reason_->setCompleter(completer);
  auto* label = new QLabel(tr("&Reason:"));
  label->setBuddy(reason_);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  buttons->button(QDialogButtonBox::Cancel)->setAutoDefault(false);  // Enter is not to cancel
  exclude_ =
      buttons->addButton(count == 1 ? tr("&Exclude 1 point") : tr("&Exclude %1 points").arg(count),
                         QDialogButtonBox::AcceptRole);
  exclude_->setObjectName(u"excludeAccept"_s);
  exclude_->setDefault(true);
  const auto update = [this] {
    const QString words = reason_->text();
    const bool given =
        std::any_of(words.begin(), words.end(), [](QChar c) { return c.isLetterOrNumber(); });
    exclude_->setEnabled(given);
    exclude_->setToolTip(given ? QString() : tr("Needs a reason"));
  };
  connect(reason_, &QLineEdit::textChanged, this, update);
  connect(buttons, &QDialogButtonBox::accepted, this, &QDialog::accept);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  update();
  auto* column = new QVBoxLayout(this);
  column->addWidget(text);
  column->addWidget(list);
  column->addWidget(label);
  column->addWidget(reason_);
  column->addWidget(buttons);
  resize(460, sizeHint().height());
  reason_->setFocus();
}

}  // namespace bitfrontier

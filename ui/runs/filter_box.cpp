// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/filter_box.h"

#include <QAbstractItemView>
#include <QKeyEvent>
#include <QMoveEvent>

#include "ui/base/text.h"
#include "ui/runs/filter_term.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

FilterBox::FilterBox(QWidget* parent)
    : QLineEdit(parent),
      list_(new QStringListModel(this)),
      completer_(new QCompleter(this)),
      complaint_(new QLabel) {
  setClearButtonEnabled(true);
  completer_->setModel(list_);
  completer_->setCompletionMode(QCompleter::UnfilteredPopupCompletion);
  completer_->setWidget(this);  // not setCompleter(), which would replace the whole line
  completer_->popup()->setObjectName(u"filterCompletions"_s);
  completer_->popup()->setAccessibleName(tr("Completions of the filter"));
  complaint_->setObjectName(u"filterComplaint"_s);
  complaint_->setAccessibleName(tr("What is wrong with the filter"));
  complaint_->setFrameShape(QFrame::StyledPanel);
  complaint_->setAutoFillBackground(true);
  complaint_->setBackgroundRole(QPalette::ToolTipBase);
  complaint_->setForegroundRole(QPalette::ToolTipText);
  complaint_->setMargin(4);
  complaint_->setAttribute(Qt::WA_TransparentForMouseEvents);
  complaint_->hide();
  connect(completer_, qOverload<const QString&>(&QCompleter::activated), this, &FilterBox::take);
  connect(this, &QLineEdit::textEdited, this, &FilterBox::offer);
  connect(this, &QLineEdit::textChanged, this, &FilterBox::check);
  connect(this, &QObject::destroyed, complaint_, &QObject::deleteLater);
}

QStringList FilterBox::offered() const {
  return completer_->popup()->isVisible() ? list_->stringList() : QStringList();
}

void FilterBox::keyPressEvent(QKeyEvent* event) {
  const bool choosing = completer_->popup()->isVisible();
  const bool taking = event->key() == Qt::Key_Enter || event->key() == Qt::Key_Return ||
                      event->key() == Qt::Key_Tab || event->key() == Qt::Key_Escape;
  if (choosing && taking) {
    event->ignore();  // the list of completions takes it
    return;
  }
  if (event->key() == Qt::Key_Space && event->modifiers() == Qt::ControlModifier) {
    offer();
    return;
  }
  QLineEdit::keyPressEvent(event);
}

void FilterBox::offer() {
  static const FieldWords none;
  const std::string before = text().left(cursorPosition()).toStdString();
  const FilterCompletion found =
      completeFilter(text().toStdString(), before.size(), words_ ? *words_ : none);
  QStringList words;
  for (const std::string& word : found.words) words << QString::fromStdString(word);
  const QString there = QString::fromStdString(before.substr(std::min(found.begin, before.size())));
  if (words.isEmpty() || (words.size() == 1 && words.front() == there)) {
    completer_->popup()->hide();
    return;
  }
  list_->setStringList(words);
  QRect place = cursorRect();
  place.setWidth(completer_->popup()->sizeHintForColumn(0) + 40);
  completer_->complete(place);
}

void FilterBox::take(const QString& word) {
  const std::string whole = text().toStdString();
  const std::string before = text().left(cursorPosition()).toStdString();
  const FilterCompletion at = completeFilter(whole, before.size(), words_ ? *words_ : FieldWords());
  const QString head = QString::fromStdString(whole.substr(0, at.begin));
  setText(head + word + QString::fromStdString(whole.substr(at.end)));
  setCursorPosition(static_cast<int>(head.size() + word.size()));
  if (word.endsWith(u':')) offer();  // and now its values
}

void FilterBox::check() {
  const std::string typed = text().toStdString();
  const ParsedFilter parsed = parseFilter(typed);
  if (parsed.complaint.empty()) {
    complaint_->hide();
    setToolTip(property("help").toString());
    return;
  }
  const qsizetype at = QString::fromStdString(typed.substr(0, parsed.place)).size();
  complaint_->setText(tr("Character %1: %2").arg(at + 1).arg(Text::from(parsed.complaint)));
  placeComplaint();
}

void FilterBox::placeComplaint() {
  if (complaint_->text().isEmpty() || !isVisible() ||
      parseFilter(text().toStdString()).complaint.empty()) {
    complaint_->hide();
    return;
  }
  if (complaint_->parentWidget() != window()) complaint_->setParent(window());
  complaint_->adjustSize();
  complaint_->move(mapTo(window(), QPoint(0, height())));
  complaint_->raise();
  complaint_->setVisible(hasFocus());
}

void FilterBox::focusInEvent(QFocusEvent* event) {
  QLineEdit::focusInEvent(event);
  placeComplaint();
}

void FilterBox::focusOutEvent(QFocusEvent* event) {
  QLineEdit::focusOutEvent(event);
  if (event->reason() != Qt::PopupFocusReason) complaint_->hide();
}

void FilterBox::moveEvent(QMoveEvent* event) {
  QLineEdit::moveEvent(event);
  if (complaint_->isVisible()) placeComplaint();
}

void FilterBox::resizeEvent(QResizeEvent* event) {
  QLineEdit::resizeEvent(event);
  if (complaint_->isVisible()) placeComplaint();
}

}  // namespace bitfrontier

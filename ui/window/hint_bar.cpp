// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/hint_bar.h"

#include <QHBoxLayout>
#include <QToolButton>

using namespace Qt::StringLiterals;

namespace bitfrontier {

HintBar::HintBar(QWidget* parent) : QFrame(parent), text_(new QLabel) {
  setObjectName(u"hintBar"_s);
  setFrameShape(QFrame::StyledPanel);
  setBackgroundRole(QPalette::AlternateBase);
  setAutoFillBackground(true);
  text_->setWordWrap(true);
  const auto button = [](const QString& text, const QString& name) {
    auto* b = new QPushButton(text);
    b->setObjectName(name);
    return b;
  };
  sweep_ = button(tr("New sweep…"), u"hintNewSweep"_s);
  published_ = button(tr("Add published results"), u"hintPublished"_s);
  everything_ = button(tr("Show everything"), u"hintEverything"_s);
  partial_ = button(tr("Show incomplete points"), u"hintPartial"_s);
  auto* close = new QToolButton;
  close->setObjectName(u"hintClose"_s);
  close->setText(u"×"_s);
  close->setAutoRaise(true);
  close->setToolTip(tr("Hides this line"));
  close->setAccessibleName(tr("Hide the hint"));
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 3, 4, 3);
  row->addWidget(text_, 1);
  row->addWidget(sweep_);
  row->addWidget(published_);
  row->addWidget(everything_);
  row->addWidget(partial_);
  row->addWidget(close);
  connect(sweep_, &QPushButton::clicked, this, &HintBar::newSweepWanted);
  connect(published_, &QPushButton::clicked, this, &HintBar::publishedWanted);
  connect(everything_, &QPushButton::clicked, this, &HintBar::everythingWanted);
  connect(partial_, &QPushButton::clicked, this, &HintBar::partialWanted);
  connect(close, &QToolButton::clicked, this, [this] {
    closed_ = hint_;
    hide();
  });
  hide();
}

void HintBar::setHint(Hint hint, std::size_t count) {
  hint_ = hint;
  switch (hint) {
    case Hint::None:
      break;
    case Hint::EmptyStore:
      text_->setText(tr("This store has no runs yet."));
      break;
    case Hint::OnlyPublished:
      text_->setText(
          tr("These numbers are from papers. Measure your own: the pocket suite of small trained "
             "models runs on this computer in minutes."));
      break;
    case Hint::OnlyImported:
      text_->setText(tr(
          "These results were imported, none was measured here. The pocket suite of small trained "
          "models runs on this computer in minutes."));
      break;
    case Hint::Partial:
      text_->setText(
          tr("%n point(s) left out: some of the tasks that others of the family have are "
             "missing.",
             nullptr, static_cast<int>(count)));
      break;
    case Hint::Waiting:
      text_->setText(
          tr("The sweep runs. A point appears as soon as one configuration of a model "
             "has been scored on all tasks."));
      break;
    case Hint::NothingPasses:
      text_->setText(tr("No point passes the filter and the choice of what to show."));
      break;
  }
  sweep_->setVisible(hint == Hint::EmptyStore || hint == Hint::OnlyPublished ||
                     hint == Hint::OnlyImported);
  published_->setVisible(hint == Hint::EmptyStore);
  everything_->setVisible(hint == Hint::NothingPasses);
  partial_->setVisible(hint == Hint::Partial);
  setVisible(hint != Hint::None && hint != closed_);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/queue/queue_panel.h"

#include <map>
#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QMessageBox>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

class BarDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    QStyleOptionProgressBar bar;
    bar.rect = option.rect.adjusted(3, 3, -3, -3);
    bar.state = option.state | QStyle::State_Horizontal;
    bar.palette = option.palette;
    bar.fontMetrics = option.fontMetrics;
    bar.minimum = 0;
    bar.maximum = 1000;
    bar.progress = qRound(1000 * index.data(QueueModel::FractionRole).toDouble());
    bar.text = index.data(Qt::DisplayRole).toString();
    bar.textVisible = true;
    bar.textAlignment = Qt::AlignCenter;
    QApplication::style()->drawControl(QStyle::CE_ProgressBar, &bar, painter);
  }
};

}  // namespace

QueuePanel::QueuePanel(SweepQueue* queue, QWidget* parent)
    : QWidget(parent), queue_(queue), model_(new QueueModel(queue, this)), view_(new QTableView) {
  view_->setObjectName(u"queueView"_s);
  view_->setAccessibleName(tr("Sweeps"));
  view_->setModel(model_);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::SingleSelection);
  view_->setDragDropMode(QAbstractItemView::InternalMove);
  view_->setDragDropOverwriteMode(false);
  view_->setToolTip(tr("Drag, or Alt+Up and Alt+Down, changes the order"));
  view_->setTabKeyNavigation(false);
  view_->setWordWrap(false);
  view_->setShowGrid(false);
  view_->verticalHeader()->hide();
  view_->setItemDelegateForColumn(QueueModel::ProgressColumn, new BarDelegate(view_));
  const QFontMetrics metrics(view_->font());
  view_->verticalHeader()->setDefaultSectionSize(metrics.height() + 10);
  const int widths[] = {27, 11, 15, 15, 19};
  for (int c = 0; c < 5; ++c) view_->setColumnWidth(c, widths[c] * metrics.averageCharWidth());
  view_->horizontalHeader()->setStretchLastSection(true);
  view_->horizontalHeader()->setHighlightSections(false);

  now_ = new QLabel;
  now_->setObjectName(u"queueNow"_s);
  now_->setTextFormat(Qt::PlainText);
  now_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  errors_ = new QPlainTextEdit;
  errors_->setObjectName(u"queueErrors"_s);
  errors_->setAccessibleName(tr("Errors of the selected sweep"));
  errors_->setReadOnly(true);
  errors_->setMaximumBlockCount(5000);
  errors_->setTabChangesFocus(true);
  errors_->setMaximumHeight(6 * metrics.height());
  errors_->hide();

  const auto button = [this](const QString& name, const QString& text, const QString& tip) {
    auto* b = new QPushButton(text, this);
    b->setObjectName(name);
    b->setToolTip(tip);
    return b;
  };
  pause_ = button(u"queuePause"_s, tr("Pause"), tr("Pauses after the current batch"));
  afterCell_ = button(u"queueAfterCell"_s, tr("Pause after cell"),
                      tr("Pauses when the current cell is stored, so that nothing is done twice"));
  cancel_ = button(u"queueCancel"_s, tr("Cancel"),
                   tr("Stops after the current batch; what is finished stays stored"));
  retry_ = button(u"queueRetry"_s, tr("Retry failed"),
                  tr("Runs the failed cells again, but those that ran out of memory"));
  clear_ = button(u"queueClear"_s, tr("Remove finished"), tr("Takes ended sweeps off the list"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(pause_);
  buttons->addWidget(afterCell_);
  buttons->addSpacing(24);  // apart: one is harmless, the other is not
  buttons->addWidget(cancel_);
  buttons->addStretch();
  auto* ended = new QHBoxLayout;  // a second row: all in one would be wider than small screens
  ended->addStretch();
  ended->addWidget(retry_);
  ended->addWidget(clear_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(view_, 1);
  layout->addWidget(now_);
  layout->addWidget(errors_);
  layout->addLayout(buttons);
  layout->addLayout(ended);

  connectAll();
  refresh();
}

void QueuePanel::connectAll() {
  connect(pause_, &QPushButton::clicked, this, &QueuePanel::pauseOrResume);
  connect(afterCell_, &QPushButton::clicked, this, &QueuePanel::pauseAfterCell);
  connect(cancel_, &QPushButton::clicked, this, &QueuePanel::cancelSelected);
  connect(retry_, &QPushButton::clicked, this, &QueuePanel::retryFailed);
  buildMenu();
  connect(clear_, &QPushButton::clicked, this, &QueuePanel::removeFinished);
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &QueuePanel::refresh);
  connect(queue_, &SweepQueue::jobChanged, this, &QueuePanel::refresh);
  connect(queue_, &SweepQueue::jobRemoved, this, &QueuePanel::refresh);
  connect(queue_, &SweepQueue::jobMoved, this, &QueuePanel::refresh);
  connect(queue_, &SweepQueue::jobAdded, this, [this](int row) {
    view_->selectRow(row);
    refresh();
  });
}

SweepJob* QueuePanel::selectedJob() const {
  const QModelIndexList rows = view_->selectionModel()->selectedRows();
  if (!rows.isEmpty() && rows.first().row() < queue_->size())
    return queue_->job(rows.first().row());
  for (int row = 0; row < queue_->size(); ++row) {
    if (queue_->job(row)->active()) return queue_->job(row);
  }
  return nullptr;
}

void QueuePanel::buildMenu() {
  const auto action = [this](const QString& name, const QString& text, const QString& tip,
                             QKeySequence keys, int by) {
    auto* made = new QAction(text, this);
    made->setObjectName(name);
    made->setProperty("iconName", by < 0 ? u"up"_s : u"down"_s);
    made->setToolTip(tip);
    made->setStatusTip(tip);
    made->setShortcut(keys);
    made->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    connect(made, &QAction::triggered, this, [this, by] { moveSelected(by); });
    view_->addAction(made);
    return made;
  };
  up_ = action(u"queueUp"_s, tr("Move &up"), tr("Runs the selected sweep earlier"),
               Qt::ALT | Qt::Key_Up, -1);
  down_ = action(u"queueDown"_s, tr("Move &down"), tr("Runs the selected sweep later"),
                 Qt::ALT | Qt::Key_Down, 1);
  view_->setContextMenuPolicy(Qt::ActionsContextMenu);
}

QString QueuePanel::failureText(const SweepJob& job) const {
  std::map<FailureCause, std::size_t> causes;
  for (const CellFailure& f : job.failures()) ++causes[f.cause];
  const auto hint = [](FailureCause cause) {
    switch (cause) {
      case FailureCause::OutOfMemory:
        return tr(
            "ran out of memory. These are not tried again: leave them out, or use a device "
            "with more memory.");
      case FailureCause::Disk:
        return tr("could not be written. Make room on the disk, then press Retry failed.");
      case FailureCause::Load:
        return tr(
            "could not be read or used. Look at the files named below, then press Retry "
            "failed.");
      case FailureCause::NotANumber:
        return tr(
            "gave values that are no numbers. These are not tried again: the checkpoint is "
            "damaged, or overflows in 16 bit.");
      case FailureCause::Other:
        return tr("failed for another reason, see below.");
    }
    return QString();
  };
  QStringList lines;
  for (const auto& [cause, count] : causes)
    lines << Text::amount(count, tr("cell"), tr("cells")) + u' ' + hint(cause);
  for (const QString& e : job.errors()) lines << e;
  return lines.join(u'\n');
}

void QueuePanel::refresh() {
  const SweepJob* job = selectedJob();
  const bool resumable = job && job->resumable();
  const bool running = job && job->state() == SweepJob::State::Running;
  pause_->setText(resumable ? tr("Resume") : tr("Pause"));
  pause_->setToolTip(resumable ? tr("Goes on with the cells that are not done")
                               : tr("Pauses after the current batch"));
  pause_->setEnabled(resumable || running);
  afterCell_->setEnabled(running && !job->pausesAfterCell());
  cancel_->setEnabled(job && job->pending() && job->state() != SweepJob::State::Stopping);
  retry_->setEnabled(job && job->finished() && job->retriable() > 0);
  bool anyFinished = false;
  for (int i = 0; i < queue_->size(); ++i) {
    anyFinished = anyFinished || queue_->job(i)->finished();
  }
  clear_->setEnabled(anyFinished);
  const int row = job ? queue_->rowOf(job) : -1;
  const auto possible = [](QAction* action, bool can, const QString& whyNot) {
    action->setEnabled(can);
    action->setStatusTip(can ? action->toolTip() : whyNot);
  };
  possible(up_, row > 0, tr("No sweep is selected that has one before it"));
  possible(down_, row >= 0 && row + 1 < queue_->size(),
           tr("No sweep is selected that has one after it"));
  now_->setText(job ? QueueModel::nowText(*job) : QString());
  const QString text = job ? failureText(*job) : QString();
  if (text != errors_->toPlainText()) errors_->setPlainText(text);
  errors_->setVisible(!text.isEmpty());
  Q_EMIT actionsChanged();
}

void QueuePanel::pauseOrResume() {
  SweepJob* job = selectedJob();
  if (!job) return;
  if (job->state() == SweepJob::State::Running) {
    job->pause();
  } else {
    queue_->resume(job);
  }
}

void QueuePanel::pauseAfterCell() {
  if (SweepJob* job = selectedJob()) job->pauseAfterCell();
}

void QueuePanel::cancel(SweepJob* job) {
  const double lost = job->active() ? job->progress().unsavedSeconds : 0;
  if (lost <= kLostUnasked) return queue_->cancel(job);
  auto* box = new QMessageBox(
      QMessageBox::Question, tr("Bitfrontier"),
      tr("Cancel the sweep and lose %1 of work on the current cell?").arg(Text::duration(lost)),
      QMessageBox::NoButton, this);
  box->setObjectName(u"cancelBox"_s);
  box->setAttribute(Qt::WA_DeleteOnClose);
  box->setInformativeText(tr("Finished cells stay stored. \"Pause after cell\" loses nothing."));
  auto* stop = box->addButton(tr("Cancel the sweep"), QMessageBox::DestructiveRole);
  stop->setObjectName(u"cancelBoxStop"_s);
  auto* keep = box->addButton(tr("Keep running"), QMessageBox::RejectRole);
  box->setDefaultButton(keep);
  box->setEscapeButton(keep);
  connect(stop, &QPushButton::clicked, this, [this, id = job->id()] {
    for (int row = 0; row < queue_->size(); ++row)  // it may have ended and gone meanwhile
      if (queue_->job(row)->id() == id) queue_->cancel(queue_->job(row));
  });
  box->open();
}

void QueuePanel::cancelSelected() {
  if (SweepJob* job = selectedJob()) cancel(job);
}

void QueuePanel::retryFailed() {
  if (SweepJob* job = selectedJob()) queue_->retryFailed(job);
}

void QueuePanel::moveSelected(int by) {
  const SweepJob* job = selectedJob();
  if (!job) return;
  const int row = queue_->rowOf(job);
  queue_->move(row, row + by);
  view_->selectRow(queue_->rowOf(job));
}

void QueuePanel::removeFinished() {
  for (int row = queue_->size() - 1; row >= 0; --row) {
    if (queue_->job(row)->finished()) queue_->remove(queue_->job(row));
  }
}

const PanelSpec kQueuePanel{
    u"queueDock", [] { return QueuePanel::tr("Sweeps"); }, PanelSpec::Place::BottomRight, true,
    [](const PanelContext& context) -> QWidget* { return new QueuePanel(&context.queue); }};

}  // namespace bitfrontier

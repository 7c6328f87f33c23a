// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/queue/queue_panel.h"

#include <QApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString stateName(SweepJob::State state) {
  switch (state) {
    case SweepJob::State::Queued:
      return QueueModel::tr("waiting");
    case SweepJob::State::Running:
      return QueueModel::tr("running");
    case SweepJob::State::Paused:
      return QueueModel::tr("paused");
    case SweepJob::State::Stopping:
      return QueueModel::tr("stopping");
    case SweepJob::State::Done:
      return QueueModel::tr("done");
    case SweepJob::State::Cancelled:
      return QueueModel::tr("cancelled");
    case SweepJob::State::Failed:
      return QueueModel::tr("failed");
  }
  return {};
}

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

QString remainingText(const SweepProgress& p) {
  return Text::durationRange(p.remainingLow, p.remainingHigh);
}

QueueModel::QueueModel(SweepQueue* queue, QObject* parent)
    : QAbstractTableModel(parent), queue_(queue) {
  connect(queue, &SweepQueue::jobAdded, this, [this](int row) {
    beginInsertRows({}, row, row);
    endInsertRows();
  });
  connect(queue, &SweepQueue::jobRemoved, this, [this](int row) {
    beginRemoveRows({}, row, row);
    endRemoveRows();
  });
  connect(queue, &SweepQueue::jobChanged, this, [this](int row) {
    if (row >= 0) Q_EMIT dataChanged(index(row, 0), index(row, ColumnCount - 1));
  });
}

int QueueModel::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : queue_->size();
}

int QueueModel::columnCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(ColumnCount);
}

QVariant QueueModel::headerData(int section, Qt::Orientation orientation, int role) const {
  if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
  switch (section) {
    case Title:
      return tr("Sweep");
    case StateColumn:
      return tr("State");
    case ProgressColumn:
      return tr("Progress");
    case Cells:
      return tr("Cells");
    case Now:
      return tr("Now");
    case Remaining:
      return tr("Remaining");
    default:
      return {};
  }
}

QVariant QueueModel::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= queue_->size()) return {};
  const SweepJob& job = *queue_->job(index.row());
  const SweepProgress& p = job.progress();
  if (role == FractionRole) return job.fraction();
  if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
  switch (index.column()) {
    case Title:
      return job.title();
    case StateColumn:
      if (job.state() == SweepJob::State::Done && p.cellsFailed > 0) {
        return tr("done, %1 failed").arg(p.cellsFailed);
      }
      return stateName(job.state());
    case ProgressColumn:
      return tr("%1 %").arg(qRound(100 * job.fraction()));
    case Cells: {
      QString text = tr("%1 of %2").arg(p.cellsDone).arg(p.cellsTotal);
      if (p.cellsReused > 0) text += tr(", %1 reused").arg(p.cellsReused);
      if (p.cellsFailed > 0) text += tr(", %1 failed").arg(p.cellsFailed);
      return text;
    }
    case Now:
      if (!job.active() || p.model.empty()) return QString();
      return tr("%1 · %2 · %3, %4 %")
          .arg(Text::from(p.model), Text::from(p.config), Text::from(p.task))
          .arg(qRound(100 * p.cellFraction));
    case Remaining:
      if (job.state() == SweepJob::State::Running) {
        return p.remainingSeconds >= 0 ? remainingText(p) : tr("estimating");
      }
      if (job.summary()) return tr("took %1").arg(Text::duration(job.summary()->seconds));
      return QString();
    default:
      return {};
  }
}

QueuePanel::QueuePanel(SweepQueue* queue, QWidget* parent)
    : QWidget(parent), queue_(queue), model_(new QueueModel(queue, this)), view_(new QTableView) {
  view_->setObjectName(u"queueView"_s);
  view_->setAccessibleName(tr("Sweeps"));
  view_->setModel(model_);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::SingleSelection);
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
  cancel_ = button(u"queueCancel"_s, tr("Cancel"),
                   tr("Stops after the current batch; what is finished stays stored"));
  clear_ = button(u"queueClear"_s, tr("Remove finished"), tr("Takes ended sweeps off the list"));
  auto* buttons = new QHBoxLayout;
  buttons->addWidget(pause_);
  buttons->addSpacing(24);  // apart: one is harmless, the other is not
  buttons->addWidget(cancel_);
  buttons->addStretch();
  buttons->addWidget(clear_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  layout->addWidget(view_, 1);
  layout->addWidget(now_);
  layout->addWidget(errors_);
  layout->addLayout(buttons);

  connect(pause_, &QPushButton::clicked, this, &QueuePanel::pauseOrResume);
  connect(cancel_, &QPushButton::clicked, this, &QueuePanel::cancelSelected);
  connect(clear_, &QPushButton::clicked, this, &QueuePanel::removeFinished);
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &QueuePanel::refresh);
  connect(queue, &SweepQueue::jobChanged, this, &QueuePanel::refresh);
  connect(queue, &SweepQueue::jobRemoved, this, &QueuePanel::refresh);
  connect(queue, &SweepQueue::jobAdded, this, [this](int row) {
    view_->selectRow(row);
    refresh();
  });
  refresh();
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

void QueuePanel::refresh() {
  const SweepJob* job = selectedJob();
  const bool resumable = job && (job->state() == SweepJob::State::Paused ||
                                 job->state() == SweepJob::State::Cancelled ||
                                 job->state() == SweepJob::State::Failed);
  pause_->setText(resumable ? tr("Resume") : tr("Pause"));
  pause_->setToolTip(resumable ? tr("Goes on with the cells that are not done")
                               : tr("Pauses after the current batch"));
  pause_->setEnabled(resumable || (job && job->state() == SweepJob::State::Running));
  cancel_->setEnabled(job && !job->finished() && job->state() != SweepJob::State::Stopping);
  bool anyFinished = false;
  for (int i = 0; i < queue_->size(); ++i) {
    anyFinished = anyFinished || queue_->job(i)->finished();
  }
  clear_->setEnabled(anyFinished);
  const int row = job ? queue_->rowOf(job) : -1;
  now_->setText(row < 0 ? QString()
                        : model_->index(row, QueueModel::Now).data(Qt::DisplayRole).toString());
  QStringList lines;
  if (job) {
    for (const QString& e : job->errors()) lines << e;
  }
  const QString text = lines.join(u'\n');
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

void QueuePanel::cancelSelected() {
  if (SweepJob* job = selectedJob()) queue_->cancel(job);
}

void QueuePanel::removeFinished() {
  for (int row = queue_->size() - 1; row >= 0; --row) queue_->remove(queue_->job(row));
}

const PanelSpec kQueuePanel{
    u"queueDock", [] { return QueuePanel::tr("Sweeps"); }, PanelSpec::Place::BottomRight, true,
    [](const PanelContext& context) -> QWidget* { return new QueuePanel(&context.queue); }};

}  // namespace bitfrontier

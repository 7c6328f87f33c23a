// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/queue/queue_model.h"

#include <algorithm>
#include <memory>
#include <QMimeData>

#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

const QString kRowType = u"application/x-bitfrontier-queue-row"_s;

}  // namespace

QString QueueModel::stateName(const SweepJob& job) {
  switch (job.state()) {
    case SweepJob::State::Queued:
      return tr("waiting");
    case SweepJob::State::Running:
      return job.pausesAfterCell() ? tr("running, then pauses") : tr("running");
    case SweepJob::State::Paused:
      return tr("paused");
    case SweepJob::State::Stopping:
      return tr("stopping");
    case SweepJob::State::Done: {
      // Those of runs before that were not tried again count as well.
      const std::size_t failed = std::max(job.progress().cellsFailed, job.failures().size());
      return failed > 0 ? tr("ended, %1 failed").arg(failed) : tr("done");
    }
    case SweepJob::State::Cancelled:
      return tr("cancelled");
    case SweepJob::State::Failed:
      return tr("failed");
    case SweepJob::State::Interrupted:
      return tr("interrupted");
  }
  return {};
}

QString QueueModel::nowText(const SweepJob& job) {
  if (job.state() == SweepJob::State::Interrupted)
    return tr("Interrupted when the program ended. Resume goes on with what is not stored.");
  if (!job.active()) return {};
  const SweepProgress& p = job.progress();
  const QString model = Text::from(p.model), config = Text::from(p.config);
  using Stage = SweepProgress::Stage;
  switch (p.stage) {
    case Stage::Opening:
      if (p.model.empty())
        return p.stageTotal > 0 ? tr("reading model %1 of %2").arg(p.stageDone).arg(p.stageTotal)
                                : QString();
      break;
    case Stage::Loading:
      return tr("%1 · loading").arg(model);
    case Stage::Quantizing:
      return p.stageTotal > 0 ? tr("%1 · %2 · quantizing layer %3 of %4")
                                    .arg(model, config)
                                    .arg(p.stageDone)
                                    .arg(p.stageTotal)
                              : tr("%1 · %2 · quantizing").arg(model, config);
    case Stage::Evaluating:
      break;
  }
  const QString cell = tr("%1 · %2 · %3, %4 %")
                           .arg(model, config, Text::from(p.task))
                           .arg(qRound(100 * p.cellFraction));
  return p.stageTotal > 0 ? tr("%1 (row %2 of %3)").arg(cell).arg(p.stageDone).arg(p.stageTotal)
                          : cell;
}

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
  connect(queue, &SweepQueue::jobMoved, this, [this](int from, int to) {
    beginMoveRows({}, from, from, {}, to > from ? to + 1 : to);
    endMoveRows();
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
      return stateName(job);
    case ProgressColumn:
      return tr("%1 %").arg(qRound(100 * job.fraction()));
    case Cells: {
      QString text = tr("%1 of %2").arg(p.cellsDone).arg(p.cellsTotal);
      if (p.cellsReused > 0) text += tr(", %1 reused").arg(p.cellsReused);
      if (p.cellsFailed > 0) text += tr(", %1 failed").arg(p.cellsFailed);
      return text;
    }
    case Now:
      return nowText(job);
    case Remaining:
      if (job.state() == SweepJob::State::Running) {
        return p.remainingSeconds >= 0 ? remainingText(p) : tr("estimating");
      }
      if (const double seconds = job.record().seconds; seconds >= 0)
        return tr("took %1").arg(Text::duration(seconds));
      return QString();
    default:
      return {};
  }
}

Qt::ItemFlags QueueModel::flags(const QModelIndex& index) const {
  const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
  return index.isValid() ? flags | Qt::ItemIsDragEnabled : flags | Qt::ItemIsDropEnabled;
}

QStringList QueueModel::mimeTypes() const { return {kRowType}; }

QMimeData* QueueModel::mimeData(const QModelIndexList& indexes) const {
  auto data = std::make_unique<QMimeData>();
  if (!indexes.isEmpty()) data->setData(kRowType, QByteArray::number(indexes.first().row()));
  return data.release();
}

bool QueueModel::dropMimeData(const QMimeData* data, Qt::DropAction action, int row, int,
                              const QModelIndex&) {
  if (action != Qt::MoveAction || !data->hasFormat(kRowType)) return false;
  const int from = data->data(kRowType).toInt();
  const int before = row < 0 ? queue_->size() : row;
  queue_->move(from, before > from ? before - 1 : before);
  return false;  // the view must not remove the row that was dragged
}

}  // namespace bitfrontier

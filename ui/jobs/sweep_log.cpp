// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/sweep_log.h"

#include <algorithm>
#include <QCoreApplication>
#include <QDateTime>
#include <QSysInfo>

#include "core/device/device.h"
#include "core/eval/task.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString levelName(LogLine::Level level) {
  switch (level) {
    case LogLine::Level::Info:
      return u"info"_s;
    case LogLine::Level::Warning:
      return u"warning"_s;
    case LogLine::Level::Error:
      return u"error"_s;
  }
  return {};
}

}  // namespace

SweepLog::SweepLog(SweepQueue* queue, QObject* parent) : QAbstractListModel(parent) {
  connect(queue, &SweepQueue::jobLogged, this,
          [this](SweepJob* job, const std::vector<LogLine>& lines) { add(numberOf(*job), lines); });
}

int SweepLog::numberOf(const SweepJob& job) {
  const auto [at, fresh] = numbers_.try_emplace(job.id(), static_cast<int>(numbers_.size()) + 1);
  if (fresh) {
    titles_[at->second] = tr("%1: %2").arg(at->second).arg(job.title());
    Q_EMIT jobsChanged();
  }
  return at->second;
}

void SweepLog::add(int job, const std::vector<LogLine>& lines) {
  if (lines.empty()) return;
  const std::size_t fresh = std::min(lines.size(), kMostLines);
  const std::size_t all = entries_.size() + fresh;
  if (all > kMostLines) {
    const std::size_t gone = all - kMostLines;
    beginRemoveRows({}, 0, static_cast<int>(gone) - 1);
    entries_.erase(entries_.begin(), entries_.begin() + static_cast<std::ptrdiff_t>(gone));
    endRemoveRows();
  }
  const int first = static_cast<int>(entries_.size());
  beginInsertRows({}, first, first + static_cast<int>(fresh) - 1);
  for (std::size_t i = lines.size() - fresh; i < lines.size(); ++i)
    entries_.push_back({job, lines[i]});
  endInsertRows();
}

int SweepLog::rowCount(const QModelIndex& parent) const {
  return parent.isValid() ? 0 : static_cast<int>(entries_.size());
}

QString SweepLog::textOf(const Entry& entry) {
  return u"%1  %2  %3  %4"_s.arg(
      QDateTime::fromMSecsSinceEpoch(entry.line.time).toString(u"yyyy-MM-dd HH:mm:ss"_s),
      levelName(entry.line.level).leftJustified(7), QString::number(entry.job), entry.line.text);
}

QVariant SweepLog::data(const QModelIndex& index, int role) const {
  if (!index.isValid() || index.row() >= rowCount()) return {};
  const Entry& entry = entries_[static_cast<std::size_t>(index.row())];
  switch (role) {
    case Qt::DisplayRole:
      return textOf(entry);
    case Qt::ToolTipRole:
    case TextRole:
      return entry.line.text;
    case LevelRole:
      return static_cast<int>(entry.line.level);
    case JobRole:
      return entry.job;
    default:
      return {};
  }
}

QString SweepLog::report(int job) const {
  QStringList lines{
      u"Bitfrontier %1, evaluator %2, Qt %3"_s.arg(QCoreApplication::applicationVersion(),
                                                   Text::from(kEvaluatorVersion),
                                                   QString::fromLatin1(qVersion())),
      u"%1, kernel %2, %3"_s.arg(QSysInfo::prettyProductName(), QSysInfo::kernelVersion(),
                                 Text::from(cpuDevice().name))};
  for (const auto& [number, title] : titles_)
    if (job == 0 || number == job) lines << tr("Sweep %1").arg(title);
  for (const Entry& entry : entries_)
    if (job == 0 || entry.job == job) lines << textOf(entry);
  return lines.join(u'\n') + u'\n';
}

}  // namespace bitfrontier

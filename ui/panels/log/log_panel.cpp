// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/log/log_panel.h"

#include <QClipboard>
#include <QFontDatabase>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QScrollBar>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/panels/all.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// Lines of one sweep (0 = all), of a level or above, with all words.
class LineFilter : public QSortFilterProxyModel {
 public:
  using QSortFilterProxyModel::QSortFilterProxyModel;

  void set(int job, int level, const QString& words) {
    job_ = job;
    level_ = level;
    words_ = words.split(u' ', Qt::SkipEmptyParts);
    invalidate();
  }

 protected:
  bool filterAcceptsRow(int row, const QModelIndex& parent) const override {
    const QModelIndex line = sourceModel()->index(row, 0, parent);
    if (job_ != 0 && line.data(SweepLog::JobRole).toInt() != job_) return false;
    if (line.data(SweepLog::LevelRole).toInt() < level_) return false;
    const QString text = line.data(SweepLog::TextRole).toString();
    for (const QString& word : words_)
      if (!text.contains(word, Qt::CaseInsensitive)) return false;
    return true;
  }

 private:
  int job_ = 0, level_ = 0;
  QStringList words_;
};

}  // namespace

LogPanel::LogPanel(SweepQueue* queue, QWidget* parent)
    : QWidget(parent),
      log_(new SweepLog(queue, this)),
      shown_(new LineFilter(this)),
      job_(new QComboBox),
      level_(new QComboBox),
      search_(new QLineEdit),
      count_(new QLabel),
      view_(new QListView),
      copy_(new QPushButton(tr("Copy report"))) {
  shown_->setSourceModel(log_);
  job_->setObjectName(u"logJob"_s);
  job_->setAccessibleName(tr("Sweep"));
  job_->setToolTip(tr("Lines of all sweeps, or of one"));
  job_->addItem(tr("all sweeps"), 0);
  level_->setObjectName(u"logLevel"_s);
  level_->setAccessibleName(tr("Level"));
  level_->setToolTip(tr("Lines of this level and above"));
  level_->addItems({tr("all lines"), tr("warnings"), tr("errors")});
  search_->setObjectName(u"logSearch"_s);
  search_->setAccessibleName(tr("Find in the log"));
  search_->setPlaceholderText(tr("Find"));
  search_->setToolTip(tr("Lines with all of these words"));
  search_->setClearButtonEnabled(true);
  count_->setObjectName(u"logCount"_s);
  view_->setObjectName(u"logView"_s);
  view_->setAccessibleName(tr("Log"));
  view_->setModel(shown_);
  view_->setUniformItemSizes(true);
  view_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  view_->setFont(QFontDatabase::systemFont(QFontDatabase::FixedFont));
  copy_->setObjectName(u"logCopy"_s);
  copy_->setToolTip(tr("Copies versions and the lines of the chosen sweep, to report a fault"));
  auto* top = new QHBoxLayout;
  top->addWidget(job_);
  top->addWidget(level_);
  top->addWidget(search_, 1);
  top->addWidget(count_);
  top->addWidget(copy_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  setMinimumWidth(260);  // the window must fit small screens, whichever panels are in it
  layout->addLayout(top);
  layout->addWidget(view_, 1);
  connect(log_, &SweepLog::jobsChanged, this, &LogPanel::updateJobs);
  connect(job_, &QComboBox::currentIndexChanged, this, &LogPanel::applyFilter);
  connect(level_, &QComboBox::currentIndexChanged, this, &LogPanel::applyFilter);
  connect(search_, &QLineEdit::textChanged, this, &LogPanel::applyFilter);
  connect(copy_, &QPushButton::clicked, this, &LogPanel::copyReport);
  connect(shown_, &QAbstractItemModel::rowsAboutToBeInserted, this, [this] {
    const QScrollBar* bar = view_->verticalScrollBar();
    view_->setProperty("follows", bar->value() >= bar->maximum() - 1);
  });
  connect(shown_, &QAbstractItemModel::rowsInserted, this, [this] {
    if (view_->property("follows").toBool()) view_->scrollToBottom();
  });
  connect(log_, &QAbstractItemModel::rowsInserted, this, &LogPanel::applyCount);
  applyCount();
}

void LogPanel::updateJobs() {
  for (const auto& [number, title] : log_->jobs())
    if (job_->findData(number) < 0) job_->addItem(title, number);
}

void LogPanel::applyFilter() {
  static_cast<LineFilter*>(shown_)->set(job_->currentData().toInt(), level_->currentIndex(),
                                        search_->text());
  applyCount();
}

void LogPanel::applyCount() {
  count_->setText(tr("%1 of %2 lines").arg(shown_->rowCount()).arg(log_->rowCount()));
}

void LogPanel::copyReport() {
  QGuiApplication::clipboard()->setText(log_->report(job_->currentData().toInt()));
}

const PanelSpec kLogPanel{
    u"logDock", [] { return LogPanel::tr("Log"); }, PanelSpec::Place::BottomRight, false,
    [](const PanelContext& context) -> QWidget* { return new LogPanel(&context.queue); }};

}  // namespace bitfrontier

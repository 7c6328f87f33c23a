// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/view_bar.h"

#include <algorithm>
#include <initializer_list>
#include <QHBoxLayout>
#include <QMenu>

#include "ui/base/text.h"
#include "ui/runs/row_filter.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ViewBar::ViewBar(QWidget* parent) : QWidget(parent) {
  setObjectName(u"viewBar"_s);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(6, 4, 6, 2);
  x_ =
      addCombo(u"xBox"_s, tr("&X"), tr("What is on the horizontal axis, and which bits it counts"));
  const auto addX = [this](const QString& text, XAxis x, CountingRule rule) {
    x_->addItem(text);
    xChoices_.push_back({x, rule});
  };
  constexpr auto kWhole = CountingRule::CheckpointBytes;
  addX(tr("Total bits"), XAxis::TotalBits, kWhole);
  addX(tr("Bits of the linear layers"), XAxis::TotalBits, CountingRule::LinearOnly);
  addX(tr("Bits, all at k bits"), XAxis::TotalBits, CountingRule::AllParameters);
  addX(tr("Memory with context"), XAxis::Memory, kWhole);
  addX(tr("Parameters"), XAxis::Parameters, kWhole);
  addX(tr("Time"), XAxis::Seconds, kWhole);
  xLog_ = addLog(u"xLogButton"_s, tr("horizontal"));
  y_ = addCombo(u"yBox"_s, tr("&Y"), tr("What is on the vertical axis"));
  fillY();
  yLog_ = addLog(u"yLogButton"_s, tr("vertical"));
  series_ = addCombo(u"seriesBox"_s, tr("&Colour by"), tr("How points are divided into series"));
  series_->addItem(tr("Bits"), int(SeriesKey::Bits));
  series_->addItem(tr("Block size"), int(SeriesKey::BlockSize));
  series_->addItem(tr("Data type"), int(SeriesKey::DataType));
  source_ = addCombo(u"sourceBox"_s, tr("Sho&w"),
                     tr("Runs made here, results from papers and other programs, or both"));
  source_->addItem(tr("Own runs"), int(SourceChoice::Measured));
  source_->addItem(tr("Imported"), int(SourceChoice::Published));
  source_->addItem(tr("Both"), int(SourceChoice::Both));
  buildFilter(row);

  debounce_.setSingleShot(true);
  debounce_.setInterval(150);
  connect(filter_, &QLineEdit::textChanged, &debounce_, qOverload<>(&QTimer::start));
  connect(&debounce_, &QTimer::timeout, this, &ViewBar::edited);
  for (QComboBox* box : {x_, y_, series_, source_}) {
    connect(box, &QComboBox::activated, this, &ViewBar::edited);
  }
  for (QToolButton* button : {xLog_, yLog_}) {
    connect(button, &QToolButton::clicked, this, &ViewBar::edited);
  }
}

void ViewBar::buildFilter(QHBoxLayout* row) {
  filter_ = new FilterBox;
  filter_->setObjectName(u"filterEdit"_s);
  filter_->setAccessibleName(tr("Filter"));
  filter_->setPlaceholderText(tr("Filter: opt bits>=3 type:int"));
  filter_->setToolTip(
      tr("Words, field:value or field>=number; all must hold. Also: or, - for not, brackets,\n"
         "\"words in quotes\", lists (family:opt,bloom), ranges (bits:3-5), units (size<10GB).\n"
         "Fields: model, family, type, config, method, source, task, status,\n"
         "bits, block, params, acc, ce, size (MB), items."));
  filter_->setMinimumWidth(80);
  row->addWidget(filter_, 1);
  counts_ = new QLabel;
  counts_->setObjectName(u"countsLabel"_s);
  row->addWidget(counts_);
  sets_ = new QToolButton;
  sets_->setObjectName(u"setsButton"_s);
  sets_->setPopupMode(QToolButton::InstantPopup);
  sets_->setAutoRaise(true);
  sets_->setMenu(new QMenu(sets_));
  sets_->menu()->setObjectName(u"setsMenu"_s);
  sets_->hide();
  row->addWidget(sets_);
  excluded_ = new QToolButton;
  excluded_->setObjectName(u"excludedButton"_s);
  excluded_->setToolTip(tr("Shows which points are excluded, why, and takes them back"));
  excluded_->setStatusTip(excluded_->toolTip());
  excluded_->setAutoRaise(true);
  excluded_->hide();
  connect(excluded_, &QToolButton::clicked, this, &ViewBar::excludedWanted);
  row->addWidget(excluded_);

  // A narrow window cuts these, whose tool tips say it all, rather than being wider than its
  // screen.
  for (QWidget* widget : std::initializer_list<QWidget*>{counts_, sets_, excluded_}) {
    widget->setMinimumWidth(40);
  }
}

QToolButton* ViewBar::addLog(const QString& name, const QString& axis) {
  auto* button = new QToolButton;
  button->setObjectName(name);
  button->setText(tr("log"));
  button->setCheckable(true);
  button->setAutoRaise(true);
  button->setToolTip(tr("Logarithmic %1 axis").arg(axis));
  button->setAccessibleName(button->toolTip());
  layout()->addWidget(button);
  return button;
}

void ViewBar::fillY() {
  y_->clear();
  yChoices_.clear();
  const auto add = [this](const QString& text, LawMetric metric, YAxis y,
                          const std::string& task = {}) {
    y_->addItem(text);
    yChoices_.push_back({metric, y, task});
  };
  add(tr("Accuracy"), LawMetric::Accuracy, YAxis::Metric);
  add(tr("Error"), LawMetric::Accuracy, YAxis::Error);
  add(tr("Accuracy − 16 bit"), LawMetric::Accuracy, YAxis::Difference);
  add(tr("Accuracy − law"), LawMetric::Accuracy, YAxis::Residual);
  add(tr("Cross-entropy"), LawMetric::CrossEntropy, YAxis::Metric);
  add(tr("Cross-entropy − 16 bit"), LawMetric::CrossEntropy, YAxis::Difference);
  add(tr("Cross-entropy − law"), LawMetric::CrossEntropy, YAxis::Residual);
  for (const TaskName& task : tasks_) {
    add(Text::from(task.name), task.text ? LawMetric::CrossEntropy : LawMetric::Accuracy,
        YAxis::Metric, task.name);
  }
}

void ViewBar::setTasks(const std::vector<TaskName>& tasks) {
  if (tasks == tasks_) return;
  tasks_ = tasks;
  fillY();
  setOptions(options_);
}

QComboBox* ViewBar::addCombo(const QString& name, const QString& label, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->setToolTip(tip);
  box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  box->setMinimumContentsLength(9);
  auto* text = new QLabel(label);
  text->setBuddy(box);
  QString plain = label;
  box->setAccessibleName(plain.remove(u'&'));
  layout()->addWidget(text);
  layout()->addWidget(box);
  return box;
}

void ViewBar::setOptions(const ViewOptions& options) {
  options_ = options;
  for (std::size_t i = 0; i < xChoices_.size(); ++i) {
    const bool bits = options.x == XAxis::TotalBits;
    if (xChoices_[i].x == options.x && (!bits || xChoices_[i].rule == options.rule)) {
      x_->setCurrentIndex(static_cast<int>(i));
      break;
    }
  }
  int y = -1;
  for (std::size_t i = 0; i < yChoices_.size(); ++i) {
    const YChoice& c = yChoices_[i];
    const bool same = c.metric == options.metric && c.y == options.y && c.task == options.task;
    if (same) y = static_cast<int>(i);
  }
  // A single task against 16 bit or the law has no entry of its own.
  y_->setCurrentIndex(y);
  xLog_->setChecked(options.xLog);
  yLog_->setChecked(options.yLog);
  series_->setCurrentIndex(series_->findData(int(options.series)));
  source_->setCurrentIndex(source_->findData(int(options.source)));
  const QString text = Text::from(options.filter);
  if (filter_->text() != text && !debounce_.isActive()) {
    const QSignalBlocker blocker(filter_);
    filter_->setText(text);
  }
}

void ViewBar::setExcluded(std::size_t count) {
  excluded_->setText(u"× "_s + tr("%1 excluded").arg(count));
  excluded_->setAccessibleName(excluded_->text());
  excluded_->setVisible(count > 0);
}

void ViewBar::setSets(const std::vector<ShownSet>& sets, const QString& shown) {
  sets_->setVisible(sets.size() > 1);
  QMenu* menu = sets_->menu();
  menu->clear();
  if (sets.size() < 2) return;
  const auto add = [&](const QString& text, const QString& tip, const QString& title) {
    QAction* action = menu->addAction(text);
    action->setObjectName(u"set:"_s + title);
    action->setToolTip(tip);
    action->setStatusTip(tip);
    action->setCheckable(true);
    action->setChecked(title == shown);
    connect(action, &QAction::triggered, this, [this, title] { Q_EMIT setChosen(title); });
  };
  add(tr("&All, not joined"), tr("Shows every set, each with its own frontier and laws"), {});
  QStringList differences;
  for (const ShownSet& set : sets) {
    const QString name = set.difference.isEmpty() ? set.title : set.difference;
    differences << name;
    add(tr("%1 (%2 points)").arg(set.title).arg(set.points), tr("Shows only this set"), set.title);
  }
  constexpr int kRoom = 44;
  const QString all = tr("%1 sets: %2").arg(sets.size()).arg(differences.join(tr(" and ")));
  QString text = shown.isEmpty() ? all : tr("1 of %1 sets").arg(sets.size());
  if (text.size() > kRoom) text = tr("%1 sets").arg(sets.size());
  sets_->setText(text);
  sets_->setAccessibleName(all);
  sets_->setToolTip(all + u'\n' +
                    tr("Their points were not scored in the same way, so no law "
                       "and no frontier joins them."));
  sets_->setStatusTip(all);
}

void ViewBar::edited() {
  const XChoice& x = xChoices_[static_cast<std::size_t>(std::max(0, x_->currentIndex()))];
  if (x.x == XAxis::TotalBits) options_.rule = x.rule;
  options_.x = x.x;
  options_.xLog = xLog_->isChecked();
  options_.yLog = yLog_->isChecked();
  if (y_->currentIndex() >= 0) {
    const YChoice& y = yChoices_[static_cast<std::size_t>(y_->currentIndex())];
    // An error falls by orders of magnitude, a difference has both signs.
    if (y.y != options_.y) options_.yLog = y.y == YAxis::Error;
    options_.metric = y.metric;
    options_.y = y.y;
    options_.task = y.task;
  }
  options_.series = static_cast<SeriesKey>(series_->currentData().toInt());
  options_.source = static_cast<SourceChoice>(source_->currentData().toInt());
  options_.filter = filter_->text().toStdString();
  Q_EMIT optionsEdited(options_);
}

void ViewBar::setCounts(std::size_t shown, std::size_t total, int hidden, std::size_t partial) {
  QString text = tr("%1 of %2 points").arg(shown).arg(total);
  QString tip = text;
  if (hidden > 0) {
    text += tr(" (%1 hidden)").arg(hidden);
    tip = text;
  }
  if (partial > 0) {
    text += tr(", %1 incomplete").arg(partial);
    tip += options_.partial
               ? tr("; %1 of them lack some of the tasks that others have").arg(partial)
               : tr("; %1 more are left out because they lack some of the tasks that others have")
                     .arg(partial);
  }
  const RowFilter filter(options_.filter);
  if (!filter.complaint().empty()) {
    text = Text::from(filter.complaint());
    tip = text + u'\n' + tip;
  } else if (filter.choosesTasks()) {
    tip += u'\n' + tr("Each point is the mean over the chosen tasks.");
  }
  counts_->setText(text);
  counts_->setToolTip(tip);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/view_bar.h"

#include <QHBoxLayout>

#include "ui/base/text.h"
#include "ui/runs/row_filter.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

ViewBar::ViewBar(QWidget* parent) : QWidget(parent) {
  setObjectName(u"viewBar"_s);
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(6, 4, 6, 2);
  metric_ = addCombo(u"metricBox"_s, tr("&Y"), tr("What is on the vertical axis"));
  metric_->addItem(tr("Accuracy"), int(LawMetric::Accuracy));
  metric_->addItem(tr("Cross-entropy"), int(LawMetric::CrossEntropy));
  rule_ = addCombo(u"ruleBox"_s, tr("&Bits of"),
                   tr("Which weights the total counts, and at how many bits"));
  for (const CountingRule rule :
       {CountingRule::CheckpointBytes, CountingRule::LinearOnly, CountingRule::AllParameters}) {
    rule_->addItem(Text::rule(rule), int(rule));
  }
  series_ = addCombo(u"seriesBox"_s, tr("&Colour by"), tr("How points are divided into series"));
  series_->addItem(tr("Bits"), int(SeriesKey::Bits));
  series_->addItem(tr("Block size"), int(SeriesKey::BlockSize));
  series_->addItem(tr("Data type"), int(SeriesKey::DataType));
  source_ = addCombo(u"sourceBox"_s, tr("Sho&w"),
                     tr("Runs made here, results from papers and other programs, or both"));
  source_->addItem(tr("Own runs"), int(SourceChoice::Measured));
  source_->addItem(tr("Imported"), int(SourceChoice::Published));
  source_->addItem(tr("Both"), int(SourceChoice::Both));

  filter_ = new FilterBox;
  filter_->setObjectName(u"filterEdit"_s);
  filter_->setAccessibleName(tr("Filter"));
  filter_->setPlaceholderText(tr("Filter: opt bits>=3 type:int"));
  filter_->setToolTip(
      tr("Words, field:value or field>=number; all must hold. Also: or, - for not, brackets,\n"
         "\"words in quotes\", lists (family:opt,bloom), ranges (bits:3-5), units (size<10GB).\n"
         "Fields: model, family, type, config, method, source, task, status,\n"
         "bits, block, params, acc, ce, size (MB), items."));
  filter_->setMinimumWidth(120);
  row->addWidget(filter_, 1);
  counts_ = new QLabel;
  counts_->setObjectName(u"countsLabel"_s);
  row->addWidget(counts_);

  debounce_.setSingleShot(true);
  debounce_.setInterval(150);
  connect(filter_, &QLineEdit::textChanged, &debounce_, qOverload<>(&QTimer::start));
  connect(&debounce_, &QTimer::timeout, this, &ViewBar::edited);
  for (QComboBox* box : {metric_, rule_, series_, source_}) {
    connect(box, &QComboBox::activated, this, &ViewBar::edited);
  }
}

QComboBox* ViewBar::addCombo(const QString& name, const QString& label, const QString& tip) {
  auto* box = new QComboBox;
  box->setObjectName(name);
  box->setToolTip(tip);
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
  metric_->setCurrentIndex(metric_->findData(int(options.metric)));
  rule_->setCurrentIndex(rule_->findData(int(options.rule)));
  series_->setCurrentIndex(series_->findData(int(options.series)));
  source_->setCurrentIndex(source_->findData(int(options.source)));
  const QString text = Text::from(options.filter);
  if (filter_->text() != text && !debounce_.isActive()) {
    const QSignalBlocker blocker(filter_);
    filter_->setText(text);
  }
}

void ViewBar::edited() {
  options_.metric = static_cast<LawMetric>(metric_->currentData().toInt());
  options_.rule = static_cast<CountingRule>(rule_->currentData().toInt());
  options_.series = static_cast<SeriesKey>(series_->currentData().toInt());
  options_.source = static_cast<SourceChoice>(source_->currentData().toInt());
  options_.filter = filter_->text().toStdString();
  Q_EMIT optionsEdited(options_);
}

void ViewBar::setCounts(std::size_t shown, std::size_t total, int hidden, std::size_t partial) {
  QString text = tr("%1 of %2 points").arg(shown).arg(total);
  QString tip = text;
  if (hidden > 0) {
    text += tr(" (%1 without this metric)").arg(hidden);
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

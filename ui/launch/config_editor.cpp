// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/config_editor.h"

#include <algorithm>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonArray>
#include <QLabel>
#include <QRegularExpression>
#include <QScrollArea>
#include <QStyle>
#include <QTabWidget>
#include <QVBoxLayout>

#include "core/quant/quant_config.h"
#include "ui/base/text.h"
#include "ui/launch/config_words.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kIndent = 12;
constexpr int kBoxColumn = 150;  // explanations of a page begin at one place

/// "-b<size>r" as the name of a widget: letters, digits and dashes.
QString widgetName(const QString& kind, std::string_view notation) {
  static const QRegularExpression other(u"[^A-Za-z0-9]+"_s);
  QString name = Text::from(notation);
  name.remove(u"<percent>"_s);
  return kind + u'_' + (notation.empty() ? u"default"_s : name.remove(other));
}

/// The words of a list with commas or spaces between them.
std::vector<std::string> words(const QString& text) {
  static const QRegularExpression separators(u"[,;\\s]+"_s);
  std::vector<std::string> list;
  for (const QString& word : text.split(separators, Qt::SkipEmptyParts))
    list.push_back(word.toStdString());
  return list;
}

QVBoxLayout* newPage(QWidget* page) {
  auto* layout = new QVBoxLayout(page);
  layout->setContentsMargins(8, 8, 8, 8);
  return layout;
}

QGridLayout* newRows() {
  auto* rows = new QGridLayout;
  rows->setContentsMargins(kIndent, 0, 0, 6);
  rows->setHorizontalSpacing(10);
  rows->setVerticalSpacing(3);
  rows->setColumnMinimumWidth(0, kBoxColumn);
  rows->setColumnStretch(1, 1);
  return rows;
}

QScrollArea* scrolled(QWidget* page) {
  auto* area = new QScrollArea;
  area->setWidget(page);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
  // It scrolls downwards only, so it is never narrower than its page.
  area->setMinimumWidth(page->minimumSizeHint().width() +
                        area->style()->pixelMetric(QStyle::PM_ScrollBarExtent));
  area->setFocusPolicy(Qt::NoFocus);
  return area;
}

}  // namespace

ConfigEditor::ConfigEditor(QWidget* parent) : QWidget(parent) {
  auto* tabs = new QTabWidget;
  tabs->setObjectName(u"launchTabs"_s);
  tabs->addTab(scrolled(buildTypes()), tr("T&ypes and blocks"));
  tabs->addTab(scrolled(buildConstants()), tr("&Constants"));
  tabs->addTab(scrolled(buildMethods()), tr("&Methods"));
  tabs->addTab(scrolled(buildFormats()), tr("&Formats"));
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addWidget(tabs);
}

QCheckBox* ConfigEditor::makeCheck(const QString& text, const QString& name, bool on,
                                   const QString& tip) {
  auto* box = new QCheckBox(text);
  box->setObjectName(name);
  box->setChecked(on);
  box->setToolTip(tip);
  connect(box, &QCheckBox::toggled, this, &ConfigEditor::edited);
  return box;
}

void ConfigEditor::addExplained(QGridLayout* rows, QWidget* input, const QString& explanation) {
  auto* text = new QLabel(explanation);
  text->setWordWrap(true);
  text->setTextFormat(Qt::PlainText);
  text->setObjectName(input->objectName() + u"_explanation"_s);
  input->setAccessibleDescription(explanation);
  const int row = rows->rowCount();
  rows->addWidget(input, row, 0, Qt::AlignTop);
  rows->addWidget(text, row, 1);
}

QWidget* ConfigEditor::buildTypes() {
  auto* page = new QWidget;
  QVBoxLayout* layout = newPage(page);
  const auto rowOf = [&](const QString& title) {
    layout->addWidget(new QLabel(title));
    auto* row = new QGridLayout;
    row->setContentsMargins(kIndent, 0, 0, 6);
    row->setColumnStretch(8, 1);
    layout->addLayout(row);
    return row;
  };
  QGridLayout* bits = rowOf(tr("Bits per weight"));
  for (const int b : {2, 3, 4, 5, 6, 7, 8, 16}) {
    const QString tip = b == 16 ? tr("The baseline: not quantized, once per model") : QString();
    const bool on = b != 2 && b != 7;
    bits_.emplace_back(b, makeCheck(QString::number(b), u"bits%1"_s.arg(b), on, tip));
    bits->addWidget(bits_.back().second, 0, static_cast<int>(bits_.size()) - 1);
  }
  QGridLayout* blocks = rowOf(tr("Weights that share a constant (block size)"));
  const auto addBlock = [&](std::int64_t size, const QString& text, const QString& name,
                            const QString& tip) {
    const int i = static_cast<int>(blocks_.size());
    blocks_.emplace_back(size, makeCheck(text, name, size == 64 || size == 1024, tip));
    blocks->addWidget(blocks_.back().second, i / 6, i % 6);
  };
  for (std::int64_t size = 16; size <= 4096; size *= 2)
    addBlock(size, QString::number(size), u"block%1"_s.arg(size), {});
  addBlock(QuantConfig::kPerRow, tr("row"), u"blockRow"_s, Text::from(blockAxis()[2].explanation));
  addBlock(0, tr("whole"), u"block0"_s, Text::from(blockAxis()[3].explanation));
  rowBlocks_ =
      makeCheck(tr("in rows"), u"rowBlocks"_s, false, Text::from(blockAxis()[1].explanation));
  blocks->addWidget(rowBlocks_, 1, 5);
  layout->addWidget(new QLabel(tr("Data types")));
  QGridLayout* types = newRows();
  for (const DataTypeInfo& info : dataTypes()) {
    if (info.lowestBits == 16) continue;  // the bit width 16 stands for the baselines
    const bool paper = info.type == DataType::Int || info.type == DataType::Float ||
                       info.type == DataType::Dynamic || info.type == DataType::Quantile;
    const QString name = Text::from(info.name);
    types_.emplace_back(info.type, makeCheck(name, u"type_%1"_s.arg(name), paper));
    addExplained(types, types_.back().second, Text::from(info.explanation));
  }
  layout->addLayout(types);
  layout->addStretch();
  return page;
}

void ConfigEditor::addAxis(QVBoxLayout* page, const QString& title, std::vector<Tick>& ticks,
                           std::span<const AxisValue> values, const QString& kind,
                           const QString& plain) {
  page->addWidget(new QLabel(title));
  QGridLayout* rows = newRows();
  for (const AxisValue& value : values) {
    const bool usual = value.notation.empty();
    const QString text = usual ? plain : ConfigWords::axisValue(value.notation);
    const QString tip =
        usual ? tr("Not written in specs") : tr("%1 in specs").arg(Text::from(value.notation));
    ticks.push_back({std::string(value.notation),
                     makeCheck(text, widgetName(kind, value.notation), usual, tip)});
    addExplained(rows, ticks.back().box, Text::from(value.explanation));
  }
  page->addLayout(rows);
}

QWidget* ConfigEditor::buildConstants() {
  auto* page = new QWidget;
  QVBoxLayout* layout = newPage(page);
  addAxis(layout, tr("How a block's constant is stored"), constants_, constantAxis(), u"constant"_s,
          u"fp16"_s);
  addAxis(layout, tr("What a block is divided by"), signs_, signAxis(), u"sign"_s, u"absmax"_s);
  addAxis(layout, tr("What is taken off first"), centering_, centeringAxis(), u"centering"_s,
          u"as it is"_s);
  layout->addStretch();
  return page;
}

QWidget* ConfigEditor::buildMethods() {
  auto* page = new QWidget;
  QVBoxLayout* layout = newPage(page);
  addAxis(layout, tr("How codes are chosen"), methods_, methodAxis(), u"method"_s, u"nearest"_s);
  auto* options = newRows();
  activationOrder_ =
      makeCheck(ConfigWords::axisValue("-act"), u"gptqOrder"_s, false, tr("-act in specs"));
  addExplained(options, activationOrder_, Text::from(gptqAxis()[0].explanation));
  damping_ = new QDoubleSpinBox;
  damping_->setObjectName(u"gptqDamping"_s);
  damping_->setRange(0.01, 100);
  damping_->setValue(1);
  damping_->setSuffix(u" %"_s);
  damping_->setAccessibleName(tr("GPTQ damping"));
  addExplained(options, damping_, Text::from(gptqAxis()[1].explanation));
  layout->addLayout(options);
  addAxis(layout, tr("How constants are chosen"), searches_, scaleSearchAxis(), u"search"_s,
          u"largest"_s);
  addAxis(layout, tr("Input dimensions that stay in 16 bit"), outliers_, outlierAxis(),
          u"outliers"_s, u"none"_s);
  auto* percents = newRows();
  outlierPercents_ = new QLineEdit(u"2"_s);
  outlierPercents_->setObjectName(u"outlierPercents"_s);
  outlierPercents_->setMaximumWidth(kBoxColumn);
  outlierPercents_->setAccessibleName(tr("Percent of outlier dimensions"));
  addExplained(percents, outlierPercents_,
               tr("percent of the dimensions; several with commas: 1, 2, 4"));
  layout->addLayout(percents);
  addAxis(layout, tr("What is quantized besides the linear layers"), scope_, scopeAxis(),
          u"scope"_s, {});
  layout->addWidget(buildCalibration());
  layout->addStretch();
  connect(outlierPercents_, &QLineEdit::textChanged, this, &ConfigEditor::edited);
  connect(damping_, &QDoubleSpinBox::valueChanged, this, &ConfigEditor::edited);
  return page;
}

QWidget* ConfigEditor::buildCalibration() {
  auto* box = new QWidget;
  auto* column = new QVBoxLayout(box);
  column->setContentsMargins(0, 0, 0, 0);
  calibration_ = new QComboBox;
  calibration_->setObjectName(u"launchCalibration"_s);
  calibration_->setAccessibleName(tr("Calibration text"));
  calibration_->addItem(tr("training texts of the pocket suite"), u"pocket"_s);
  calibration_->addItem(tr("a text file…"));
  auto* label = new QLabel(tr("C&alibration text of -gptq, -awq and -wmse"));
  label->setBuddy(calibration_);
  column->addWidget(label);
  column->addWidget(calibration_);
  connect(calibration_, &QComboBox::activated, this, &ConfigEditor::chooseCalibration);
  return box;
}

void ConfigEditor::chooseCalibration(int index) {
  if (calibration_->itemData(index).isValid()) {
    edited();
    return;
  }
  const QString file = QFileDialog::getOpenFileName(
      this, tr("Calibration text"), QString(), tr("Texts (*.txt *.jsonl *.raw);;All files (*)"));
  if (file.isEmpty()) {
    calibration_->setCurrentIndex(0);
  } else {
    calibration_->insertItem(index, QFileInfo(file).fileName(), file);
    calibration_->setItemData(index, file, Qt::ToolTipRole);
    calibration_->setCurrentIndex(index);
  }
  edited();
}

QWidget* ConfigEditor::buildFormats() {
  auto* page = new QWidget;
  QVBoxLayout* layout = newPage(page);
  layout->addWidget(new QLabel(tr("Formats by name")));
  QGridLayout* rows = newRows();
  for (const SpecAlias& alias : specAliases()) {
    const QString name = Text::from(alias.name);
    formats_.push_back({std::string(alias.name),
                        makeCheck(name, u"format_%1"_s.arg(name), false, Text::from(alias.spec))});
    addExplained(rows, formats_.back().box, Text::from(alias.explanation));
  }
  layout->addLayout(rows);
  auto* label = new QLabel(tr("Further confi&gurations"));
  specs_ = new QLineEdit;
  specs_->setObjectName(u"launchSpecs"_s);
  specs_->setPlaceholderText(u"float4e2m1-b64, int3-b128r-gptq, nf4-b64-sdq"_s);
  specs_->setClearButtonEnabled(true);
  label->setBuddy(specs_);
  auto* help = new QLabel(Text::from(allowedSpecs()));
  help->setWordWrap(true);
  help->setTextFormat(Qt::PlainText);
  layout->addWidget(label);
  layout->addWidget(specs_);
  layout->addWidget(help);
  layout->addStretch();
  connect(specs_, &QLineEdit::textChanged, this, &ConfigEditor::edited);
  return page;
}

void ConfigEditor::edited() { Q_EMIT changed(); }

std::vector<std::string> ConfigEditor::outlierNotations() const {
  std::vector<std::string> notations;
  for (const Tick& tick : outliers_) {
    if (!tick.box->isChecked()) continue;
    const auto place = tick.notation.find("<percent>");
    if (place == std::string::npos) {
      notations.push_back(tick.notation);
    } else {
      for (const std::string& percent : words(outlierPercents_->text()))
        notations.push_back(tick.notation.substr(0, place) + percent);
    }
  }
  return notations;
}

std::vector<std::string> ConfigEditor::methodNotations() const {
  std::vector<std::string> notations;
  const bool anySearch =
      std::ranges::any_of(searches_, [](const Tick& t) { return t.box->isChecked(); });
  for (const Tick& search : searches_) {
    if (!search.box->isChecked() && (anySearch || !search.notation.empty())) continue;
    for (const Tick& method : methods_) {
      if (!method.box->isChecked()) continue;
      std::string notation = search.notation + method.notation;
      if (method.notation == "-gptq") {
        if (activationOrder_->isChecked()) notation += "-act";
        if (damping_->value() != 1)
          notation += "-damp" + QString::number(damping_->value(), 'g', 6).toStdString();
      }
      notations.push_back(notation);
    }
  }
  return notations;
}

std::vector<std::string> ConfigEditor::scopeNotations() const {
  std::string all;
  for (const Tick& tick : scope_) {
    if (tick.box->isChecked()) all += tick.notation;
  }
  return {all};
}

void ConfigEditor::addFormat(const SpecAlias& alias, ConfigChoice& choice) const {
  const auto tick = std::ranges::find(formats_, alias.name, &Tick::notation);
  if (!tick->box->isChecked()) return;
  if (alias.whole) {
    choice.specs.emplace_back(alias.name);
    return;
  }
  for (const std::int64_t block : choice.grid.blockSizes) {
    QuantConfig config = QuantConfig::parseType(alias.name);
    config.blockSize = block;
    config.withinRows = choice.grid.rowBlocks && block > 0;
    choice.specs.push_back(config.spec());
  }
}

ConfigChoice ConfigEditor::choice() const {
  ConfigChoice c;
  const auto take = [](const auto& boxes, auto& values) {
    for (const auto& [value, box] : boxes) {
      if (box->isChecked()) values.push_back(value);
    }
  };
  const auto ticked = [&](const std::vector<Tick>& ticks) {
    std::vector<std::string> notations;
    take(ticks, notations);
    return notations;
  };
  take(bits_, c.grid.bits);
  take(types_, c.grid.types);
  take(blocks_, c.grid.blockSizes);
  c.grid.rowBlocks = rowBlocks_->isChecked();
  c.variants = {ticked(constants_), ticked(signs_),    ticked(centering_),
                outlierNotations(), methodNotations(), scopeNotations()};
  for (const SpecAlias& alias : specAliases()) addFormat(alias, c);
  for (std::string& spec : words(specs_->text())) c.specs.push_back(std::move(spec));
  c.calibration = calibration_->currentData().toString().toStdString();
  return c;
}

QJsonObject ConfigEditor::save() const {
  QJsonArray ticks;
  for (const QCheckBox* box : findChildren<QCheckBox*>())
    if (box->isChecked()) ticks << box->objectName();
  return {{u"ticks"_s, ticks},
          {u"outlier_percents"_s, outlierPercents_->text()},
          {u"gptq_damping"_s, damping_->value()},
          {u"calibration"_s, calibration_->currentData().toString()},
          {u"further"_s, specs_->text()}};
}

void ConfigEditor::restore(const QJsonObject& saved) {
  {
    const QSignalBlocker quiet(this);
    const QVariantList ticks = saved[u"ticks"_s].toArray().toVariantList();
    for (QCheckBox* box : findChildren<QCheckBox*>())
      box->setChecked(ticks.contains(box->objectName()));
    outlierPercents_->setText(saved[u"outlier_percents"_s].toString(u"2"_s));
    damping_->setValue(saved[u"gptq_damping"_s].toDouble(1));
    specs_->setText(saved[u"further"_s].toString());
    const QString calibration = saved[u"calibration"_s].toString(u"pocket"_s);
    if (calibration_->findData(calibration) < 0)
      calibration_->insertItem(1, QFileInfo(calibration).fileName(), calibration);
    calibration_->setCurrentIndex(calibration_->findData(calibration));
  }
  edited();
}

}  // namespace bitfrontier

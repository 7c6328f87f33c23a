// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QGridLayout>
#include <QJsonObject>
#include <QLineEdit>
#include <QVBoxLayout>
#include <QWidget>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/quant/quant_axes.h"
#include "ui/launch/launch_choice.h"

namespace bitfrontier {

/// Which configurations a sweep has: the grid of bits, blocks and types, the axes of constants and
/// methods, and named formats. Every choice has its line of explanation from core/quant/quant_axes,
/// the same that `bitfrontier types` prints.
class ConfigEditor : public QWidget {
  Q_OBJECT

 public:
  explicit ConfigEditor(QWidget* parent = nullptr);

  ConfigChoice choice() const;
  /// What is ticked and typed, for templates: {"ticks": ["bits4", ...], ...}.
  QJsonObject save() const;
  /// The reverse; what the object does not say is left unticked and at its default.
  void restore(const QJsonObject& saved);

 Q_SIGNALS:
  void changed();

 private:
  /// A tick box of an axis and the notation it stands for in specs.
  struct Tick {
    std::string notation;
    QCheckBox* box;
  };

  QWidget* buildTypes();
  QWidget* buildConstants();
  QWidget* buildMethods();
  QWidget* buildFormats();
  QWidget* buildCalibration();
  QCheckBox* makeCheck(const QString& text, const QString& name, bool on, const QString& tip = {});
  /// Adds a row: the box or field, and behind it what it means.
  void addExplained(QGridLayout* rows, QWidget* input, const QString& explanation);
  void addAxis(QVBoxLayout* page, const QString& title, std::vector<Tick>& ticks,
               std::span<const AxisValue> values, const QString& kind, const QString& plain);
  /// A format's name; one that fixes no block takes those that are ticked for types.
  void addFormat(const SpecAlias& alias, ConfigChoice& choice) const;
  std::vector<std::string> outlierNotations() const;
  std::vector<std::string> methodNotations() const;
  std::vector<std::string> scopeNotations() const;
  void chooseCalibration(int index);
  void edited();

  std::vector<std::pair<int, QCheckBox*>> bits_;
  std::vector<std::pair<DataType, QCheckBox*>> types_;
  std::vector<std::pair<std::int64_t, QCheckBox*>> blocks_;
  QCheckBox* rowBlocks_ = nullptr;
  std::vector<Tick> constants_, signs_, centering_, outliers_, searches_, methods_, scope_,
      formats_;
  QLineEdit* outlierPercents_ = nullptr;
  QCheckBox* activationOrder_ = nullptr;
  QDoubleSpinBox* damping_ = nullptr;
  QComboBox* calibration_ = nullptr;
  QLineEdit* specs_ = nullptr;
};

}  // namespace bitfrontier

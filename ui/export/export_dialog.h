// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <QCheckBox>
#include <QComboBox>
#include <QDialog>
#include <QFormLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QStringListModel>
#include <QTimer>

#include "ui/export/export_preview.h"
#include "ui/export/figure_command.h"
#include "ui/export/figure_lint.h"

namespace bitfrontier {

/// Chooses how a figure looks and into which files it goes; shows it as printed, and what a
/// reviewer would hold against it.
class ExportDialog : public QDialog {
  Q_OBJECT

 public:
  /// `view` is the name of the saved view that is shown; empty for none.
  explicit ExportDialog(FigureSpec spec, const ExportChoice& choice = {}, const QString& view = {},
                        QWidget* parent = nullptr);

  /// The spec with what has been chosen in the dialog.
  FigureSpec spec() const;
  ExportChoice choice() const;
  /// The files that are written, with their folder.
  QStringList files() const;
  /// The same export as a shell command.
  QString command() const;
  const std::vector<LintRemark>& remarks() const { return remarks_; }

 Q_SIGNALS:
  void exported(const QStringList& files);

 private:
  void build();
  QWidget* buildLook();
  QWidget* buildParts();
  QWidget* buildFiles();
  QWidget* buildButtons();
  QWidget* buildPreview();
  void fill(const ExportChoice& choice);
  /// A control with its name for tests, for screen readers, and what it does.
  template <typename Control>
  Control* named(Control* control, const char* name, const QString& title, const QString& tip);
  QCheckBox* box(const char* name, const QString& text, const QString& tip, bool on);
  QSpinBox* number(const char* name, const QString& title, const QString& tip, int low, int high);
  QPushButton* button(const char* name, const QString& text, const QString& tip);
  void takePreset();
  void changed();
  void refresh();
  void showFiles();
  void save();
  void write();
  void complain(const QString& sentence);
  void chooseFolder();
  void copyFigure();
  void copyCommand();
  void showData();
  void dragOut();

  FigureSpec spec_;
  QString view_;
  QComboBox *preset_ = nullptr, *font_ = nullptr, *palette_ = nullptr, *dpi_ = nullptr;
  QSpinBox *width_ = nullptr, *height_ = nullptr, *text_ = nullptr;
  QLineEdit *title_ = nullptr, *xTitle_ = nullptr, *yTitle_ = nullptr, *name_ = nullptr,
            *folder_ = nullptr;
  QCheckBox *legend_ = nullptr, *note_ = nullptr, *embed_ = nullptr, *dark_ = nullptr,
            *part_ = nullptr;
  std::map<FigureFormat, QCheckBox*> formats_;
  ExportPreview* preview_ = nullptr;
  QLabel *size_ = nullptr, *verdict_ = nullptr, *files_ = nullptr;
  QStringListModel* lint_ = nullptr;
  QWidget* lintList_ = nullptr;
  QPushButton* save_ = nullptr;
  std::vector<LintRemark> remarks_;
  QTimer later_;
};

}  // namespace bitfrontier

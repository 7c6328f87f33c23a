// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <QCompleter>
#include <QLabel>
#include <QLineEdit>
#include <QStringListModel>

#include "ui/runs/filter_edit.h"

namespace bitfrontier {

/// The line in which a filter is typed: it completes names of fields and the values that a store
/// has, and says below itself what it does not understand and where.
class FilterBox : public QLineEdit {
  Q_OBJECT

 public:
  explicit FilterBox(QWidget* parent = nullptr);

  /// The values that are offered.
  void setWords(std::shared_ptr<const FieldWords> words) { words_ = std::move(words); }
  /// What is offered now; empty when nothing is.
  QStringList offered() const;
  /// What is said below the line; empty when it is understood.
  QString complaint() const { return complaint_->isHidden() ? QString() : complaint_->text(); }

 protected:
  void keyPressEvent(QKeyEvent* event) override;
  void focusOutEvent(QFocusEvent* event) override;
  void focusInEvent(QFocusEvent* event) override;
  void moveEvent(QMoveEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;

 private:
  void offer();
  void take(const QString& word);
  void check();
  void placeComplaint();

  std::shared_ptr<const FieldWords> words_;
  QStringListModel* list_;
  QCompleter* completer_;
  QLabel* complaint_;
};

}  // namespace bitfrontier

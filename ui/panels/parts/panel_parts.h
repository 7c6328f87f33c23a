// SPDX-License-Identifier: GPL-3.0-or-later
// Widgets that several panels use.
#pragma once

#include <QAbstractItemModel>
#include <QColor>
#include <QFormLayout>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QString>
#include <QStyledItemDelegate>
#include <QTableView>
#include <QWidget>
#include <vector>

namespace bitfrontier {

/// A sortable table of whole rows that scrolls rather than asks for room; long texts are elided in
/// the middle. `widths` in characters.
QTableView* makeTableView(QAbstractItemModel* model, const QString& name, const QString& accessible,
                          const std::vector<int>& widths);

/// A button with all that a control has to have. `tip` is its tool tip and status tip.
QPushButton* makeButton(const QString& name, const QString& text, const QString& tip);
/// Enables a button, or disables it and says why where its tip was. `tip` is what it does.
void setReason(QPushButton* button, const QString& tip, const QString& whyNot);

/// A label that wraps and whose text can be selected; its minimum width is small.
QLabel* makeText(const QString& name);
/// A label with a buddy in front of a control, and its accessible name.
void addRow(QFormLayout* form, const QString& label, QWidget* control);

/// A vertical scroll area around a panel's content, so that a panel is never taller than its dock.
QScrollArea* scrolled(QWidget* content);

/// One line, elided in the middle, all of it in the tool tip.
class ElidedLabel : public QWidget {
  Q_OBJECT

 public:
  explicit ElidedLabel(const QString& name, bool bold = false, QWidget* parent = nullptr);
  void setText(const QString& text);
  const QString& text() const { return text_; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QString text_;
};

/// Parts of a whole as one bar, each with its colour and its name below.
class StackedBar : public QWidget {
  Q_OBJECT

 public:
  struct Part {
    QString name;
    double share = 0;  ///< of the whole
    QString amount;    ///< as text: "4.00 bits"
  };
  explicit StackedBar(QWidget* parent = nullptr);
  void setParts(std::vector<Part> parts);
  const std::vector<Part>& parts() const { return parts_; }
  QSize sizeHint() const override;
  QSize minimumSizeHint() const override;
  bool hasHeightForWidth() const override { return true; }
  int heightForWidth(int width) const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  int layOut(int width, class QPainter* painter) const;

  std::vector<Part> parts_;
};

/// Draws a share of 0..1, the data of role kShareRole, as a bar behind the cell's text.
class ShareDelegate : public QStyledItemDelegate {
  Q_OBJECT

 public:
  static constexpr int kShareRole = Qt::UserRole + 17;
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override;
};

}  // namespace bitfrontier

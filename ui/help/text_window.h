// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <QTextBrowser>

namespace bitfrontier {

/// A text to read, with a button that closes: About, What's new. Its links are not followed.
class TextWindow : public QDialog {
  Q_OBJECT

 public:
  TextWindow(const QString& name, const QString& title, QSize size, QWidget* parent = nullptr);
  QTextBrowser& text() { return *text_; }

 private:
  QTextBrowser* text_;
};

}  // namespace bitfrontier

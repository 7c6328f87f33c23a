// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QPointer>
#include <QWidget>

namespace bitfrontier {

/// A frame in the colour of links around the widget that the keyboard acts on, in every window of
/// the program: styles show it on few widgets, and faintly. It is there once keys have moved the
/// focus, until the mouse is used.
class FocusFrame : public QObject {
  Q_OBJECT

 public:
  /// Makes the one of this process, where there is none yet.
  static void install();

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  explicit FocusFrame(QObject* parent);
  void surround(QWidget* widget);

  QPointer<QWidget> frame_;  ///< a child of the widget that it surrounds
};

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QAction>
#include <QDialog>
#include <QString>
#include <QStringList>
#include <QWidget>

#include "ui/window/main_window.h"

namespace bitfrontier::testing {

/// Where a widget is: "mainWindow/viewBar/filterEdit", with classes where names are missing.
QString widgetPath(const QWidget* widget);

/// Controls of this window (not of its dialogs, not the inner parts that Qt makes) that a person
/// operates: buttons, fields, lists, tabs, sliders.
QList<QWidget*> controls(const QWidget& window);

/// What a screen reader could not name, and what has no name of its own in the program.
QStringList namelessControls(const QWidget& window);
/// Labels with a mnemonic that belongs to nothing, and rows of forms without a buddy.
QStringList labelsWithoutBuddy(const QWidget& window);
/// Texts that do not fit into their widget.
QStringList clippedTexts(const QWidget& window);
/// Children of one layout that lie on each other, or outside their parent.
QStringList overlaps(const QWidget& window);
/// Texts of which no pixel has a contrast of 4.5 to the ground (disabled ones are exempt), and
/// icons and boxes below 3.
QStringList faintTexts(const QWidget& window);
/// What takes the focus by Tab in a shown window.
QList<QWidget*> tabStops(const QWidget& window);
/// Walks by Tab through a shown window: what takes the focus by Tab and was not reached, and where
/// the walk stopped moving.
QStringList unreachedByTab(QWidget& window);

/// Controls on which the focus changes too little of the picture to be seen: fewer than 40 pixels
/// that have a contrast of 3 to what was there before.
QStringList unseenFocus(QWidget& window);

/// Every action below an object that is meant for people: no separators, no menus, none of Qt's
/// own.
QList<QAction*> peoplesActions(const QObject& root);

/// A window with the published results, shown in this size and settled.
std::unique_ptr<MainWindow> shownWindow(QSize size, const QString& store);
/// Calls `look` with every dialog that an action of the window opens ("…"), and closes it again.
/// Returns their names.
QStringList forEveryDialog(MainWindow& window, const std::function<void(QDialog&)>& look);

}  // namespace bitfrontier::testing

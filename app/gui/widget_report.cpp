// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/widget_report.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QApplication>
#include <QComboBox>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMessageBox>
#include <QSaveFile>
#include <QSpinBox>
#include <QStatusBar>
#include <QTabBar>
#include <QTextEdit>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kMostItems = 60;

void addPlace(QJsonObject& object, const QWidget& widget, const QRect& rect) {
  const double ratio = widget.devicePixelRatioF();
  const QPoint corner = widget.mapToGlobal(rect.topLeft());
  object[u"x"_s] = corner.x() * ratio;
  object[u"y"_s] = corner.y() * ratio;
  object[u"width"_s] = rect.width() * ratio;
  object[u"height"_s] = rect.height() * ratio;
}

QString textOf(const QWidget* widget) {
  if (const auto* label = qobject_cast<const QLabel*>(widget)) return label->text();
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) return button->text();
  if (const auto* edit = qobject_cast<const QLineEdit*>(widget)) return edit->text();
  if (const auto* combo = qobject_cast<const QComboBox*>(widget)) return combo->currentText();
  if (const auto* spin = qobject_cast<const QAbstractSpinBox*>(widget)) return spin->text();
  if (const auto* text = qobject_cast<const QTextEdit*>(widget)) return text->toPlainText();
  if (const auto* box = qobject_cast<const QMessageBox*>(widget)) return box->text();
  return widget->isWindow() ? widget->windowTitle() : QString();
}

QJsonArray itemsOf(const QWidget* widget) {
  QJsonArray items;
  if (const auto* view = qobject_cast<const QAbstractItemView*>(widget); view && view->model()) {
    const QRect seen = view->viewport()->rect();
    for (int row = 0; row < view->model()->rowCount(view->rootIndex()); ++row) {
      const QModelIndex index = view->model()->index(row, 0, view->rootIndex());
      const QRect rect = view->visualRect(index);
      if (items.size() == kMostItems || rect.top() > seen.bottom()) break;
      if (!rect.isValid() || !seen.intersects(rect)) continue;
      QJsonObject item{{u"text"_s, index.data().toString()},
                       {u"checked"_s, index.data(Qt::CheckStateRole).toInt() == Qt::Checked}};
      addPlace(item, *view->viewport(), rect & seen);
      items << item;
    }
  } else if (const auto* tabs = qobject_cast<const QTabBar*>(widget)) {
    for (int i = 0; i < tabs->count(); ++i) {
      QJsonObject item{{u"text"_s, tabs->tabText(i)}};
      addPlace(item, *tabs, tabs->tabRect(i));
      items << item;
    }
  } else if (const auto* menu = qobject_cast<const QMenu*>(widget)) {
    for (QAction* action : menu->actions()) {
      QJsonObject item{{u"text"_s, action->text()}, {u"enabled"_s, action->isEnabled()}};
      addPlace(item, *menu, menu->actionGeometry(action));
      items << item;
    }
  }
  return items;
}

QByteArray report(MainWindow& window) {
  QJsonArray widgets;
  for (const QWidget* widget : QApplication::allWidgets()) {
    if (!widget->isVisible() || (widget->objectName().isEmpty() && !widget->isWindow())) continue;
    const QRect seen = widget->visibleRegion().boundingRect();
    if (seen.isEmpty()) continue;
    QJsonObject object{{u"name"_s, widget->objectName()},
                       {u"class"_s, QString::fromLatin1(widget->metaObject()->className())},
                       {u"text"_s, textOf(widget)},
                       {u"window"_s, widget->window()->objectName()},
                       {u"enabled"_s, widget->isEnabled()},
                       {u"focus"_s, widget->hasFocus()}};
    if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) {
      object[u"checked"_s] = button->isChecked();
    }
    addPlace(object, *widget, seen);
    if (const QJsonArray items = itemsOf(widget); !items.isEmpty()) object[u"items"_s] = items;
    widgets << object;
  }
  const QJsonObject all{{u"settled"_s, window.settled()},
                        {u"points"_s, static_cast<int>(window.plot().points().size())},
                        {u"status"_s, window.statusBar()->currentMessage()},
                        {u"widgets"_s, widgets}};
  return QJsonDocument(all).toJson(QJsonDocument::Compact);
}

}  // namespace

void reportWidgets(MainWindow& window, const QString& file) {
  auto* timer = new QTimer(&window);
  QObject::connect(timer, &QTimer::timeout, &window, [&window, file] {
    QSaveFile target(file);
    if (target.open(QIODevice::WriteOnly)) {
      target.write(report(window));
      target.commit();
    }
  });
  timer->start(250);
}

}  // namespace bitfrontier

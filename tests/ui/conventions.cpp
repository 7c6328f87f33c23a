// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/conventions.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSlider>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QDockWidget>
#include <QFileDialog>
#include <QFormLayout>
#include <QHash>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPushButton>
#include <QRadioButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabBar>
#include <QTest>
#include <QTextEdit>
#include <QTimer>
#include <QToolBar>
#include <QToolButton>

#include "tests/ui/contrast.h"
#include "tests/ui/registry.h"

using namespace Qt::StringLiterals;

namespace bitfrontier::testing {
namespace {

/// Made by Qt inside a control of ours.
bool inner(const QWidget* widget) {
  const QString name = widget->objectName();
  if (name.startsWith(u"qt_"_s) || name.startsWith(u"ScrollLeft"_s) ||
      name.startsWith(u"ScrollRight"_s)) {
    return true;
  }
  for (const QWidget* w = widget->parentWidget(); w; w = w->parentWidget()) {
    if (qobject_cast<const QComboBox*>(w) || qobject_cast<const QAbstractSpinBox*>(w) ||
        qobject_cast<const QLineEdit*>(w) || qobject_cast<const QAbstractItemView*>(w) ||
        w->inherits("QKeySequenceEdit") || w->inherits("QFileDialog") ||
        w->inherits("QCalendarWidget")) {
      return true;
    }
    if (w->isWindow()) break;
  }
  return qobject_cast<const QHeaderView*>(widget) || qobject_cast<const QScrollBar*>(widget) ||
         widget->inherits("QToolBarExtension") || widget->inherits("QMdiControl");
}

bool operated(const QWidget* w) {
  return qobject_cast<const QAbstractButton*>(w) || qobject_cast<const QComboBox*>(w) ||
         qobject_cast<const QLineEdit*>(w) || qobject_cast<const QAbstractSpinBox*>(w) ||
         qobject_cast<const QAbstractItemView*>(w) || qobject_cast<const QAbstractSlider*>(w) ||
         qobject_cast<const QTextEdit*>(w) || qobject_cast<const QPlainTextEdit*>(w) ||
         qobject_cast<const QTabBar*>(w) || w->inherits("QCustomPlot") ||
         w->inherits("QKeySequenceEdit");
}

QString shownText(const QWidget* widget) {
  if (const auto* label = qobject_cast<const QLabel*>(widget)) return label->text();
  if (const auto* button = qobject_cast<const QAbstractButton*>(widget)) return button->text();
  return {};
}

/// Colours of a widget's picture, most frequent first.
std::vector<std::pair<QRgb, int>> colours(const QImage& image) {
  QHash<QRgb, int> counts;
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) ++counts[image.pixel(x, y)];
  }
  std::vector<std::pair<QRgb, int>> list(counts.keyValueBegin(), counts.keyValueEnd());
  std::sort(list.begin(), list.end(), [](auto a, auto b) { return a.second > b.second; });
  return list;
}

double bestContrast(const QImage& image) {
  const auto list = colours(image);
  if (list.empty()) return 21;
  double best = 1;
  for (const auto& [colour, count] : list) {
    best = std::max(best, contrast(QColor(colour), QColor(list.front().first)));
  }
  return best;
}

}  // namespace

QString widgetPath(const QWidget* widget) {
  QStringList parts;
  for (const QWidget* w = widget; w; w = w->parentWidget()) {
    parts.prepend(w->objectName().isEmpty() ? QString::fromLatin1(w->metaObject()->className())
                                            : w->objectName());
    if (w->isWindow()) break;
  }
  QString path = parts.join(u'/');
  const QString text = shownText(widget);
  if (!text.isEmpty()) path += u" \"%1\""_s.arg(text.left(60));
  return path;
}

QList<QWidget*> controls(const QWidget& window) {
  QList<QWidget*> list;
  for (QWidget* widget : window.findChildren<QWidget*>()) {
    if (widget->window() == &window && operated(widget) && !inner(widget)) list << widget;
  }
  return list;
}

QStringList namelessControls(const QWidget& window) {
  QStringList faults;
  for (QWidget* widget : controls(window)) {
    QAccessibleInterface* spoken = QAccessible::queryAccessibleInterface(widget);
    const bool tabs = qobject_cast<QTabBar*>(widget);  // each tab has its own name
    if (!tabs && (!spoken || spoken->text(QAccessible::Name).trimmed().isEmpty())) {
      faults << u"no accessible name: "_s + widgetPath(widget);
    }
    const bool made = qobject_cast<QToolBar*>(widget->parentWidget()) || tabs ||  // of actions
                      widget->parentWidget()->objectName().startsWith(u"qt_msgbox"_s);
    if (!made && widget->objectName().isEmpty()) {
      faults << u"no object name: "_s + widgetPath(widget);
    }
    const auto* button = qobject_cast<QAbstractButton*>(widget);
    const bool said = button && !button->text().isEmpty() &&
                      (button->text().size() > 1 || button->text()[0].isLetterOrNumber());
    if (button && !said && button->toolTip().isEmpty()) {
      faults << u"a button without text and tip: "_s + widgetPath(widget);
    }
  }
  return faults;
}

QStringList labelsWithoutBuddy(const QWidget& window) {
  QStringList faults;
  for (const QLabel* label : window.findChildren<QLabel*>()) {
    if (label->window() != &window || label->buddy()) continue;
    QString text = label->text();
    text.remove(u"&&"_s);
    static const QRegularExpression mnemonic(u"&[^ ;]"_s);
    if (label->textFormat() != Qt::RichText && !Qt::mightBeRichText(text) &&
        label->textFormat() != Qt::PlainText && text.contains(mnemonic)) {
      faults << widgetPath(label);
    }
  }
  for (const QFormLayout* form : window.findChildren<QFormLayout*>()) {
    for (int row = 0; row < form->rowCount(); ++row) {
      const QLayoutItem* item = form->itemAt(row, QFormLayout::LabelRole);
      const QLayoutItem* field = form->itemAt(row, QFormLayout::FieldRole);
      const auto* label = item ? qobject_cast<QLabel*>(item->widget()) : nullptr;
      if (label && field && field->widget() && operated(field->widget()) && !label->buddy()) {
        faults << widgetPath(label);
      }
    }
  }
  faults.removeDuplicates();
  return faults;
}

QStringList clippedTexts(const QWidget& window) {
  QStringList faults;
  for (const QWidget* widget : window.findChildren<QWidget*>()) {
    if (widget->window() != &window || !widget->isVisible() || inner(widget)) continue;
    if (widget->visibleRegion().isEmpty()) continue;  // scrolled away
    const auto* label = qobject_cast<const QLabel*>(widget);
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    const auto* combo = qobject_cast<const QComboBox*>(widget);
    if (!(label && label->pixmap().isNull() && !label->text().isEmpty()) && !button && !combo) {
      continue;
    }
    if (label && label->toolTip() == label->text()) continue;  // said in full there
    if (label && label->wordWrap()) {
      const int needed = label->heightForWidth(label->width());
      if (needed > label->height() + 1) {
        faults << u"%1 needs a height of %2, has %3"_s.arg(widgetPath(widget))
                      .arg(needed)
                      .arg(label->height());
      }
      continue;
    }
    const QSize hint = combo ? combo->minimumSizeHint() : widget->sizeHint();
    if (hint.width() > widget->width() + 1 || hint.height() > widget->height() + 1) {
      faults << u"%1 needs %2 x %3, has %4 x %5"_s.arg(widgetPath(widget))
                    .arg(hint.width())
                    .arg(hint.height())
                    .arg(widget->width())
                    .arg(widget->height());
    }
  }
  return faults;
}

QStringList overlaps(const QWidget& window) {
  // A text that has just come moves its neighbours at the next turn of the event loop.
  QCoreApplication::sendPostedEvents(nullptr, QEvent::LayoutRequest);
  QStringList faults;
  for (const QLayout* layout : window.findChildren<QLayout*>()) {
    const QWidget* parent = layout->parentWidget();
    if (!parent || parent->window() != &window || !parent->isVisible()) continue;
    if (layout->inherits("QStackedLayout") || layout->inherits("QMainWindowLayout") ||
        layout->inherits("QDockWidgetLayout") || layout->inherits("QToolBarLayout")) {
      continue;
    }
    QList<QWidget*> widgets;
    for (int i = 0; i < layout->count(); ++i) {
      QWidget* w = layout->itemAt(i)->widget();
      if (w && w->isVisible()) widgets << w;
    }
    for (qsizetype i = 0; i < widgets.size(); ++i) {
      if (!parent->rect().contains(widgets[i]->geometry())) {
        faults << widgetPath(widgets[i]) + u" leaves its parent"_s;
      }
      for (qsizetype j = 0; j < i; ++j) {
        if (widgets[i]->geometry().intersects(widgets[j]->geometry())) {
          faults << widgetPath(widgets[i]) + u" lies on "_s + widgetPath(widgets[j]);
        }
      }
    }
  }
  return faults;
}

QStringList faintTexts(const QWidget& window) {
  QStringList faults;
  const QImage whole = const_cast<QWidget&>(window).grab().toImage();
  const double ratio = whole.devicePixelRatio();
  for (const QWidget* widget : window.findChildren<QWidget*>()) {
    if (widget->window() != &window || !widget->isVisible() || !widget->isEnabled()) continue;
    const auto* label = qobject_cast<const QLabel*>(widget);
    const auto* button = qobject_cast<const QAbstractButton*>(widget);
    const auto* edit = qobject_cast<const QLineEdit*>(widget);
    const bool text = (label && !label->text().isEmpty() && label->pixmap().isNull()) ||
                      (button && !button->text().isEmpty()) ||
                      (edit && !(edit->text() + edit->placeholderText()).isEmpty());
    const bool mark = button && button->text().isEmpty() && !button->icon().isNull();
    if (!text && !mark) continue;
    if (inner(widget) && !edit) continue;
    const QRect seen = widget->visibleRegion().boundingRect();
    if (seen.width() < 8 || seen.height() < 8) continue;
    const QRect place(widget->mapTo(&window, seen.topLeft()), seen.size());
    const QImage part = whole.copy(QRect(place.topLeft() * ratio, place.size() * ratio));
    const double best = bestContrast(part);
    if (best < (text ? 4.5 : 3.0)) {
      faults << u"%1: contrast %2"_s.arg(widgetPath(widget)).arg(best, 0, 'f', 2);
    }
  }
  return faults;
}

QList<QWidget*> tabStops(const QWidget& window) {
  const auto takesTab = [&](const QWidget* w) {
    if (w->window() != &window || !(w->focusPolicy() & Qt::TabFocus) || !w->isVisible() ||
        !w->isEnabled() || w->focusProxy()) {
      return false;
    }
    if (const auto* radio = qobject_cast<const QRadioButton*>(w)) return radio->isChecked();
    return !(inner(w) && !qobject_cast<const QAbstractItemView*>(w));
  };
  QList<QWidget*> stops;
  for (QWidget* w : window.findChildren<QWidget*>()) {
    if (takesTab(w)) stops << w;
  }
  return stops;
}

QStringList unseenFocus(QWidget& window) {
  constexpr int kLeastPixels = 40;
  constexpr double kLeastContrast = 3;
  window.activateWindow();
  if (!QTest::qWaitForWindowActive(&window)) return {u"not active: "_s + widgetPath(&window)};
  QStringList faults;
  for (QWidget* w : tabStops(window)) {
    const auto picture = [&] {
      const QRect seen = w->visibleRegion().boundingRect().adjusted(-3, -3, 3, 3);
      return window.grab(seen.translated(w->mapTo(&window, QPoint()))).toImage();
    };
    if (w->visibleRegion().isEmpty()) continue;  // scrolled away, and moved into view by Qt
    if (QWidget* focus = QApplication::focusWidget()) focus->clearFocus();
    const QImage before = picture();
    w->setFocus(Qt::TabFocusReason);
    const QImage after = picture();
    int changed = 0;
    for (int y = 0; y < std::min(before.height(), after.height()); ++y) {
      for (int x = 0; x < std::min(before.width(), after.width()); ++x) {
        const QRgb a = before.pixel(x, y), b = after.pixel(x, y);
        changed += a != b && contrast(QColor(a), QColor(b)) >= kLeastContrast;
      }
    }
    if (changed < kLeastPixels) {
      faults << u"%1: focus changes %2 pixels"_s.arg(widgetPath(w)).arg(changed);
    }
  }
  return faults;
}

QStringList unreachedByTab(QWidget& window) {
  window.activateWindow();
  if (!QTest::qWaitForWindowActive(&window)) return {u"not active: "_s + widgetPath(&window)};
  const QList<QWidget*> wanted = tabStops(window);
  if (wanted.isEmpty()) return {};
  if (!window.focusWidget()) wanted.first()->setFocus(Qt::TabFocusReason);
  QSet<const QWidget*> reached;
  QStringList faults;
  int still = 0;
  for (int step = 0; step < 40 + 4 * wanted.size(); ++step) {
    QWidget* before = QApplication::focusWidget();
    if (!before) break;
    reached << before;
    QTest::keyClick(before, Qt::Key_Tab);
    // A text with links goes through them first.
    still = QApplication::focusWidget() == before ? still + 1 : 0;
    if (still > 60) {
      faults << u"Tab stays in "_s + widgetPath(before);
      break;
    }
  }
  for (const QWidget* w : wanted) {
    if (!reached.contains(w)) faults << u"Tab does not reach "_s + widgetPath(w);
  }
  return faults;
}

QList<QAction*> peoplesActions(const QObject& root) {
  QList<QAction*> list;
  for (QAction* action : root.findChildren<QAction*>()) {
    if (action->isSeparator() || action->menu()) continue;
    // The clear button of a field and what Qt makes inside a dock or dialog.
    const QString name = action->objectName();
    if (name.startsWith(u"_q_"_s) || name.startsWith(u"qt_"_s)) continue;
    bool ofDialog = false;
    for (const QObject* o = action->parent(); o && o != &root; o = o->parent()) {
      ofDialog = ofDialog || o->inherits("QFileDialog") || o->inherits("QLineEdit");
    }
    if (!ofDialog) list << action;
  }
  return list;
}

std::unique_ptr<MainWindow> shownWindow(QSize size, const QString& store) {
  auto window = std::make_unique<MainWindow>();
  window->resize(size);
  window->show();
  window->openStore(temporaryFile(store).toStdString(), StoreSession::Open::WithPublished);
  const bool ready = QTest::qWaitFor([&] { return window->settled(); }, kPatience);
  for (int i = 0; i < 3; ++i) QCoreApplication::processEvents();  // layouts in layouts
  return ready ? std::move(window) : nullptr;
}

/// Dialogs of Qt, which are as they are.
static bool ofQt(const QDialog& dialog) {
  return dialog.inherits("QFileDialog") || dialog.inherits("QPrintPreviewDialog") ||
         dialog.inherits("QAbstractPrintDialog");
}

QStringList forEveryDialog(MainWindow& window, const std::function<void(QDialog&)>& look) {
  QStringList names;
  const auto lookAtOpen = [&] {
    const QWidgetList tops = QApplication::topLevelWidgets();
    // Lists that drop down are windows, too, and go with their dialog.
    for (const QPointer<QWidget>& top : QList<QPointer<QWidget>>(tops.begin(), tops.end())) {
      auto* dialog = qobject_cast<QDialog*>(top.data());
      if (!dialog || !dialog->isVisible()) continue;
      if (!ofQt(*dialog)) {
        names << dialog->objectName();
        look(*dialog);
      }
      dialog->close();
      QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
  };
  for (QAction* action : peoplesActions(window)) {
    const bool says = action->objectName() == u"manual"_s || action->objectName() == u"help"_s ||
                      action->objectName() == u"whatsNew"_s || action->objectName() == u"about"_s;
    if (!action->isEnabled() || (!action->text().contains(u'…') && !says)) continue;
    QTimer modal;  // for those that wait until they are closed
    QObject::connect(&modal, &QTimer::timeout, &window, [&] {
      if (QApplication::activeModalWidget() &&
          QApplication::activeModalWidget()->inherits("QFileDialog")) {
        QApplication::activeModalWidget()->close();
      }
    });
    modal.start(50);
    action->trigger();
    QCoreApplication::processEvents();
    lookAtOpen();
  }
  return names;
}

}  // namespace bitfrontier::testing

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/desktop_tools.h"

#include <QClipboard>
#include <QDockWidget>
#include <QFile>
#include <QGuiApplication>
#include <QLineEdit>
#include <QMenu>
#include <QMenuBar>
#include <QPointer>
#include <QStatusBar>
#include <set>

#include "core/base/error.h"
#include "core/base/resources.h"
#include "core/device/device.h"
#include "core/engine/engine.h"
#include "ui/base/text.h"
#include "ui/help/diagnostics.h"
#include "ui/help/manual_window.h"
#include "ui/help/text_window.h"
#include "ui/window/main_window.h"

using namespace Qt::StringLiterals;

// Outside any namespace, as Qt asks for resources of a static library.
static void initHelp() { Q_INIT_RESOURCE(help); }

namespace bitfrontier {
namespace {

QKeySequence keys(const char* text) {
  return QKeySequence(QString::fromLatin1(text), QKeySequence::PortableText);
}

/// A value of the filter box, in quotes where it has letters that mean something there.
QString filterValue(const std::string& value) {
  const QString text = Text::from(value);
  for (const QChar c : text) {
    if (!c.isLetterOrNumber() && c != u'-' && c != u'_' && c != u'.') return u'"' + text + u'"';
  }
  return text;
}

/// The first widget inside that takes the focus by Tab, or the widget itself.
QWidget* focusTarget(QWidget* pane) {
  if (pane->focusPolicy() & Qt::TabFocus) return pane;
  for (QWidget* child : pane->findChildren<QWidget*>()) {
    if ((child->focusPolicy() & Qt::TabFocus) && child->isVisible() && child->isEnabled() &&
        !child->visibleRegion().isEmpty()) {
      return child;
    }
  }
  return nullptr;
}

}  // namespace

DesktopTools::DesktopTools(MainWindow* window) : QObject(window), window_(window) {
  initHelp();
  setObjectName(u"desktopTools"_s);
  makeActions();
  addGoTo();
  // Once all parts of the window have made theirs.
  QMetaObject::invokeMethod(
      this, [this] { shortcuts().apply(Preferences().shortcuts()); }, Qt::QueuedConnection);
}

DesktopTools::~DesktopTools() = default;

Shortcuts& DesktopTools::shortcuts() {
  if (!shortcuts_) {
    QList<QAction*> actions;
    for (QAction* action : window_->actions().all()) {
      if (!action->objectName().startsWith(u"recent:"_s)) actions << action;
    }
    shortcuts_ = std::make_unique<Shortcuts>(actions);
  }
  return *shortcuts_;
}

void DesktopTools::makeActions() {
  Actions& a = window_->actions();
  const auto menu = [this](const QString& name) { return window_->findChild<QMenu*>(name); };
  const auto add = [this](QMenu* to, QAction* action, auto call) {
    to->addAction(action);
    connect(action, &QAction::triggered, this, call);
  };
  QMenu* edit = menu(u"editMenu"_s);
  edit->addSeparator();
  add(edit,
      a.make("palette", "filter", tr("Find a comman&d…"),
             tr("Finds commands, models, families and fields by some of their letters"),
             keys("Ctrl+Shift+P")),
      [this] { showPalette(); });
  // Empty on some platforms, so not QKeySequence::Preferences.
  add(edit,
      a.make("preferences", "preferences", tr("Prefere&nces…"),
             tr("Appearance, folders, device, privacy and shortcuts"), keys("Ctrl+,")),
      [this] { showPreferences(PreferencesDialog::Page::Appearance); });

  QMenu* help = menu(u"helpMenu"_s);
  QAction* first = help->actions().first();
  QAction* manual =
      a.make("manual", "help", tr("&Manual"), tr("The manual, which needs no network"), keys("F1"));
  QAction* editor = a.make("shortcuts", "preferences", tr("Keyboard &shortcuts…"),
                           tr("Shows all shortcuts and changes them"), keys("Ctrl+?"));
  help->insertAction(first, manual);
  help->insertAction(first, editor);
  connect(manual, &QAction::triggered, this, [this] { showManual(); });
  connect(editor, &QAction::triggered, this,
          [this] { showPreferences(PreferencesDialog::Page::Shortcuts); });
  QAction* news = a.make("whatsNew", "about", tr("&What's new"),
                         tr("What has changed from version to version"));
  QAction* copy =
      a.make("copyDiagnostics", "copy", tr("Copy &diagnostics"),
             tr("Copies versions, devices and the last messages for a report; nothing is sent"));
  help->insertAction(a.about, news);
  help->insertAction(a.about, copy);
  connect(news, &QAction::triggered, this, [this] { showNews(); });
  connect(copy, &QAction::triggered, this, [this] { copyDiagnostics(); });
}

void DesktopTools::addGoTo() {
  Actions& a = window_->actions();
  QMenu* view = window_->findChild<QMenu*>(u"viewMenu"_s);
  auto* menu = new QMenu(tr("&Go to"), view);
  menu->setObjectName(u"goToMenu"_s);
  QAction* before = a.resetLayout;
  view->insertMenu(before, menu);
  QAction* next = a.make("nextPane", "panel", tr("&Next pane"),
                         tr("Puts the focus into the next panel"), keys("F6"));
  QAction* previous = a.make("previousPane", "panel", tr("&Previous pane"),
                             tr("Puts the focus into the panel before"), keys("Shift+F6"));
  menu->addActions({next, previous});
  menu->addSeparator();
  connect(next, &QAction::triggered, this, [this] { cyclePanes(1); });
  connect(previous, &QAction::triggered, this, [this] { cyclePanes(-1); });
  int number = 1;
  for (QDockWidget* dock : window_->findChildren<QDockWidget*>()) {
    const QString name = u"goTo_"_s + dock->objectName();
    const QKeySequence key = number <= 9 ? QKeySequence(u"Alt+%1"_s.arg(number)) : QKeySequence();
    const QString text = tr("Go to %1").arg(dock->windowTitle());
    QAction* go =
        a.make(name.toLatin1().constData(), "panel", text,
               tr("Shows the panel “%1” and puts the focus into it").arg(dock->windowTitle()), key);
    menu->addAction(go);
    connect(go, &QAction::triggered, this, [this, dock] { goTo(dock); });
    ++number;
  }
}

void DesktopTools::goTo(QDockWidget* dock) {
  dock->show();
  dock->raise();
  if (QWidget* target = focusTarget(dock->widget())) target->setFocus(Qt::ShortcutFocusReason);
}

QList<QWidget*> DesktopTools::panes() const {
  QList<QWidget*> list{&window_->plot()};
  if (QWidget* bar = window_->findChild<QLineEdit*>(u"filterEdit"_s)) list << bar;
  for (QDockWidget* dock : window_->findChildren<QDockWidget*>()) {
    // Of docks that share a place only the one in front is seen.
    if (dock->isVisible() && !dock->visibleRegion().isEmpty() && focusTarget(dock->widget())) {
      list << dock->widget();
    }
  }
  return list;
}

void DesktopTools::cyclePanes(int step) {
  const QList<QWidget*> list = panes();
  qsizetype at = -1;
  for (qsizetype i = 0; i < list.size(); ++i) {
    const QWidget* focus = window_->focusWidget();
    if (focus && (list[i] == focus || list[i]->isAncestorOf(focus))) at = i;
  }
  const qsizetype next = at < 0 ? 0 : (at + step + list.size()) % list.size();
  if (QWidget* target = focusTarget(list[next])) target->setFocus(Qt::ShortcutFocusReason);
}

void DesktopTools::addActions(QList<PaletteEntry>& list) const {
  std::set<const QAction*> seen;
  const std::function<void(const QMenu*, const QString&)> walk = [&](const QMenu* menu,
                                                                     const QString& kind) {
    for (QAction* action : menu->actions()) {
      if (action->menu()) {
        walk(action->menu(), kind + u" › "_s + plainText(*action));
      } else if (!action->isSeparator() && action->isVisible() && seen.insert(action).second) {
        PaletteEntry entry;
        entry.title = plainText(*action);
        entry.kind = kind;
        entry.keys = action->shortcut().toString(QKeySequence::NativeText);
        entry.tip = action->statusTip();
        if (!action->isEnabled()) entry.whyNot = action->statusTip();
        entry.run = [pointer = QPointer<QAction>(action)] {
          if (pointer) pointer->trigger();
        };
        list << entry;
      }
    }
  };
  for (const QAction* top : window_->menuBar()->actions()) {
    if (top->menu()) walk(top->menu(), plainText(*top));
  }
}

void DesktopTools::filterBy(const QString& term) {
  ViewOptions options = window_->view().options();
  options.filter = term.toStdString();
  window_->view().setOptions(options);
}

void DesktopTools::addStoreContent(QList<PaletteEntry>& list) const {
  const SnapshotPtr& snapshot = window_->session().snapshot();
  std::set<std::string> families, models, tasks;
  if (snapshot && snapshot->points) {
    for (const LawPoint& p : *snapshot->points) {
      families.insert(p.family);
      models.insert(p.model);
    }
  }
  if (snapshot && snapshot->runs) {
    for (const auto& run : *snapshot->runs) tasks.insert(run.result.task);
  }
  const auto add = [&](const std::set<std::string>& names, const QString& kind,
                       const QString& field, const QString& tip) {
    for (const std::string& name : names) {
      if (name.empty()) continue;
      const QString term = field + u':' + filterValue(name);
      list << PaletteEntry{Text::from(name),
                           kind,
                           {},
                           tip.arg(term),
                           {},
                           [this, term] {
                             const_cast<DesktopTools*>(this)->filterBy(term); }};
    }
  };
  for (const SavedView& view : window_->keeper().savedViews().views()) {
    const QString name = view.name;
    list << PaletteEntry{name, tr("View"),
                         {},   tr("Shows the saved view “%1”").arg(name),
                         {},   [window = window_, name] { window->keeper().show(name); }};
  }
  add(families, tr("Family"), u"family"_s, tr("Shows only this family: %1"));
  add(models, tr("Model"), u"model"_s, tr("Shows only this model: %1"));
  add(tasks, tr("Task"), u"task"_s, tr("Makes each point the mean over this task: %1"));
  for (const QString& field : {u"model"_s, u"family"_s, u"type"_s, u"config"_s, u"method"_s,
                               u"source"_s, u"task"_s, u"status"_s, u"bits"_s, u"block"_s,
                               u"params"_s, u"acc"_s, u"ce"_s, u"size"_s, u"items"_s}) {
    list << PaletteEntry{field,
                         tr("Field"),
                         {},
                         tr("Begins a term of the filter: %1").arg(field + u':'),
                         {},
                         [this, field] {
                           auto* edit = window_->findChild<QLineEdit*>(u"filterEdit"_s);
                           QString text = edit->text().trimmed();
                           if (!text.isEmpty()) text += u' ';
                           edit->setText(text + field + u':');
                           edit->setFocus(Qt::ShortcutFocusReason);
                         }};
  }
}

QList<PaletteEntry> DesktopTools::entries() const {
  QList<PaletteEntry> list;
  addActions(list);
  addStoreContent(list);
  return list;
}

void DesktopTools::showPalette() {
  auto* dialog = new CommandPalette(entries(), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->open();
}

void DesktopTools::showPreferences(PreferencesDialog::Page page) {
  auto* dialog = new PreferencesDialog(&shortcuts(), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->showPage(page);
  connect(dialog, &PreferencesDialog::themeChosen, window_, &MainWindow::showTheme);
  connect(dialog, &PreferencesDialog::recentForgotten, window_, &MainWindow::forgetRecent);
  dialog->open();
}

void DesktopTools::showManual(const QString& page) {
  auto* open = window_->findChild<ManualWindow*>();
  if (!open) {
    try {
      open = new ManualWindow(resourceDir() / "manual", window_);
    } catch (const Error& e) {
      window_->statusBar()->showMessage(Text::from(e.what()));
      return;
    }
    open->setAttribute(Qt::WA_DeleteOnClose);
  }
  if (!page.isEmpty()) open->showPage(page);
  open->show();
  open->raise();
  open->activateWindow();
}

void DesktopTools::showNews() {
  QFile file(u":/help/CHANGELOG.md"_s);
  auto* dialog = new TextWindow(u"newsWindow"_s, tr("What's new"), {760, 560}, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  if (file.open(QIODevice::ReadOnly)) dialog->text().setMarkdown(QString::fromUtf8(file.readAll()));
  dialog->open();
}

void DesktopTools::showAbout() {
  QPointer<TextWindow> dialog =
      new TextWindow(u"aboutWindow"_s, tr("About Bitfrontier"), {560, 420}, window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->text().setHtml(aboutText({}));
  devices_.start([](std::stop_token) { return engine().listDevices(); },
                 [dialog](const std::vector<Device>& devices) {
                   if (dialog) dialog->text().setHtml(aboutText(devices));
                 });
  dialog->open();
}

void DesktopTools::copyDiagnostics() {
  const auto copy = [this](const std::vector<Device>& devices, const QString& trouble) {
    QString text = diagnosticsText(window_->session().snapshot().get(), devices);
    if (!trouble.isEmpty()) text += trouble + u'\n';
    QGuiApplication::clipboard()->setText(text);
    window_->statusBar()->showMessage(tr("The diagnostics are on the clipboard"), 5000);
  };
  devices_.start([](std::stop_token) { return engine().listDevices(); },
                 [copy](const std::vector<Device>& devices) { copy(devices, {}); },
                 [copy](const QString& sentence) { copy({}, sentence); });
}

}  // namespace bitfrontier

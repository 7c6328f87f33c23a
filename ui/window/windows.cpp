// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/windows.h"

#include <algorithm>
#include <QApplication>
#include <QFile>
#include <QSaveFile>
#include <QSessionManager>
#include <QThread>
#include <system_error>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kSaveEveryMs = 2000;

void write(const std::filesystem::path& file, const Session& session) {
  const std::string text = sessionText(session);
  QSaveFile save(QString::fromStdString(file.string()));
  const auto size = static_cast<qint64>(text.size());
  // Unbuffered: commit() of Qt 6.4 does not see that the rest of a buffer could not be written.
  if (!save.open(QIODevice::WriteOnly | QIODevice::Unbuffered) ||
      save.write(text.data(), size) != size || !save.commit()) {
    throw Error(ErrorKind::Io, file.string() + ": cannot be written: " +
                                   save.errorString().toLower().toStdString());
  }
}

SessionWindow stateOf(const MainWindow& window) {
  return {window.viewState(), window.saveGeometry().toBase64().toStdString(),
          window.layout().toBase64().toStdString()};
}

QByteArray bytes(const std::string& base64) {
  return QByteArray::fromBase64(QByteArray::fromStdString(base64));
}

bool sameFile(const std::string& a, const std::filesystem::path& b) {
  std::error_code ignored;
  return !a.empty() && std::filesystem::equivalent(a, b, ignored);
}

}  // namespace

Windows::Windows(const std::filesystem::path& folder)
    : file_(folder / "session.json"),
      lock_(QString::fromStdString((folder / "session.lock").string())) {
  connect(
      qApp, &QGuiApplication::commitDataRequest, this,
      [this](QSessionManager& manager) {
        const bool ask = busy() && manager.allowsInteraction();
        const bool agreed = commit(ask);
        if (ask) manager.release();
        if (!agreed) manager.cancel();
      },
      Qt::DirectConnection);
  lock_.setStaleLockTime(0);  // only the death of its process makes it stale
  keeps_ = lock_.tryLock(0);
  std::error_code ignored;
  if (!keeps_ || !std::filesystem::exists(file_, ignored)) return;
  try {
    QFile in(QString::fromStdString(file_.string()));
    if (!in.open(QIODevice::ReadOnly)) {
      throw Error(ErrorKind::Io, file_.string() + ": " + in.errorString().toStdString());
    }
    last_ = parseSession(in.readAll().toStdString(), file_.string());
    recovered_ = !last_.ended;
  } catch (const Error& e) {
    last_ = {};
    trouble_ = tr("The last session could not be read: %1").arg(Text::from(e.what()));
  }
}

Windows::~Windows() {
  timer_.stop();
  Session session = now();
  session.ended = true;
  for (const QPointer<MainWindow>& window : windows_) delete window.data();
  writing_.reset();  // waits
  try {
    if (keeps_) write(file_, session);
  } catch (const Error&) {  // the next start shows what was written before
  }
}

MainWindow& Windows::make() {
  auto* window = new MainWindow;
  window->setAttribute(Qt::WA_DeleteOnClose);
  windows_.emplace_back(window);
  connect(window, &MainWindow::closing, this, [this, window] { closed(window); });
  connect(window, &MainWindow::newWindowWanted, this,
          [this](const std::filesystem::path& store) { open(store); });
  connect(window->actions().quit, &QAction::triggered, this, &Windows::quit);
  return *window;
}

MainWindow& Windows::open(const std::filesystem::path& store) {
  MainWindow& window = make();
  window.show();
  window.openStore(store);
  return window;
}

void Windows::start(const std::filesystem::path& store,
                    const std::function<std::filesystem::path()>& defaultStore) {
  std::vector<SessionWindow> wanted = std::exchange(last_.windows, {});
  if (!store.empty()) {
    std::erase_if(wanted, [&](const SessionWindow& w) { return !sameFile(w.view.store, store); });
    wanted.resize(1);
    wanted.front().view.store = std::filesystem::absolute(store).string();
  } else {
    std::erase_if(wanted, [](const SessionWindow& w) { return w.view.store.empty(); });
  }
  if (wanted.empty()) {
    open(defaultStore());
  }
  for (const SessionWindow& w : wanted) show(make(), w, defaultStore);
  if (recovered_ && !wanted.empty() && windows_.front()) {
    windows_.front()->notice().say(
        tr("Bitfrontier did not end by itself the last time. This is what you saw then."), 0,
        tr("Start fresh"), [this] { startFresh(); });
  } else if (!trouble_.isEmpty() && windows_.front()) {
    windows_.front()->notice().say(trouble_, 0);
  }
  connect(&timer_, &QTimer::timeout, this, &Windows::save);
  timer_.start(kSaveEveryMs);
}

void Windows::show(MainWindow& window, const SessionWindow& wanted,
                   const std::function<std::filesystem::path()>& defaultStore) {
  window.restoreLayout(bytes(wanted.geometry), bytes(wanted.layout));
  window.show();
  std::error_code ignored;
  if (std::filesystem::exists(wanted.view.store, ignored)) {
    window.setViewState(wanted.view);
    return;
  }
  window.openStore(defaultStore());
  window.notice().say(tr("%1 is not there any more.").arg(Text::from(wanted.view.store)), 0);
}

/// As on the first start, of the same store.
void Windows::startFresh() {
  for (std::size_t i = 1; i < windows_.size(); ++i) {
    if (windows_[i]) windows_[i]->close();
  }
  if (windows_.empty() || !windows_.front()) return;
  MainWindow& window = *windows_.front();
  ViewState fresh;
  fresh.store = window.viewState().store;
  fresh.tables = window.viewState().tables;
  window.setViewState(fresh);
  window.actions().resetLayout->trigger();
}

Session Windows::now() const {
  Session session;
  for (const QPointer<MainWindow>& window : windows_) {
    if (window) session.windows.push_back(stateOf(*window));
  }
  session.windows.insert(session.windows.end(), closed_.begin(), closed_.end());
  return session;
}

void Windows::save() {
  if (!keeps_ || windows_.empty()) return;
  Session session = now();
  if (session == saved_ || writing_->busy()) return;
  writing_->start(
      [file = file_, session](std::stop_token) {
        write(file, session);
        return session;
      },
      [this](Session written) { saved_ = std::move(written); },
      [this](const QString& sentence) {
        if (std::exchange(trouble_, sentence) == sentence || !windows_.front()) return;
        windows_.front()->notice().say(sentence);
      });
}

void Windows::closed(MainWindow* window) {
  closed_.push_back(stateOf(*window));
  std::erase(windows_, window);
  QTimer::singleShot(0, this, [this] {
    if (!windows_.empty() && !quitting_) closed_.clear();
  });
}

bool Windows::busy() const {
  return std::any_of(windows_.begin(), windows_.end(),
                     [](const auto& window) { return window && window->queue().busy(); });
}

bool Windows::askToStop() {
  for (const QPointer<MainWindow>& window : windows_) {
    if (!window || !window->queue().busy()) continue;
    if (!window->askToStop()) return false;
    break;  // one answer for all
  }
  return true;
}

void Windows::closeAll() {
  quitting_ = true;
  timer_.stop();  // it would write that the session goes on
  commit(false);  // a machine that goes down may not wait for a long batch
  const std::vector<QPointer<MainWindow>> all = windows_;
  for (const QPointer<MainWindow>& window : all) {
    if (window) window->close();
  }
}

bool Windows::quit() {
  if (!askToStop()) return false;
  closeAll();
  return true;
}

void Windows::quitUnasked() {
  if (QWidget* dialog = QApplication::activeModalWidget()) dialog->close();
  if (QThread::currentThread()->loopLevel() > 1) {  // a dialog is still waiting for its answer
    constexpr int kAgainMs = 20;
    QTimer::singleShot(kAgainMs, this, &Windows::quitUnasked);
    return;
  }
  closeAll();
}

bool Windows::commit(bool ask) {
  if (ask && !askToStop()) return false;
  for (const QPointer<MainWindow>& window : windows_) {
    if (window) window->allowStop();
  }
  writing_ = std::make_unique<LatestTask>();
  Session session = now();
  session.ended = true;
  try {
    if (keeps_) write(file_, session);
  } catch (const Error&) {  // nobody is there to be told
  }
  return true;
}

}  // namespace bitfrontier

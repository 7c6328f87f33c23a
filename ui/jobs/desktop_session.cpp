// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/desktop_session.h"

#include <QDBusMessage>
#include <QDBusObjectPath>
#include <QDBusPendingCall>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QFileInfo>
#include <QVariantMap>

#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr uint kPortalSuspend = 4;  // org.freedesktop.portal.Inhibit, flag of suspending
const QString kPortal = u"org.freedesktop.portal.Desktop"_s;

/// Runs at most one thing at a time: running or stopping. A paused sweep lets the computer sleep.
bool works(const SweepQueue& queue) {
  for (int row = 0; row < queue.size(); ++row) {
    const SweepJob::State state = queue.job(row)->state();
    if (state == SweepJob::State::Running || state == SweepJob::State::Stopping) return true;
  }
  return false;
}

}  // namespace

DesktopSession::DesktopSession(SweepQueue* queue, std::function<bool()> unfocused, Bus session,
                               Bus system, QObject* parent)
    : QObject(parent),
      queue_(queue),
      unfocused_(std::move(unfocused)),
      session_(std::move(session)),
      system_(std::move(system)) {
  connect(queue, &SweepQueue::jobChanged, this, &DesktopSession::update);
  connect(queue, &SweepQueue::jobRemoved, this, &DesktopSession::update);
  connect(queue, &SweepQueue::jobEnded, this, [this](SweepJob* job) {
    if (unfocused_() && job->state() != SweepJob::State::Cancelled) notify(*job);
  });
}

DesktopSession::~DesktopSession() { release(); }

void DesktopSession::update() {
  const bool wanted = works(*queue_);
  if (wanted == inhibits_) return;
  if (wanted) {
    inhibit();
  } else {
    release();
  }
}

void DesktopSession::inhibit() {
  inhibits_ = true;
  const int mine = ++asked_;
  if (!system_().isConnected()) return inhibitByPortal();
  QDBusMessage call =
      QDBusMessage::createMethodCall(u"org.freedesktop.login1"_s, u"/org/freedesktop/login1"_s,
                                     u"org.freedesktop.login1.Manager"_s, u"Inhibit"_s);
  call << u"sleep:idle"_s << u"Bitfrontier"_s << tr("A sweep is running") << u"block"_s;
  auto* watcher = new QDBusPendingCallWatcher(system_().asyncCall(call), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, mine] {
    watcher->deleteLater();
    const QDBusPendingReply<QDBusUnixFileDescriptor> reply = *watcher;
    if (mine != asked_) return;  // closed with the reply
    if (reply.isError()) return inhibitByPortal();
    logind_ = reply.value();
  });
}

void DesktopSession::inhibitByPortal() {
  if (!session_().isConnected()) return;
  const int mine = asked_;
  QDBusMessage call =
      QDBusMessage::createMethodCall(kPortal, u"/org/freedesktop/portal/desktop"_s,
                                     u"org.freedesktop.portal.Inhibit"_s, u"Inhibit"_s);
  call << QString() << kPortalSuspend << QVariantMap{{u"reason"_s, tr("A sweep is running")}};
  auto* watcher = new QDBusPendingCallWatcher(session_().asyncCall(call), this);
  connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, watcher, mine] {
    watcher->deleteLater();
    const QDBusPendingReply<QDBusObjectPath> reply = *watcher;
    if (reply.isError()) return;
    portal_ = reply.value().path();
    if (mine != asked_) release();
  });
}

void DesktopSession::release() {
  inhibits_ = false;
  ++asked_;
  logind_ = QDBusUnixFileDescriptor();
  if (portal_.isEmpty()) return;
  session_().asyncCall(QDBusMessage::createMethodCall(
      kPortal, portal_, u"org.freedesktop.portal.Request"_s, u"Close"_s));
  portal_.clear();
}

void DesktopSession::notify(const SweepJob& job) {
  if (!session_().isConnected()) return;
  const bool failed = job.state() == SweepJob::State::Failed;
  const std::size_t failures = job.progress().cellsFailed;
  const QString title =
      failed ? tr("A sweep failed")
      : failures > 0
          ? tr("A sweep ended, %1 failed").arg(Text::amount(failures, tr("cell"), tr("cells")))
          : tr("A sweep is done");
  QString body =
      job.title() + u'\n' + QFileInfo(QString::fromStdString(job.store().string())).fileName();
  if (failed && !job.errors().empty()) body += u'\n' + job.errors().back();
  QDBusMessage call = QDBusMessage::createMethodCall(
      u"org.freedesktop.Notifications"_s, u"/org/freedesktop/Notifications"_s,
      u"org.freedesktop.Notifications"_s, u"Notify"_s);
  call << u"Bitfrontier"_s << uint(0) << u"io.github.bitfrontier.Bitfrontier"_s << title
       << body.toHtmlEscaped() << QStringList()
       << QVariantMap{{u"desktop-entry"_s, u"io.github.bitfrontier.Bitfrontier"_s}} << -1;
  session_().asyncCall(call);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QDBusConnection>
#include <QDBusUnixFileDescriptor>
#include <QObject>
#include <QString>

#include "ui/jobs/sweep_queue.h"

namespace bitfrontier {

/// Tells the desktop about sweeps over D-Bus: one notification when a sweep ends while the window
/// has not the focus, and no sleep while one runs (logind, else the desktop portal). Without a bus
/// or service it does nothing and says nothing.
class DesktopSession : public QObject {
  Q_OBJECT

 public:
  using Bus = std::function<QDBusConnection()>;

  /// `unfocused`: whether the user looks elsewhere. Buses are connected to when a sweep begins.
  DesktopSession(SweepQueue* queue, std::function<bool()> unfocused,
                 Bus session = QDBusConnection::sessionBus, Bus system = QDBusConnection::systemBus,
                 QObject* parent = nullptr);
  ~DesktopSession() override;

  bool inhibits() const { return inhibits_; }

 private:
  void update();
  void inhibit();
  void inhibitByPortal();
  void release();
  void notify(const SweepJob& job);

  SweepQueue* queue_;
  std::function<bool()> unfocused_;
  Bus session_, system_;
  bool inhibits_ = false;           ///< sleep is to be held off
  int asked_ = 0;                   ///< the latest request; answers to others are let go
  QDBusUnixFileDescriptor logind_;  ///< held off while it is open
  QString portal_;                  ///< the portal's request
};

}  // namespace bitfrontier

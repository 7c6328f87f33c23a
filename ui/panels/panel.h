// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <QObject>
#include <QString>
#include <QWidget>
#include <string>
#include <vector>

#include "ui/jobs/store_session.h"
#include "ui/jobs/sweep_queue.h"
#include "ui/launch/launch_choice.h"
#include "ui/settings/app_settings.h"
#include "ui/view/decisions.h"
#include "ui/view/view_controller.h"
#include "ui/view/view_keeper.h"

namespace bitfrontier {

/// What panels ask of the window.
class PanelRequests : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

 Q_SIGNALS:
  void sweepWanted(const bitfrontier::LaunchChoice& choice);  ///< to be queued as it is
  void excludeWanted(const std::vector<std::string>& keys);   ///< points by pointKey, with a reason
  void baselineWanted(const std::string& key);                ///< to compare with; empty: none
  void launchWanted();                                        ///< the launch dialog
  /// In a line over the plot that goes by itself, with a button where there is something to do.
  void noticeShown(const QString& sentence, const QString& button, std::function<void()> action);
  void messageShown(const QString& sentence);  ///< in the status bar
};

/// What a panel works with. All of it outlives the panel.
struct PanelContext {
  StoreSession& session;
  ViewController& view;
  Decisions& decisions;
  ViewKeeper& keeper;
  SweepQueue& queue;
  AppSettings& settings;
  PanelRequests& requests;
};

/// One panel of the window. `make` gives a widget that follows the context by itself.
struct PanelSpec {
  enum class Place { Left, Right, BottomLeft, BottomRight };

  const char16_t* name;  ///< of its dock, stable: saved layouts refer to it
  QString (*title)();    ///< translated
  Place place;           ///< panels of one place are tabs; the first is in front
  bool shown;            ///< in the first layout
  QWidget* (*make)(const PanelContext& context);
};

}  // namespace bitfrontier

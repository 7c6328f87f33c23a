// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <vector>

#include "core/device/device.h"
#include "ui/jobs/store_session.h"

namespace bitfrontier {

/// What a report of a fault should say: versions, desktop, devices, what kind of store is open,
/// and the last messages. No name of a file, model or task, and nothing of the user's data; the
/// user's own folder is written as ~. English, as reports are.
QString diagnosticsText(const StoreSnapshot* store, const std::vector<Device>& devices);

/// Text of the About box: version, licences, Qt; `devices` is what models can run on.
QString aboutText(const std::vector<Device>& devices);

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// qcustomplot.h uses Qt's lower-case keywords, which QT_NO_KEYWORDS takes away: lent to it here.
#include <QObject>
// clang-format off
#define signals Q_SIGNALS
#define slots Q_SLOTS
#define emit
#define foreach Q_FOREACH
#include "qcustomplot.h"
#undef signals
#undef slots
#undef emit
#undef foreach
// clang-format on

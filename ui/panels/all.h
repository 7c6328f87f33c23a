// SPDX-License-Identifier: GPL-3.0-or-later
// Every panel, in the order of the menu. A new one is one file and one line in each list.
#pragma once

#include <array>

#include "ui/panels/panel.h"

namespace bitfrontier {

extern const PanelSpec kViewsPanel;
extern const PanelSpec kTablePanel, kLawPanel, kQueuePanel;
extern const PanelSpec kInspectorPanel, kBudgetPanel, kNextPanel, kComparePanel;
extern const PanelSpec kModelsPanel, kLogPanel;

inline const std::array kPanels{&kViewsPanel,  &kTablePanel,     &kLawPanel,    &kQueuePanel,
                                &kNextPanel,   &kInspectorPanel, &kBudgetPanel, &kComparePanel,
                                &kModelsPanel, &kLogPanel};

}  // namespace bitfrontier

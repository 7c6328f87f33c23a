// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringView>

namespace bitfrontier {

/// How well what was typed fits a text: each letter of the pattern in order, whatever lies between
/// and whatever the case; spaces of the pattern count nothing. Higher is better: beginnings of
/// words and letters in a row count most, short texts before long ones. Negative where it does not
/// fit.
int fuzzyScore(QStringView pattern, QStringView text);

}  // namespace bitfrontier

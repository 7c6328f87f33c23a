// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/law/form/law_form.h"

namespace bitfrontier {

/// @name The laws; one object each, alive for the whole program.
/// @{
const LawForm& formJ1();
const LawForm& formJ2();
const LawForm& formVertical();
const LawForm& formNoEffect();
const LawForm& formSeparate();
const LawForm& formPower();
const LawForm& formLogitLinear();
const LawForm& formLogitLinearFromZero();
const LawForm& formNoise();
const LawForm& formNoisePenalty();
const LawForm& formFactors();
const LawForm& formEffective();
const LawForm& formOffset();
const LawForm& formBivariate();
const LawForm& formKumar();
const LawForm& formOuyang();
const LawForm& formChen();
const LawForm& formSigmoid();
const LawForm& formSaturating();
const LawForm& formBroken();
const LawForm& formChinchilla();
const LawForm& formGadre();
const LawForm& formLinkExponential();
const LawForm& formLinkSigmoid();
/// @}

}  // namespace bitfrontier

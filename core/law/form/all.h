// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <span>

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

/// All of them in the order of `fit --laws`.
inline std::span<const LawForm* const> allForms() {
  static const std::array kForms{&formJ1(),
                                 &formJ2(),
                                 &formVertical(),
                                 &formNoEffect(),
                                 &formSeparate(),
                                 &formNoise(),
                                 &formNoisePenalty(),
                                 &formFactors(),
                                 &formEffective(),
                                 &formOffset(),
                                 &formBivariate(),
                                 &formLogitLinear(),
                                 &formLogitLinearFromZero(),
                                 &formPower(),
                                 &formSaturating(),
                                 &formSigmoid(),
                                 &formBroken(),
                                 &formKumar(),
                                 &formOuyang(),
                                 &formChen(),
                                 &formChinchilla(),
                                 &formGadre(),
                                 &formLinkExponential(),
                                 &formLinkSigmoid()};
  return kForms;
}

}  // namespace bitfrontier

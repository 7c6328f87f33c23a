// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "core/law/fit/joint_data.h"
#include "core/law/fit/joint_law.h"
#include "core/law/numeric/counter_rng.h"

namespace bitfrontier::test {

/// A law with known parameters on a grid of sizes and formats.
struct PlantedLaw {
  std::string form;
  LawMetric metric = LawMetric::Accuracy;
  std::map<std::string, double> truth;
  int sizes = 8;
  bool manyFormats = false;  ///< bits x types x blocks, else 16, 8, 4, 3 bit
  bool tokens = false;
  double se = 0.003;  ///< of a point when noise is added
  int breaks = 1;
  double lossSpread = 1;   ///< of cross-entropies for links
  bool noiseKnown = true;  ///< weight errors of formats are given, where the law needs them
};

/// `name` is a law's, or "J3 modelled" and "J3v modelled": J3 without measured weight errors.
inline PlantedLaw planted(const std::string& name) {
  const bool modelled = name.ends_with(" modelled");
  const std::string form = modelled ? name.substr(0, name.find(' ')) : name;
  using M = LawMetric;
  const std::map<std::string, double> base{{"E", 0.25}, {"lnA0", -1.6}, {"alpha", 0.25}};
  const std::map<std::string, double> loss{{"E", 1.8}, {"lnA0", -0.3}, {"alpha", 0.3}};
  const auto with = [](std::map<std::string, double> a, const std::map<std::string, double>& b) {
    a.insert(b.begin(), b.end());
    return a;
  };
  if (form == "J1") {
    return {
        form, M::Accuracy,
        with(base,
             {{"lnrho_int8-b64", -0.015}, {"lnrho_int4-b64", -0.14}, {"lnrho_int3-b64", -0.8}})};
  }
  if (form == "J2") {
    return {form, M::Accuracy,
            with(base, {{"C_int8-b64", 0.001},
                        {"C_int4-b64", 0.012},
                        {"C_int3-b64", 0.04},
                        {"gammaN", 0.35}})};
  }
  if (form == "V") {
    return {form, M::Accuracy,
            with(base, {{"C_int8-b64", 0.001}, {"C_int4-b64", 0.01}, {"C_int3-b64", 0.05}})};
  }
  if (form == "S0") return {form, M::Accuracy, base};
  if (form == "S1") {
    std::map<std::string, double> all;
    for (const char* f : {"fp16", "int8-b64", "int4-b64", "int3-b64"}) {
      const double worse = f[3] == '4' ? 0.02 : f[3] == '3' ? 0.06 : 0;
      all["E_" + std::string(f)] = 0.22 + worse;
      all["lnA0_" + std::string(f)] = -1.5 + worse;
      all["alpha_" + std::string(f)] = 0.3 - worse;
    }
    return {form, M::Accuracy, all, 10};
  }
  if (form == "LL" || form == "L1") {
    return {form,
            M::Accuracy,
            {{"a", 0.4},
             {"s", 0.25},
             {"d_int8-b64", -0.01},
             {"d_int4-b64", -0.05},
             {"d_int3-b64", -0.3}}};
  }
  if (modelled) {
    std::map<std::string, double> truth =
        with(loss, {{"lnlambda", -2.5}, {"eta", 0.9}, {"c_int", 0.3}, {"gG", 1.2}});
    if (form == "J3v") truth.insert({"gammaN", 0.4});
    return {.form = form,
            .metric = M::CrossEntropy,
            .truth = truth,
            .manyFormats = true,
            .noiseKnown = false};
  }
  if (form == "J3") {
    return {form, M::CrossEntropy, with(loss, {{"lnlambda", 1.0}, {"eta", 0.9}}), 8, true};
  }
  if (form == "J3v") {
    return {form, M::CrossEntropy, with(loss, {{"lnlambda", 1.0}, {"eta", 0.9}, {"gammaN", 0.4}}),
            8, true};
  }
  if (form == "factors") {
    return {form, M::Accuracy,
            with(base, {{"r_8bit", -0.02},
                        {"r_4bit", -0.2},
                        {"r_3bit", -0.8},
                        {"r_block1024", -0.15},
                        {"r_int", -0.1}}),
            8, true};
  }
  if (form == "effective") {
    return {form, M::CrossEntropy,
            with(loss, {{"gamma_int", 2.7}, {"gamma_float", 2.2}, {"g", 0.06}}), 8, true};
  }
  if (form == "offset") {
    return {form, M::Accuracy,
            with(base, {{"o_8 bit", -0.03}, {"o_4 bit", -0.06}, {"o_3 bit", -0.04}})};
  }
  if (form == "bivariate") return {form, M::Accuracy, with(base, {{"beta", 0.2}})};
  if (form == "kumar") {
    return {form, M::CrossEntropy,
            with(loss, {{"lnC", -3.0}, {"gammaN", 0.35}, {"gammaPost", 0.7}})};
  }
  if (form == "ouyang") {
    return {form, M::CrossEntropy, with(loss, {{"lnC", -3.0}, {"gammaN", 0.25}, {"gammaP", 5.0}})};
  }
  if (form == "chen") {
    return {
        form, M::CrossEntropy,
        with(
            loss,
            {{"lnC_8", -5.0}, {"lnC_4", -2.5}, {"lnC_3", -1.2}, {"gammaN", 0.35}, {"gammaG", 0.6}}),
        8, true};
  }
  if (form == "chinchilla") {
    return {form, M::CrossEntropy, with(loss, {{"lnB0", -0.8}, {"beta", 0.35}}), 10, false, true};
  }
  if (form == "gadre") {
    return {form, M::CrossEntropy, {{"E", 1.8}, {"lnA0", -0.3}, {"eta", 0.3}, {"lnB0", -0.8}},
            10,   false,           true};
  }
  if (form == "power") return {form, M::Accuracy, base, 10};
  if (form == "saturating") {
    return {form, M::Accuracy, {{"u", 0.85}, {"lnA0", -0.5}, {"alpha", 0.4}}, 10};
  }
  if (form == "sigmoid") return {form, M::Accuracy, {{"u", 0.8}, {"s", 1.2}, {"z0", 0.3}}, 12};
  if (form == "broken") {
    return {form,
            M::CrossEntropy,
            {{"a", 0.7}, {"lnb", 0.8}, {"c0", 0.15}, {"c1", 0.5}, {"lnd1", 0.2}, {"lnf1", -1.0}},
            40};
  }
  if (form == "link-exp") {
    return {form, M::Accuracy, {{"eps", 0.85}, {"lnk", 0.8}, {"gamma", 0.7}}, 10};
  }
  if (form == "link-sigmoid") {
    return {form, M::Accuracy, {{"u", 0.8}, {"m", 2.6}, {"w", 0.4}}, 10};
  }
  return {};
}

/// Names of all laws, and of J3 without weight errors.
inline std::vector<std::string> lawNames(bool modelled = false) {
  std::vector<std::string> names;
  for (const LawForm* form : lawForms()) names.emplace_back(form->info().name);
  if (modelled) names.insert(names.end(), {"J3 modelled", "J3v modelled"});
  return names;
}

/// Points exactly on the law, and the options to fit it.
struct PlantedData {
  std::vector<LawPoint> points;
  JointOptions options;
  std::vector<double> values;  ///< the true parameters in the law's order
  JointData data;              ///< rows and context of the true law
};

inline std::vector<LawPoint> grid(const PlantedLaw& law) {
  struct Format {
    int bits;
    const char* type;
    std::int64_t block;
  };
  std::vector<Format> formats{{16, "fp16", 0}, {8, "int", 64}, {4, "int", 64}, {3, "int", 64}};
  if (law.manyFormats) {
    formats = {{16, "fp16", 0},    {8, "int", 64},     {4, "int", 64}, {4, "int", 1024},
               {4, "float", 64},   {4, "float", 1024}, {3, "int", 64}, {3, "int", 1024},
               {3, "float", 1024}, {3, "float", 64}};
  }
  const bool joint = lawForm(law.form).info().joint;
  if (law.tokens || !joint) formats.resize(1);
  std::vector<LawPoint> points;
  for (int s = 0; s < law.sizes; ++s) {
    // Three decades of sizes, not quite evenly spaced.
    const double t = (s + 0.25 * std::sin(2.0 * s)) / (law.sizes - 1);
    for (const Format& f : formats) {
      LawPoint p;
      p.family = "planted";
      p.model = "m" + std::to_string(s);
      p.parameters = 5e7 * std::pow(1000.0, t);
      p.bits = f.bits;
      p.dataType = f.type;
      p.blockSize = f.block;
      p.config = f.bits == 16 ? std::string("fp16")
                              : f.type + std::to_string(f.bits) + "-b" + std::to_string(f.block);
      p.totalBits = p.parameters * (f.bits + (f.block > 0 ? 16.0 / double(f.block) : 0));
      p.accuracySe = law.se;
      p.crossEntropySe = law.se;
      p.chance = 0;
      p.accuracy = 0.3 + 0.001 * double(points.size());
      p.crossEntropy = 3 - 0.001 * double(points.size());
      if (!joint && lawForm(law.form).info().needsCrossEntropy) p.crossEntropy = 3.6 - 1.6 * t;
      points.push_back(p);
    }
  }
  return points;
}

inline PlantedData plant(const PlantedLaw& law) {
  PlantedData planted;
  planted.points = grid(law);
  JointOptions& options = planted.options;
  options.form = law.form;
  options.metric = law.metric;
  options.breaks = law.breaks;
  options.estimateTau = false;
  options.starts = 24;
  const LawForm& form = lawForm(law.form);
  if (law.tokens) {
    for (std::size_t i = 0; i < planted.points.size(); ++i) {
      // Tokens per parameter vary, so that size and data are not confounded.
      const LawPoint& p = planted.points[i];
      options.trainingTokens[p.model] = p.parameters * (i % 3 == 0 ? 5 : i % 3 == 1 ? 20 : 200);
    }
  }
  if (form.info().needsNoise && law.noiseKnown) {
    for (const LawPoint& p : planted.points) {
      if (p.bits == 16) continue;
      options.formatNoise[p.config] = 0.5 * std::pow(0.25, p.bits) * (p.blockSize > 64 ? 1.5 : 1) *
                                      (p.dataType == "float" ? 0.8 : 1);
    }
  }
  for (int round = 0; round < 2; ++round) {
    // Bounds depend on the largest value, so the context is made again with the true ones.
    planted.data = makeJointData(planted.points, form, options);
    const std::vector<LawParameter> parameters = form.parameters(planted.data.context);
    planted.values.clear();
    for (const LawParameter& p : parameters) planted.values.push_back(law.truth.at(p.name));
    for (std::size_t i = 0; i < planted.data.targets.size(); ++i) {
      const double value = form.value(planted.data.context, planted.values.data(),
                                      planted.data.targets[i].row, nullptr);
      LawPoint& p = planted.points[planted.data.points[i].point];
      if (law.metric == LawMetric::CrossEntropy) {
        p.crossEntropy = value;
      } else {
        p.accuracy = form.info().ofError ? 1 - value : value;
      }
    }
  }
  return planted;
}

}  // namespace bitfrontier::test

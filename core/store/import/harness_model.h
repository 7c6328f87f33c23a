// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/store/import/import_options.h"

namespace bitfrontier {

/// Arguments of lm-evaluation-harness's models, "pretrained=a/b,dtype=float16" or an object of
/// them, as a map. Commas within brackets or quotes separate nothing.
std::map<std::string, std::string> harnessModelArguments(const nlohmann::json& root);

/// The model of a results file.
struct HarnessModel {
  RunRecord run;           ///< everything of a record that is about the model
  std::string computedIn;  ///< "float32", "bfloat16", "float16"; empty when the file does not say
};

/// Everything of a record that is about the model, from a results file: its name and revision,
/// family, number of parameters, data type and bits.
///
/// Bits come from the first that tells: `options`; load_in_4bit or load_in_8bit; gguf_file; the
/// "quantization_config" of the model's config.json where its folder or its snapshot in the Hugging
/// Face cache is on this machine (total bits are then the size of the weight files); quantization,
/// autogptq and the like in the arguments; the name (quantizationOfName()). A model that is not
/// quantized has the data type it was run in (float32 is 32 bits); where nothing tells, 16 bits
/// with a note. Throws InvalidArgument when the file and `options` leave open what the model is
/// called, how many parameters it has, or how many bits a quantized one has.
HarnessModel describeHarnessModel(const nlohmann::json& root, const std::string& where,
                                  const ImportOptions& options, ImportedRuns& out);

}  // namespace bitfrontier

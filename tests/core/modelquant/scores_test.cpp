// SPDX-License-Identifier: GPL-3.0-or-later
// Scores of a shipped model: as quantized in memory, left packed, and written and read again.
#include <gtest/gtest.h>

#include <cmath>

#include "core/eval/evaluate.h"
#include "core/modelquant/checkpoint_export.h"
#include "core/modelquant/quantized_model.h"
#include "core/tokenizer/tokenizer.h"
#include "kernels/registry.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

std::vector<double> likelihoods(const CausalLm& model, const fs::path& directory,
                                const fs::path& taskFile) {
  const Task task = loadTask(taskFile, 20);
  const PreparedTask prepared =
      prepare(task, Tokenizer::load(directory), model.config().maxPositions);
  return evaluate(model, prepared).logLikelihood;
}

TEST(Scores, AgreeInMemoryPackedAndWritten) {
  const fs::path suite = BITFRONTIER_SOURCE_DIR "/resources/pocket";
  const fs::path source = suite / "pocket-neox-2";
  const test::TempDir dir("scores");
  const CalibrationText text = [&] {
    CalibrationText lines;
    lines.name = "names";
    for (int i = 0; i < 400; ++i) lines.text += "Mara walked to the mill and met Tom there. ";
    lines.sequences = 8;
    return lines;
  }();
  for (const char* spec : {"int3-b64", "nf4-b64-sdq", "mxfp4", "quantile4-b64-o2", "nf3-b64-gptq",
                           "int4-b64-bmean", "int4-b64-awq"}) {
    const QuantConfig config = QuantConfig::parse(spec);
    QuantizedModel dense(CausalLm::load(source), kernelsFor("cpu"));
    const at::Tensor tokens =
        calibrationTokens(text, Tokenizer::load(source), dense.model().config().maxPositions);
    dense.apply(config, {}, tokens);
    QuantizedModel packed(CausalLm::load(source), kernelsFor("cpu"));
    packed.apply(config, {}, tokens, WeightForm::Packed);
    ExportOptions options;
    options.calibration = text;
    exportQuantized(source, dir.path() / spec, config, options);
    const CausalLm written = CausalLm::load(dir.path() / spec);
    for (const char* task : {"pocket_lambada.jsonl", "pocket_piqa.jsonl"}) {
      const fs::path file = suite / "tasks" / task;
      const std::vector<double> expected = likelihoods(dense.model(), source, file);
      const std::vector<double> fromCodes = likelihoods(packed.model(), source, file);
      const std::vector<double> fromFile = likelihoods(written, dir.path() / spec, file);
      ASSERT_EQ(expected.size(), 20U);
      for (std::size_t i = 0; i < expected.size(); ++i) {
        EXPECT_NEAR(fromCodes[i], expected[i], 1e-4) << spec << ' ' << task << ' ' << i;
        EXPECT_NEAR(fromFile[i], expected[i], 1e-4) << spec << ' ' << task << ' ' << i;
      }
    }
  }
}

}  // namespace
}  // namespace bitfrontier

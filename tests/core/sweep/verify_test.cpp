// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/verify.h"

#include <gmock/gmock.h>

#include "core/base/error.h"
#include "core/eval/task.h"
#include "core/sweep/sweep.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;

/// A sweep of one model and two configurations on three small tasks, with their files.
class Verify : public ::testing::Test {
 protected:
  Verify() : dir_("verify"), store_(RunStore::open(dir_.path() / "runs.bfdb")) {
    spec_.models = {test::writeTinyModel(dir_.path() / "tiny-1", 16, 1)};
    spec_.configs = makeGrid({{4, 16}, {DataType::Int}, {64}});
    spec_.tasks = test::writeTinyTasks(dir_.path() / "tasks");
    runSweep(spec_, store_, DeviceId(), {});
    for (const RunRecord& run : store_.runs({}, true)) runs_.push_back(run);
  }
  VerifyInputs inputsOf(const RunRecord& run) const {
    VerifyInputs inputs;
    for (const auto& file : spec_.tasks) {
      if (loadTask(file).name == run.result.task) inputs.task = file;
    }
    return inputs;
  }
  static void expectRefused(const RunRecord& run, const VerifyInputs& inputs,
                            const std::string& why) {
    try {
      verifyRun(run, inputs);
      FAIL() << why;
    } catch (const Error& e) {
      EXPECT_THAT(e.what(), HasSubstr(why));
    }
  }

  test::TempDir dir_;
  SweepSpec spec_;
  RunStore store_;
  std::vector<RunRecord> runs_;
};

TEST_F(Verify, EveryStoredRunIsAsStored) {
  ASSERT_EQ(runs_.size(), 6u);
  for (const RunRecord& run : runs_) {
    for (const std::size_t items : {std::size_t{0}, std::size_t{2}}) {
      VerifyInputs inputs = inputsOf(run);
      inputs.items = items;
      const Verification verification = verifyRun(run, inputs);
      const auto all = std::max(run.result.correct.size(), run.result.logLikelihood.size());
      EXPECT_EQ(verification.items, items == 0 ? all : std::min(items, all));
      EXPECT_EQ(verification.same(), verification.items) << run.result.task << " " << run.config;
      EXPECT_LT(verification.largestShift, 1e-3);
    }
  }
}

TEST_F(Verify, NamesTheItemsThatDiffer) {
  for (RunRecord run : runs_) {
    if (run.result.correct.empty()) continue;
    run.result.correct[1] = 1 - run.result.correct[1];
    VerifyInputs inputs = inputsOf(run);
    inputs.items = 0;
    const Verification verification = verifyRun(run, inputs);
    ASSERT_EQ(verification.differences.size(), 1u);
    EXPECT_EQ(verification.differences[0].item, 1u);
    EXPECT_NE(verification.differences[0].stored, verification.differences[0].now);
  }
  for (RunRecord run : runs_) {
    if (!run.result.correct.empty()) continue;
    run.result.logLikelihood[0] *= 1.01;
    VerifyInputs inputs = inputsOf(run);
    inputs.items = 0;
    EXPECT_EQ(verifyRun(run, inputs).differences.size(), 1u);
  }
}

TEST_F(Verify, RefusesWhatIsNotTheRun) {
  RunRecord run = runs_.front();
  RunRecord other = run;
  other.modelHash = "0123";
  expectRefused(other, inputsOf(run), "not the model that was scored");
  other = run;
  other.result.taskHash = "0123";
  expectRefused(other, inputsOf(run), "does not have the items that were scored");
  other = run;
  other.modelPath = "/nowhere/at/all";
  expectRefused(other, inputsOf(run), "not there any more");
  other = run;
  other.source = "a paper, 2024";
  expectRefused(other, inputsOf(run), "a paper, 2024");
  other = run;
  other.evaluatorVersion = "0";
  expectRefused(other, inputsOf(run), "evaluator 0");
  VerifyInputs missing = inputsOf(run);
  missing.task = dir_.path() / "absent.jsonl";
  EXPECT_THROW(verifyRun(run, missing), Error);
  std::stop_source stop;
  stop.request_stop();
  JobContext job;
  job.stop = stop.get_token();
  try {
    verifyRun(run, inputsOf(run), job);
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Cancelled);
  }
}

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sweep/preview.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/sweep/model_hash.h"
#include "tests/core/sweep/tiny_model.h"

namespace bitfrontier {
namespace {

class Preview : public ::testing::Test {
 protected:
  Preview() : dir_("preview") {
    spec_.models = {test::writeTinyModel(dir_.path() / "tiny-1", 16, 1),
                    test::writeTinyModel(dir_.path() / "tiny-2", 32, 2)};
    spec_.configs = {QuantConfig::fp16(), QuantConfig::parse("int4-b64"),
                     QuantConfig::parse("int3-b64")};
    spec_.tasks = test::writeTinyTasks(dir_.path() / "tasks");
    spec_.itemLimit = 5;
  }
  RunStore store() { return RunStore::open(dir_.path() / "runs.bfdb"); }
  SweepPreview look(const SweepSpec& spec, const PreviewDevice& device = {}) {
    const RunStore at = store();
    return previewSweep(spec, at, device);
  }

  test::TempDir dir_;
  SweepSpec spec_;
};

TEST_F(Preview, CountsWhatIsDoneAndWhatIsLeftOutIsNotRun) {
  RunStore runs = store();
  spec_.leftOut = {{0, 1, 0}, {0, 1, 1}, {0, 1, 2}, {1, 2, 1}};
  std::set<std::string> cells;
  SweepEvents events;
  events.finished = [&](const RunRecord& run) {
    cells.insert(run.model + " " + run.config + " " + run.result.task);
  };
  const SweepSummary summary = runSweep(spec_, runs, DeviceId(), events);
  EXPECT_EQ(summary.ran, 18u - 4);
  EXPECT_FALSE(cells.contains("tiny-1 int4-b64 tiny_lambada"));
  EXPECT_FALSE(cells.contains("tiny-2 int3-b64 tiny_piqa"));
  EXPECT_TRUE(cells.contains("tiny-2 int3-b64 tiny_text"));

  const SweepPreview preview = look(spec_);
  ASSERT_EQ(preview.pairs.size(), 6u);
  EXPECT_EQ(preview.at(0, 0).done, 3u);
  EXPECT_EQ(preview.at(0, 1).done, 0u);
  EXPECT_EQ(preview.at(1, 2).done, 2u);
  EXPECT_EQ(preview.at(1, 2).tasks, 3u);
  // Times of what is stored are nobody's estimate.
  EXPECT_EQ(preview.at(0, 0).seconds, 0);
  EXPECT_GT(preview.at(0, 1).seconds, 0);
  EXPECT_EQ(preview.at(0, 0).openBytes, 0);
  EXPECT_GT(preview.diskFree, 0);
  EXPECT_LT(preview.high / preview.low, 2);  // every model and task has been timed
  EXPECT_FALSE(preview.secondsUnknown);
}

TEST_F(Preview, SaysWhichFieldOfAStoredRunDiffers) {
  RunStore runs = store();
  runSweep(spec_, runs, DeviceId(), {});
  using Field = StaleRun::Field;
  const auto stale = [&](const SweepSpec& spec) {
    const SweepPreview preview = look(spec);
    EXPECT_EQ(preview.at(0, 1).done, 0u);
    return preview.at(0, 1).stale;
  };
  EXPECT_FALSE(look(spec_).at(0, 1).stale);

  SweepSpec items = spec_;
  items.itemLimit = 7;
  ASSERT_TRUE(stale(items));
  EXPECT_EQ(stale(items)->field, Field::ItemLimit);
  EXPECT_EQ(stale(items)->stored, "5");
  EXPECT_EQ(stale(items)->wanted, "7");

  SweepSpec bos = spec_;
  bos.settings.bos = BosProfile::Always;
  ASSERT_TRUE(stale(bos));
  EXPECT_EQ(stale(bos)->field, Field::Bos);

  SweepSpec longest = spec_;
  longest.settings.maxLength = 32;
  ASSERT_TRUE(stale(longest));
  EXPECT_EQ(stale(longest)->field, Field::MaxLength);

  test::writeTinyModel(dir_.path() / "tiny-1", 16, 99);  // other weights under the same name
  ASSERT_TRUE(stale(spec_));
  EXPECT_EQ(stale(spec_)->field, Field::Model);
  EXPECT_EQ(look(spec_).at(1, 1).done, 3u);
}

TEST_F(Preview, ChangedTasksAreStale) {
  RunStore runs = store();
  runSweep(spec_, runs, DeviceId(), {});
  test::writeText(dir_.path() / "tasks" / "tiny_text.jsonl", "{\"text\": \"Another text.\"}\n");
  const SweepPreview preview = look(spec_);
  EXPECT_EQ(preview.at(0, 0).done, 2u);
  ASSERT_TRUE(preview.at(0, 0).stale);
  EXPECT_EQ(preview.at(0, 0).stale->field, StaleRun::Field::Task);
  EXPECT_EQ(preview.at(0, 0).stale->task, "tiny_text");
}

TEST_F(Preview, MemoryIsWeightsAndWhatComesBesideThem) {
  const SweepPreview cpu = look(spec_);
  EXPECT_GT(cpu.memoryLimit, 0);
  const auto all = static_cast<std::int64_t>(cpu.models[0].parameters);
  EXPECT_EQ(cpu.at(0, 0).memory.original, 4 * all);  // fp32 on the CPU
  EXPECT_EQ(cpu.at(0, 0).memory.quantized, 0);
  EXPECT_GT(cpu.at(0, 1).memory.quantized, 0);
  EXPECT_LT(cpu.at(0, 1).memory.quantized, 4 * all);
  const SweepPreview gpu = look(spec_, {"cuda:0", 1'000'000});
  EXPECT_EQ(gpu.at(0, 0).memory.original, 2 * all);
  EXPECT_FALSE(gpu.fits(gpu.at(0, 0)));
  EXPECT_TRUE(gpu.secondsUnknown);  // nothing has run on a GPU, and nothing is made up
  EXPECT_TRUE(look(spec_, {"cuda:0", 0}).fits(gpu.at(0, 0)));  // unknown memory refuses nothing
}

TEST_F(Preview, AModelThatCannotBeRunHasAReason) {
  test::writeText(dir_.path() / "tiny-2" / "config.json", R"({"model_type": "unheard_of"})");
  const SweepPreview preview = look(spec_);
  EXPECT_TRUE(preview.models[0].problem.empty());
  EXPECT_NE(preview.models[1].problem.find("unheard_of"), std::string::npos);
}

TEST_F(Preview, FailedCellsAreSeenAndTheirCauseIsTold) {
  RunStore runs = store();
  std::filesystem::remove(dir_.path() / "tiny-2" / "tokenizer.json");
  std::vector<CellFailure> failures;
  SweepEvents events;
  events.failed = [&](const CellFailure& failure) { failures.push_back(failure); };
  const SweepSummary summary = runSweep(spec_, runs, DeviceId(), events);
  EXPECT_EQ(summary.failed, 9u);
  ASSERT_EQ(failures.size(), 9u);
  for (const CellFailure& failure : failures) {
    EXPECT_EQ(failure.cause, FailureCause::Load);
    EXPECT_EQ(failure.modelIndex, 1u);
    EXPECT_EQ(failure.model, "tiny-2");
  }
  const SweepPreview preview = look(spec_);
  EXPECT_EQ(preview.at(1, 1).failed, 3u);
  EXPECT_EQ(preview.at(0, 1).failed, 0u);
}

TEST(FailureCauses, AreToldApart) {
  EXPECT_EQ(causeOf(std::bad_alloc()), FailureCause::OutOfMemory);
  EXPECT_EQ(causeOf(Error(ErrorKind::OutOfMemory, "x")), FailureCause::OutOfMemory);
  EXPECT_EQ(causeOf(Error(ErrorKind::Numeric, "x")), FailureCause::NotANumber);
  EXPECT_EQ(causeOf(Error(ErrorKind::Io, "a.bin: No space left on device")), FailureCause::Disk);
  EXPECT_EQ(causeOf(Error(ErrorKind::NotFound, "a.bin: no such file")), FailureCause::Load);
  EXPECT_EQ(causeOf(std::runtime_error("something")), FailureCause::Other);
  for (const FailureCause cause :
       {FailureCause::OutOfMemory, FailureCause::Disk, FailureCause::Load, FailureCause::NotANumber,
        FailureCause::Other})
    EXPECT_EQ(failureCauseOf(failureCauseName(cause)), cause);
}

TEST_F(Preview, HashesAreRememberedUntilAFileChanges) {
  const Checkpoint before = Checkpoint::open(spec_.models[0]);
  const std::string hash = rememberedHash(before);
  EXPECT_EQ(hash, before.hash());
  EXPECT_EQ(rememberedHash(before), hash);
  test::writeTinyModel(spec_.models[0], 16, 5);
  const Checkpoint after = Checkpoint::open(spec_.models[0]);
  EXPECT_EQ(rememberedHash(after), after.hash());
  EXPECT_NE(rememberedHash(after), hash);
}

TEST_F(Preview, StagesOfWorkAreReported) {
  RunStore runs = store();
  std::set<SweepProgress::Stage> stages;
  std::int64_t layers = 0;
  SweepEvents events;
  events.progress = [&](const SweepProgress& p) {
    stages.insert(p.stage);
    if (p.stage == SweepProgress::Stage::Quantizing) layers = std::max(layers, p.stageTotal);
    EXPECT_GE(p.unsavedSeconds, 0);
    EXPECT_LE(p.unsavedSeconds, p.elapsedSeconds);
  };
  spec_.itemLimit = 0;
  runSweep(spec_, runs, DeviceId(), events);
  EXPECT_TRUE(stages.contains(SweepProgress::Stage::Evaluating));
}

}  // namespace
}  // namespace bitfrontier

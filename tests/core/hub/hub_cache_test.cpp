// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_cache.h"

#include <gtest/gtest.h>

#include <thread>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/hub/model_name.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

const std::string kMain(40, 'a');
const std::string kStep(40, 'b');

class HubCacheTest : public testing::Test {
 protected:
  void SetUp() override {
    dir_ =
        fs::path(testing::TempDir()) /
        (std::string("hub_cache_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(dir_);
    settings_.cache = dir_ / "hub";
    // As huggingface_hub leaves it.
    const fs::path repo = settings_.cache / "models--EleutherAI--pythia-70m";
    for (const std::string& commit : {kMain, kStep}) {
      fs::create_directories(repo / "snapshots" / commit);
    }
    fs::create_directories(repo / "refs");
    writeFileAtomic(repo / "refs" / "main", kMain);
    writeFileAtomic(repo / "refs" / "step1000", kStep);
  }
  void TearDown() override { fs::remove_all(dir_); }
  fs::path snapshot(const std::string& commit) const {
    return settings_.cache / "models--EleutherAI--pythia-70m" / "snapshots" / commit;
  }
  std::string failure(const std::string& text) const {
    try {
      return "no error but " + resolveModel(text, settings_).string();
    } catch (const Error& e) {
      EXPECT_EQ(e.kind(), ErrorKind::NotFound);
      return e.what();
    }
  }
  fs::path dir_;
  HubSettings settings_;
};

TEST_F(HubCacheTest, ModelsAreFoundByRevision) {
  const auto at = [&](const std::string& text) { return resolveModel(text, settings_); };
  EXPECT_EQ(at("EleutherAI/pythia-70m"), snapshot(kMain));
  EXPECT_EQ(at("EleutherAI/pythia-70m@main"), snapshot(kMain));
  EXPECT_EQ(at("EleutherAI/pythia-70m@step1000"), snapshot(kStep));
  EXPECT_EQ(at("EleutherAI/pythia-70m@" + kStep), snapshot(kStep));
  // A directory is meant when there is one.
  EXPECT_EQ(at(dir_.string()), dir_);
}

TEST_F(HubCacheTest, WhatIsMissingSaysHowToGetIt) {
  const std::string missing = failure("EleutherAI/pythia-410m");
  EXPECT_NE(missing.find("neither a directory nor a model in the cache"), std::string::npos)
      << missing;
  EXPECT_NE(missing.find("bitfrontier fetch EleutherAI/pythia-410m"), std::string::npos);
  EXPECT_NE(failure("EleutherAI/pythia-70m@step2").find("a revision that is in the cache"),
            std::string::npos);
  EXPECT_NE(failure("./none").find("is no directory and cannot be"), std::string::npos);
  // A file where the folder is wanted.
  const fs::path gguf = settings_.cache / "m.Q4_K_M.gguf";
  writeFileAtomic(gguf, "GGUF");
  EXPECT_NE(failure(gguf.string()).find("is a GGUF file, which is not opened; take the folder"),
            std::string::npos);
  writeFileAtomic(settings_.cache / "model.safetensors", "x");
  EXPECT_NE(failure((settings_.cache / "model.safetensors").string()).find("give the folder"),
            std::string::npos);
  // A revision of which nothing was downloaded.
  const fs::path refs = settings_.cache / "models--EleutherAI--pythia-70m" / "refs";
  writeFileAtomic(refs / "new", std::string(40, 'c'));
  EXPECT_NE(failure("EleutherAI/pythia-70m@new").find("fetch"), std::string::npos);
  writeFileAtomic(refs / "odd", "../../elsewhere");
  EXPECT_THROW(resolveModel("EleutherAI/pythia-70m@odd", settings_), Error);
}

TEST_F(HubCacheTest, SnapshotsAreNamedAfterTheirRepository) {
  EXPECT_EQ(modelName(snapshot(kMain)), "pythia-70m");
  EXPECT_EQ(modelName(snapshot(kStep)), "pythia-70m@step1000");
  const std::string other(40, 'd');
  fs::create_directories(snapshot(other));
  EXPECT_EQ(modelName(snapshot(other)), "pythia-70m@dddddddddd");
  EXPECT_EQ(modelName(dir_ / "my-model"), "my-model");
  EXPECT_EQ(modelName((dir_ / "hub").string() + "/"), "hub");
  const fs::path link = dir_ / "link";
  fs::create_directory_symlink(snapshot(kMain), link);
  EXPECT_EQ(modelName(link), "pythia-70m");
}

TEST_F(HubCacheTest, LinksReplaceWhatIsThere) {
  const HubCache cache(settings_.cache);
  const HubModel model{"EleutherAI/pythia-70m"};
  const std::string one(40, '1');
  const std::string two(64, '2');
  fs::create_directories(cache.blob(model, one).parent_path());
  writeFileAtomic(cache.blob(model, one), "one");
  writeFileAtomic(cache.blob(model, two), "two");
  cache.link(model, kMain, "sub/config.json", one);
  const fs::path place = snapshot(kMain) / "sub" / "config.json";
  EXPECT_EQ(readFile(place), "one");
  EXPECT_EQ(fs::read_symlink(place).string(), "../../../blobs/" + one);
  cache.link(model, kMain, "sub/config.json", two);
  EXPECT_EQ(readFile(place), "two");
  fs::remove(cache.blob(model, two));  // a link to nowhere
  cache.link(model, kMain, "sub/config.json", one);
  EXPECT_EQ(readFile(place), "one");
  EXPECT_EQ(std::distance(fs::directory_iterator(place.parent_path()), {}), 1);
}

TEST_F(HubCacheTest, ManyMakeTheSameLink) {
  const HubCache cache(settings_.cache);
  const HubModel model{"EleutherAI/pythia-70m"};
  const std::string hashes[] = {std::string(40, '1'), std::string(40, '2')};
  fs::create_directories(cache.blob(model, hashes[0]).parent_path());
  for (const std::string& hash : hashes) writeFileAtomic(cache.blob(model, hash), hash);
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 4; ++i) {
      threads.emplace_back([&, i] {
        for (int n = 0; n < 3000; ++n) {
          EXPECT_NO_THROW(cache.link(model, kMain, "config.json", hashes[(i + n) % 2]));
        }
      });
    }
  }
  const fs::path place = snapshot(kMain) / "config.json";
  EXPECT_TRUE(readFile(place) == hashes[0] || readFile(place) == hashes[1]);
  EXPECT_EQ(std::distance(fs::directory_iterator(place.parent_path()), {}), 1);
}

}  // namespace
}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bundle/bundle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <SQLiteCpp/SQLiteCpp.h>

#include <functional>
#include <nlohmann/json.hpp>

#include "core/advice/advise.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "core/bundle/bundle_laws.h"
#include "core/eval/zip_archive.h"
#include "core/eval/zip_writer.h"
#include "core/store/export.h"
#include "tests/core/advice/planted_store.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class BundleTest : public testing::Test {
 protected:
  BundleTest() {
    const test::PlantedTruth truth = test::drawTruth(4, false);
    addPlanted(temp_, truth, test::plantSweep(truth, 4),
               [](auto size, auto format) { return size != 2 || format != 1; });
  }
  fs::path path(const std::string& name) const { return temp_.folder() / name; }
  std::vector<BundlePart> parts() const {
    return {{"law.json", lawsJson(temp_.get())}, {"figures/a.pdf", std::string("%PDF\0x", 6)}};
  }
  fs::path write(const std::string& name = "b.bfz") const {
    writeBundle(temp_.get(), parts(), path(name));
    return path(name);
  }
  /// The sentence with which a file is refused, by looking and by unpacking; nothing is left
  /// behind.
  std::string refusal(const fs::path& file) const {
    std::string first;
    for (const bool unpack : {false, true}) {
      try {
        if (unpack) {
          unpackBundle(file, path("out"));
        } else {
          verifyBundle(file);
        }
        ADD_FAILURE() << file << " was taken";
      } catch (const Error& error) {
        if (first.empty()) first = error.what();
        EXPECT_EQ(first, error.what());
      }
      EXPECT_FALSE(fs::exists(path("out")));
    }
    EXPECT_THAT(first, HasSubstr(file.string()));
    for (const auto& entry : fs::directory_iterator(temp_.folder())) {
      EXPECT_NE(entry.path().filename().string().substr(0, 5), ".bfz-");
    }
    return first;
  }
  /// A bundle whose members and manifest are edited before they are written.
  using Members = std::vector<std::pair<std::string, std::string>>;
  fs::path edited(const std::function<void(Members&, nlohmann::ordered_json&)>& edit) const {
    Members members;
    {
      const fs::path whole = write("whole.bfz");
      const ZipArchive zip(whole);
      for (const std::string& name : zip.members()) members.emplace_back(name, zip.read(name));
    }
    auto manifest = nlohmann::ordered_json::parse(members.front().second);
    edit(members, manifest);
    members.front().second = manifest.dump(2) + "\n";
    ZipWriter zip(path("edited.bfz"));
    for (auto& [name, content] : members) zip.add(name, content);
    zip.finish();
    return path("edited.bfz");
  }

  test::TempStore temp_;
};

TEST_F(BundleTest, EveryRunLawAndDecisionComesBack) {
  const BundleManifest manifest = unpackBundle(write(), path("out"));
  const RunStore back = RunStore::open(path("out") / kBundleStore, RunStore::Mode::ReadOnly);
  const auto before = temp_.get().runs({}, true), after = back.runs({}, true);
  EXPECT_EQ(manifest.runs, static_cast<std::int64_t>(before.size()));
  EXPECT_EQ(runsToJson(before, true), runsToJson(after, true));
  EXPECT_EQ(lawsJson(temp_.get()), lawsJson(back));
  EXPECT_EQ(readFile(path("out") / "law.json"), lawsJson(back));
  EXPECT_EQ(readFile(path("out") / "figures" / "a.pdf"), parts()[1].content);
  AdviceOptions options;
  options.memoryBits = 8e10;
  options.memory.needs.context = 0;
  const auto decisions = [&](const RunStore& store) {
    std::string all;
    for (const Advice& advice : advise(store, {}, options)) all += adviceToJson(advice).dump();
    return all;
  };
  EXPECT_EQ(decisions(temp_.get()), decisions(back));
}

TEST_F(BundleTest, TheSameInputsGiveTheSameBytes) {
  const fs::path one = write("one.bfz");
  std::vector<BundlePart> turned = parts();
  std::swap(turned[0], turned[1]);
  writeBundle(temp_.get(), turned, path("two.bfz"));
  EXPECT_EQ(sha256File(one), sha256File(path("two.bfz")));
  unpackBundle(one, path("out"));
  const RunStore back = RunStore::open(path("out") / kBundleStore, RunStore::Mode::ReadOnly);
  writeBundle(back, parts(), path("again.bfz"));
  EXPECT_EQ(sha256File(one), sha256File(path("again.bfz"))) << "a bundle of what was unpacked";
}

// It is brought up to date in memory each time it is read, and the time of that must not be seen.
TEST_F(BundleTest, AStoreOfAnOlderSchemaGivesTheSameBytesEachTime) {
  const fs::path old = fs::path(BITFRONTIER_SOURCE_DIR) / "tests" / "data" / "store_v1.bfdb";
  const auto write = [&](const std::string& name) {
    writeBundle(RunStore::open(old, RunStore::Mode::ReadOnly), {}, path(name));
    unpackBundle(path(name), path(name + "-out"));
    SQLite::Database database((path(name + "-out") / kBundleStore).string());
    EXPECT_EQ(
        database.execAndGet("SELECT count(*) FROM migrations WHERE applied_at <> ''").getInt(), 0);
    return sha256File(path(name));
  };
  EXPECT_EQ(write("one.bfz"), write("two.bfz"));
}

TEST_F(BundleTest, TheFirstPartThatDiffersIsNamed) {
  const std::string law = refusal(edited([](Members& members, auto&) {
    for (auto& [name, content] : members) {
      if (name == "law.json") content[5] ^= 1;
    }
  }));
  EXPECT_THAT(law, HasSubstr("part law.json has the SHA-256"));
  const std::string longer = refusal(edited([](Members& members, auto&) {
    for (auto& [name, content] : members) {
      if (name == "figures/a.pdf") content += "x";
    }
  }));
  EXPECT_THAT(longer, HasSubstr("figures/a.pdf"));
  const std::string store =
      refusal(edited([](Members& members, auto&) { members[1].second[5000] ^= 1; }));
  EXPECT_THAT(store, HasSubstr("part store.bfdb has the SHA-256"));
}

TEST_F(BundleTest, NamesThatLeadElsewhereAreRefused) {
  for (const char* name :
       {"../evil", "figures/../../evil", "/tmp/evil", "a//b", "./a", "a\\b", "C:evil", "a\nb"}) {
    const std::string why = refusal(edited([&](Members& members, auto& manifest) {
      members.emplace_back(name, "x");
      manifest["parts"].push_back({{"name", name}, {"sha256", sha256Hex("x")}, {"bytes", 1}});
    }));
    EXPECT_THAT(why, HasSubstr("is no sound bundle: the name")) << name;
  }
  EXPECT_FALSE(fs::exists(temp_.folder().parent_path() / "evil"));
}

TEST_F(BundleTest, WhatIsNotNamedOrNotThereIsRefused) {
  EXPECT_THAT(refusal(edited([](Members& members, auto&) { members.emplace_back("extra", "x"); })),
              HasSubstr("its manifest does not name extra"));
  EXPECT_THAT(refusal(edited([](Members& members, auto&) { members.pop_back(); })),
              HasSubstr("part law.json is missing"));
  EXPECT_THAT(
      refusal(edited([](Members& members, auto&) { members.emplace_back("LAW.json", ""); })),
      HasSubstr("LAW.json is there twice"));
  EXPECT_THAT(refusal(edited([](Members&, auto& manifest) {
                manifest["parts"].push_back(manifest["parts"].back());
              })),
              HasSubstr("names law.json twice"));
  EXPECT_THAT(refusal(edited([](Members&, auto& manifest) { manifest["parts"].erase(0); })),
              HasSubstr("has no store"));
  EXPECT_THAT(refusal(edited([](Members&, auto& manifest) { manifest.erase("parts"); })),
              HasSubstr("is no manifest"));
  EXPECT_THAT(refusal(edited([](Members&, auto& manifest) { manifest["bitfrontier_bundle"] = 2; })),
              HasSubstr("newer Bitfrontier"));
  ZipWriter none(path("none.bfz"));
  none.add("store.bfdb", "x");
  none.finish();
  EXPECT_THAT(refusal(path("none.bfz")), HasSubstr("it has no manifest.json"));
}

TEST_F(BundleTest, BombsAreRefusedBeforeTheyUnpack) {
  const std::string zeros(200 << 20, '\0');
  const std::string why = refusal(edited([&](Members& members, auto& manifest) {
    members.emplace_back("zeros", zeros);
    manifest["parts"].push_back(
        {{"name", "zeros"}, {"sha256", sha256Hex(zeros)}, {"bytes", zeros.size()}});
  }));
  EXPECT_THAT(why, HasSubstr("are said to unpack to"));
  // A manifest that states less than what is there.
  EXPECT_THAT(
      refusal(edited([&](Members& members, auto& manifest) {
        members.emplace_back("zeros", zeros);
        manifest["parts"].push_back({{"name", "zeros"}, {"sha256", sha256Hex("x")}, {"bytes", 1}});
      })),
      HasSubstr("zeros"));
}

TEST_F(BundleTest, ATruncatedOrForeignFileIsRefused) {
  const std::string whole = readFile(write());
  for (const std::size_t keep :
       {std::size_t{0}, std::size_t{30}, whole.size() / 2, whole.size() - 1}) {
    writeFileAtomic(path("cut.bfz"), whole.substr(0, keep));
    refusal(path("cut.bfz"));
  }
  writeFileAtomic(path("text.bfz"), "no archive at all");
  EXPECT_THAT(refusal(path("text.bfz")), HasSubstr("zip archive"));
  EXPECT_FALSE(isBundle(path("text.bfz")));
  EXPECT_TRUE(isBundle(write()));
  EXPECT_FALSE(isBundle(path("nothing.bfz")));
}

TEST_F(BundleTest, NoiseIsNeverTaken) {
  const std::string whole = readFile(write());
  int refused = 0;
  for (std::size_t i = 0; i < 60; ++i) {
    std::string noisy = whole;
    noisy[i * whole.size() / 60] ^= 0x55;
    writeFileAtomic(path("noisy.bfz"), noisy);
    try {
      verifyBundle(path("noisy.bfz"));
    } catch (const Error&) {
      ++refused;
    }
  }
  EXPECT_GE(refused, 55) << "but for bytes that mean nothing, such as times";
}

TEST_F(BundleTest, OpeningUnpacksOnceBesideTheFile) {
  const fs::path file = write("mine.bfz");
  const fs::path store = openBundle(file, path("cache"));
  EXPECT_EQ(store, path("mine") / kBundleStore);
  {
    RunRecord more = temp_.get().runs({}, true).front();
    more.key = "later";
    RunStore::open(store).add(more);
  }
  EXPECT_EQ(openBundle(file, path("cache")), store) << "what was added to it since stays";
  EXPECT_TRUE(RunStore::open(store, RunStore::Mode::ReadOnly).find("later"));
  fs::create_directories(path("other"));
  writeFileAtomic(path("other") / "a.txt", "mine");
  fs::copy_file(file, path("other.bfz"));
  EXPECT_EQ(openBundle(path("other.bfz"), path("cache")), path("other-2") / kBundleStore);
  EXPECT_EQ(readFile(path("other") / "a.txt"), "mine");
}

TEST_F(BundleTest, NothingIsReplaced) {
  fs::create_directories(path("full"));
  writeFileAtomic(path("full") / "a.txt", "mine");
  EXPECT_THROW(unpackBundle(write(), path("full")), Error);
  EXPECT_EQ(readFile(path("full") / "a.txt"), "mine");
  const fs::path store = temp_.get().path();
  EXPECT_THROW(writeBundle(temp_.get(), {}, store), Error);
  EXPECT_THROW(writeBundle(temp_.get(), {{"../x", ""}}, path("x.bfz")), Error);
  EXPECT_THROW(writeBundle(temp_.get(), {{"a", ""}, {"A", ""}}, path("x.bfz")), Error);
  EXPECT_FALSE(fs::exists(path("x.bfz")));
}

}  // namespace
}  // namespace bitfrontier

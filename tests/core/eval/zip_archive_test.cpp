// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/zip_archive.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zip.h>

#include <fstream>
#include <utility>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/eval/task.h"
#include "tests/core/sweep/tiny_model.h"
#include "tests/support/expect_error.h"

namespace bitfrontier {
namespace {

using ::testing::HasSubstr;

class Zip : public ::testing::Test {
 protected:
  /// An archive of these members, made by libzip.
  std::filesystem::path write(const std::string& name,
                              const std::vector<std::pair<std::string, std::string>>& members) {
    const std::filesystem::path path = dir_.path() / name;
    zip_t* zip = zip_open(path.c_str(), ZIP_CREATE | ZIP_TRUNCATE, nullptr);
    for (const auto& [member, content] : members) {
      zip_source_t* source = zip_source_buffer(zip, content.data(), content.size(), 0);
      zip_file_add(zip, member.c_str(), source, ZIP_FL_ENC_UTF_8);
    }
    EXPECT_EQ(zip_close(zip), 0);
    return path;
  }
  test::TempDir dir_{"zip"};
};

TEST_F(Zip, MembersComeBack) {
  const std::string large(3'000'000, 'x');
  const auto path = write("a.zip", {{"folder/one.txt", "first"}, {"two.txt", large}, {"none", ""}});
  const ZipArchive zip(path);
  EXPECT_THAT(zip.members(), ::testing::ElementsAre("folder/one.txt", "two.txt", "none"));
  EXPECT_TRUE(zip.has("two.txt"));
  EXPECT_FALSE(zip.has("one.txt"));
  EXPECT_EQ(zip.read("folder/one.txt"), "first");
  EXPECT_EQ(zip.read("two.txt"), large);
  EXPECT_EQ(zip.read("none"), "");
  const std::string bytes = readFile(path);
  EXPECT_EQ(ZipArchive(bytes, "memory").read("folder/one.txt"), "first");
}

TEST_F(Zip, WhatCannotBeReadIsRefused) {
  const auto path = write("a.zip", {{"one.txt", std::string(5000, 'a')}});
  EXPECT_THAT(test::errorText(ErrorKind::NotFound, [&] { ZipArchive(path).read("two.txt"); }),
              HasSubstr("two.txt"));
  EXPECT_THAT(test::errorText(ErrorKind::Format, [&] { ZipArchive(path).read("one.txt", 4999); }),
              HasSubstr("5000 bytes"));
  test::errorText(ErrorKind::NotFound, [&] { ZipArchive zip(dir_.path() / "b.zip"); });
  std::ofstream(dir_.path() / "c.zip") << "no archive at all";
  EXPECT_THAT(test::errorText(ErrorKind::Format, [&] { ZipArchive zip(dir_.path() / "c.zip"); }),
              HasSubstr("c.zip"));
  // a changed byte of the packed data: damaged data or a wrong checksum
  std::string bytes = readFile(path);
  bytes[40] = static_cast<char>(bytes[40] ^ 0x10);
  EXPECT_THAT(
      test::errorText(ErrorKind::Format, [&] { ZipArchive(bytes, "m.zip").read("one.txt"); }),
      HasSubstr("m.zip, member one.txt"));
}

TEST_F(Zip, TasksAreFoundInside) {
  const auto arc = [](const char* stem) {
    return std::string(R"({"question": {"stem": ")") + stem +
           R"(", "choices": [{"text": "x", "label": "A"}, {"text": "y", "label": "B"}]},)" +
           R"( "answerKey": "A"})";
  };
  const std::string path =
      write("ARC-V1-Feb2018.zip",
            {{"ARC-V1-Feb2018-2/ARC-Easy/ARC-Easy-Test.jsonl", arc("easy?")},
             {"ARC-V1-Feb2018-2/ARC-Easy/ARC-Easy-Dev.jsonl", arc("dev?")},
             {"ARC-V1-Feb2018-2/ARC-Challenge/ARC-Challenge-Test.jsonl", arc("hard?")}})
          .string();
  const auto context = [](const std::string& source) {
    return loadTask(source).items.at(0).requests.at(0).context;
  };
  EXPECT_EQ(context("arc_easy=" + path), "Question: easy?\nAnswer:");
  EXPECT_EQ(context("arc_challenge=" + path), "Question: hard?\nAnswer:");
  EXPECT_THAT(test::errorText(ErrorKind::InvalidArgument, [&] { loadTask(path); }),
              HasSubstr("arc_challenge=PATH"));
  EXPECT_EQ(context(path + "/ARC-V1-Feb2018-2/ARC-Easy/ARC-Easy-Dev.jsonl"),
            "Question: dev?\nAnswer:");

  const std::string sentence = R"({"sentence": "Ann met _ .", "option1": "Bo", "option2": "Cy")";
  const auto winogrande =
      write("winogrande_1.1.zip", {{"winogrande_1.1/train_xs.jsonl", "{}"},
                                   {"winogrande_1.1/dev.jsonl", sentence + R"(, "answer": "2"})"},
                                   {"winogrande_1.1/dev-labels.lst", "2\n"}});
  EXPECT_EQ(loadTask(winogrande).items.at(0).gold, 1);
  const auto labelled = write("winogrande_labels.zip",
                              {{"w/dev.jsonl", sentence + "}"}, {"w/dev-labels.lst", "1\n"}});
  EXPECT_EQ(loadTask(labelled).items.at(0).gold, 0);

  const auto wikitext =
      write("wikitext-2-raw-v1.zip", {{"wikitext-2-raw/wiki.train.raw", " = No = \n"},
                                      {"wikitext-2-raw/wiki.test.raw", " \n = A = \n \n one \n"}});
  const Task pages = loadTask(wikitext);
  EXPECT_EQ(pages.kind, TaskKind::WikiText);
  ASSERT_EQ(pages.items.size(), 1u);
  EXPECT_EQ(pages.items[0].requests[0].continuation, " = A =\n\none\n");
}

}  // namespace
}  // namespace bitfrontier

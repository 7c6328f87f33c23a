// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/hash.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/base/file.h"

namespace bitfrontier {
namespace {

// The examples of FIPS 180 and the well-known digest of nothing.
TEST(Sha256, KnownDigests) {
  EXPECT_EQ(sha256Hex(std::string_view()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256Hex(std::string_view("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256Hex(std::string(1000000, 'a')),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PartsEqualTheWholeAndDigestDoesNotEndIt) {
  Sha256 hash;
  hash.update("a");
  EXPECT_EQ(hash.hexDigest(), sha256Hex(std::string_view("a")));
  hash.update("bc");
  EXPECT_EQ(hash.hexDigest(), sha256Hex(std::string_view("abc")));
}

TEST(Sha256, FileReportsAndCancels) {
  const auto path = std::filesystem::path(testing::TempDir()) / "hash_test.bin";
  const std::string content(std::size_t{20} << 20, 'x');
  writeFileAtomic(path, content);
  std::int64_t last = 0;
  JobContext job;
  job.report = [&](const Progress& p) {
    EXPECT_GT(p.done, last);
    last = p.done;
  };
  EXPECT_EQ(sha256File(path, job), sha256Hex(content));
  EXPECT_EQ(last, static_cast<std::int64_t>(content.size()));

  std::stop_source source;
  job.stop = source.get_token();
  job.report = [&](const Progress&) { source.request_stop(); };
  try {
    sha256File(path, job);
    FAIL() << "was not cancelled";
  } catch (const Error& e) {
    EXPECT_EQ(e.kind(), ErrorKind::Cancelled);
  }
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace bitfrontier

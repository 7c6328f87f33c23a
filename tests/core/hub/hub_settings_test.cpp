// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hub/hub_settings.h"

#include <gtest/gtest.h>

#include <map>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/hub/hub_model.h"
#include "core/hub/url.h"

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

HubSettings with(std::map<std::string, std::string> variables) {
  variables.emplace("HOME", "/home/me");
  return HubSettings::fromEnvironment([&](const char* name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

TEST(HubSettings, CacheFollowsTheEnvironment) {
  EXPECT_EQ(with({}).cache, "/home/me/.cache/huggingface/hub");
  EXPECT_EQ(with({{"XDG_CACHE_HOME", "/x"}}).cache, "/x/huggingface/hub");
  EXPECT_EQ(with({{"XDG_CACHE_HOME", "/x"}, {"HF_HOME", "~/hf"}}).cache, "/home/me/hf/hub");
  EXPECT_EQ(with({{"HF_HOME", "/h"}, {"HUGGINGFACE_HUB_CACHE", "/old"}}).cache, "/old");
  EXPECT_EQ(with({{"HUGGINGFACE_HUB_CACHE", "/old"}, {"HF_HUB_CACHE", "/new"}}).cache, "/new");
  EXPECT_EQ(with({{"HF_HOME", "$BIG/${WHO}_$NONE/a"}, {"BIG", "/big"}, {"WHO", "me"}}).cache,
            "/big/me_$NONE/a/hub");
  EXPECT_EQ(with({{"HF_HUB_CACHE", ""}}).cache, "/home/me/.cache/huggingface/hub");
}

TEST(HubSettings, EndpointAndSwitches) {
  EXPECT_EQ(with({}).endpoint, "https://huggingface.co");
  EXPECT_EQ(with({{"HF_ENDPOINT", "http://mirror.example/hf//"}}).endpoint,
            "http://mirror.example/hf");
  EXPECT_THROW(with({{"HF_ENDPOINT", "mirror.example"}}), Error);
  EXPECT_THROW(with({{"HF_ENDPOINT", "file:///etc"}}), Error);
  EXPECT_THROW(with({{"HF_ENDPOINT", "https://hub example/x"}}), Error);
  EXPECT_THROW(with({{"HF_ENDPOINT", "https://[bad"}}), Error);
  EXPECT_EQ(with({{"HF_ENDPOINT", "HTTPS://hub.example"}}).endpoint, "HTTPS://hub.example");
  EXPECT_FALSE(with({}).offline);
  EXPECT_FALSE(with({{"HF_HUB_OFFLINE", "0"}}).offline);
  EXPECT_TRUE(with({{"HF_HUB_OFFLINE", "yes"}}).offline);
  EXPECT_TRUE(with({{"TRANSFORMERS_OFFLINE", "1"}}).offline);
  EXPECT_EQ(with({{"HF_HUB_DOWNLOAD_TIMEOUT", "30"}}).timeout, std::chrono::seconds(30));
  EXPECT_THROW(with({{"HF_HUB_DOWNLOAD_TIMEOUT", "-1"}}), Error);
}

TEST(HubSettings, TokenFromVariableOrFile) {
  const fs::path dir = fs::path(testing::TempDir()) / "hub_settings_test";
  fs::create_directories(dir);
  writeFileAtomic(dir / "token", "  hf_file\r\n");
  writeFileAtomic(dir / "other", "hf_other");
  const std::string home = dir.string();
  EXPECT_EQ(with({}).token, "");
  EXPECT_EQ(with({{"HF_HOME", home}}).token, "hf_file");
  EXPECT_EQ(with({{"HF_HOME", home}, {"HF_TOKEN_PATH", home + "/other"}}).token, "hf_other");
  EXPECT_EQ(with({{"HF_HOME", home}, {"HUGGING_FACE_HUB_TOKEN", "hf_old"}}).token, "hf_old");
  EXPECT_EQ(with({{"HF_HOME", home}, {"HF_TOKEN", " hf_new "}}).token, "hf_new");
  EXPECT_EQ(with({{"HF_HOME", home}, {"HF_HUB_DISABLE_IMPLICIT_TOKEN", "1"}}).token, "");
  // Would be a second line of the request.
  EXPECT_THROW(with({{"HF_TOKEN", "hf_a\nHost: elsewhere"}}), Error);
  fs::remove_all(dir);
}

TEST(HubModel, NamesAreThoseOfTheHub) {
  const auto plain = parseHubModel("EleutherAI/pythia-70m");
  ASSERT_TRUE(plain);
  EXPECT_EQ(plain->repo, "EleutherAI/pythia-70m");
  EXPECT_EQ(plain->revision, "main");
  EXPECT_EQ(plain->text(), "EleutherAI/pythia-70m");
  EXPECT_EQ(parseHubModel("gpt2")->repo, "gpt2");
  EXPECT_EQ(parseHubModel("a/b@step1000")->revision, "step1000");
  EXPECT_EQ(parseHubModel("a/b@refs/pr/1")->text(), "a/b@refs/pr/1");
  EXPECT_TRUE(parseHubModel("a/b@0123456789abcdef0123456789abcdef01234567")->isCommit());
  for (const char* bad :
       {"",       "/",        "a/",          "/b",      "a/b/c", "./a",         "../a",
        "a/..",   "a--b/c",   "-a/b",        "a/b.git", "a b/c", "a/b@",        "a/b@../x",
        "a/b@/x", "a/b@x//y", "a/b@.hidden", "a/b@x y", "a\\b",  "https://x/y", "a/b?c"}) {
    EXPECT_FALSE(parseHubModel(bad)) << bad;
  }
  EXPECT_FALSE(parseHubModel(std::string(97, 'a')));
}

// The token goes where scheme, host and port are those of the endpoint.
TEST(Url, OriginsAreComparedWhole) {
  const auto origin = [](const std::string& text) { return Url(text).origin(); };
  EXPECT_EQ(origin("https://Hub.example/a?b"), "https://hub.example:443");
  EXPECT_EQ(origin("https://hub.example:443"), origin("https://hub.example/x"));
  EXPECT_NE(origin("http://hub.example"), origin("https://hub.example"));
  EXPECT_NE(origin("https://hub.example:8443"), origin("https://hub.example"));
  EXPECT_NE(origin("https://hub.example.evil"), origin("https://hub.example"));
  EXPECT_EQ(origin("https://hub.example@evil/x"), "https://evil:443");
  Url url("https://hub.example/a/b?c");
  url.follow("../d");
  EXPECT_EQ(url.text(), "https://hub.example/d");
  url.follow("//evil/x");
  EXPECT_EQ(url.origin(), "https://evil:443");
  EXPECT_THROW(url.follow("http://[bad"), Error);
  EXPECT_EQ(urlQuoted("refs/pr 1"), "refs%2Fpr%201");
  EXPECT_EQ(urlQuoted("aZ09-._~\xC3\xA4"), "aZ09-._~%C3%A4");
  EXPECT_EQ(urlQuoted(""), "");
}

}  // namespace
}  // namespace bitfrontier

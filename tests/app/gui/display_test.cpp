// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's program says where a display is named but cannot be reached.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace bitfrontier {
namespace {

struct Outcome {
  int code = -1;  ///< 128 + signal when one ended it
  std::string text;
};

class Display : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              ("bitfrontier-display-" + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  /// Runs the program with nothing of the tester's session but `environment`.
  Outcome run(const std::string& environment, const std::string& arguments) const {
    std::string command =
        "env -u DISPLAY -u WAYLAND_DISPLAY -u QT_QPA_PLATFORM -u XDG_SESSION_TYPE ";
    for (const char* name : {"XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"}) {
      command += std::string(name) + "='" + folder_.string() + "' ";
    }
    command += environment + " timeout 60 " BITFRONTIER_GUI " " + arguments + " 2>&1";
    Outcome outcome;
    FILE* pipe = popen(command.c_str(), "r");
    if (!pipe) return outcome;
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, pipe)) outcome.text += buffer;
    const int status = pclose(pipe);
    outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return outcome;
  }

  std::filesystem::path folder_;
};

TEST_F(Display, ThatCannotBeReachedIsASentence) {
  for (const char* environment :
       {"DISPLAY=:9871", "WAYLAND_DISPLAY=nowhere-7", "DISPLAY=:9871 WAYLAND_DISPLAY=nowhere-7",
        "DISPLAY=:9871 XDG_SESSION_TYPE=wayland WAYLAND_DISPLAY=nowhere-7", "DISPLAY=nonsense",
        "QT_QPA_PLATFORM=nosuchplatform"}) {
    for (const char* arguments : {"", "--check-display"}) {
      const Outcome outcome = run(environment, arguments);
      EXPECT_EQ(outcome.code, 1) << environment << ": " << outcome.text;
      EXPECT_EQ(std::count(outcome.text.begin(), outcome.text.end(), '\n'), 1)
          << environment << ": " << outcome.text;
      EXPECT_NE(outcome.text.find("bitfrontier-gui: error: the display cannot be opened"),
                std::string::npos)
          << outcome.text;
      const std::string names = environment;
      const std::string last = names.substr(names.rfind('=') + 1);
      EXPECT_NE(outcome.text.find(last), std::string::npos) << outcome.text;
    }
  }
}

TEST_F(Display, IsNotNeededForPictures) {
  for (const char* environment :
       {"", "DISPLAY=:9871", "WAYLAND_DISPLAY=nowhere-7", "QT_QPA_PLATFORM=xcb DISPLAY=:9871"}) {
    const std::string figure = (folder_ / "figure.svg").string();
    const std::string picture = (folder_ / "window.png").string();
    Outcome outcome = run(environment, "--export '" + figure + "'");
    EXPECT_EQ(outcome.code, 0) << environment << ": " << outcome.text;
    EXPECT_GT(std::filesystem::file_size(figure), 1000u);
    outcome = run(environment, "--screenshot '" + picture + "' --width 1024 --height 700");
    EXPECT_EQ(outcome.code, 0) << environment << ": " << outcome.text;
    EXPECT_NE(outcome.text.find("1024"), std::string::npos) << outcome.text;
    EXPECT_GT(std::filesystem::file_size(picture), 1000u);
    std::filesystem::remove(figure);
    std::filesystem::remove(picture);
  }
}

TEST_F(Display, IsFoundWhereThereIsOne) {
  EXPECT_EQ(run("QT_QPA_PLATFORM=offscreen", "--check-display").code, 0);
  const Outcome none = run("", "");
  EXPECT_EQ(none.code, 1);
  EXPECT_NE(none.text.find("there is no display"), std::string::npos) << none.text;
}

/// What the dynamic loader opened while the program ran.
std::string loadedFiles(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().filename().string().rfind("loader.", 0) != 0) continue;
    std::ifstream file(entry.path());
    all += std::string(std::istreambuf_iterator<char>(file), {});
  }
  return all;
}

TEST_F(Display, IsThereWithoutLibtorch) {
  const std::string picture = (folder_ / "window.png").string();
  const std::string watched =
      "LD_DEBUG=files LD_DEBUG_OUTPUT='" + (folder_ / "loader").string() + "'";
  const Outcome outcome = run(watched, "--screenshot '" + picture + "'");
  EXPECT_EQ(outcome.code, 0) << outcome.text;
  const std::string files = loadedFiles(folder_);
  EXPECT_NE(files.find("libQt6Widgets"), std::string::npos) << "the loader said nothing";
  EXPECT_EQ(files.find("libtorch"), std::string::npos);
}

}  // namespace
}  // namespace bitfrontier

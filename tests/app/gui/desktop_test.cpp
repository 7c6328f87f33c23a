// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's program leaves on a computer: its files, a crash log, and no trace on the
// network.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

struct Outcome {
  int code = -1;
  std::string text;
};

Outcome shell(const std::string& command) {
  Outcome outcome;
  FILE* pipe = popen((command + " 2>&1").c_str(), "r");
  if (!pipe) return outcome;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe)) outcome.text += buffer;
  const int status = pclose(pipe);
  outcome.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return outcome;
}

std::string content(const fs::path& file) {
  std::ifstream in(file);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> filesBelow(const fs::path& folder) {
  std::vector<std::string> files;
  std::error_code code;
  for (const auto& entry : fs::recursive_directory_iterator(folder, code)) {
    if (entry.is_regular_file()) files.push_back(fs::relative(entry.path(), folder).string());
  }
  std::sort(files.begin(), files.end());
  return files;
}

bool isThere(const std::string& program) { return shell("command -v " + program).code == 0; }

class Desktop : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("bitfrontier-desktop-" + std::to_string(getpid()));
    for (const char* name : {"home", "config", "data", "cache", "state", "run", "tmp"}) {
      fs::create_directories(folder_ / name);
    }
    fs::permissions(folder_ / "run", fs::perms::owner_all);
  }
  void TearDown() override { fs::remove_all(folder_); }

  /// An environment in which everything of the user is in folder_.
  std::string environment() const {
    const std::string base = folder_.string();
    return "env -u DISPLAY -u WAYLAND_DISPLAY QT_QPA_PLATFORM=offscreen HOME='" + base +
           "/home' XDG_CONFIG_HOME='" + base + "/config' XDG_DATA_HOME='" + base +
           "/data' XDG_CACHE_HOME='" + base + "/cache' XDG_STATE_HOME='" + base +
           "/state' XDG_RUNTIME_DIR='" + base + "/run' TMPDIR='" + base + "/tmp' ";
  }
  /// Starts the window, waits until it has made its store (half a minute at most) and sends a
  /// signal; what the shell then says.
  Outcome startAndSignal(const std::string& signal) const {
    const std::string store = (folder_ / "data/bitfrontier/runs.bfdb").string();
    const std::string state = (folder_ / "state/bitfrontier").string();
    return shell(environment() +
                 "bash -c '\"" BITFRONTIER_GUI
                 "\" & pid=$!; n=0; "
                 "until { [ -e \"" +
                 store + "\" ] && [ -d \"" + state +
                 "\" ]; } || [ $n -ge 600 ]; "
                 "do n=$((n+1)); sleep 0.1; done; kill -" +
                 signal + " $pid; wait $pid; echo code $?'");
  }

  fs::path folder_;
};

TEST_F(Desktop, NothingIsWrittenOutsideTheFoldersOfTheSpecification) {
  const std::string picture = (folder_ / "tmp/window.png").string();
  const Outcome outcome = shell(environment() + BITFRONTIER_GUI " --screenshot '" + picture +
                                "' --width 1024 --height 640");
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_TRUE(filesBelow(folder_ / "home").empty()) << filesBelow(folder_ / "home").front();
  const auto data = filesBelow(folder_ / "data");
  EXPECT_EQ(data, std::vector<std::string>{"bitfrontier/runs.bfdb"});
  for (const std::string& file : filesBelow(folder_ / "config")) {
    EXPECT_EQ(file.rfind("bitfrontier/", 0), 0u) << file;
  }
}

TEST_F(Desktop, ACrashLeavesALogInTheStateFolder) {
  const Outcome outcome = startAndSignal("SEGV");
  EXPECT_NE(outcome.text.find("code 139"), std::string::npos) << outcome.text;
  const auto files = filesBelow(folder_ / "state");
  const auto log = std::find_if(files.begin(), files.end(), [](const std::string& file) {
    return file.rfind("bitfrontier/crash-", 0) == 0;
  });
  ASSERT_NE(log, files.end()) << outcome.text;
  const std::string text = content(folder_ / "state" / *log);
  EXPECT_NE(text.find("bitfrontier-gui "), std::string::npos) << text;
  EXPECT_NE(text.find("signal: SIGSEGV"), std::string::npos) << text;
  EXPECT_NE(text.find("stack:\n"), std::string::npos) << text;
  EXPECT_GT(std::count(text.begin(), text.end(), '\n'), 6) << text;
  EXPECT_NE(outcome.text.find(*log), std::string::npos) << outcome.text;  // said on stderr
}

TEST_F(Desktop, WithoutACrashThereIsNoLog) {
  const Outcome outcome = startAndSignal("TERM");
  EXPECT_NE(outcome.text.find("code "), std::string::npos) << outcome.text;
  for (const std::string& file : filesBelow(folder_ / "state")) {
    EXPECT_EQ(file.find("crash-"), std::string::npos) << file;
  }
}

TEST_F(Desktop, NothingConnectsByDefault) {
  if (!isThere("strace")) GTEST_SKIP() << "strace is not installed";
  const std::string trace = (folder_ / "tmp/trace").string();
  const std::string picture = (folder_ / "tmp/window.png").string();
  const Outcome outcome = shell(environment() + "strace -f -qq -e trace=connect,sendto -o '" +
                                trace + "' " BITFRONTIER_GUI " --screenshot '" + picture + "'");
  if (!fs::exists(picture)) GTEST_SKIP() << "programs may not be traced here: " << outcome.text;
  std::istringstream lines(content(trace));
  std::string line;
  while (std::getline(lines, line)) {
    EXPECT_EQ(line.find("AF_INET"), std::string::npos) << line;
  }
}

TEST_F(Desktop, TheDesktopEntryIsValid) {
  if (!isThere("desktop-file-validate")) GTEST_SKIP() << "desktop-file-utils is not installed";
  const std::string file =
      BITFRONTIER_SOURCE_DIR "/resources/io.github.bitfrontier.Bitfrontier.desktop";
  const Outcome outcome = shell("desktop-file-validate '" + file + "'");
  EXPECT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_EQ(outcome.text, "");
  const std::string text = content(file);
  for (const char* line : {"Exec=bitfrontier-gui %F", "Categories=Science;DataVisualization;",
                           "StartupWMClass=bitfrontier-gui", "Keywords=", "GenericName="}) {
    EXPECT_NE(text.find(line), std::string::npos) << line;
  }
}

TEST_F(Desktop, TheMetainfoIsValid) {
  if (!isThere("appstreamcli")) GTEST_SKIP() << "appstream is not installed";
  const std::string file =
      BITFRONTIER_SOURCE_DIR "/resources/io.github.bitfrontier.Bitfrontier.metainfo.xml";
  const Outcome outcome = shell("appstreamcli validate --no-net '" + file + "'");
  EXPECT_EQ(outcome.code, 0) << outcome.text;
  const std::string text = content(file);
  std::size_t pictures = 0;
  for (std::size_t at = text.find("<screenshot"); at != std::string::npos;
       at = text.find("<screenshot", at + 1)) {
    ++pictures;
  }
  EXPECT_GE(pictures, 3u);  // the element around them, and two
  for (const char* part : {"CC0-1.0", "oars-1.1", "<releases>", "<launchable", "<mediatype>"}) {
    EXPECT_NE(text.find(part), std::string::npos) << part;
  }
}

// The pictures that software centres show are made by `./dev screenshots`: of scenes that the
// program has, 16 to 9, and as large as the file says.
TEST_F(Desktop, ThePicturesOfTheMetainfoAreMade) {
  const std::string text =
      content(BITFRONTIER_SOURCE_DIR "/resources/io.github.bitfrontier.Bitfrontier.metainfo.xml");
  const std::regex image(R"re(width="(\d+)" height="(\d+)">[^<]*/([a-z]+)-([a-z]+)\.png<)re");
  int pictures = 0;
  for (std::sregex_iterator it(text.begin(), text.end(), image), end; it != end; ++it, ++pictures) {
    const std::smatch& m = *it;
    EXPECT_EQ(std::stoi(m[1]) * 9, std::stoi(m[2]) * 16);
    const std::string file = (folder_ / "tmp/picture.png").string();
    const Outcome outcome = shell(environment() + "'" BITFRONTIER_GUI "' --theme " + m[4].str() +
                                  " --width " + m[1].str() + " --height " + m[2].str() +
                                  " --scene " + m[3].str() + " --screenshot '" + file + "'");
    EXPECT_EQ(outcome.code, 0) << outcome.text;
    EXPECT_NE(outcome.text.find(m[1].str() + " × " + m[2].str() + " pixels"), std::string::npos)
        << outcome.text;
  }
  EXPECT_GE(pictures, 2);
}

TEST_F(Desktop, HelpBecomesAManualPageAndCompletions) {
  const std::string share = (folder_ / "tmp/share").string();
  Outcome outcome =
      shell("python3 " BITFRONTIER_SOURCE_DIR "/installer/program_docs.py '" BITFRONTIER_GUI "' '" +
            share + "'");
  ASSERT_EQ(outcome.code, 0) << outcome.text;
  outcome = shell("gzip -dc '" + share + "/man/man1/bitfrontier-gui.1.gz'");
  for (const char* part : {".TH BITFRONTIER", ".SH NAME", ".SH OPTIONS", "\\-\\-screenshot"}) {
    EXPECT_NE(outcome.text.find(part), std::string::npos) << part;
  }
  const std::string completion = share + "/bash-completion/completions/bitfrontier-gui";
  outcome = shell("bash -c 'source \"" + completion +
                  "\"; COMP_WORDS=(bitfrontier-gui --th); COMP_CWORD=1; _bitfrontier_gui; "
                  "echo ${COMPREPLY[@]}; COMP_WORDS=(bitfrontier-gui --theme d); COMP_CWORD=2; "
                  "_bitfrontier_gui; echo ${COMPREPLY[@]}'");
  EXPECT_EQ(outcome.text, "--theme\ndark\n");
}

TEST_F(Desktop, TheWindowSpeaksTheLanguageThatIsAskedFor) {
  const std::string picture = (folder_ / "tmp/zh.png").string();
  const Outcome outcome = shell(environment() + BITFRONTIER_GUI " --language zh_CN --screenshot '" +
                                picture + "' --scene about");
  EXPECT_EQ(outcome.code, 0) << outcome.text;
  EXPECT_GT(fs::file_size(picture), 1000u);
}

}  // namespace
}  // namespace bitfrontier

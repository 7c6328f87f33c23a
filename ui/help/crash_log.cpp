// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/crash_log.h"

#include <execinfo.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <system_error>

namespace bitfrontier {
namespace {

constexpr int kSignals[] = {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGILL};
constexpr std::size_t kLines = 64, kLineBytes = 240;

// All that the handler uses is made beforehand: it may neither allocate nor lock.
struct Line {
  std::atomic<unsigned> length{0};
  char text[kLineBytes];
};
std::array<Line, kLines> lines;
std::atomic<unsigned> nextLine{0};
char fileName[512];
char headText[512];
alignas(16) char stack[64 * 1024];  // a full stack is a crash, too

void writeAll(int file, const char* text, std::size_t size) {
  while (size > 0) {
    const ssize_t written = write(file, text, size);
    if (written <= 0) return;
    text += written;
    size -= static_cast<std::size_t>(written);
  }
}

void writeText(int file, const char* text) { writeAll(file, text, std::strlen(text)); }

const char* nameOf(int number) {
  switch (number) {
    case SIGSEGV:
      return "SIGSEGV";
    case SIGABRT:
      return "SIGABRT";
    case SIGBUS:
      return "SIGBUS";
    case SIGFPE:
      return "SIGFPE";
    default:
      return "SIGILL";
  }
}

void onCrash(int number) {
  const int file = open(fileName, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file >= 0) {
    writeText(file, headText);
    writeText(file, "signal: ");
    writeText(file, nameOf(number));
    writeText(file, "\n\nstack:\n");
    void* frames[64];
    const int count = backtrace(frames, 64);
    backtrace_symbols_fd(frames, count, file);
    writeText(file, "\nlast messages:\n");
    const unsigned end = nextLine.load();
    for (unsigned i = 0; i < kLines; ++i) {
      const Line& line = lines[(end + i) % kLines];
      const unsigned length = line.length.load();
      if (length == 0) continue;
      writeAll(file, line.text, length);
      writeText(file, "\n");
    }
    close(file);
    writeText(STDERR_FILENO, "bitfrontier: the program crashed; what is known is in ");
    writeText(STDERR_FILENO, fileName);
    writeText(STDERR_FILENO, "\n");
  }
  // The default action (SA_RESETHAND) when this returns and the instruction runs again, or now.
  raise(number);
}

}  // namespace

void rememberLine(std::string_view text) {
  Line& line = lines[nextLine.fetch_add(1) % kLines];
  line.length = 0;
  const std::size_t length = std::min(text.size(), kLineBytes);
  std::memcpy(line.text, text.data(), length);
  std::replace(line.text, line.text + length, '\n', ' ');
  line.length = static_cast<unsigned>(length);
}

std::string rememberedLines() {
  std::string all;
  const unsigned end = nextLine.load();
  for (unsigned i = 0; i < kLines; ++i) {
    const Line& line = lines[(end + i) % kLines];
    if (const unsigned length = line.length.load(); length > 0) {
      all.append(line.text, length) += '\n';
    }
  }
  return all;
}

bool installCrashLog(const std::filesystem::path& folder, const std::string& version) {
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  char time[32];
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  std::strftime(time, sizeof time, "%Y%m%d-%H%M%S", &parts);
  const std::string name =
      (folder / ("crash-" + std::string(time) + '-' + std::to_string(getpid()) + ".txt")).string();
  const std::string head = version + "\nstarted: " + time + " UTC\n";
  if (code || access(folder.c_str(), W_OK) != 0 || name.size() >= sizeof fileName ||
      head.size() >= sizeof headText) {
    return false;
  }
  std::memcpy(fileName, name.c_str(), name.size() + 1);
  std::memcpy(headText, head.c_str(), head.size() + 1);
  void* warm[1];
  backtrace(warm, 1);  // the first call loads libgcc, which allocates
  stack_t own{};
  own.ss_sp = stack;
  own.ss_size = sizeof stack;
  sigaltstack(&own, nullptr);
  struct sigaction action {};
  action.sa_handler = onCrash;
  action.sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER;
  for (const int number : kSignals) sigaction(number, &action, nullptr);
  return true;
}

void removeCrashLog() {
  for (const int number : kSignals) std::signal(number, SIG_DFL);
}

std::filesystem::path newestCrashLog(const std::filesystem::path& folder) {
  std::filesystem::path newest;
  std::error_code code;
  for (const auto& entry : std::filesystem::directory_iterator(folder, code)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with("crash-") || entry.path().extension() != ".txt") continue;
    if (newest.empty() || name > newest.filename().string()) newest = entry.path();
  }
  return newest;
}

}  // namespace bitfrontier

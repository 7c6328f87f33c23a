// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace bitfrontier::test {

/// A program as a child process; its output goes to files, its input comes from one. Killed when it
/// still runs at the end.
class ChildProcess {
 public:
  ChildProcess(std::string program, std::vector<std::string> arguments, std::filesystem::path out,
               std::filesystem::path err, const std::filesystem::path& in = "/dev/null")
      : out_(std::move(out)), err_(std::move(err)) {
    arguments.insert(arguments.begin(), std::move(program));
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(::open(in.c_str(), O_RDONLY), STDIN_FILENO);
      redirect(out_, STDOUT_FILENO);
      redirect(err_, STDERR_FILENO);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
  }
  ~ChildProcess() {
    if (!status_) {
      signal(SIGKILL);
      wait();
    }
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const { ::kill(pid_, number); }
  bool running() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, WNOHANG) == pid_) status_ = status;
    return !status_;
  }
  /// The exit code, or minus the number of the signal that ended it.
  int wait() {
    int status = 0;
    if (!status_ && ::waitpid(pid_, &status, 0) == pid_) status_ = status;
    return WIFEXITED(*status_) ? WEXITSTATUS(*status_) : -WTERMSIG(*status_);
  }
  std::string out() const { return read(out_); }
  std::string err() const { return read(err_); }
  /// Whole lines printed so far.
  std::vector<std::string> lines() const {
    std::ifstream in(out_);
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line) && !in.eof();) found.push_back(line);
    return found;
  }

 private:
  static void redirect(const std::filesystem::path& path, int descriptor) {
    const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    ::dup2(file, descriptor);
    ::close(file);
  }
  static std::string read(const std::filesystem::path& path) {
    std::ostringstream text;
    text << std::ifstream(path).rdbuf();
    return text.str();
  }

  std::filesystem::path out_;
  std::filesystem::path err_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace bitfrontier::test

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
#include <vector>

namespace bitfrontier::test {

/// store_worker as a child process; its output goes to files named after `log`.
class WorkerProcess {
 public:
  WorkerProcess(const std::filesystem::path& log, std::vector<std::string> arguments) : log_(log) {
    arguments.insert(arguments.begin(), BITFRONTIER_STORE_WORKER);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const std::string out = log_.string() + ".out", err = log_.string() + ".err";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(::open(out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDOUT_FILENO);
      ::dup2(::open(err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600), STDERR_FILENO);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
  }
  ~WorkerProcess() {
    if (!status_) {
      signal(SIGKILL);
      wait();
    }
  }
  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

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
  std::string err() const {
    std::ostringstream text;
    text << std::ifstream(log_.string() + ".err").rdbuf();
    return text.str();
  }
  /// Whole lines printed so far.
  std::vector<std::string> lines() const {
    std::ifstream in(log_.string() + ".out");
    std::vector<std::string> found;
    for (std::string line; std::getline(in, line) && !in.eof();) found.push_back(line);
    return found;
  }

 private:
  std::filesystem::path log_;
  pid_t pid_ = -1;
  std::optional<int> status_;
};

}  // namespace bitfrontier::test

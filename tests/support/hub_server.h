// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

namespace bitfrontier::test {

/// tests/core/hub/hub_server.py as a child process, which ends with this object.
class HubServer {
 public:
  /// `repos`: "org/name=directory" for repositories beside the server's own.
  explicit HubServer(std::vector<std::string> repos = {}) {
    int input[2];
    int output[2];
    if (::pipe(input) != 0 || ::pipe(output) != 0) throw std::runtime_error("no pipe");
    std::vector<std::string> arguments = {
        "python3", std::string(BITFRONTIER_SOURCE_DIR) + "/tests/core/hub/hub_server.py"};
    arguments.insert(arguments.end(), repos.begin(), repos.end());
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    child_ = ::fork();
    if (child_ == 0) {
      ::dup2(input[0], STDIN_FILENO);
      ::dup2(output[1], STDOUT_FILENO);
      for (const int end : {input[0], input[1], output[0], output[1]}) ::close(end);
      ::execvp(argv[0], argv.data());
      ::_exit(127);
    }
    ::close(input[0]);
    ::close(output[1]);
    stop_ = input[1];
    std::FILE* told = ::fdopen(output[0], "r");
    int storage = 0;
    if (told == nullptr || std::fscanf(told, "%d %d", &port_, &storage) != 2) port_ = 0;
    if (told != nullptr) std::fclose(told);
    if (port_ == 0) throw std::runtime_error("hub_server.py did not start");
  }
  ~HubServer() {
    ::close(stop_);
    ::kill(child_, SIGTERM);
    ::waitpid(child_, nullptr, 0);
  }
  HubServer(const HubServer&) = delete;
  HubServer& operator=(const HubServer&) = delete;

  std::string endpoint(const std::string& scenario) const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/" + scenario;
  }

 private:
  int port_ = 0;
  int stop_ = -1;
  pid_t child_ = -1;
};

}  // namespace bitfrontier::test

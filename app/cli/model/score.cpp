// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/score_lines.h"

#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>
#include <optional>
#include <system_error>

#include "app/cli/cli.h"
#include "app/cli/model/scored_model.h"
#include "app/cli/options.h"
#include "core/base/error.h"

namespace bitfrontier::cli {
namespace {

struct Options {
  ModelOptions model;
  EvalSettingsOptions settings;
  bool ids = false;
};

/// The lines of a pipe or file as they come: what is there is handed out at once, so that a program
/// that waits for an answer gets it, and a file is scored in large batches.
class LineReader {
 public:
  struct Line {
    std::string text;
    std::int64_t number;
  };

  explicit LineReader(JobContext job) : job_(std::move(job)) {}

  /// At least one line that is not blank; none at the end. Throws Io, Format and Cancelled.
  std::vector<Line> next() {
    std::vector<Line> lines;
    while (lines.empty() && !ended_) {
      fill();
      cut(lines);
    }
    return lines;
  }

 private:
  static constexpr std::size_t kChunk = std::size_t{1} << 18;
  static constexpr std::size_t kLongest = std::size_t{1} << 28;

  void fill() {
    pollfd input{STDIN_FILENO, POLLIN, 0};
    while (::poll(&input, 1, 100) == 0) job_.throwIfCancelled();
    job_.throwIfCancelled();
    const std::size_t before = pending_.size();
    pending_.resize(before + kChunk);
    const ssize_t got = ::read(STDIN_FILENO, pending_.data() + before, kChunk);
    pending_.resize(before + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
    if (got < 0 && errno != EINTR) {
      throw Error(ErrorKind::Io, fmt::format("cannot read standard input: {}",
                                             std::system_category().message(errno)));
    }
    if (got == 0) ended_ = true;
  }

  void cut(std::vector<Line>& lines) {
    std::size_t begin = 0;
    const auto take = [&](std::size_t end) {
      ++number_;
      std::string text = pending_.substr(begin, end - begin);
      if (text.find_first_not_of(" \t\r") != std::string::npos) {
        lines.push_back({std::move(text), number_});
      }
    };
    for (std::size_t end = pending_.find('\n', searched_); end != std::string::npos;
         end = pending_.find('\n', begin)) {
      take(end);
      begin = end + 1;
    }
    pending_.erase(0, begin);
    begin = 0;
    searched_ = pending_.size();
    if (pending_.size() > kLongest) {
      throw Error(ErrorKind::Format,
                  fmt::format("stdin:{}: the line is longer than {} bytes", number_ + 1, kLongest));
    }
    if (ended_ && !pending_.empty()) take(pending_.size());
  }

  JobContext job_;
  std::string pending_;
  std::size_t searched_ = 0;
  std::int64_t number_ = 0;
  bool ended_ = false;
};

int score(const Options& options, const JobContext& job) {
  const EvalSettings settings = options.settings.settings();
  const ScoredModel model = loadScoredModel(options.model, job);
  const RequestEncoder encoder(model.tokenizer, settings.bos);
  const ModelConfig& shape = model.lm().config();
  const std::int64_t maxLength = inputLength(settings, shape);
  LineReader reader(job);
  for (auto texts = reader.next(); !texts.empty(); texts = reader.next()) {
    // A bad line ends the work, but what came before it is answered.
    std::optional<Error> bad;
    std::vector<ScoreLine> lines;
    for (const LineReader::Line& line : texts) {
      try {
        lines.push_back(parseScoreLine(line.text, fmt::format("stdin:{}", line.number), encoder,
                                       shape.vocabSize, maxLength));
      } catch (const Error& error) {
        bad = error;
        break;
      }
    }
    const std::vector<ScoreAnswer> answers =
        scoreLines(model.lm(), lines, maxLength, {}, {job.stop, {}});
    for (std::size_t i = 0; i < lines.size(); ++i) {
      fmt::print("{}\n", formatScoreAnswer(lines[i], answers[i], options.ids));
    }
    std::fflush(stdout);
    if (bad) throw *bad;
  }
  return kOk;
}

}  // namespace

void addScore(CLI::App& app, Context& context) {
  auto options = std::make_shared<Options>();
  CLI::App* command =
      app.add_subcommand("score", "Log-likelihoods of the requests on standard input");
  addModelOptions(*command, options->model);
  addEvalSettingsOptions(*command, options->settings);
  command->add_flag("--ids", options->ids, "Add the token ids that were scored");
  command->footer(
      "A line of JSON each: {\"context\": ..., \"continuation\": ...} or {\"context_ids\": [...],\n"
      "\"continuation_ids\": [...]} is answered by {\"loglikelihood\", \"is_greedy\", \"tokens\"}, "
      "and\n"
      "{\"text\": ...} by the log-likelihood of the whole text in windows. Answers come in the "
      "order\n"
      "of the lines, as soon as the lines are there.");
  command->callback([&context, options] {
    context.action = [&context, options] { return score(*options, context.job()); };
  });
}

}  // namespace bitfrontier::cli

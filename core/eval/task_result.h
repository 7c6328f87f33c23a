// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace bitfrontier {

/// The outcome of one task for one model under one quantization configuration.
struct TaskResult {
  static constexpr double kAbsent = std::numeric_limits<double>::quiet_NaN();

  std::string task;            ///< name, e.g. "pocket_piqa"
  std::string taskHash;        ///< SHA-256 (hex) of the items that were scored, in their order
  std::int64_t items = 0;      ///< scored items (documents for a text task)
  std::int64_t itemLimit = 0;  ///< requested limit; 0 = all items of the task
  double chance = kAbsent;     ///< accuracy of guessing, 0..1; absent for text tasks

  double accuracy = kAbsent;    ///< share of correct items, 0..1; absent for text tasks
  double accuracySe = kAbsent;  ///< standard error sqrt(p(1-p)/(n-1))

  double crossEntropy = kAbsent;    ///< nats per token; text tasks only
  double crossEntropySe = kAbsent;  ///< standard error over documents (ratio estimator)
  double bitsPerByte = kAbsent;     ///< -log2 likelihood per UTF-8 byte; text tasks only

  /// One entry per item: 1 correct, 0 wrong. Empty for text tasks.
  std::vector<std::uint8_t> correct;
  /// One entry per item: natural log likelihood of the right answer, or of the document.
  std::vector<double> logLikelihood;
  double seconds = 0;  ///< wall time of scoring

  /// Share of items whose right answer has the best log likelihood per character of the choice
  /// (the harness's acc_norm); HellaSwag and PIQA only.
  double accuracyNorm = kAbsent;
  double accuracyNormSe = kAbsent;
  /// The same per UTF-8 byte of the choice (the harness's acc_bytes); tasks with choices only.
  double accuracyBytes = kAbsent;
  double accuracyBytesSe = kAbsent;
  /// exp(-mean log likelihood of the last word); Lambada only.
  double perplexity = kAbsent;
  double perplexitySe = kAbsent;  ///< by the harness's bootstrap, when it was asked for
  /// exp(nats / words) and exp(nats / bytes), words as the harness counts them; text tasks only.
  double wordPerplexity = kAbsent;
  double bytePerplexity = kAbsent;

  std::string bosProfile;      ///< bosProfileName(); empty when unknown
  std::int64_t maxLength = 0;  ///< EvalSettings::maxLength; 0 = as many tokens as the model takes

  /// A text task: it has a cross-entropy, or at least the perplexities that other programs state of
  /// words or bytes (from which none per token follows).
  bool isText() const {
    const auto known = [](double value) { return value == value; };
    return known(crossEntropy) ||
           (!known(accuracy) && (known(bitsPerByte) || known(wordPerplexity)));
  }
};

}  // namespace bitfrontier

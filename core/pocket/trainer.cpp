// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/pocket/trainer.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/GradMode.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>
#include <deque>
#include <nlohmann/json.hpp>
#include <numbers>
#include <optional>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/random.h"
#include "core/checkpoint/checkpoint.h"
#include "core/checkpoint/safetensors.h"
#include "core/model/architecture.h"
#include "core/pocket/world.h"

namespace bitfrontier::pocket {
namespace {

using Clock = std::chrono::steady_clock;
using Named = std::vector<std::pair<std::string, at::Tensor>>;

double secondsSince(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Windows of kContext + 1 tokens, every one once per epoch, in an order that follows from seed and
/// epoch.
class Batches {
 public:
  Batches(const std::vector<std::uint16_t>& corpus, std::uint64_t seed)
      : corpus_(corpus), seed_(seed), windows_((corpus.size() - 1) / kContext) {}

  std::int64_t stepsPerEpoch() const { return static_cast<std::int64_t>(windows_) / kBatch; }

  /// Inputs and targets, int64 [kBatch, kContext].
  std::pair<at::Tensor, at::Tensor> at(std::int64_t step) {
    const std::int64_t epoch = step / stepsPerEpoch();
    if (epoch != epoch_) {
      order_.resize(windows_);
      for (std::size_t i = 0; i < windows_; ++i) order_[i] = static_cast<std::uint32_t>(i);
      Rng rng(mixSeed(seed_, 77, static_cast<std::uint64_t>(epoch)));
      rng.shuffle(order_);
      epoch_ = epoch;
    }
    const at::Tensor window = at::empty({kBatch, kContext + 1}, at::kLong);
    auto* out = window.mutable_data_ptr<std::int64_t>();
    for (std::int64_t row = 0; row < kBatch; ++row) {
      const auto index = static_cast<std::size_t>((step % stepsPerEpoch()) * kBatch + row);
      const std::size_t start = std::size_t{order_[index]} * kContext;
      for (std::int64_t i = 0; i <= kContext; ++i) {
        *out++ = corpus_[start + static_cast<std::size_t>(i)];
      }
    }
    return {window.narrow(1, 0, kContext).contiguous(), window.narrow(1, 1, kContext).contiguous()};
  }

 private:
  const std::vector<std::uint16_t>& corpus_;
  std::uint64_t seed_;
  std::size_t windows_;
  std::int64_t epoch_ = -1;
  std::vector<std::uint32_t> order_;
};

/// AdamW with decay on matrices only; moments live beside the parameters they belong to.
class AdamW {
 public:
  AdamW(CausalLm& model, double weightDecay) : weightDecay_(weightDecay) {
    for (auto& [name, tensor] : model.named()) {
      Group& group = tensor.dim() == 2 ? matrices_ : vectors_;
      group.names.push_back(name);
      group.values.push_back(tensor);
      group.first.push_back(at::zeros_like(tensor));
      group.second.push_back(at::zeros_like(tensor));
      group.steps.push_back(at::zeros({}, tensor.options()));
    }
  }

  void step(double rate, double clip) {
    c10::NoGradGuard guard;
    at::Tensor squares = at::zeros({}, matrices_.values[0].options());
    for (const Group* group : {&matrices_, &vectors_}) {
      for (const at::Tensor& value : group->values) squares += value.grad().square().sum();
    }
    const double norm = std::sqrt(squares.item<double>());
    if (!std::isfinite(norm))
      throw Error(ErrorKind::Numeric, "training diverged: the gradient is not finite");
    const double scale = norm > clip ? clip / norm : 1.0;
    for (Group* group : {&matrices_, &vectors_}) {
      std::vector<at::Tensor> gradients;
      for (at::Tensor& value : group->values) {
        if (scale < 1.0) value.mutable_grad().mul_(scale);
        gradients.push_back(value.grad());
      }
      for (at::Tensor& count : group->steps) count.add_(1.0);
      at::_fused_adamw_(group->values, gradients, group->first, group->second, {}, group->steps,
                        rate, 0.9, 0.95, group == &matrices_ ? weightDecay_ : 0.0, 1e-8,
                        /*amsgrad=*/false, /*maximize=*/false);
      for (at::Tensor& value : group->values) value.mutable_grad().reset();
    }
  }

  /// Parameters and moments by name, for the state file.
  Named state() const {
    Named all;
    for (const Group* group : {&matrices_, &vectors_}) {
      for (std::size_t i = 0; i < group->names.size(); ++i) {
        all.emplace_back("value." + group->names[i], group->values[i].detach());
        all.emplace_back("first." + group->names[i], group->first[i]);
        all.emplace_back("second." + group->names[i], group->second[i]);
      }
    }
    return all;
  }

  void restore(const Checkpoint& state, std::int64_t step) {
    c10::NoGradGuard guard;
    for (Group* group : {&matrices_, &vectors_}) {
      for (std::size_t i = 0; i < group->names.size(); ++i) {
        group->values[i].copy_(state.tensor("value." + group->names[i]));
        group->first[i].copy_(state.tensor("first." + group->names[i]));
        group->second[i].copy_(state.tensor("second." + group->names[i]));
        group->steps[i].fill_(static_cast<double>(step));
      }
    }
  }

 private:
  struct Group {
    std::vector<std::string> names;
    std::vector<at::Tensor> values, first, second, steps;
  };
  Group matrices_, vectors_;
  double weightDecay_;
};

double learningRate(const TrainingOptions& options, std::int64_t step, std::int64_t steps) {
  const double peak = options.member.learningRate;
  const double warm = std::max(1.0, options.warmup * static_cast<double>(steps));
  const double at = static_cast<double>(step) + 1.0;
  if (at < warm) return peak * at / warm;
  const double progress = (at - warm) / std::max(1.0, static_cast<double>(steps) - warm);
  return peak * (0.1 + 0.9 * 0.5 * (1.0 + std::cos(std::numbers::pi * progress)));
}

void saveCheckpoint(const CausalLm& model, const std::filesystem::path& directory) {
  Named halves;
  for (const auto& [name, tensor] : model.stored()) {
    halves.emplace_back(name, tensor.detach().to(at::kCPU, at::kHalf).contiguous());
  }
  saveSafetensors(directory / "model.safetensors", halves, {{"format", "pt"}});
  writeFileAtomic(directory / "config.json", writeModelConfig(model.config()).dump(2) + "\n");
  writeFileAtomic(
      directory / "tokenizer_config.json",
      "{\n  \"tokenizer_class\": \"PreTrainedTokenizerFast\",\n  \"bos_token\": "
      "\"<|endoftext|>\",\n  \"eos_token\": \"<|endoftext|>\",\n  \"model_max_length\": " +
          std::to_string(model.config().maxPositions) + "\n}\n");
}

/// The state a stopped training is resumed from, a small checkpoint folder of its own.
class StateFolder {
 public:
  explicit StateFolder(std::filesystem::path directory) : directory_(std::move(directory)) {}

  void save(const AdamW& optimiser, const FamilyMember& member, std::int64_t step) const {
    std::filesystem::create_directories(directory_);
    saveSafetensors(directory_ / "model.safetensors", optimiser.state(),
                    {{"step", std::to_string(step)}});
    const nlohmann::ordered_json json = {{"step", step},
                                         {"seed", member.seed},
                                         {"tokens", member.tokens},
                                         {"learningRate", member.learningRate}};
    writeFileAtomic(directory_ / "config.json", json.dump() + "\n");
  }

  /// Restores and returns the step, when there is a state of the same training.
  std::optional<std::int64_t> restore(AdamW& optimiser, const FamilyMember& member) const {
    if (!std::filesystem::exists(directory_ / "config.json")) return std::nullopt;
    const Checkpoint state = Checkpoint::open(directory_);
    const nlohmann::json& json = state.config();
    if (json.value("seed", std::uint64_t{0}) != member.seed ||
        json.value("tokens", std::int64_t{0}) != member.tokens ||
        json.value("learningRate", 0.0) != member.learningRate) {
      throw Error(ErrorKind::Conflict,
                  fmt::format("{} belongs to another training; remove it to start anew",
                              directory_.string()));
    }
    const auto step = json.value("step", std::int64_t{0});
    optimiser.restore(state, step);
    return step;
  }

  void remove() const { std::filesystem::remove_all(directory_); }

 private:
  std::filesystem::path directory_;
};

}  // namespace

TrainingResult train(const TrainingOptions& options, const std::vector<std::uint16_t>& corpus,
                     const std::function<void(const TrainingStep&)>& report,
                     const JobContext& job) {
  if (corpus.size() < static_cast<std::size_t>(kBatch * kContext + 1)) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{} tokens are too few to train on", corpus.size()));
  }
  if (options.threads > 0) at::set_num_threads(options.threads);
  const auto start = Clock::now();
  CausalLm model = CausalLm::initialise(options.member.config, options.member.seed);
  for (auto& entry : model.named()) {
    at::Tensor tensor = entry.second.to(at::Device(options.device.text()));
    tensor.set_requires_grad(true);
    entry.second = tensor;
  }
  AdamW optimiser(model, options.weightDecay);
  Batches batches(corpus, options.member.seed);
  const StateFolder states(options.directory / "state");

  TrainingResult result;
  const std::int64_t steps = options.member.tokens / (kBatch * kContext);
  std::int64_t step = 0;
  if (const auto resumed = states.restore(optimiser, options.member)) {
    step = *resumed;
    result.resumed = true;
  }
  const std::int64_t first = step;
  const auto window = static_cast<std::size_t>(std::max<std::int64_t>(1, steps / 50));
  std::deque<double> losses;
  double lossSum = 0;
  std::string curve = first > 0 ? readFile(options.directory / "loss.csv") : "step,tokens,loss\n";
  const auto save = [&](std::int64_t done) {
    writeFileAtomic(options.directory / "loss.csv", curve);
    states.save(optimiser, options.member, done);
  };
  for (; step < steps; ++step) {
    if (job.cancelled()) {
      save(step);
      throw Error(
          ErrorKind::Cancelled,
          fmt::format("training of {} stopped at step {} of {}; the same command resumes it",
                      options.member.name, step, steps));
    }
    const auto [inputs, targets] = batches.at(step);
    const at::Device device(options.device.text());
    const at::Tensor logits = model.logits(model.hidden(inputs.to(device)));
    const at::Tensor loss =
        at::cross_entropy_loss(logits.view({-1, logits.size(-1)}), targets.to(device).view({-1}));
    loss.backward();
    optimiser.step(learningRate(options, step, steps), options.clip);

    losses.push_back(loss.item<double>());
    lossSum += losses.back();
    if (losses.size() > window) {
      lossSum -= losses.front();
      losses.pop_front();
    }
    if ((step + 1) % 50 == 0 || step + 1 == steps) {
      const double mean = lossSum / static_cast<double>(losses.size());
      const std::int64_t done = (step + 1 - first) * kBatch * kContext;
      curve += fmt::format("{},{},{:.5f}\n", step + 1, (step + 1) * kBatch * kContext, mean);
      report({step + 1, steps, mean, static_cast<double>(done) / secondsSince(start)});
    }
    if ((step + 1) % options.stateEvery == 0) {
      save(step + 1);
      if (options.onState) options.onState(step + 1);
    }
  }
  result.tokens = steps * kBatch * kContext;
  result.finalLoss = losses.empty() ? 0.0 : lossSum / static_cast<double>(losses.size());
  result.seconds = secondsSince(start);
  saveCheckpoint(model, options.directory);
  writeFileAtomic(options.directory / "loss.csv", curve);
  states.remove();
  return result;
}

}  // namespace bitfrontier::pocket

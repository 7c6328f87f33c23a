// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/modelquant/input_collector.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <set>

namespace bitfrontier {
namespace {

constexpr std::int64_t kBatchTokens = 4096;

using Sets = std::map<std::string, std::shared_ptr<InputStatistics>>;

void add(InputStatistics& statistics, const at::Tensor& input) {
  const std::int64_t columns = input.size(-1);
  const at::Tensor x = input.reshape({-1, columns}).to(at::kFloat);
  const at::Tensor moments = at::mm(x.t(), x).to(at::kCPU, at::kDouble);
  const at::Tensor magnitudes = x.abs().sum(0, false, at::kDouble).to(at::kCPU);
  if (statistics.inputs == 0) {
    statistics.moments = moments;
    statistics.magnitudes = magnitudes;
  } else {
    statistics.moments.add_(moments);
    statistics.magnitudes.add_(magnitudes);
  }
  statistics.inputs += x.size(0);
}

/// Puts the inputs of one batch into the sets of the layers that read them.
class BatchObserver {
 public:
  BatchObserver(const std::set<std::string>& wanted, Sets& sets) : wanted_(wanted), sets_(sets) {}

  bool operator()(const std::string& name, const at::Tensor& input) {
    if (wanted_.contains(name)) {
      ++seen_;
      // Query, key and value are given the very same tensor one after the other.
      if (!last_.is_same(input)) {
        last_ = input;
        std::shared_ptr<InputStatistics>& set = sets_[name];
        if (set == nullptr) set = std::make_shared<InputStatistics>();
        add(*set, input);
        shared_ = set;
      } else {
        sets_[name] = shared_;
      }
    }
    return seen_ < wanted_.size();
  }

 private:
  const std::set<std::string>& wanted_;
  Sets& sets_;
  std::size_t seen_ = 0;
  at::Tensor last_;
  std::shared_ptr<InputStatistics> shared_;
};

}  // namespace

std::map<std::string, std::shared_ptr<const InputStatistics>> collectInputs(
    const CausalLm& model, std::int64_t layer, const at::Tensor& tokens, const JobContext& job) {
  const c10::InferenceMode noGradients;
  std::set<std::string> wanted;
  for (const TensorSlot& slot : tensorSlots(model.config()))
    if (slot.quantizable() && slot.layer == layer) wanted.insert(slot.name);
  Sets sets;
  const std::int64_t batch = std::max<std::int64_t>(1, kBatchTokens / tokens.size(1));
  const at::Device device = model.named().front().second.device();
  for (std::int64_t row = 0; row < tokens.size(0); row += batch) {
    job.throwIfCancelled();
    BatchObserver observer(wanted, sets);
    model.observe(
        tokens.narrow(0, row, std::min(batch, tokens.size(0) - row)).to(device),
        [&](const std::string& name, const at::Tensor& input) { return observer(name, input); });
  }
  std::map<std::string, std::shared_ptr<const InputStatistics>> result;
  std::set<const InputStatistics*> scaled;
  for (auto& [name, set] : sets) {
    if (scaled.insert(set.get()).second) {
      set->moments.div_(static_cast<double>(set->inputs));
      set->magnitudes.div_(static_cast<double>(set->inputs));
    }
    result[name] = set;
  }
  return result;
}

}  // namespace bitfrontier

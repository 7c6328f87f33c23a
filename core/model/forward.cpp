// SPDX-License-Identifier: GPL-3.0-or-later
// The forward pass of every architecture: what a model has (tensors by role) and its options decide
// which steps are taken.
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>
#include <memory>

#include "core/base/error.h"
#include "core/model/activation.h"
#include "core/model/alibi.h"
#include "core/model/causal_lm.h"
#include "core/model/rotary.h"

namespace bitfrontier {
namespace {

/// Widens weights one after the other into the same memory.
class WidenBuffer {
 public:
  /// `weight` in the type computed in and contiguous: itself, or its values in the buffer, which
  /// the next call overwrites.
  at::Tensor dense(const at::Tensor& weight, at::ScalarType compute) {
    if (weight.scalar_type() == compute && weight.is_contiguous()) return weight;
    at::Tensor values = weight;
    if (weight.scalar_type() != compute && !weight.is_contiguous() && weight.t().is_contiguous()) {
      // Widened as it lies and then turned: two fast steps for one slow one.
      if (!asItLies_) asItLies_ = std::make_unique<WidenBuffer>();
      values = asItLies_->dense(weight.t(), compute).t();
    }
    const at::Tensor place = room(weight.sizes(), weight.options().dtype(compute));
    place.copy_(values);
    return place;
  }

  at::Tensor dense(const WeightSource& source, at::IntArrayRef shape,
                   const at::TensorOptions& options) {
    const at::Tensor place = room(shape, options);
    source.widen(place);
    return place;
  }

 private:
  at::Tensor room(at::IntArrayRef shape, const at::TensorOptions& options) {
    const std::int64_t size = c10::multiply_integers(shape);
    if (!memory_.defined() || memory_.numel() < size) memory_ = at::empty({size}, options);
    return memory_.narrow(0, 0, size).view(shape);
  }

  at::Tensor memory_;
  std::unique_ptr<WidenBuffer> asItLies_;
};

}  // namespace

/// One forward pass: what all its layers share.
class CausalLm::Pass {
 public:
  Pass(const CausalLm& model, const at::Tensor& tokens, const InputObserver* observer = nullptr)
      : model_(model),
        config_(model.config_),
        tokens_(tokens),
        time_(tokens.size(1)),
        observer_(observer) {}

  at::Tensor run() {
    at::Tensor x = embed();
    prepareAttention(x);
    for (std::int64_t layer = 0; layer < config_.layers && goOn_; ++layer) {
      layer_ = layer;
      roles_ = &model_.layers_[static_cast<std::size_t>(layer)];
      x = block(x);
    }
    if (!goOn_) return x;
    roles_ = &model_.outer_;
    if (config_.finalNorm) x = norm(x, TensorRole::FinalNormWeight, TensorRole::FinalNormBias);
    if (has(TensorRole::ProjectOut)) x = linear(x, TensorRole::ProjectOut);
    return x;
  }

 private:
  at::Tensor embed() {
    const at::Tensor& table = tensor(TensorRole::Embedding);
    // On the CPU a 16-bit table is read in place and the rows are widened.
    compute_ = table.is_cpu() ? at::kFloat : table.scalar_type();
    at::Tensor x = at::embedding(table, tokens_).to(compute_);
    if (has(TensorRole::ProjectIn)) x = linear(x, TensorRole::ProjectIn);
    if (has(TensorRole::PositionEmbedding)) {
      x = x + tensor(TensorRole::PositionEmbedding)
                  .narrow(0, config_.positionOffset, time_)
                  .to(compute_);
    }
    if (has(TensorRole::EmbeddingNormWeight)) {
      x = norm(x, TensorRole::EmbeddingNormWeight, TensorRole::EmbeddingNormBias);
    }
    return x;
  }

  void prepareAttention(const at::Tensor& x) {
    if (config_.positions == Positions::Rotary) {
      auto [cosines, sines] = rotaryTables(config_, time_, x);
      cosines_ = cosines.to(compute_);
      sines_ = sines.to(compute_);
    } else if (config_.positions == Positions::Alibi) {
      slopes_ = alibiSlopes(config_.heads).to(x.device(), compute_);
    }
  }

  at::Tensor block(const at::Tensor& x) {
    const auto firstNorm = [&](const at::Tensor& y) {
      return norm(y, TensorRole::AttentionNormWeight, TensorRole::AttentionNormBias);
    };
    const auto secondNorm = [&](const at::Tensor& y) {
      return norm(y, TensorRole::MlpNormWeight, TensorRole::MlpNormBias);
    };
    if (config_.block == BlockOrder::PostNorm) {
      const at::Tensor middle = firstNorm(x + attention(x));
      return secondNorm(middle + mlp(middle));
    }
    const at::Tensor normed = firstNorm(x);
    const at::Tensor mixed = attention(normed);
    if (config_.block == BlockOrder::Parallel) return x + mixed + mlp(secondNorm(x));
    const at::Tensor middle = (config_.residualAfterNorm ? normed : x) + mixed;
    const at::Tensor second = secondNorm(middle);
    return (config_.residualAfterNorm ? second : middle) + mlp(second);
  }

  at::Tensor attention(const at::Tensor& x) {
    auto [q, k, v] = queryKeyValue(x);
    if (config_.queryKeyNorm) {
      q = at::rms_norm(q, {q.size(-1)}, tensor(TensorRole::QueryNormWeight), config_.normEpsilon);
      k = at::rms_norm(k, {k.size(-1)}, tensor(TensorRole::KeyNormWeight), config_.normEpsilon);
    }
    if (config_.positions == Positions::Rotary) {
      q = rotate(q, cosines_, sines_);
      k = rotate(k, cosines_, sines_);
    }
    const std::int64_t sharing = config_.heads / config_.keyValues();
    if (sharing > 1) {
      k = shareHeads(k, sharing);
      v = shareHeads(v, sharing);
    }
    const std::int64_t headDim = q.size(-1);
    double scale = config_.scaleAttention ? 1.0 / std::sqrt(static_cast<double>(headDim)) : 1.0;
    if (config_.scaleByLayer) scale /= static_cast<double>(layer_ + 1);
    if (config_.positions == Positions::Alibi) addAlibi(q, k, v, slopes_, scale);
    const std::int64_t window = config_.slidingWindows.empty()
                                    ? 0
                                    : config_.slidingWindows[static_cast<std::size_t>(layer_)];
    at::Tensor mixed =
        window > 0 && time_ > window
            ? at::scaled_dot_product_attention(q, k, v, windowMask(window, q), 0.0, false, scale)
            : at::scaled_dot_product_attention(q, k, v, {}, 0.0, /*is_causal=*/true, scale);
    if (mixed.size(-1) != headDim) mixed = mixed.narrow(-1, 0, headDim);
    return linear(mixed.transpose(1, 2).reshape({x.size(0), time_, config_.heads * headDim}),
                  TensorRole::AttentionOutWeight, TensorRole::AttentionOutBias);
  }

  /// Queries, keys and values, each [batch, heads, time, headDim].
  std::tuple<at::Tensor, at::Tensor, at::Tensor> queryKeyValue(const at::Tensor& x) {
    const std::int64_t batch = x.size(0);
    const std::int64_t headDim = config_.sizeOfHead();
    if (has(TensorRole::QkvWeight)) {
      const at::Tensor fused = linear(x, TensorRole::QkvWeight, TensorRole::QkvBias);
      const at::Tensor parts =
          config_.qkvOrder == QkvOrder::ByHead
              ? fused.view({batch, time_, config_.heads, 3, headDim}).permute({3, 0, 2, 1, 4})
              : fused.view({batch, time_, 3, config_.heads, headDim}).permute({2, 0, 3, 1, 4});
      return {parts[0], parts[1], parts[2]};
    }
    const auto one = [&](TensorRole weight, TensorRole bias, std::int64_t heads) {
      return linear(x, weight, bias).view({batch, time_, heads, headDim}).transpose(1, 2);
    };
    return {one(TensorRole::QueryWeight, TensorRole::QueryBias, config_.heads),
            one(TensorRole::KeyWeight, TensorRole::KeyBias, config_.keyValues()),
            one(TensorRole::ValueWeight, TensorRole::ValueBias, config_.keyValues())};
  }

  /// Each head `sharing` times in a row.
  static at::Tensor shareHeads(const at::Tensor& x, std::int64_t sharing) {
    return x.unsqueeze(2)
        .expand({x.size(0), x.size(1), sharing, x.size(2), x.size(3)})
        .reshape({x.size(0), x.size(1) * sharing, x.size(2), x.size(3)});
  }

  /// True where a query (row) sees a key (column): itself and the window - 1 keys before it.
  at::Tensor windowMask(std::int64_t window, const at::Tensor& like) const {
    const at::Tensor all = at::ones({time_, time_}, like.options().dtype(at::kBool));
    return at::triu(at::tril(all), 1 - window);
  }

  at::Tensor mlp(const at::Tensor& x) {
    at::Tensor inner = linear(x, TensorRole::MlpInWeight, TensorRole::MlpInBias);
    if (has(TensorRole::MlpGateWeight)) {
      inner = activate(config_.activation,
                       linear(x, TensorRole::MlpGateWeight, TensorRole::MlpGateBias)) *
              inner;
    } else {
      inner = activate(config_.activation, inner);
    }
    return linear(inner, TensorRole::MlpOutWeight, TensorRole::MlpOutBias);
  }

  std::int32_t index(TensorRole role) const { return (*roles_)[static_cast<std::size_t>(role)]; }
  bool has(TensorRole role) const { return index(role) >= 0; }
  const at::Tensor& tensor(TensorRole role) const {
    return model_.tensors_[static_cast<std::size_t>(index(role))].second;
  }
  /// Undefined where the model has none, which libtorch takes for absent.
  at::Tensor optional(TensorRole role) const { return has(role) ? tensor(role) : at::Tensor(); }

  at::Tensor linear(const at::Tensor& x, TensorRole weight) { return linear(x, weight, weight); }

  at::Tensor linear(const at::Tensor& x, TensorRole weight, TensorRole bias) {
    const at::Tensor& held = tensor(weight);
    if (observer_ != nullptr && roles_ != &model_.outer_) {
      const std::string& name = model_.tensors_[static_cast<std::size_t>(index(weight))].first;
      goOn_ = (*observer_)(name, x) && goOn_;
    }
    const auto& source = model_.sources_[static_cast<std::size_t>(index(weight))];
    const at::Tensor dense =
        source ? buffer_.dense(*source, held.sizes(), held.options().dtype(compute_))
               : buffer_.dense(held, compute_);
    return at::linear(x, dense, bias == weight ? at::Tensor() : optional(bias));
  }

  at::Tensor norm(const at::Tensor& x, TensorRole weight, TensorRole bias) const {
    if (config_.norm == NormKind::Rms) {
      return at::rms_norm(x, {x.size(-1)}, optional(weight), config_.normEpsilon);
    }
    return at::layer_norm(x, {x.size(-1)}, optional(weight), optional(bias), config_.normEpsilon);
  }

  const CausalLm& model_;
  const ModelConfig& config_;
  at::Tensor tokens_;
  std::int64_t time_;
  const InputObserver* observer_;
  bool goOn_ = true;
  std::int64_t layer_ = -1;
  const RoleIndex* roles_ = &model_.outer_;
  at::ScalarType compute_ = at::kFloat;
  at::Tensor cosines_, sines_, slopes_;
  WidenBuffer buffer_;
};

void CausalLm::requireFits(const at::Tensor& tokens) const {
  if (tokens.size(1) > config_.maxPositions && config_.positions != Positions::Alibi) {
    throw Error(ErrorKind::InvalidArgument, fmt::format("{} tokens exceed the model's {} positions",
                                                        tokens.size(1), config_.maxPositions));
  }
}

at::Tensor CausalLm::hidden(const at::Tensor& tokens) const {
  requireFits(tokens);
  return Pass(*this, tokens).run();
}

void CausalLm::observe(const at::Tensor& tokens, const InputObserver& observer) const {
  requireFits(tokens);
  Pass(*this, tokens, &observer).run();
}

at::Tensor CausalLm::logits(const at::Tensor& hidden) const {
  const auto role = config_.tiedHead ? TensorRole::Embedding : TensorRole::Head;
  const at::Tensor& head =
      tensors_[static_cast<std::size_t>(outer_[static_cast<std::size_t>(role)])].second;
  if (head.scalar_type() == hidden.scalar_type()) return at::linear(hidden, head);
  // Widened by parts: a large vocabulary's head would be the largest matrix of the model.
  constexpr std::int64_t kPart = std::int64_t{1} << 23;  // values, 32 MB
  const std::int64_t vocab = head.size(0);
  const std::int64_t rows = std::max<std::int64_t>(1, kPart / head.size(1));
  const at::Tensor inputs = hidden.reshape({-1, head.size(1)});
  at::Tensor result = at::empty({inputs.size(0), vocab}, inputs.options());
  WidenBuffer buffer;
  for (std::int64_t row = 0; row < vocab; row += rows) {
    const std::int64_t count = std::min(rows, vocab - row);
    at::Tensor part = result.narrow(1, row, count);
    at::mm_out(part, inputs, buffer.dense(head.narrow(0, row, count), hidden.scalar_type()).t());
  }
  std::vector<std::int64_t> shape(hidden.sizes().begin(), hidden.sizes().end() - 1);
  shape.push_back(vocab);
  return result.view(shape);
}

}  // namespace bitfrontier

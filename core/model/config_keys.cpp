// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/config_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;
using Names = std::span<const std::string_view>;

// ---- keys of every model type -------------------------------------------------------------------

constexpr std::string_view kCommonObeyed[] = {"model_type", "vocab_size", "tie_word_embeddings",
                                              "quantization_config"};

constexpr std::string_view kCommonNoEffect[] = {
    // Where the file comes from, and what it is for.
    "_name_or_path", "name_or_path", "_commit_hash", "transformers_version", "architectures",
    "_diffusers_version", "unsloth_version", "unsloth_fixed", "model_name",
    // Storage. We compute in fp32 on a CPU, whatever it says.
    "dtype", "torch_dtype", "_pre_quantization_dtype", "use_bfloat16", "torchscript",
    // How the same numbers are computed.
    "use_cache", "attn_implementation", "_attn_implementation", "_attn_implementation_autoset",
    "_attn_implementation_internal", "experts_implementation", "_flash_attn_2_enabled",
    "_experts_implementation_internal", "chunk_size_feed_forward", "pretraining_tp",
    "gradient_checkpointing", "base_model_tp_plan", "base_model_pp_plan", "base_model_ep_plan",
    "base_model_fsdp_plan", "distributed_config", "use_flash_attention", "use_flash_attn",
    // What is returned beside the logits.
    "output_hidden_states", "output_attentions", "return_dict", "tie_last_hidden_states",
    // Training.
    "initializer_range", "initializer_factor", "init_std", "attention_dropout", "hidden_dropout",
    "classifier_dropout", "tf_legacy_loss", "keys_to_ignore_at_inference", "loss_type",
    // Classifiers and other tasks.
    "id2label", "label2id", "num_labels", "problem_type", "finetuning_task", "task_specific_params",
    "classifier_bias", "token_classification_bias",
    // Encoders beside decoders.
    "is_decoder", "tie_encoder_decoder", "cross_attention_hidden_size", "decoder_start_token_id",
    // Tokens: the tokenizer's own files say.
    "bos_token_id", "eos_token_id", "pad_token_id", "sep_token_id", "unk_token_id", "mask_token_id",
    "tokenizer_class", "prefix",
    // Generation.
    "max_length", "min_length", "max_new_tokens", "do_sample", "early_stopping", "num_beams",
    "num_beam_groups", "diversity_penalty", "temperature", "top_k", "top_p", "min_p", "typical_p",
    "repetition_penalty", "length_penalty", "no_repeat_ngram_size", "encoder_no_repeat_ngram_size",
    "bad_words_ids", "num_return_sequences", "output_scores", "return_dict_in_generate",
    "forced_bos_token_id", "forced_eos_token_id", "remove_invalid_values",
    "exponential_decay_length_penalty", "suppress_tokens", "begin_suppress_tokens",
    "renormalize_logits", "epsilon_cutoff", "eta_cutoff", "encoder_repetition_penalty",
    "guidance_scale", "cache_implementation", "cache_config", "num_assistant_tokens",
    "num_assistant_tokens_schedule", "assistant_confidence_threshold", "assistant_lookbehind",
    "target_lookbehind", "prompt_lookup_num_tokens", "max_matching_ngram_size",
    "watermarking_config", "generation_config"};

/// What the value must be so that it changes no score.
enum class Harmless {
  NullOrEmpty,  ///< null, false or empty
  True,         ///< true; null counts as false in transformers
};

struct RefusedKey {
  std::string_view name;
  Harmless harmless;
  std::string_view meaning;
};

constexpr RefusedKey kCommonRefused[] = {
    {"is_causal", Harmless::True, "attention to later tokens (transformers 5)"},
    {"per_layer_config", Harmless::NullOrEmpty, "options of single layers (transformers 5)"},
    {"pruned_heads", Harmless::NullOrEmpty, "heads taken out of layers (transformers 4)"},
    {"transformers_weights", Harmless::NullOrEmpty, "weights in a file of another name"},
    {"add_cross_attention", Harmless::NullOrEmpty, "attention to an encoder"},
    {"is_encoder_decoder", Harmless::NullOrEmpty, "an encoder beside the decoder"},
    {"text_config", Harmless::NullOrEmpty, "a model inside another"},
    {"text_encoder", Harmless::NullOrEmpty, "a model inside another"},
    {"decoder", Harmless::NullOrEmpty, "a model inside another"},
    {"generator", Harmless::NullOrEmpty, "a model inside another"},
    {"fusion_config", Harmless::NullOrEmpty, "layers joined to others"},
    {"compression_config", Harmless::NullOrEmpty, "weights compressed by another program"},
    {"quantization", Harmless::NullOrEmpty, "weights quantized by another program (MLX)"}};

// ---- keys of one model type ---------------------------------------------------------------------

constexpr std::string_view kGpt2Obeyed[] = {"n_embd",
                                            "hidden_size",
                                            "n_layer",
                                            "num_hidden_layers",
                                            "n_head",
                                            "num_attention_heads",
                                            "n_inner",
                                            "n_positions",
                                            "max_position_embeddings",
                                            "layer_norm_epsilon",
                                            "activation_function",
                                            "scale_attn_weights",
                                            "scale_attn_by_inverse_layer_idx"};
constexpr std::string_view kGpt2NoEffect[] = {"n_ctx",
                                              "attn_pdrop",
                                              "embd_pdrop",
                                              "resid_pdrop",
                                              "reorder_and_upcast_attn",
                                              "summary_type",
                                              "summary_use_proj",
                                              "summary_activation",
                                              "summary_proj_to_labels",
                                              "summary_first_dropout",
                                              "summary_last_dropout",
                                              "n_special",
                                              "predict_special_tokens"};

constexpr std::string_view kOptObeyed[] = {"hidden_size",
                                           "num_hidden_layers",
                                           "num_attention_heads",
                                           "ffn_dim",
                                           "max_position_embeddings",
                                           "word_embed_proj_dim",
                                           "activation_function",
                                           "do_layer_norm_before",
                                           "_remove_final_layer_norm",
                                           "enable_bias",
                                           "layer_norm_elementwise_affine",
                                           "n_positions"};
constexpr std::string_view kOptNoEffect[] = {"n_ctx", "dropout", "layerdrop", "activation_dropout",
                                             "init_std"};

constexpr std::string_view kNeoxObeyed[] = {"hidden_size",
                                            "num_hidden_layers",
                                            "num_attention_heads",
                                            "intermediate_size",
                                            "max_position_embeddings",
                                            "layer_norm_eps",
                                            "use_parallel_residual",
                                            "attention_bias",
                                            "hidden_act",
                                            "rope_parameters",
                                            "rope_scaling",
                                            "rotary_emb_base",
                                            "rotary_pct",
                                            "original_max_position_embeddings",
                                            "head_dim",
                                            "n_positions"};
constexpr std::string_view kNeoxNoEffect[] = {"n_ctx"};

constexpr std::string_view kBloomObeyed[] = {"hidden_size",
                                             "n_embed",
                                             "n_layer",
                                             "num_hidden_layers",
                                             "n_head",
                                             "num_attention_heads",
                                             "layer_norm_epsilon",
                                             "apply_residual_connection_post_layernorm",
                                             "n_positions",
                                             "max_position_embeddings",
                                             "n_ctx"};
constexpr std::string_view kBloomNoEffect[] = {
    "slow_but_exact",        "seq_length",          "n_inner",
    "skip_bias_add",         "skip_bias_add_qkv",   "attention_softmax_in_fp32",
    "masked_softmax_fusion", "bias_dropout_fusion", "unk_token_id"};

constexpr std::string_view kLlamaObeyed[] = {"hidden_size",
                                             "num_hidden_layers",
                                             "num_attention_heads",
                                             "num_key_value_heads",
                                             "head_dim",
                                             "intermediate_size",
                                             "max_position_embeddings",
                                             "rms_norm_eps",
                                             "hidden_act",
                                             "rope_parameters",
                                             "rope_scaling",
                                             "rope_theta",
                                             "partial_rotary_factor",
                                             "original_max_position_embeddings",
                                             "n_positions"};
constexpr std::string_view kLlamaBiases[] = {"attention_bias", "mlp_bias"};
constexpr std::string_view kQwen3Biases[] = {"attention_bias"};
constexpr std::string_view kWindow[] = {"sliding_window"};
constexpr std::string_view kWindowOfLayers[] = {"sliding_window", "layer_types"};
constexpr std::string_view kQwenWindow[] = {"sliding_window", "layer_types", "use_sliding_window",
                                            "max_window_layers"};
constexpr std::string_view kLlamaNoEffect[] = {"n_ctx"};

struct Ledger {
  std::string_view modelType;
  std::vector<Names> obeyed;
  Names noEffect;
};

const std::vector<Ledger>& ledgers() {
  static const std::vector<Ledger> all = {
      {"gpt2", {kGpt2Obeyed}, kGpt2NoEffect},
      {"opt", {kOptObeyed}, kOptNoEffect},
      {"gpt_neox", {kNeoxObeyed}, kNeoxNoEffect},
      {"bloom", {kBloomObeyed}, kBloomNoEffect},
      {"llama", {kLlamaObeyed, kLlamaBiases}, kLlamaNoEffect},
      {"mistral", {kLlamaObeyed, kWindow}, kLlamaNoEffect},
      {"ministral", {kLlamaObeyed, kWindowOfLayers}, kLlamaNoEffect},
      {"qwen2", {kLlamaObeyed, kQwenWindow}, kLlamaNoEffect},
      {"qwen3", {kLlamaObeyed, kQwen3Biases, kQwenWindow}, kLlamaNoEffect},
  };
  return all;
}

bool among(Names names, std::string_view key) {
  return std::ranges::find(names, key) != names.end();
}

const RefusedKey* refused(std::string_view key) {
  const auto* found = std::ranges::find(kCommonRefused, key, &RefusedKey::name);
  return found == std::end(kCommonRefused) ? nullptr : found;
}

bool isNothing(const Json& value) { return value.is_null() || value == false; }

bool isHarmless(Harmless harmless, const Json& value) {
  if (harmless == Harmless::True) return value == true;
  return isNothing(value) || value == 0 || (!value.is_number() && value.empty());
}

/// A value as a message shows it.
std::string shortText(const Json& value) {
  std::string text = value.dump(-1, ' ', true);
  if (text.size() > 40) text = text.substr(0, 37) + "...";
  return text;
}

/// "a is", "a, b are", "a, b, ... and 90 more are".
std::string subject(std::vector<std::string> names) {
  constexpr std::size_t kShown = 12;
  if (names.size() == 1) return names[0] + " is";
  if (names.size() <= kShown) return fmt::format("{} are", fmt::join(names, ", "));
  const std::size_t more = names.size() - kShown;
  names.resize(kShown);
  return fmt::format("{} and {} more are", fmt::join(names, ", "), more);
}

}  // namespace

std::optional<KeyUse> keyUse(std::string_view modelType, std::string_view key) {
  if (refused(key) != nullptr) return KeyUse::Refused;
  if (among(kCommonObeyed, key)) return KeyUse::Obeyed;
  for (const Ledger& ledger : ledgers()) {
    if (ledger.modelType != modelType) continue;
    for (const Names names : ledger.obeyed) {
      if (among(names, key)) return KeyUse::Obeyed;
    }
    if (among(ledger.noEffect, key)) return KeyUse::NoEffect;
  }
  if (among(kCommonNoEffect, key)) return KeyUse::NoEffect;
  return std::nullopt;
}

std::vector<std::string_view> keysUsed(std::string_view modelType, KeyUse use) {
  std::vector<std::string_view> keys;
  const auto add = [&](Names names) { keys.insert(keys.end(), names.begin(), names.end()); };
  if (use == KeyUse::Refused) {
    for (const RefusedKey& key : kCommonRefused) keys.push_back(key.name);
    return keys;
  }
  add(use == KeyUse::Obeyed ? Names(kCommonObeyed) : Names(kCommonNoEffect));
  for (const Ledger& ledger : ledgers()) {
    if (ledger.modelType != modelType) continue;
    for (const Names names : ledger.obeyed) {
      if (use == KeyUse::Obeyed) add(names);
    }
    if (use == KeyUse::NoEffect) add(ledger.noEffect);
  }
  return keys;
}

void checkConfigKeys(const Json& json, const std::string& origin, ModelConfig& config) {
  std::vector<std::string> unknown;
  for (const auto& [key, value] : json.items()) {
    const auto use = keyUse(config.modelType, key);
    if (use == KeyUse::Refused) {
      const RefusedKey& rule = *refused(key);
      if (isHarmless(rule.harmless, value)) continue;
      throw Error(ErrorKind::Unsupported, fmt::format("{}: {} {} is not supported: {}", origin, key,
                                                      shortText(value), rule.meaning));
    }
    if (!use && !isNothing(value)) unknown.push_back(key);
  }
  if (!unknown.empty()) {
    addNote(config, fmt::format("{}: {} not used for model_type \"{}\"", origin, subject(unknown),
                                config.modelType));
  }
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/config_keys.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/error.h"
#include "core/model/architecture.h"

namespace bitfrontier {
namespace {

using Json = nlohmann::json;

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

bool among(KeyNames names, std::string_view key) {
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
  if (const auto* type = modelTypeNamed(modelType)) {
    for (const KeyNames names : type->obeyed) {
      if (among(names, key)) return KeyUse::Obeyed;
    }
    if (among(type->noEffect, key)) return KeyUse::NoEffect;
  }
  if (among(kCommonNoEffect, key)) return KeyUse::NoEffect;
  return std::nullopt;
}

std::vector<std::string_view> keysUsed(std::string_view modelType, KeyUse use) {
  std::vector<std::string_view> keys;
  const auto add = [&](KeyNames names) { keys.insert(keys.end(), names.begin(), names.end()); };
  if (use == KeyUse::Refused) {
    for (const RefusedKey& key : kCommonRefused) keys.push_back(key.name);
    return keys;
  }
  add(use == KeyUse::Obeyed ? KeyNames(kCommonObeyed) : KeyNames(kCommonNoEffect));
  if (const auto* type = modelTypeNamed(modelType)) {
    for (const KeyNames names : type->obeyed) {
      if (use == KeyUse::Obeyed) add(names);
    }
    if (use == KeyUse::NoEffect) add(type->noEffect);
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

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/import/task_chances.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <ranges>
#include <string>
#include <string_view>

namespace bitfrontier {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Tasks and groups by number of choices, as the task files of lm-evaluation-harness 0.4.13 and the
/// data sets' descriptions say; "hendrycksTest" and "ethics" are names of 0.3. 0 = no choices.
struct TaskChoices {
  int choices;
  std::string_view names;  ///< with blanks between them
};
constexpr TaskChoices kChoices[] = {
    {0,
     "lambada triviaqa nq_open webqs gsm8k gsm8k_platinum gsm_plus mgsm afrimgsm"
     " hendrycks_math minerva_math leaderboard_math leaderboard_ifeval ifeval humaneval"
     " mbpp drop squadv2 squad_completion coqa asdiv arithmetic aime tinyGSM8k"
     " metabench_gsm8k agieval_math agieval_gaokao_mathcloze"
     " bbh_cot_fewshot_dyck_languages bbh_cot_fewshot_multistep_arithmetic_two"
     " bbh_cot_fewshot_object_counting bbh_cot_fewshot_word_sorting unscramble fda swde"
     " ruler babilong truthfulqa_gen xquad mlqa tydiqa"},
    {2,
     "piqa winogrande tinyWinogrande metabench_winogrande wsc273 wsc xwinograd boolq"
     " boolq-seq2seq copa xcopa copal_id kobest_copa kobest_boolq kobest_wic"
     " kobest_sentineg storycloze xstorycloze rte sglue_rte wic wnli sst sst2 qnli qqp"
     " mrpc cola multirc paws blimp blimp_nl zhoblimp turblimp multiblimp lm_syneval mela"
     " ethics hendrycks_ethics toxigen winogender mc_taco qasper_bool"
     " leaderboard_bbh_boolean_expressions leaderboard_bbh_causal_judgement"
     " leaderboard_bbh_formal_fallacies leaderboard_bbh_hyperbaton"
     " leaderboard_bbh_navigate leaderboard_bbh_snarks"
     " leaderboard_bbh_sports_understanding leaderboard_bbh_web_of_lies"
     " leaderboard_musr_murder_mysteries global_piqa_completions"},
    {3,
     "mnli mnli_mismatch cb anli xnli xnli_eu afrixnli indicxnli social_iqa siqa pubmedqa"
     " bertaqa leaderboard_bbh_disambiguation_qa"
     " leaderboard_bbh_logical_deduction_three_objects"
     " leaderboard_bbh_tracking_shuffled_objects_three_objects"
     " leaderboard_musr_team_allocation"},
    {4,
     "hellaswag tinyHellaswag metabench_hellaswag darijahellaswag egyhellaswag"
     " kobest_hellaswag swag arc arc_easy arc_challenge tinyArc metabench_arc openbookqa"
     " sciq race logiqa logiqa2 mutual medmcqa medqa_4options careqa_en careqa_es belebele"
     " prost mmlu tinyMMLU metabench_mmlu hendrycksTest m_mmlu mmlusr mmlu_redux mmmlu"
     " global_mmlu openai_mmmlu afrimmlu include cmmlu ceval ceval-valid kmmlu tmmluplus"
     " aclue eus_exams eus_proficiency wmdp gpqa leaderboard_gpqa"
     " leaderboard_bbh_temporal_sequences med_concepts_qa glianorex longbench2"
     " agieval_sat_en agieval_sat_math agieval_logiqa_en agieval_logiqa_zh naijarc"},
    {5,
     "commonsense_qa mathqa qa4mre haerae turkishmmlu agieval_aqua_rat agieval_lsat_ar"
     " agieval_lsat_lr agieval_lsat_rc leaderboard_bbh_logical_deduction_five_objects"
     " leaderboard_bbh_penguins_in_a_table"
     " leaderboard_bbh_tracking_shuffled_objects_five_objects"},
    {6,
     "leaderboard_bbh_date_understanding leaderboard_bbh_movie_recommendation"
     " leaderboard_bbh_ruin_names leaderboard_bbh_salient_translation_error_detection"},
    {7,
     "leaderboard_bbh_logical_deduction_seven_objects"
     " leaderboard_bbh_tracking_shuffled_objects_seven_objects sib"},
    {10, "mmlu_pro mmlu_pro_plus mmlu_prox leaderboard_mmlu_pro"},
    {11, "leaderboard_bbh_geometric_shapes"},
    {18, "leaderboard_bbh_reasoning_about_colored_objects"},
    {19, "leaderboard_bbh_object_counting"},
};

/// The number of texts in "['A', 'B']" or "{{['A', 'B']}}"; 0 when there is an expression in it.
int countLiteralList(std::string_view text) {
  const auto trim = [](std::string_view t) {
    while (!t.empty() && (t.front() == ' ' || t.front() == '\n')) t.remove_prefix(1);
    while (!t.empty() && (t.back() == ' ' || t.back() == '\n')) t.remove_suffix(1);
    return t;
  };
  text = trim(text);
  if (text.starts_with("{{") && text.ends_with("}}")) text = trim(text.substr(2, text.size() - 4));
  if (!text.starts_with('[') || !text.ends_with(']') || text.size() < 3) return 0;
  text = text.substr(1, text.size() - 2);
  int count = 1, depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\') ++i;
      if (c == quote) quote = 0;
    } else if (c == '\'' || c == '"') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      --depth;
    } else if (c == ',' && depth == 0 && !trim(text.substr(i + 1)).empty()) {
      ++count;
    }
  }
  return quote == 0 && depth == 0 ? count : 0;
}

}  // namespace

double chanceOfTask(std::string_view task) {
  std::size_t longest = 0;
  double chance = kNaN;
  for (const auto& [choices, names] : kChoices) {
    for (const auto word : std::views::split(names, ' ')) {
      const std::string_view name(word.begin(), word.end());
      if (name.size() < longest || !task.starts_with(name)) continue;
      const bool whole =
          task.size() == name.size() || task[name.size()] == '_' || task[name.size()] == '-';
      if (!whole || name.size() == longest) continue;
      longest = name.size();
      chance = choices == 0 ? 0.0 : 1.0 / choices;
    }
  }
  return chance;
}

double chanceOfTaskConfig(const nlohmann::json& config) {
  if (!config.is_object()) return kNaN;
  const auto output = config.find("output_type");
  const auto type =
      output != config.end() && output->is_string() ? output->get<std::string>() : std::string();
  if (type == "loglikelihood") return 0;
  const auto choices = config.find("doc_to_choice");
  if (type != "multiple_choice" || choices == config.end()) return kNaN;
  int count = 0;
  if (choices->is_array() || choices->is_object()) count = static_cast<int>(choices->size());
  if (choices->is_string()) count = countLiteralList(choices->get_ref<const std::string&>());
  return count > 1 ? 1.0 / count : kNaN;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
// Task files: the first byte chooses the format, the rest is the file.
#include "core/base/error.h"
#include "core/base/json.h"
#include "core/eval/custom_task.h"
#include "core/eval/task_file.h"
#include "core/eval/zip_archive.h"
#include "tests/fuzz/fuzz_target.h"

namespace bitfrontier::fuzz {

namespace {

constexpr std::string_view kFormats = "lhpwakKtTzc";

Task read(char format, std::string content) {
  TaskFile file{"fuzz", std::move(content), true, {}, "fuzz-labels.lst"};
  switch (format) {
    case 'l':
      return buildTask("fuzz", TaskKind::Lambada, file, 0);
    case 'h':
      return buildTask("fuzz", TaskKind::HellaSwag, file, 0);
    case 'p': {  // labels and rows in one
      const std::size_t cut = file.content.find("\n\n");
      if (cut != std::string::npos) {
        file.labels = file.content.substr(0, cut + 1);
        file.content.erase(0, cut + 2);
      }
      return buildTask("fuzz", TaskKind::Piqa, file, 0);
    }
    case 'w':
      return buildTask("fuzz", TaskKind::WinoGrande, file, 0);
    case 'a':
      return buildTask("fuzz", TaskKind::Arc, file, 3);
    case 'k':
      return buildTask("fuzz", TaskKind::WikiText, file, 0);
    case 't':
      return buildTask("fuzz", TaskKind::Text, file, 0);
    case 'K':
    case 'T':
      file.jsonLines = false;
      requireUtf8(file.content, file.name);
      return buildTask("fuzz", format == 'K' ? TaskKind::WikiText : TaskKind::Text, file, 0);
    case 'z': {
      const ZipArchive zip(file.content, "fuzz.zip");
      TaskFile inner{"fuzz", "", true, {}, ""};
      for (const std::string& member : zip.members()) {
        if (member.ends_with(".jsonl")) inner.content += zip.read(member, 1 << 20);
      }
      return buildTask("fuzz", TaskKind::Text, inner, 0);
    }
    default: {  // a description on the first line
      const std::size_t end = std::min(file.content.find('\n'), file.content.size());
      const TaskDescription description = TaskDescription::parse(
          parseJson(std::string_view(file.content).substr(0, end), "fuzz.json"), "fuzz.json");
      file.content.erase(0, end);
      return buildTask("fuzz", TaskKind::Custom, file, 0, &description);
    }
  }
}

}  // namespace

std::vector<std::string> seeds() {
  std::vector<std::string> all = {
      "l{\"text\": \"one two\\nthree four\"}\n{\"text\": \"solo\"}\n",
      "h{\"activity_label\": \"Baking\", \"ctx_a\": \"Mix [step] well. [title] Now\", \"ctx_b\": "
      "\"the \u03a3COOK\u03a3\", \"label\": \"1\", \"endings\": [\" a [x]b \", \"c  d\"]}\n",
      "p1\n0\n\n{\"goal\": \"g\", \"sol1\": \"a\", \"sol2\": \"b\"}\n{\"goal\": \"g\", \"sol1\": "
      "\"a\", \"sol2\": \"\u00e4\"}\n",
      "w{\"sentence\": \"Ann met _ and _ left. \", \"option1\": \"Bob\", \"option2\": \"Cy\", "
      "\"answer\": \"2\"}\n",
      "a{\"question\": {\"stem\": \"Why?\", \"choices\": [{\"text\": \"x\", \"label\": \"A\"}, "
      "{\"text\": \"y\", \"label\": \"B\"}]}, \"answerKey\": \"B\"}\n{\"question\": \"Why?\", "
      "\"choices\": {\"text\": [\"x\", \"y\"], \"label\": [\"1\", \"2\"]}, \"answerKey\": \"2\"}\n",
      "k{\"page\": \" \\n = A = \\n It 's 1 @,@ 000 ( x ) \\\" y \\\" ' z ' [ b ] /' 7/ \"}\n",
      "K \n = A = \n \n one ( two \n = = B = = \n = C = \n \n ' three ' \n",
      "t{\"text\": \"some words\"}\n",
      "Tsome\twords \u3000 here\n",
      "c{\"data\": \"r\", \"type\": \"choices\", \"template\": \"Q: {{q.0}}\", \"choices\": "
      "\"{{o}}\", \"labels\": [\"A\", \"B\"], \"gold\": \"{{g}}\"}\n{\"q\": [\"why\"], \"o\": "
      "[\"x\", 2], \"g\": \"B\"}\n",
      "c{\"data\": \"r\", \"type\": \"rolling\", \"text\": \"{{a.b}}!\"}\n{\"a\": {\"b\": "
      "true}}\n"};
  // A stored archive of one member "t.jsonl" with {"text":"a"}.
  const std::string_view zip(
      "zPK\x03\x04\x0a\0\0\0\0\0\0\0!\0\x8e\xc3\xe4\x15\x0c\0\0\0\x0c\0\0\0\x07\0\0\0t.jsonl"
      "{\"text\":\"a\"}"
      "PK\x01\x02\x1e\x03\x0a\0\0\0\0\0\0\0!"
      "\0\x8e\xc3\xe4\x15\x0c\0\0\0\x0c\0\0\0\x07\0\0\0\0\0\0\0\0"
      "\0\0\0\xa4\x81\0\0\0\0t.jsonl"
      "PK\x05\x06\0\0\0\0\x01\0\x01\0\x35\0\0\0\x31\0\0\0\0\0",
      1 + 30 + 7 + 12 + 46 + 7 + 22);
  all.emplace_back(zip);
  return all;
}

}  // namespace bitfrontier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bitfrontier;
  if (size == 0) return -1;
  try {
    const auto format = static_cast<char>(data[0]);
    if (fuzz::kFormats.find(format) == std::string_view::npos) return -1;
    const Task task = fuzz::read(format, {reinterpret_cast<const char*>(data) + 1, size - 1});
    fuzz::require(!task.items.empty(), "a task has items");
    for (const TaskItem& item : task.items) {
      fuzz::require(!item.requests.empty(), "an item has requests");
      if (task.scoring == Scoring::Choices) {
        fuzz::require(item.gold >= 0 && item.gold < static_cast<int>(item.requests.size()),
                      "the right choice is one of them");
      }
      if (task.scoring == Scoring::Rolling) {
        fuzz::require(item.words > 0 && item.bytes >= 0, "texts have words");
      }
      for (const TextRequest& request : item.requests) {
        fuzz::require(
            task.scoring == Scoring::Rolling || request.continuation.size() >= task.delimiterBytes,
            "continuations start with the delimiter");
      }
    }
  } catch (const Error&) {
    return fuzz::kRefused;
  }
  return 0;
}

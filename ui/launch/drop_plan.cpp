// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/drop_plan.h"

#include <algorithm>
#include <QCoreApplication>
#include <QFileInfo>
#include <QUrl>
#include <set>
#include <system_error>

#include "core/base/error.h"
#include "core/base/sqlite_file.h"
#include "core/checkpoint/gguf_header.h"
#include "core/engine/engine.h"
#include "core/hub/hub_cache.h"
#include "core/hub/model_name.h"
#include "core/store/import/read_results.h"
#include "core/store/run_store.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

/// Translations of this file.
struct Drop {
  Q_DECLARE_TR_FUNCTIONS(Drop)
};

constexpr std::size_t kShown = 6;

QString name(const fs::path& path) { return QString::fromStdString(path.filename().string()); }

bool isDirectory(const fs::path& path) {
  std::error_code code;
  return fs::is_directory(path, code);
}

bool isModel(const fs::path& path) {
  std::error_code code;
  return fs::exists(path / "config.json", code);
}

DropPlan refused(const QString& title, const QString& reason) {
  DropPlan plan;
  plan.title = title;
  plan.detail = reason;
  return plan;
}

/// "pocket-neox-1: gpt_neox, 25.4k parameters", or why it cannot be run.
QString describeModel(const fs::path& folder, bool& good) {
  const QString called = Text::from(modelName(folder));
  try {
    const ModelSummary model = engine().summarizeModel(folder);
    return Drop::tr("%1: %2, %3 parameters")
        .arg(called, Text::from(model.architecture), Text::count(model.parameters));
  } catch (const Error& e) {
    good = false;
    return Drop::tr("%1 cannot be run: %2").arg(called, Text::from(e.what()));
  }
}

DropPlan planModels(const std::vector<fs::path>& folders) {
  DropPlan plan;
  QStringList lines;
  for (const fs::path& folder : folders) {
    bool good = true;
    const QString line = describeModel(folder, good);
    if (lines.size() < static_cast<qsizetype>(kShown)) lines << line;
    if (good) plan.paths.push_back(folder);
  }
  if (folders.size() > kShown) lines << Drop::tr("and %1 more").arg(folders.size() - kShown);
  if (plan.paths.empty()) return refused(Drop::tr("This model cannot be run."), lines.join(u'\n'));
  plan.kind = DropPlan::Kind::Models;
  plan.title =
      plan.paths.size() == 1 ? Drop::tr("A model.") : Drop::tr("%1 models.").arg(plan.paths.size());
  plan.detail = lines.join(u'\n') + u'\n' +
                Drop::tr("A new sweep can be put together of it. Nothing starts yet.");
  plan.action = Drop::tr("New sweep…");
  return plan;
}

DropPlan planGguf(const fs::path& file) {
  const QString title = Drop::tr("%1 is a GGUF file of llama.cpp.").arg(name(file));
  const QString no = Drop::tr(
      "GGUF models cannot be evaluated here. Drop the folder of the "
      "original model, or the log of llama-perplexity.");
  try {
    const GgufHeader header = readGgufHeader(file);
    return refused(title, Drop::tr("Version %1, architecture %2, name %3, %4 tensors.")
                                  .arg(header.version)
                                  .arg(Text::from(header.architecture), Text::from(header.name))
                                  .arg(header.tensors) +
                              u'\n' + no);
  } catch (const Error& e) {
    return refused(title, Text::from(e.what()) + u'\n' + no);
  }
}

DropPlan planStore(const fs::path& file) {
  const QString title = Drop::tr("%1 is a store of runs.").arg(name(file));
  try {
    const RunStore store = RunStore::open(file, RunStore::Mode::ReadOnly);
    const std::vector<RunRecord> runs = store.runs();
    std::set<std::string> models;
    for (const RunRecord& run : runs) models.insert(run.model);
    DropPlan plan;
    plan.kind = DropPlan::Kind::Store;
    plan.title = title;
    plan.detail = Drop::tr("It has %1 of %2.")
                      .arg(Text::amount(runs.size(), Drop::tr("run"), Drop::tr("runs")),
                           Text::amount(models.size(), Drop::tr("model"), Drop::tr("models")));
    plan.action = Drop::tr("Open it");
    plan.paths = {file};
    return plan;
  } catch (const Error& e) {
    return refused(Drop::tr("%1 is a database, but no store of runs.").arg(name(file)),
                   Text::from(e.what()));
  }
}

DropPlan planResults(const std::vector<fs::path>& files) {
  DropPlan plan;
  try {
    for (const fs::path& file : files) plan.runs.append(readResults(file));
    keepNewest(plan.runs);
  } catch (const std::exception& e) {
    return refused(Drop::tr("%1 cannot be used.").arg(name(files.front())), Text::from(e.what()));
  }
  if (plan.runs.runs.empty())
    return refused(Drop::tr("%1 has no results.").arg(name(files.front())), {});
  std::set<std::string> models, tasks;
  for (const RunRecord& run : plan.runs.runs) {
    models.insert(run.model);
    tasks.insert(run.result.task);
  }
  plan.kind = DropPlan::Kind::Results;
  plan.title = Drop::tr("Results of %1.")
                   .arg(Text::amount(models.size(), Drop::tr("model"), Drop::tr("models")));
  QStringList lines{Drop::tr("%1 on %2, from %3.")
                        .arg(Text::amount(plan.runs.runs.size(), Drop::tr("run"), Drop::tr("runs")),
                             Text::amount(tasks.size(), Drop::tr("task"), Drop::tr("tasks")),
                             Text::from(plan.runs.runs.front().source))};
  for (const std::string& note : plan.runs.sentences()) lines << Text::from(note);
  lines << Drop::tr("They are added to the open store and marked as imported.");
  plan.detail = lines.join(u'\n');
  plan.action = Drop::tr("Add them");
  return plan;
}

DropPlan planOne(const fs::path& path) {
  std::error_code code;
  if (!fs::exists(path, code))
    return refused(Drop::tr("%1 is not there.").arg(QString::fromStdString(path.string())), {});
  if (isDirectory(path)) {
    if (isModel(path)) return planModels({path});
    std::vector<fs::path> models;
    for (fs::directory_iterator it(path, code), end; !code && it != end; it.increment(code))
      if (isModel(it->path())) models.push_back(it->path());
    std::ranges::sort(models);
    if (!models.empty()) return planModels(models);
    DropPlan plan = planResults({path});
    if (plan.kind == DropPlan::Kind::Refused)
      plan = refused(Drop::tr("%1 is a folder without a model or results.").arg(name(path)),
                     Drop::tr("A model has config.json in it; results are results_*.json of "
                              "lm-evaluation-harness."));
    return plan;
  }
  const std::string end = path.extension().string();
  if (end == ".safetensors" || end == ".bin" || name(path) == u"config.json"_s) {
    if (isModel(path.parent_path())) return planModels({path.parent_path()});
    return refused(Drop::tr("%1 are weights without their model.").arg(name(path)),
                   Drop::tr("config.json and tokenizer.json are not beside the file."));
  }
  if (end == ".gguf" || isGguf(path)) return planGguf(path);
  if (isSqliteFile(path)) return planStore(path);
  if (end == ".pdf" || end == ".svg" || end == ".png") {
    DropPlan plan;
    plan.kind = DropPlan::Kind::Figure;
    plan.title = Drop::tr("%1 is a figure.").arg(name(path));
    plan.detail = Drop::tr("Its view is shown again if it was exported with one.");
    plan.action = Drop::tr("Show its view");
    plan.paths = {path};
    return plan;
  }
  return planResults({path});
}

}  // namespace

DropPlan planPaths(const std::vector<fs::path>& paths) {
  if (paths.empty()) return refused(Drop::tr("There is nothing to look at."), {});
  if (paths.size() == 1) return planOne(paths.front());
  // Several of one kind go together: models, or results.
  std::vector<fs::path> models, others;
  for (const fs::path& path : paths) {
    const fs::path folder = isDirectory(path) ? path : path.parent_path();
    const bool model =
        isModel(folder) &&
        (isDirectory(path) || path.extension() == ".safetensors" || path.extension() == ".bin");
    if (!model) {
      others.push_back(path);
    } else if (std::ranges::find(models, folder) == models.end()) {
      models.push_back(folder);
    }
  }
  if (others.empty()) return planModels(models);
  if (models.empty() && std::ranges::none_of(others, [](const fs::path& p) {
        return isGguf(p) || (!isDirectory(p) && isSqliteFile(p));
      })) {
    return planResults(others);
  }
  return refused(Drop::tr("These files are of different kinds."),
                 Drop::tr("Drop models, results or one store at a time."));
}

DropPlan planText(const QString& given) {
  QString text = given.trimmed();
  if (text.startsWith(u"file:"_s)) return planPaths({QUrl(text).toLocalFile().toStdString()});
  if (text.startsWith(u'/') || text.startsWith(u"~/"_s)) {
    if (text.startsWith(u'~')) text = qEnvironmentVariable("HOME") + text.mid(1);
    return planPaths({text.toStdString()});
  }
  for (const QString& site : {u"https://huggingface.co/"_s, u"https://hf.co/"_s}) {
    if (!text.startsWith(site)) continue;
    const QStringList parts = text.mid(site.size()).split(u'/', Qt::SkipEmptyParts);
    text = parts.mid(0, 2).join(u'/');
    if (parts.size() >= 4 && parts[2] == u"tree"_s) text += u'@' + parts[3];
  }
  const auto model = parseHubModel(text.toStdString());
  if (!model || !text.contains(u'/'))
    return refused(Drop::tr("This text names no file and no model."),
                   Drop::tr("A model on the hub is called OWNER/NAME, such as "
                            "EleutherAI/pythia-70m."));
  try {
    if (const auto folder = HubCache(HubSettings::fromEnvironment().cache).find(*model))
      return planModels({*folder});
  } catch (const Error&) {
    // A cache that cannot be read has no models.
  }
  DropPlan plan;
  plan.kind = DropPlan::Kind::HubModel;
  plan.title = Drop::tr("%1 is the name of a model on the hub.").arg(Text::from(model->text()));
  plan.detail = Drop::tr(
      "It is not in the cache of this computer. Downloading asks the hub for its "
      "size first.");
  plan.action = Drop::tr("Download…");
  plan.hubModel = model->text();
  return plan;
}

DropContent contentOf(const QMimeData& data) {
  DropContent content;
  for (const QUrl& url : data.urls()) {
    if (url.isLocalFile()) {
      content.paths.emplace_back(url.toLocalFile().toStdString());
    } else {
      content.text = url.toString();
    }
  }
  if (content.paths.empty() && content.text.isEmpty() && data.hasText())
    content.text = data.text().left(4096);
  return content;
}

DropPlan planContent(const DropContent& content) {
  return content.paths.empty() ? planText(content.text) : planPaths(content.paths);
}

}  // namespace bitfrontier

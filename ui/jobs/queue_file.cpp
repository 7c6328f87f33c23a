// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/jobs/queue_file.h"

#include <algorithm>
#include <QDir>
#include <QJsonArray>
#include <QJsonDocument>
#include <system_error>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/hash.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

namespace fs = std::filesystem;

constexpr int kVersion = 1;
constexpr int kMostPrograms = 100;

fs::path queueName(int number) {
  return number == 1 ? "queue.json" : "queue-" + std::to_string(number) + ".json";
}

std::unique_ptr<QLockFile> tryLock(const fs::path& file) {
  auto lock = std::make_unique<QLockFile>(QString::fromStdString(file.string() + ".lock"));
  lock->setStaleLockTime(0);  // only a program that is no longer there loses its lock
  return lock->tryLock(0) ? std::move(lock) : nullptr;
}

QString text(const std::string& s) { return Text::from(s); }
QString text(const fs::path& p) { return QString::fromStdString(p.string()); }
std::string text(const QJsonValue& v) { return v.toString().toStdString(); }

const std::pair<SweepJob::State, const char16_t*> kStates[] = {
    {SweepJob::State::Queued, u"queued"}, {SweepJob::State::Running, u"running"},
    {SweepJob::State::Paused, u"paused"}, {SweepJob::State::Stopping, u"stopping"},
    {SweepJob::State::Done, u"done"},     {SweepJob::State::Cancelled, u"cancelled"},
    {SweepJob::State::Failed, u"failed"}, {SweepJob::State::Interrupted, u"interrupted"}};

QJsonArray paths(const std::vector<fs::path>& list) {
  QJsonArray array;
  for (const fs::path& p : list) array << text(p);
  return array;
}

std::vector<fs::path> paths(const QJsonArray& array) {
  std::vector<fs::path> list;
  for (const QJsonValue& v : array) list.emplace_back(text(v));
  return list;
}

fs::path calibrationFile(const fs::path& folder, const std::string& hash) {
  return folder / ("calibration-" + hash + ".txt");
}

QJsonObject calibrationJson(const CalibrationText& calibration, const fs::path& folder) {
  const std::string hash = sha256Hex(calibration.text);
  const fs::path file = calibrationFile(folder, hash);
  if (!pathExists(file)) writeFileAtomic(file, calibration.text);
  return {{u"name"_s, text(calibration.name)},
          {u"sha256"_s, text(hash)},
          {u"sequences"_s, static_cast<double>(calibration.sequences)},
          {u"length"_s, static_cast<double>(calibration.length)}};
}

CalibrationText calibrationOf(const QJsonObject& json, const fs::path& folder) {
  CalibrationText calibration{.name = text(json[u"name"_s]),
                              .text = readFile(calibrationFile(folder, text(json[u"sha256"_s]))),
                              .sequences = json[u"sequences"_s].toInteger(),
                              .length = json[u"length"_s].toInteger()};
  if (sha256Hex(calibration.text) != text(json[u"sha256"_s]))
    throw Error(ErrorKind::Format, "the calibration text of a kept sweep was changed");
  return calibration;
}

QJsonObject specJson(const SweepSpec& spec, const fs::path& folder) {
  QJsonArray configs, leftOut;
  for (const QuantConfig& config : spec.configs) configs << text(config.spec());
  for (const CellIndex& cell : spec.leftOut)
    leftOut << QJsonArray{double(cell.model), double(cell.config), double(cell.task)};
  QJsonObject json{{u"models"_s, paths(spec.models)},
                   {u"configs"_s, configs},
                   {u"tasks"_s, paths(spec.tasks)},
                   {u"items"_s, static_cast<double>(spec.itemLimit)},
                   {u"bos"_s, text(std::string(bosProfileName(spec.settings.bos)))},
                   {u"max_length"_s, static_cast<double>(spec.settings.maxLength)},
                   {u"memory"_s, text(std::string(weightMemoryName(spec.memory)))},
                   {u"left_out"_s, leftOut}};
  if (spec.calibration) json[u"calibration"_s] = calibrationJson(*spec.calibration, folder);
  return json;
}

SweepSpec specOf(const QJsonObject& json, const fs::path& folder) {
  SweepSpec spec;
  spec.models = paths(json[u"models"_s].toArray());
  spec.tasks = paths(json[u"tasks"_s].toArray());
  for (const QJsonValue& v : json[u"configs"_s].toArray())
    spec.configs.push_back(QuantConfig::parse(text(v)));
  spec.itemLimit = json[u"items"_s].toInteger();
  spec.settings.bos = parseBosProfile(text(json[u"bos"_s]));
  spec.settings.maxLength = json[u"max_length"_s].toInteger();
  spec.memory = parseWeightMemory(text(json[u"memory"_s]));
  for (const QJsonValue& v : json[u"left_out"_s].toArray()) {
    const auto at = [&](int i) { return static_cast<std::size_t>(v[i].toInteger()); };
    spec.leftOut.insert({at(0), at(1), at(2)});
  }
  if (json.contains(u"calibration"_s))
    spec.calibration = calibrationOf(json[u"calibration"_s].toObject(), folder);
  if (spec.models.empty() || spec.configs.empty() || spec.tasks.empty())
    throw Error(ErrorKind::Format, "a kept sweep has no models, configurations or tasks");
  return spec;
}

QJsonArray failuresJson(const std::vector<CellFailure>& failures) {
  QJsonArray array;
  for (const CellFailure& f : failures) {
    array << QJsonObject{
        {u"cell"_s, QJsonArray{double(f.modelIndex), double(f.configIndex), double(f.taskIndex)}},
        {u"model"_s, text(f.model)},
        {u"config"_s, text(f.config)},
        {u"task"_s, text(f.task)},
        {u"error"_s, text(f.error)},
        {u"cause"_s, text(std::string(failureCauseName(f.cause)))}};
  }
  return array;
}

std::vector<CellFailure> failuresOf(const QJsonArray& array) {
  std::vector<CellFailure> failures;
  for (const QJsonValue& v : array) {
    const auto at = [&](int i) { return static_cast<std::size_t>(v[u"cell"_s][i].toInteger()); };
    failures.push_back({at(0), at(1), at(2), text(v[u"model"_s]), text(v[u"config"_s]),
                        text(v[u"task"_s]), text(v[u"error"_s]),
                        failureCauseOf(text(v[u"cause"_s]))});
  }
  return failures;
}

}  // namespace

QJsonObject QueueFile::toJson(const Kept& job, const fs::path& folder) {
  const SweepJob::Record& record = job.record;
  const auto state =
      std::ranges::find(kStates, record.state, [](const auto& s) { return s.first; });
  QJsonArray errors;
  for (const QString& error : record.errors) errors << error;
  const SweepProgress& p = record.progress;
  return {{u"id"_s, text(record.id)},
          {u"created"_s, static_cast<double>(record.created)},
          {u"state"_s, QString::fromUtf16(state->second)},
          {u"store"_s, text(job.store)},
          {u"device"_s, text(job.device)},
          {u"spec"_s, specJson(job.spec, folder)},
          {u"cells"_s, QJsonObject{{u"done"_s, double(p.cellsDone)},
                                   {u"total"_s, double(p.cellsTotal)},
                                   {u"reused"_s, double(p.cellsReused)},
                                   {u"failed"_s, double(p.cellsFailed)}}},
          {u"failures"_s, failuresJson(record.failures)},
          {u"errors"_s, errors},
          {u"seconds"_s, record.seconds}};
}

QueueFile::Kept QueueFile::fromJson(const QJsonObject& json, const fs::path& folder) {
  Kept job;
  job.spec = specOf(json[u"spec"_s].toObject(), folder);
  job.store = text(json[u"store"_s]);
  job.device = text(json[u"device"_s]);
  SweepJob::Record& record = job.record;
  record.id = text(json[u"id"_s]);
  record.created = json[u"created"_s].toInteger();
  const QString word = json[u"state"_s].toString();
  const auto state = std::ranges::find_if(
      kStates, [&](const auto& s) { return word == QString::fromUtf16(s.second); });
  if (state == std::end(kStates) || job.store.empty())
    throw Error(ErrorKind::Format, "a kept sweep has no state or no store");
  record.state = state->first;
  const QJsonObject cells = json[u"cells"_s].toObject();
  const auto count = [&](const QString& key) {
    return static_cast<std::size_t>(cells[key].toInteger());
  };
  record.progress.cellsDone = count(u"done"_s);
  record.progress.cellsTotal = count(u"total"_s);
  record.progress.cellsReused = count(u"reused"_s);
  record.progress.cellsFailed = count(u"failed"_s);
  record.failures = failuresOf(json[u"failures"_s].toArray());
  for (const QJsonValue& v : json[u"errors"_s].toArray()) record.errors.push_back(v.toString());
  record.seconds = json[u"seconds"_s].toDouble(-1);
  return job;
}

QueueFile::QueueFile(const fs::path& folder, std::function<void(const QString&)> failed)
    : folder_(folder), failed_(std::move(failed)) {
  std::error_code code;
  fs::create_directories(folder, code);
  if (code) throw Error(ErrorKind::Io, folder.string() + ": cannot be made: " + code.message());
  for (int number = 1; number <= kMostPrograms && !lock_; ++number) {
    path_ = folder / queueName(number);
    lock_ = tryLock(path_);
  }
  if (!lock_) throw Error(ErrorKind::Io, folder.string() + ": no queue file can be locked");
  thread_ = std::jthread([this](const std::stop_token& stop) { write(stop); });
}

QueueFile::~QueueFile() {
  flush();
  thread_.request_stop();
  wake_.notify_all();
}

std::vector<QueueFile::Kept> QueueFile::take() {
  std::vector<Kept> jobs;
  const auto read = [&](const fs::path& file) {
    if (!pathExists(file)) return;
    try {
      QJsonParseError error;
      const QJsonDocument document =
          QJsonDocument::fromJson(QByteArray::fromStdString(readFile(file)), &error);
      if (error.error != QJsonParseError::NoError)
        throw Error(ErrorKind::Format, "is no JSON: " + error.errorString().toStdString());
      if (document[u"bitfrontier_queue"_s].toInt() != kVersion)
        throw Error(ErrorKind::Format, "is no queue of this version");
      for (const QJsonValue& v : document[u"jobs"_s].toArray())
        jobs.push_back(fromJson(v.toObject(), folder_));
    } catch (const Error& e) {
      // What cannot be read stays for a person to look at.
      std::error_code ignored;
      fs::rename(file, file.string() + ".unreadable", ignored);
      failed_(SweepJob::tr("The kept queue %1 cannot be read and was set aside: %2")
                  .arg(text(file), Text::from(e.what())));
    }
  };
  read(path_);
  for (int number = 1; number <= kMostPrograms; ++number) {
    const fs::path other = folder_ / queueName(number);
    if (other == path_ || !pathExists(other)) continue;
    const auto lock = tryLock(other);
    if (!lock) continue;  // its program runs
    read(other);
    save(jobs);
    flush();  // before the other file goes
    std::error_code ignored;
    fs::remove(other, ignored);
  }
  return jobs;
}

void QueueFile::save(const std::vector<Kept>& jobs) {
  QJsonArray array;
  try {
    for (const Kept& job : jobs) array << toJson(job, folder_);
  } catch (const Error& e) {  // a calibration text that cannot be written
    failed_(SweepJob::tr("The queue is not kept: %1").arg(Text::from(e.what())));
    return;
  }
  const QByteArray content =
      QJsonDocument(QJsonObject{{u"bitfrontier_queue"_s, kVersion}, {u"jobs"_s, array}}).toJson();
  {
    const std::lock_guard lock(mutex_);
    if (frozen_ || content == last_) return;
    last_ = content;
    waiting_ = content;
  }
  wake_.notify_all();
}

void QueueFile::flush() {
  std::unique_lock lock(mutex_);
  written_.wait(lock, [this] { return !waiting_ && !writing_; });
}

void QueueFile::freeze() {
  const std::lock_guard lock(mutex_);
  frozen_ = true;
}

void QueueFile::write(const std::stop_token& stop) {
  while (true) {
    QByteArray content;
    {
      std::unique_lock lock(mutex_);
      if (!wake_.wait(lock, stop, [this] { return waiting_.has_value(); })) return;
      content = *waiting_;
      waiting_.reset();
      writing_ = true;
    }
    QString sentence;
    try {
      writeFileAtomic(
          path_, std::string_view(content.constData(), static_cast<std::size_t>(content.size())));
    } catch (const Error& e) {
      sentence = SweepJob::tr("The queue is not kept: %1").arg(Text::from(e.what()));
    }
    {
      const std::lock_guard lock(mutex_);
      writing_ = false;
    }
    written_.notify_all();
    if (!sentence.isEmpty()) failed_(sentence);
  }
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/view_library.h"

#include <algorithm>
#include <QCollator>
#include <QDate>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <system_error>
#include <tuple>
#include <utility>

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/sqlite_file.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int kVersion = 1;

ordered_json toJson(const SavedView& view) {
  return {{"name", view.name.toStdString()},
          {"starred", view.starred},
          {"saved", view.saved.toStdString()},
          {"view", toJson(view.state)}};
}

SavedView fromJson(const json& value, const std::string& where,
                   std::vector<std::string>* complaints) {
  SavedView view;
  view.name = QString::fromStdString(requireString(value, "name", where)).trimmed();
  if (view.name.isEmpty()) throw Error(ErrorKind::Format, where + ": a view without a name");
  view.starred = boolOr(value, "starred", where, false);
  view.saved = QString::fromStdString(stringOr(value, "saved", where, ""));
  try {
    view.state = viewStateFromJson(requireObject(value, "view", where), complaints);
  } catch (const Error& e) {
    const std::string sentence = e.what();
    throw Error(e.kind(), sentence.starts_with(where) ? sentence : where + ": " + sentence);
  }
  return view;
}

void writeText(const std::filesystem::path& file, const std::string& text) {
  refuseToReplaceDatabase(file);
  QSaveFile save(QString::fromStdString(file.string()));
  const auto size = static_cast<qint64>(text.size());
  // Unbuffered: commit() of Qt 6.4 does not see that the rest of a buffer could not be written.
  if (!save.open(QIODevice::WriteOnly | QIODevice::Unbuffered) ||
      save.write(text.data(), size) != size || !save.commit()) {
    throw Error(ErrorKind::Io, file.string() + ": cannot be written: " +
                                   save.errorString().toLower().toStdString());
  }
}

}  // namespace

std::filesystem::path viewLibraryFile() {
  const QString base = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
  const std::filesystem::path folder = std::filesystem::path(base.toStdString()) / "bitfrontier";
  std::error_code code;
  std::filesystem::create_directories(folder, code);
  return folder / "views.json";  // where there is no folder, writing says so
}

ViewLibrary::ViewLibrary(std::filesystem::path file, QObject* parent)
    : QObject(parent), file_(std::move(file)) {
  read();
  // The folder, since the file is replaced whenever it is written.
  watcher_.addPath(QString::fromStdString(file_.parent_path().string()));
  connect(&watcher_, &QFileSystemWatcher::directoryChanged, this, [this] {
    const std::vector<SavedView> before = views_;
    read();
    if (views_ != before) Q_EMIT changed();
  });
}

void ViewLibrary::read() {
  std::error_code code;
  if (!std::filesystem::exists(file_, code)) {
    views_.clear();
    foreign_.clear();
    return;
  }
  const std::string where = file_.string();
  json all;
  try {
    all = readJson(file_);
    if (requireInt(all, "version", where) != kVersion) {
      throw Error(ErrorKind::Format, where + ": saved views of another version");
    }
    requireArray(all, "views", where);
  } catch (const Error& e) {
    const std::filesystem::path aside = where + ".damaged";
    std::filesystem::rename(file_, aside, code);
    trouble_ = tr("Saved views could not be read and are kept as %1: %2")
                   .arg(QString::fromStdString(aside.string()), Text::from(e.what()));
    views_.clear();
    return;
  }
  views_.clear();
  foreign_.clear();
  for (const json& entry : all["views"]) {
    try {
      SavedView view = fromJson(entry, where, nullptr);
      if (!find(view.name)) views_.push_back(std::move(view));
    } catch (const std::exception& e) {
      foreign_.push_back(entry);
      trouble_ = tr("One saved view could not be read: %1").arg(Text::from(e.what()));
    }
  }
  sort();
}

void ViewLibrary::write() {
  sort();
  ordered_json list = ordered_json::array();
  for (const SavedView& view : views_) list.push_back(toJson(view));
  for (const ordered_json& entry : foreign_) list.push_back(entry);
  writeText(file_,
            ordered_json{{"bitfrontier", "views"}, {"version", kVersion}, {"views", list}}.dump(2) +
                "\n");
  Q_EMIT changed();
}

void ViewLibrary::sort() {
  // The C locale, also that of tests, would put 10 before 2.
  QCollator order(QLocale() == QLocale::c() ? QLocale(QLocale::English) : QLocale());
  order.setNumericMode(true);
  std::stable_sort(views_.begin(), views_.end(), [&](const SavedView& a, const SavedView& b) {
    if (a.starred != b.starred) return a.starred;
    return order.compare(a.name, b.name) < 0;
  });
}

const SavedView* ViewLibrary::find(const QString& name) const {
  const auto it = std::find_if(views_.begin(), views_.end(),
                               [&](const SavedView& view) { return view.name == name; });
  return it == views_.end() ? nullptr : &*it;
}

SavedView& ViewLibrary::at(const QString& name) {
  const SavedView* view = find(name);
  if (!view) {
    throw Error(ErrorKind::NotFound, "there is no view " + name.toStdString());
  }
  return const_cast<SavedView&>(*view);
}

QString ViewLibrary::freeName(const QString& name) const {
  QString free = name;
  for (int n = 2; find(free); ++n) free = u"%1 (%2)"_s.arg(name).arg(n);
  return free;
}

void ViewLibrary::save(SavedView view) {
  read();  // what another window has saved
  view.name = view.name.trimmed();
  if (view.name.isEmpty()) throw Error(ErrorKind::InvalidArgument, "a view needs a name");
  if (view.saved.isEmpty()) view.saved = QDate::currentDate().toString(Qt::ISODate);
  if (find(view.name)) {
    at(view.name) = std::move(view);
  } else {
    views_.push_back(std::move(view));
  }
  write();
}

void ViewLibrary::rename(const QString& from, const QString& to) {
  read();
  const QString name = to.trimmed();
  if (name == from) return;
  if (name.isEmpty()) throw Error(ErrorKind::InvalidArgument, "a view needs a name");
  if (find(name)) {
    throw Error(ErrorKind::Conflict, "there is a view " + name.toStdString() + " already");
  }
  at(from).name = name;
  write();
}

QString ViewLibrary::duplicate(const QString& name) {
  read();
  SavedView copy = at(name);
  copy.name = freeName(name);
  views_.push_back(copy);
  write();
  return copy.name;
}

void ViewLibrary::remove(const QString& name) {
  read();
  std::erase_if(views_, [&](const SavedView& view) { return view.name == name; });
  write();
}

void ViewLibrary::setStarred(const QString& name, bool starred) {
  read();
  at(name).starred = starred;
  write();
}

QString ViewLibrary::importFile(const QString& file) {
  const std::string where = file.toStdString();
  const json value = readJson(where);
  SavedView view;
  if (value.is_object() && value.contains("view")) {
    view = fromJson(value, where, nullptr);
  } else {
    view.state = parseViewState(value.dump(), where);
    view.name = QFileInfo(file).completeBaseName();
  }
  read();
  view.name = freeName(view.name);
  views_.push_back(view);
  write();
  return view.name;
}

void ViewLibrary::exportFile(const QString& name, const QString& file) const {
  const SavedView* view = find(name);
  if (!view) throw Error(ErrorKind::NotFound, "there is no view " + name.toStdString());
  writeText(file.toStdString(), toJson(*view).dump(2) + "\n");
}

}  // namespace bitfrontier

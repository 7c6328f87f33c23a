// SPDX-License-Identifier: GPL-3.0-or-later
// The launch dialog's choices as files that can be kept and shared.
#include <QDir>
#include <QFile>
#include <QFileDialog>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QMenu>
#include <QSaveFile>
#include <QStandardPaths>

#include "ui/base/text.h"
#include "ui/launch/launch_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

constexpr int kTemplateVersion = 1;

/// $XDG_CONFIG_HOME/bitfrontier/sweeps
QString templateFolder() {
  return QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation) +
         u"/bitfrontier/sweeps"_s;
}

QJsonArray pathsOf(const std::vector<std::filesystem::path>& paths) {
  QJsonArray array;
  for (const auto& path : paths) array << QString::fromStdString(path.string());
  return array;
}

QString nameOf(const QString& file) { return QFileInfo(file).completeBaseName(); }

}  // namespace

QJsonObject LaunchDialog::save() const {
  const LaunchChoice c = choice();
  QJsonArray without;
  for (const LeftOutCell& cell : c.leftOut)
    without << QJsonArray{QString::fromStdString(cell.model.string()), Text::from(cell.config)};
  return {{u"bitfrontier_sweep"_s, kTemplateVersion},
          {u"models"_s, pathsOf(c.models)},
          {u"tasks"_s, pathsOf(c.tasks)},
          {u"configurations"_s, configs_->save()},
          {u"items"_s, static_cast<double>(c.itemLimit)},
          {u"device"_s, Text::from(c.device)},
          {u"without"_s, without}};
}

void LaunchDialog::restore(const QJsonObject& saved) {
  QStringList gone;
  const auto tick = [&](const QString& key, QStandardItemModel* list, const auto& add) {
    QStringList wanted;
    for (const QJsonValue& value : saved[key].toArray()) wanted << value.toString();
    {
      const QSignalBlocker quiet(list);
      for (int row = 0; row < list->rowCount(); ++row) {
        QStandardItem* item = list->item(row);
        const bool on = wanted.removeAll(item->toolTip()) > 0;  // the whole path
        item->setCheckState(on ? Qt::Checked : Qt::Unchecked);
      }
    }
    for (const QString& path : wanted)
      if (!add(path)) gone << path;
  };
  tick(u"models"_s, models_, [this](const QString& path) { return addModel(path.toStdString()); });
  tick(u"tasks"_s, tasks_, [this](const QString& path) { return addTask(path.toStdString()); });
  items_->setValue(saved[u"items"_s].toInt(items_->value()));
  const int device = device_->findData(saved[u"device"_s].toString());
  if (device >= 0) device_->setCurrentIndex(device);
  std::set<LeftOutCell> without;
  for (const QJsonValue& value : saved[u"without"_s].toArray()) {
    const QJsonArray cell = value.toArray();
    without.insert({cell[0].toString().toStdString(), cell[1].toString().toStdString()});
  }
  grid_->model().update([&](SweepGrid& grid) { grid.setLeftOut(std::move(without)); });
  configs_->restore(saved[u"configurations"_s].toObject());
  for (QListView* view : {modelView_, taskView_}) view->viewport()->update();
  if (!gone.isEmpty()) showProblem(tr("No longer there and left out: %1").arg(gone.join(u", "_s)));
}

void LaunchDialog::buildTemplateMenu() {
  QMenu* menu = template_->menu();
  menu->clear();
  QAction* keep = menu->addAction(tr("&Save as template…"), this, &LaunchDialog::saveTemplate);
  keep->setObjectName(u"launchSaveTemplate"_s);
  QAction* open = menu->addAction(tr("&Open template…"), this, [this] {
    const QString file = QFileDialog::getOpenFileName(this, tr("Open a template"), templateFolder(),
                                                      tr("Templates (*.json)"));
    if (!file.isEmpty()) loadTemplate(file);
  });
  open->setObjectName(u"launchOpenTemplate"_s);
  const QFileInfoList files = QDir(templateFolder()).entryInfoList({u"*.json"_s}, QDir::Files);
  if (!files.isEmpty()) menu->addSeparator();
  for (const QFileInfo& file : files) {
    QAction* one = menu->addAction(nameOf(file.fileName()).replace(u'&', u"&&"_s));
    one->setObjectName(u"launchTemplate:"_s + file.fileName());
    connect(one, &QAction::triggered, this, [this, path = file.filePath()] { loadTemplate(path); });
  }
}

void LaunchDialog::saveTemplate() {
  QDir().mkpath(templateFolder());
  QString file = QFileDialog::getSaveFileName(
      this, tr("Save as template"), templateFolder() + tr("/sweep.json"), tr("Templates (*.json)"));
  if (file.isEmpty()) return;
  if (QFileInfo(file).suffix().isEmpty()) file += u".json"_s;
  QSaveFile out(file);
  const QByteArray text = QJsonDocument(save()).toJson();
  const bool good = out.open(QIODevice::WriteOnly | QIODevice::Unbuffered) &&
                    out.write(text) == text.size() && out.commit();
  if (!good) showProblem(tr("%1 cannot be written: %2").arg(file, out.errorString()));
}

void LaunchDialog::loadTemplate(const QString& name) {
  QFile file(name);
  if (!file.open(QIODevice::ReadOnly)) {
    showProblem(tr("%1 cannot be read: %2").arg(name, file.errorString()));
    return;
  }
  QJsonParseError error;
  const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &error);
  if (error.error != QJsonParseError::NoError) {
    showProblem(
        tr("%1 is no template: %2 at byte %3").arg(name, error.errorString()).arg(error.offset));
    return;
  }
  if (document[u"bitfrontier_sweep"_s].toInt() != kTemplateVersion) {
    showProblem(tr("%1 is no template of a sweep").arg(name));
    return;
  }
  restore(document.object());
}

}  // namespace bitfrontier

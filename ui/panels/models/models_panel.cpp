// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/models/models_panel.h"

#include <QClipboard>
#include <QDesktopServices>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QSettings>
#include <QUrl>
#include <QVBoxLayout>

#include "core/base/error.h"
#include "ui/base/text.h"
#include "ui/panels/all.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

/// What was last seen in a cache, so that models of a disk that is not there keep their place.
QString knownKey(const std::filesystem::path& cache) {
  return u"models/"_s +
         QString::fromLatin1(QString::fromStdString(cache.string()).toUtf8().toHex());
}

void remember(const std::filesystem::path& cache, const std::vector<ListedModel>& models) {
  QStringList lines;
  for (const ListedModel& m : models)
    lines << QStringList{Text::from(m.cached.model.text()),
                         QString::fromStdString(m.cached.directory.string()),
                         QString::number(m.cached.bytes), m.architecture,
                         QString::number(m.parameters, 'g', 17)}
                 .join(u'\t');
  QSettings(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s, u"bitfrontier"_s)
      .setValue(knownKey(cache), lines);
}

std::vector<ListedModel> remembered(const std::filesystem::path& cache) {
  std::vector<ListedModel> models;
  const QSettings settings(QSettings::IniFormat, QSettings::UserScope, u"bitfrontier"_s,
                           u"bitfrontier"_s);
  for (const QString& line : settings.value(knownKey(cache)).toStringList()) {
    const QStringList parts = line.split(u'\t');
    const auto model = parts.size() == 5 ? parseHubModel(parts[0].toStdString()) : std::nullopt;
    if (!model) continue;
    ListedModel listed;
    listed.cached.model = *model;
    listed.cached.directory = parts[1].toStdString();
    listed.cached.bytes = parts[2].toULongLong();
    listed.architecture = parts[3];
    listed.parameters = parts[4].toDouble();
    listed.available = false;
    models.push_back(std::move(listed));
  }
  return models;
}

std::filesystem::path ownCache() {
  try {
    return HubSettings::fromEnvironment().cache;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

ModelsPanel::ModelsPanel(std::filesystem::path cache, ModelDownload::Fetch fetch, QWidget* parent)
    : QWidget(parent),
      cache_(std::move(cache)),
      fetch_(std::move(fetch)),
      model_(new ModelsModel(this)),
      view_(new QTableView),
      name_(new QLineEdit),
      status_(new QLabel) {
  const auto button = [](const QString& name, const QString& text, const QString& tip) {
    auto* b = new QPushButton(text);
    b->setObjectName(name);
    b->setToolTip(tip);
    return b;
  };
  name_->setObjectName(u"modelName"_s);
  name_->setAccessibleName(tr("Name on the hub"));
  name_->setPlaceholderText(u"EleutherAI/pythia-70m"_s);
  name_->setToolTip(tr("OWNER/NAME or OWNER/NAME@REVISION of a model on the hub"));
  download_ = button(u"modelDownload"_s, tr("Download"),
                     tr("Asks the hub for the model's size, checks the free disk, downloads it"));
  pause_ = button(u"modelPause"_s, tr("Pause"), tr("Stops the download; what is there is kept"));
  cancel_ = button(u"modelCancel"_s, tr("Cancel"),
                   tr("Takes the download off the list; what is there is kept on the disk"));
  sweep_ = button(u"modelSweep"_s, tr("New sweep…"), tr("Puts a sweep of this model together"));
  open_ = button(u"modelOpen"_s, tr("Open folder"), tr("Shows the model's files"));
  copy_ = button(u"modelCopy"_s, tr("Copy path"), tr("Copies the path of the model's folder"));
  auto* again = button(u"modelReload"_s, tr("Look again"), tr("Reads the cache again"));
  status_->setObjectName(u"modelStatus"_s);
  status_->setTextFormat(Qt::PlainText);
  status_->setWordWrap(true);
  view_->setObjectName(u"modelsView"_s);
  view_->setAccessibleName(tr("Models"));
  view_->setModel(model_);
  view_->setSelectionBehavior(QAbstractItemView::SelectRows);
  view_->setSelectionMode(QAbstractItemView::SingleSelection);
  view_->setTabKeyNavigation(false);
  view_->setShowGrid(false);
  view_->setWordWrap(false);
  view_->verticalHeader()->hide();
  view_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 8);
  view_->horizontalHeader()->setStretchLastSection(true);
  view_->horizontalHeader()->setHighlightSections(false);
  const int widths[] = {30, 10, 24, 14};
  for (int c = 0; c < 4; ++c)
    view_->setColumnWidth(c, widths[c] * fontMetrics().averageCharWidth());
  auto* top = new QHBoxLayout;
  top->addWidget(name_, 1);
  top->addWidget(download_);
  top->addWidget(again);
  auto* bottom = new QHBoxLayout;
  bottom->addWidget(pause_);
  bottom->addSpacing(24);  // apart: one is harmless, the other is not
  bottom->addWidget(cancel_);
  bottom->addStretch();
  bottom->addWidget(sweep_);
  bottom->addWidget(open_);
  bottom->addWidget(copy_);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(4, 4, 4, 4);
  setMinimumWidth(260);  // the window must fit small screens, whichever panels are in it
  layout->addLayout(top);
  layout->addWidget(view_, 1);
  layout->addWidget(status_);
  layout->addLayout(bottom);
  connect(again, &QPushButton::clicked, this, &ModelsPanel::reload);
  connectAll();
  refresh();
}

void ModelsPanel::connectAll() {
  connect(download_, &QPushButton::clicked, this, [this] { startDownload(name_->text()); });
  connect(name_, &QLineEdit::returnPressed, this, [this] { startDownload(name_->text()); });
  connect(pause_, &QPushButton::clicked, this, [this] {
    if (ModelDownload* d = model_->download(row())) {
      d->active() ? d->pause() : d->start();
    }
  });
  connect(cancel_, &QPushButton::clicked, this, [this] {
    ModelDownload* d = model_->download(row());
    if (!d) return;
    d->cancel();
    model_->removeDownload(row());
    refresh();
  });
  connect(sweep_, &QPushButton::clicked, this, [this] {
    if (const ListedModel* m = model_->listed(row())) Q_EMIT sweepWanted({m->cached.directory});
  });
  connect(open_, &QPushButton::clicked, this, [this] {
    if (const ListedModel* m = model_->listed(row()))
      QDesktopServices::openUrl(
          QUrl::fromLocalFile(QString::fromStdString(m->cached.directory.string())));
  });
  connect(copy_, &QPushButton::clicked, this, [this] {
    if (const ListedModel* m = model_->listed(row()))
      QGuiApplication::clipboard()->setText(QString::fromStdString(m->cached.directory.string()));
  });
  connect(view_->selectionModel(), &QItemSelectionModel::selectionChanged, this,
          &ModelsPanel::refresh);
  connect(model_, &QAbstractItemModel::dataChanged, this, &ModelsPanel::refresh);
  connect(model_, &QAbstractItemModel::modelReset, this, &ModelsPanel::refresh);
}

// The cache is read when somebody looks at it.
void ModelsPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  if (!shown_) reload();
  shown_ = true;
}

int ModelsPanel::row() const {
  const QModelIndexList rows = view_->selectionModel()->selectedRows();
  return rows.isEmpty() ? -1 : rows.first().row();
}

void ModelsPanel::reload() {
  looker_.start([cache = cache_](std::stop_token) { return listModels(cache); },
                [this](std::vector<ListedModel> models) {
                  remember(cache_, models);
                  showModels(std::move(models), {});
                },
                [this](const QString& sentence) { showModels(remembered(cache_), sentence); });
}

void ModelsPanel::showModels(std::vector<ListedModel> models, const QString& problem) {
  const std::size_t count = models.size();
  model_->setModels(std::move(models));
  status_->setText(problem.isEmpty() ? tr("%1 in %2")
                                           .arg(Text::amount(count, tr("model"), tr("models")),
                                                QString::fromStdString(cache_.string()))
                                     : problem);
}

void ModelsPanel::startDownload(const QString& name) {
  const auto model = parseHubModel(name.trimmed().toStdString());
  if (!model) {
    status_->setText(tr("\"%1\" is not OWNER/NAME or OWNER/NAME@REVISION").arg(name));
    return;
  }
  ModelDownload* download = model_->find(*model);  // one writer for one model
  if (!download) {
    auto made = std::make_unique<ModelDownload>(*model, fetch_);
    download = made.get();
    model_->add(std::move(made));
    connect(download, &ModelDownload::changed, this, [this, download] {
      if (download->state() == ModelDownload::State::Done) reload();
    });
  }
  download->start();
  refresh();
}

void ModelsPanel::refresh() {
  const ModelDownload* d = model_->download(row());
  const ListedModel* m = model_->listed(row());
  const bool ended = d && d->state() == ModelDownload::State::Done;
  pause_->setText(d && !d->active() && !ended ? tr("Resume") : tr("Pause"));
  pause_->setEnabled(d && !ended);
  cancel_->setEnabled(d != nullptr);
  const bool usable = m && m->available;
  sweep_->setEnabled(usable && m->cached.complete());
  open_->setEnabled(usable);
  copy_->setEnabled(m != nullptr);
  if (m && !m->available)
    status_->setText(tr("Not there at the moment: %1")
                         .arg(QString::fromStdString(m->cached.directory.string())));
}

const PanelSpec kModelsPanel{
    u"modelsDock", [] { return ModelsPanel::tr("Models"); }, PanelSpec::Place::BottomLeft, false,
    [](const PanelContext&) -> QWidget* { return new ModelsPanel(ownCache()); }};

}  // namespace bitfrontier

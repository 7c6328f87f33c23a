// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_controller.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <QClipboard>
#include <QDesktopServices>
#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QGuiApplication>
#include <QMessageBox>
#include <QPrintDialog>
#include <QPrintPreviewDialog>
#include <QProgressDialog>
#include <QStandardPaths>
#include <QUrl>

#include "core/analysis/curve_text.h"
#include "core/base/error.h"
#include "core/store/export.h"
#include "ui/base/text.h"
#include "ui/export/export_dialog.h"
#include "ui/export/figure_print.h"
#include "ui/export/figure_view.h"
#include "ui/settings/app_settings.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

QByteArray lawsFile(const LawSet& laws, const QString& file) {
  const bool csv = file.endsWith(u".csv"_s, Qt::CaseInsensitive);
  return QByteArray::fromStdString(csv ? curvesToCsv(laws.laws, laws.metric)
                                       : curvesToJson(laws.laws, laws.metric).dump(2) + "\n");
}

ExportController::ExportController(StoreSession* session, ViewController* view, FrontierPlot* plot,
                                   QWidget* window)
    : QObject(window),
      session_(session),
      view_(view),
      plot_(plot),
      window_(window),
      views_(new ViewsExport(this)) {
  recall();
}

// A look that cannot be read any more is no reason to say anything.
void ExportController::recall() {
  const AppSettings settings;
  try {
    const QByteArray look = settings.remembered(u"export/look"_s).toByteArray();
    if (!look.isEmpty()) look_ = parseLook(look.toStdString(), "settings");
  } catch (const Error&) {
    look_ = {};
  }
  look_.title.clear();  // of one figure
  look_.xTitle.clear();
  look_.yTitle.clear();
  choice_.folder =
      settings
          .remembered(u"export/folder"_s,
                      QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation))
          .toString();
  if (!QFileInfo(choice_.folder).isDir()) choice_.folder = QDir::homePath();
  choice_.name = settings.remembered(u"export/name"_s, choice_.name).toString();
  const QStringList endings = settings.remembered(u"export/formats"_s).toStringList();
  std::vector<FigureFormat> formats;
  for (const QString& ending : endings) {
    if (const auto format = findFormat(ending)) formats.push_back(*format);
  }
  if (!formats.empty()) choice_.formats = std::move(formats);
}

void ExportController::remember() {
  AppSettings settings;
  settings.remember(u"export/look"_s, lookText(look_));
  settings.remember(u"export/folder"_s, choice_.folder);
  settings.remember(u"export/name"_s, choice_.name);
  QStringList endings;
  for (const FigureFormat format : choice_.formats) endings << formatEnding(format);
  settings.remember(u"export/formats"_s, endings);
}

void ExportController::setLook(const FigureLook& look) { look_ = look; }

FigureSpec ExportController::spec() const {
  FigureSpec spec;
  spec.store = session_->path().string();
  spec.points = view_->points();
  spec.laws = view_->laws();
  spec.options = view_->options();
  spec.visibility = plot_->visibility();
  spec.facts = view_->facts();
  spec.axes = plot_->axes();
  spec.chances = plot_->chances();
  spec.predictions = plot_->predictions();
  if (!plot_->followsData()) spec.range = plot_->range();
  spec.look = look_;
  return spec;
}

void ExportController::showDialog() {
  auto* dialog = new ExportDialog(spec(), choice_, keeper_ ? keeper_->name() : QString(), window_);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &ExportDialog::exported, this, [this, dialog](const QStringList& files) {
    look_ = dialog->spec().look;
    choice_ = dialog->choice();
    remember();
    tell(files);
  });
  dialog->open();
}

void ExportController::tell(const QStringList& files) {
  if (files.isEmpty()) return;
  const QFileInfo first(files.front());
  const QString folder = first.absolutePath();
  const QString sentence =
      files.size() == 1
          ? tr("%1 is written").arg(first.fileName())
          : tr("%1 files are written into %2").arg(files.size()).arg(QDir(folder).dirName());
  Q_EMIT said(sentence, tr("Open folder"),
              [folder] { QDesktopServices::openUrl(QUrl::fromLocalFile(folder)); });
}

void ExportController::copyFigure() {
  FigureSpec now = spec();
  QGuiApplication::clipboard()->setMimeData(figureMimeData(now));
}

void ExportController::save(const QString& title, const QString& name, const QString& filter,
                            const Content& content) {
  QString chosen;
  const QString file = QFileDialog::getSaveFileName(window_, title, name, filter, &chosen);
  if (file.isEmpty()) return;
  try {
    writeFile(file, content(file, chosen));
  } catch (const Error& e) {
    QMessageBox::warning(window_, title, Text::from(e.what()));
  }
}

void ExportController::saveLaws() {
  const auto laws = view_->laws();
  if (!laws) return;
  save(tr("Export laws"), u"laws.json"_s, tr("JSON (*.json);;CSV (*.csv)"),
       [&](const QString& file, const QString&) { return lawsFile(*laws, file); });
}

QByteArray ExportController::pointsFile(bool all) const {
  const std::vector<LawPoint>& points = *view_->points();
  if (all) return QByteArray::fromStdString(pointsToCsv(points));
  const FigureSpec now = spec();
  std::vector<int> seen = drawnPoints(now);
  std::sort(seen.begin(), seen.end());
  std::vector<LawPoint> some;
  for (const int i : seen) some.push_back(points[static_cast<std::size_t>(i)]);
  return QByteArray::fromStdString(pointsToCsv(some));
}

void ExportController::savePoints() {
  const QString seen = tr("CSV of the points that are seen (*.csv)");
  const QString all = tr("CSV of all points that pass the filter (*.csv)");
  save(tr("Export points"), u"points.csv"_s, seen + u";;"_s + all,
       [&](const QString&, const QString& chosen) { return pointsFile(chosen == all); });
}

void ExportController::print() {
  auto* printer = new QPrinter(QPrinter::HighResolution);
  auto* dialog = new QPrintDialog(printer, window_);
  dialog->setObjectName(u"printDialog"_s);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  const FigureSpec now = spec();
  orientFor(now, *printer);
  connect(dialog, qOverload<QPrinter*>(&QPrintDialog::accepted), this,
          [this, now](QPrinter* paper) {
            try {
              printFigure(now, *paper);
            } catch (const Error& e) {
              Q_EMIT failed(Text::from(e.what()));
            }
          });
  connect(dialog, &QObject::destroyed, this, [printer] { delete printer; });
  dialog->open();
}

void ExportController::showPrintPreview() {
  auto* printer = new QPrinter(QPrinter::HighResolution);
  const FigureSpec now = spec();
  orientFor(now, *printer);
  auto* dialog = new QPrintPreviewDialog(printer, window_);
  dialog->setObjectName(u"printPreview"_s);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  connect(dialog, &QPrintPreviewDialog::paintRequested, this,
          [now](QPrinter* paper) { printFigure(now, *paper); });
  connect(dialog, &QObject::destroyed, this, [printer] { delete printer; });
  dialog->open();
}

void ExportController::exportAllViews() {
  if (!keeper_ || keeper_->savedViews().views().empty()) {
    Q_EMIT said(tr("No view is saved yet"), {}, {});
    return;
  }
  const QString folder =
      QFileDialog::getExistingDirectory(window_, tr("Folder of the figures"), choice_.folder);
  if (folder.isEmpty()) return;
  choice_.folder = folder;
  remember();
  exportViewsTo(folder);
}

void ExportController::exportViewsTo(const QString& folder) {
  std::vector<ViewsExport::View> views;
  const QDate today = QDate::currentDate();
  QSet<QString> names;
  for (const SavedView& saved : keeper_->savedViews().views()) {
    ViewsExport::View view{saved.name, {}, {}};
    std::error_code ignored;
    const bool there = std::filesystem::exists(saved.state.store, ignored);
    view.request.store = there ? std::filesystem::path(saved.state.store) : session_->path();
    view.request.setView(saved.state);
    view.request.look = look_;
    FigureSpec named;
    named.look = look_;
    named.store = view.request.store.string();
    const QString pattern =
        choice_.name.contains(u"{view}"_s) ? choice_.name : u"{view}_"_s + choice_.name;
    const QString name = figureName(pattern, named, saved.name, today);
    QString free = name;
    for (int i = 2; names.contains(free); ++i) free = u"%1-%2"_s.arg(name).arg(i);
    names << free;
    view.base = QDir(folder).filePath(free);
    views.push_back(std::move(view));
  }
  showProgress();
  views_->start(std::move(views), choice_.formats);
}

void ExportController::showProgress() {
  auto* dialog = new QProgressDialog(tr("Export all views"), tr("Cancel"), 0, 0, window_);
  dialog->setObjectName(u"exportProgress"_s);
  dialog->setWindowTitle(tr("Export all views"));
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setMinimumDuration(400);
  dialog->setAutoReset(false);
  connect(views_, &ViewsExport::progressed, dialog,
          [dialog](int done, int all, const QString& next) {
            dialog->setMaximum(all);
            dialog->setValue(done);
            dialog->setLabelText(tr("%1 of %2: %3").arg(done + 1).arg(all).arg(next));
          });
  connect(dialog, &QProgressDialog::canceled, views_, &ViewsExport::cancel);
  connect(views_, &ViewsExport::finished, dialog, [this, dialog] {
    disconnect(views_, nullptr, dialog, nullptr);
    dialog->close();
    if (views_->failures().isEmpty()) {
      tell(views_->files());
    } else {
      Q_EMIT failed(tr("These views were not exported:") + u'\n' + views_->failures().join(u'\n'));
    }
  });
}

void ExportController::openFigure(const std::filesystem::path& file) {
  try {
    FigureView figure = viewOfFigure(file);
    std::vector<std::filesystem::path> known{session_->path()};
    for (const QString& store : AppSettings().recentStores()) {
      known.emplace_back(store.toStdString());
    }
    placeStores(figure.view, known, file.parent_path());
    look_ = figure.look;
    Q_EMIT viewWanted(figure.view, tr("show %1").arg(Text::from(file.filename().string())));
  } catch (const Error& e) {
    Q_EMIT failed(Text::from(e.what()));
  }
}

}  // namespace bitfrontier

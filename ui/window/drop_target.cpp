// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/drop_target.h"

#include <QClipboard>
#include <QDialogButtonBox>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QLabel>
#include <QMetaMethod>
#include <QPushButton>
#include <QVBoxLayout>

#include "core/store/import/published.h"
#include "ui/base/text.h"
#include "ui/export/figure_view.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

DropTarget::DropTarget(QWidget* window, StoreSession* session)
    : QObject(window), window_(window), session_(session), highlight_(new QFrame(window)) {
  setObjectName(u"dropTarget"_s);
  window->setAcceptDrops(true);
  window->installEventFilter(this);
  highlight_->setObjectName(u"dropHighlight"_s);
  highlight_->setAttribute(Qt::WA_TransparentForMouseEvents);
  highlight_->setFrameShape(QFrame::Box);
  highlight_->setLineWidth(4);
  highlight_->hide();
}

bool DropTarget::eventFilter(QObject* watched, QEvent* event) {
  if (watched != window_) return false;
  switch (event->type()) {
    case QEvent::DragEnter: {
      auto* drag = static_cast<QDragEnterEvent*>(event);
      if (contentOf(*drag->mimeData()).empty()) return false;
      drag->setDropAction(Qt::CopyAction);
      drag->accept();
      setHighlight(true);
      return true;
    }
    case QEvent::DragMove: {
      auto* drag = static_cast<QDragMoveEvent*>(event);
      if (contentOf(*drag->mimeData()).empty()) return false;
      drag->setDropAction(Qt::CopyAction);
      drag->accept();
      return true;
    }
    case QEvent::DragLeave:
      setHighlight(false);
      return false;
    case QEvent::Drop: {
      auto* drop = static_cast<QDropEvent*>(event);
      setHighlight(false);
      const DropContent content = contentOf(*drop->mimeData());
      if (content.empty()) return false;
      drop->setDropAction(Qt::CopyAction);
      drop->accept();
      offer(content);
      return true;
    }
    default:
      return false;
  }
}

void DropTarget::setHighlight(bool on) {
  QPalette colours = window_->palette();
  colours.setColor(QPalette::WindowText, colours.color(QPalette::Highlight));
  highlight_->setPalette(colours);
  highlight_->setGeometry(window_->rect());
  highlight_->setVisible(on);
  if (on) highlight_->raise();
}

void DropTarget::paste() {
  const DropContent content = contentOf(*QGuiApplication::clipboard()->mimeData());
  if (content.empty()) {
    Q_EMIT failed(tr("The clipboard has no file and no text"));
  } else {
    offer(content);
  }
}

void DropTarget::chooseFiles() {
  const QStringList files = QFileDialog::getOpenFileNames(
      window_, tr("Import"), QString(),
      tr("All that can be read (*.json *.csv *.md *.log *.txt *.bfdb *.safetensors *.pdf *.svg "
         "*.png);;All files (*)"));
  DropContent content;
  for (const QString& file : files) content.paths.emplace_back(file.toStdString());
  if (!content.empty()) offer(content);
}

namespace {

/// A figure says what it shows before it is shown; one without a view is refused.
DropPlan withView(DropPlan plan) {
  if (plan.kind != DropPlan::Kind::Figure) return plan;
  try {
    const FigureView figure = viewOfFigure(plan.paths.front());
    const ViewOptions& options = figure.view.options;
    plan.detail =
        options.filter.empty()
            ? DropTarget::tr("It shows %1 without a filter.").arg(Text::from(figure.view.store))
            : DropTarget::tr("It shows %1 with the filter %2.")
                  .arg(Text::from(figure.view.store), Text::from(options.filter));
    if (!options.exclusions.empty()) {
      plan.detail += u'\n' + DropTarget::tr("Excluded points: %1").arg(options.exclusions.size());
    }
  } catch (const Error& e) {
    plan.kind = DropPlan::Kind::Refused;
    plan.action.clear();
    plan.detail = Text::from(e.what());
  }
  return plan;
}

}  // namespace

void DropTarget::offer(const DropContent& content) {
  looker_.start([content](std::stop_token) { return withView(planContent(content)); },
                [this](const DropPlan& plan) { show(possible(plan)); },
                [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

DropPlan DropTarget::possible(DropPlan plan) const {
  using Kind = DropPlan::Kind;
  const auto refuse = [&](const QString& reason) {
    plan.kind = Kind::Refused;
    plan.action.clear();
    plan.detail += u'\n' + reason;
  };
  if (plan.kind == Kind::HubModel &&
      !isSignalConnected(QMetaMethod::fromSignal(&DropTarget::hubModelWanted))) {
    refuse(tr("It is downloaded by: bitfrontier fetch %1").arg(Text::from(plan.hubModel)));
  }
  if (plan.kind == Kind::Results) {
    const SnapshotPtr& snapshot = session_->snapshot();
    if (!snapshot) refuse(tr("Open a store first."));
    if (snapshot && !snapshot->readOnly.empty()) refuse(Text::from(snapshot->readOnly));
  }
  return plan;
}

void DropTarget::show(const DropPlan& plan) {
  if (preview_) preview_->close();
  auto* dialog = new QDialog(window_);
  preview_ = dialog;
  dialog->setObjectName(u"dropPreview"_s);
  dialog->setAttribute(Qt::WA_DeleteOnClose);
  dialog->setWindowTitle(tr("Import"));
  auto* title = new QLabel(plan.title);
  title->setObjectName(u"dropTitle"_s);
  title->setTextFormat(Qt::PlainText);
  title->setWordWrap(true);
  QFont bold = title->font();
  bold.setBold(true);
  title->setFont(bold);
  auto* detail = new QLabel(plan.detail);
  detail->setObjectName(u"dropDetail"_s);
  detail->setTextFormat(Qt::PlainText);
  detail->setWordWrap(true);
  detail->setTextInteractionFlags(Qt::TextSelectableByMouse);
  detail->setMinimumWidth(420);
  auto* buttons = new QDialogButtonBox;
  if (!plan.action.isEmpty()) {
    QPushButton* act = buttons->addButton(plan.action, QDialogButtonBox::ActionRole);
    act->setObjectName(u"dropAct"_s);
    act->setDefault(true);
    connect(act, &QPushButton::clicked, dialog, [this, dialog, plan] {
      dialog->accept();
      this->act(plan);
    });
  }
  QPushButton* close = buttons->addButton(plan.action.isEmpty() ? tr("Close") : tr("Cancel"),
                                          QDialogButtonBox::RejectRole);
  close->setObjectName(u"dropClose"_s);
  connect(buttons, &QDialogButtonBox::rejected, dialog, &QDialog::reject);
  auto* layout = new QVBoxLayout(dialog);
  layout->addWidget(title);
  layout->addWidget(detail);
  layout->addStretch();
  layout->addWidget(buttons);
  dialog->open();
}

void DropTarget::act(const DropPlan& plan) {
  switch (plan.kind) {
    case DropPlan::Kind::Models:
      Q_EMIT modelsWanted(plan.paths);
      break;
    case DropPlan::Kind::HubModel:
      Q_EMIT hubModelWanted(plan.hubModel);
      break;
    case DropPlan::Kind::Store:
      Q_EMIT storeWanted(plan.paths.front());
      break;
    case DropPlan::Kind::Figure:
      Q_EMIT viewDropped(plan.paths.front());
      break;
    case DropPlan::Kind::Results:
      importRuns(plan.runs);
      break;
    case DropPlan::Kind::Refused:
      break;
  }
}

void DropTarget::importRuns(const ImportedRuns& runs) {
  importer_.start(
      [runs, file = session_->path()](std::stop_token) {
        RunStore store = RunStore::open(file, RunStore::Mode::Update);
        return importRecords(store, runs.runs);
      },
      [this](const AddCounts& counts) {
        QString text =
            tr("%1 added, %2 were there")
                .arg(Text::amount(static_cast<std::size_t>(counts.added), tr("run"), tr("runs")))
                .arg(counts.alreadyThere);
        if (counts.different > 0)
          text += tr(", %1 are stored with other results and stay").arg(counts.different);
        session_->reload();
        Q_EMIT imported(text);
      },
      [this](const QString& sentence) { Q_EMIT failed(sentence); });
}

}  // namespace bitfrontier

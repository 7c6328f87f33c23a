// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/manual_window.h"

#include <algorithm>
#include <QDialogButtonBox>
#include <QPushButton>
#include <QResizeEvent>
#include <QScrollBar>
#include <QShortcut>
#include <QSplitter>
#include <QTextBlock>
#include <QTextDocumentFragment>
#include <QVBoxLayout>

#include "ui/base/screen_size.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

namespace {

/// A page whose pictures are not wider than it.
class PageView : public QTextBrowser {
 public:
  QVariant loadResource(int type, const QUrl& name) override {
    QVariant found = QTextBrowser::loadResource(type, name);
    if (type != QTextDocument::ImageResource) return found;
    if (!found.isValid()) {  // made in one theme only
      found = QTextBrowser::loadResource(type,
                                         QUrl(name.toString().replace(u"-dark-"_s, u"-light-"_s)));
    }
    QImage image;
    if (!image.loadFromData(found.toByteArray())) return found;
    const double ratio = devicePixelRatioF();
    const int room = std::max(200, viewport()->width() - 24);
    if (image.width() <= room * ratio) return image;
    QImage fitting = image.scaledToWidth(qRound(room * ratio), Qt::SmoothTransformation);
    fitting.setDevicePixelRatio(ratio);
    return fitting;
  }
};

}  // namespace

ManualWindow::ManualWindow(const std::filesystem::path& folder, QWidget* parent)
    : QDialog(parent),
      manual_(folder),
      search_(new QLineEdit),
      contents_(new QTreeView),
      model_(new QStandardItemModel(this)),
      text_(new PageView),
      says_(new QLabel) {
  setObjectName(u"manualWindow"_s);
  setWindowTitle(tr("Manual"));
  setWindowFlags(windowFlags() | Qt::WindowMinMaxButtonsHint);
  search_->setObjectName(u"manualSearch"_s);
  search_->setAccessibleName(tr("Search the manual"));
  search_->setPlaceholderText(tr("Search the manual"));
  search_->setClearButtonEnabled(true);
  contents_->setObjectName(u"manualContents"_s);
  contents_->setAccessibleName(tr("Contents"));
  contents_->setModel(model_);
  contents_->setHeaderHidden(true);
  contents_->setEditTriggers(QAbstractItemView::NoEditTriggers);
  text_->setObjectName(u"manualText"_s);
  text_->setAccessibleName(tr("Page"));
  text_->setOpenLinks(false);
  text_->setSearchPaths({QString::fromStdString(folder.string())});
  says_->setObjectName(u"manualSays"_s);

  auto* left = new QWidget;
  auto* column = new QVBoxLayout(left);
  column->setContentsMargins(0, 0, 0, 0);
  column->addWidget(search_);
  column->addWidget(contents_, 1);
  column->addWidget(says_);
  auto* splitter = new QSplitter;
  splitter->setObjectName(u"manualSplitter"_s);
  splitter->addWidget(left);
  splitter->addWidget(text_);
  splitter->setStretchFactor(1, 1);
  splitter->setChildrenCollapsible(false);
  auto* buttons = new QDialogButtonBox;
  auto* close = buttons->addButton(QDialogButtonBox::Close);
  close->setObjectName(u"manualClose"_s);
  close->setText(tr("Close"));
  auto* layout = new QVBoxLayout(this);
  layout->addWidget(splitter, 1);
  layout->addWidget(buttons);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(search_, &QLineEdit::textChanged, this, &ManualWindow::search);
  connect(search_, &QLineEdit::returnPressed, this, [this] {
    const QModelIndex first = model_->index(0, 0);
    if (first.isValid()) showPage(first.data(Qt::UserRole).toString());
  });
  connect(text_, &QTextBrowser::anchorClicked, this,
          [this](const QUrl& url) { showPage(url.toString()); });
  const auto open = [this](const QModelIndex& index) {
    if (index.isValid()) showPage(index.data(Qt::UserRole).toString());
  };
  connect(contents_->selectionModel(), &QItemSelectionModel::currentChanged, this, open);
  close->setAutoDefault(false);
  fillContents();
  showPage(u"index.md"_s);
  resizeToScreen(*this, {1000, 700});
  splitter->setSizes({260, 740});
}

void ManualWindow::addEntry(QStandardItem* parent, const QString& text, const QString& target) {
  auto* item = new QStandardItem(text);
  item->setData(target, Qt::UserRole);
  item->setToolTip(text);
  parent->appendRow(item);
}

void ManualWindow::fillContents() {
  const QSignalBlocker blocker(contents_->selectionModel());
  model_->clear();
  for (const ManualPage& page : manual_.pages()) {
    addEntry(model_->invisibleRootItem(), page.title, page.file);
    QStandardItem* item = model_->item(model_->rowCount() - 1);
    for (const ManualSection& section : page.sections) {
      if (section.level == 2) addEntry(item, section.title, page.file + u'#' + section.anchor);
    }
  }
  says_->setText(tr("%n page(s)", nullptr, static_cast<int>(manual_.pages().size())));
}

void ManualWindow::search() {
  const QString words = search_->text().trimmed();
  if (words.isEmpty()) {
    fillContents();
    return;
  }
  const QSignalBlocker blocker(contents_->selectionModel());
  model_->clear();
  const auto hits = manual_.find(words);
  for (const Manual::Hit& hit : hits) {
    const QString title = hit.section->level == 1
                              ? hit.page->title
                              : tr("%1 – %2").arg(hit.page->title, hit.section->title);
    addEntry(model_->invisibleRootItem(), title, hit.page->file + u'#' + hit.section->anchor);
  }
  says_->setText(tr("%n section(s) found", nullptr, static_cast<int>(hits.size())));
}

void ManualWindow::showPage(const QString& target) {
  const QString file = target.section(u'#', 0, 0), anchor = target.section(u'#', 1);
  const QString wanted = file.isEmpty() ? shown_ : file;
  if (wanted != shown_) {
    const ManualPage* page = manual_.page(wanted);
    if (!page) {
      says_->setText(tr("Not followed, it is outside the manual: %1").arg(target));
      return;
    }
    shown_ = wanted;
    render();
  }
  goTo(anchor);
}

void ManualWindow::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  const int place = text_->verticalScrollBar()->value();
  render();  // pictures have the width of the page
  text_->verticalScrollBar()->setValue(place);
}

void ManualWindow::render() {
  if (const ManualPage* page = manual_.page(shown_)) {
    text_->document()->setDefaultFont(font());
    QString markdown = page->markdown;
    if (palette().color(QPalette::Window).lightness() < 128) {
      markdown.replace(u"-light-"_s, u"-dark-"_s);
    }
    text_->setMarkdown(markdown);
  }
}

// QTextBrowser gives the headings of Markdown no anchors.
void ManualWindow::goTo(const QString& anchor) {
  for (QTextBlock block = text_->document()->begin(); !anchor.isEmpty() && block.isValid();
       block = block.next()) {
    if (block.blockFormat().headingLevel() == 0 || anchorOf(block.text()) != anchor) continue;
    text_->setTextCursor(QTextCursor(block));
    text_->verticalScrollBar()->setValue(text_->verticalScrollBar()->maximum());
    text_->ensureCursorVisible();
    return;
  }
  text_->moveCursor(QTextCursor::Start);
}

}  // namespace bitfrontier

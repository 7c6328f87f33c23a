// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/launch/grid_view.h"

#include <map>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QPainter>
#include <QRegularExpression>
#include <QStyledItemDelegate>
#include <QVBoxLayout>

#include "ui/base/text.h"
#include "ui/launch/config_words.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

using State = SweepGrid::State;

constexpr int kMinimumColumn = 34, kMaximumColumn = 120, kHeaderLines = 3;

/// How a state looks: never by colour alone.
struct Look {
  QString sign;
  QColor fill;  ///< Okabe and Ito's, faint for what is not run
  bool dashed = false;
};

Look lookOf(State state, const QPalette& palette) {
  const bool dark = palette.color(QPalette::Base).lightness() < 128;
  const auto faint = [&](QColor color) {
    color.setAlphaF(dark ? 0.45F : 0.30F);
    return color;
  };
  const QColor none(Qt::transparent);
  switch (state) {
    case State::New:
    case State::Unknown:
      return {u" "_s, faint(QColor(0x00, 0x72, 0xB2)), state == State::Unknown};
    case State::Part:
      return {u"◐"_s, faint(QColor(0x00, 0x72, 0xB2))};
    case State::Retry:
      return {u"↻"_s, faint(QColor(0xE6, 0x9F, 0x00))};
    case State::Done:
      return {u"✓"_s, faint(QColor(0x00, 0x9E, 0x73))};
    case State::Same:
      return {u"="_s, faint(QColor(0x00, 0x9E, 0x73))};
    case State::Queued:
      return {u"»"_s, faint(QColor(0x00, 0x9E, 0x73))};
    case State::TooBig:
      return {u"✕"_s, faint(QColor(0xD5, 0x5E, 0x00)), true};
    case State::Broken:
      return {u"!"_s, faint(QColor(0xD5, 0x5E, 0x00))};
    case State::Off:
      return {u"–"_s, none, true};
  }
  return {};
}

void drawCell(QPainter& painter, const QRect& rect, State state, const QPalette& palette) {
  const Look look = lookOf(state, palette);
  const QRect box = rect.adjusted(2, 2, -2, -2);
  painter.setPen(QPen(palette.color(QPalette::Mid), 1, look.dashed ? Qt::DotLine : Qt::SolidLine));
  painter.setBrush(look.fill);
  painter.drawRect(box.adjusted(0, 0, -1, -1));
  painter.setPen(palette.color(state == State::Off ? QPalette::PlaceholderText : QPalette::Text));
  painter.drawText(box, Qt::AlignCenter, look.sign);
}

class CellDelegate : public QStyledItemDelegate {
 public:
  using QStyledItemDelegate::QStyledItemDelegate;
  void paint(QPainter* painter, const QStyleOptionViewItem& option,
             const QModelIndex& index) const override {
    painter->save();
    if (option.state & QStyle::State_Selected)
      painter->fillRect(option.rect, option.palette.highlight());
    drawCell(*painter, option.rect, static_cast<State>(index.data(GridModel::StateRole).toInt()),
             option.palette);
    if (option.state & QStyle::State_HasFocus) {
      painter->setPen(QPen(option.palette.color(QPalette::Highlight), 2));
      painter->setBrush(Qt::NoBrush);
      painter->drawRect(option.rect.adjusted(1, 1, -2, -2));
    }
    painter->restore();
  }
};

/// Three lines a column, bits, type and block; what is the same as in the column before is not said
/// again, and a line divides groups.
class GroupHeader : public QHeaderView {
 public:
  explicit GroupHeader(QWidget* parent) : QHeaderView(Qt::Horizontal, parent) {
    setSectionsClickable(true);
    setHighlightSections(false);
    setMinimumSectionSize(kMinimumColumn);
  }
  QSize sizeHint() const override { return {length(), kHeaderLines * fontMetrics().height() + 6}; }

 protected:
  void paintSection(QPainter* painter, const QRect& rect, int section) const override {
    if (!rect.isValid()) return;
    painter->save();
    painter->fillRect(rect, palette().color(QPalette::Button));
    const auto text = [&](int column, int role) {
      return column < 0 ? QString() : model()->headerData(column, Qt::Horizontal, role).toString();
    };
    int before = section - 1;
    while (before >= 0 && isSectionHidden(before)) --before;
    const bool newBits = text(section, GridModel::BitsRole) != text(before, GridModel::BitsRole);
    const bool newType =
        newBits || text(section, GridModel::TypeRole) != text(before, GridModel::TypeRole);
    painter->setPen(palette().color(QPalette::Mid));
    const int line = fontMetrics().height();
    const int top = rect.top() + 3 + (newBits ? -3 : newType ? line : 2 * line);
    painter->drawLine(rect.left(), top, rect.left(), rect.bottom());
    painter->drawLine(rect.bottomLeft(), rect.bottomRight());
    painter->setPen(palette().color(QPalette::ButtonText));
    // Words of a group begin at its first column and go on over the others.
    painter->setClipRect(rect);
    const auto draw = [&](int row, int role, bool fresh) {
      const QString words = text(section, role);
      int first = section;
      for (int c = section - 1; !fresh && c >= 0 && text(c, role) == words; --c)
        if (!isSectionHidden(c)) first = c;
      const int left = rect.left() + sectionPosition(first) - sectionPosition(section) + 4;
      painter->drawText(QRect(left, rect.top() + 3 + row * line, rect.right() - left, line),
                        Qt::AlignLeft | Qt::AlignVCenter, words);
    };
    draw(0, GridModel::BitsRole, newBits);
    draw(1, GridModel::TypeRole, newType);
    draw(2, GridModel::BlockRole, true);
    painter->restore();
  }
};

}  // namespace

GridView::GridView(QWidget* parent)
    : QWidget(parent),
      model_(new GridModel(this)),
      table_(new QTableView),
      search_(new QLineEdit),
      legend_(new QLabel),
      nothing_(new QLabel(tr("Nothing is called so."))),
      all_(new QPushButton(tr("A&ll"))),
      none_(new QPushButton(tr("N&one"))) {
  table_->setObjectName(u"launchGrid"_s);
  table_->setAccessibleName(tr("Cells of the sweep"));
  table_->setModel(model_);
  table_->setItemDelegate(new CellDelegate(table_));
  auto* header = new GroupHeader(table_);
  header->setModel(model_);
  table_->setHorizontalHeader(header);
  table_->setShowGrid(false);
  table_->setTabKeyNavigation(false);
  table_->setCornerButtonEnabled(false);
  table_->setSelectionMode(QAbstractItemView::ExtendedSelection);
  table_->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
  table_->verticalHeader()->setSectionsClickable(true);
  table_->verticalHeader()->setHighlightSections(false);
  table_->verticalHeader()->setMinimumSectionSize(8);
  table_->verticalHeader()->setDefaultSectionSize(fontMetrics().height() + 7);
  table_->setMinimumHeight(6 * (fontMetrics().height() + 7));
  table_->installEventFilter(this);
  search_->setObjectName(u"launchSearch"_s);
  search_->setPlaceholderText(tr("Find models and configurations"));
  search_->setAccessibleName(tr("Find models and configurations"));
  search_->setToolTip(
      tr("Shows rows and columns with these words; All and None act on what is "
         "shown"));
  search_->setClearButtonEnabled(true);
  legend_->setObjectName(u"launchLegend"_s);
  legend_->setTextFormat(Qt::PlainText);
  legend_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
  nothing_->setObjectName(u"launchNothing"_s);
  nothing_->hide();
  all_->setObjectName(u"launchAll"_s);
  all_->setToolTip(tr("Takes in all cells that are shown"));
  none_->setObjectName(u"launchNone"_s);
  none_->setToolTip(tr("Leaves out all cells that are shown"));
  auto* top = new QHBoxLayout;
  top->addWidget(search_, 2);
  top->addWidget(all_);
  top->addWidget(none_);
  top->addWidget(legend_, 5);
  auto* layout = new QVBoxLayout(this);
  layout->setContentsMargins(0, 0, 0, 0);
  layout->addLayout(top);
  layout->addWidget(nothing_);
  layout->addWidget(table_, 1);
  for (QPushButton* button : {all_, none_}) button->setAutoDefault(false);
  connect(all_, &QPushButton::clicked, this, [this] { chooseVisible(true); });
  connect(none_, &QPushButton::clicked, this, [this] { chooseVisible(false); });
  connect(search_, &QLineEdit::textChanged, this, &GridView::applySearch);
  connect(table_, &QTableView::clicked, this, [this](const QModelIndex& cell) {
    if (table_->selectionModel()->selectedIndexes().size() <= 1) model_->toggle({cell});
  });
  connect(header, &QHeaderView::sectionClicked, this, [this](int column) {
    QModelIndexList cells;
    for (const QModelIndex& cell : visibleCells())
      if (cell.column() == column) cells << cell;
    model_->toggle(cells);
  });
  connect(table_->verticalHeader(), &QHeaderView::sectionClicked, this, [this](int row) {
    QModelIndexList cells;
    for (const QModelIndex& cell : visibleCells())
      if (cell.row() == row) cells << cell;
    model_->toggle(cells);
  });
  connect(model_, &QAbstractItemModel::dataChanged, this, &GridView::updateLegend);
  arranging_.setSingleShot(true);
  arranging_.setInterval(0);
  connect(&arranging_, &QTimer::timeout, this, &GridView::arrange);
  connect(model_, &QAbstractItemModel::modelReset, &arranging_, qOverload<>(&QTimer::start));
}

void GridView::arrange() {
  for (int c = 0; c < model_->columnCount(); ++c) {
    int width = kMinimumColumn;
    for (const int role : {GridModel::BitsRole, GridModel::TypeRole, GridModel::BlockRole}) {
      const QString words = model_->headerData(c, Qt::Horizontal, role).toString();
      // Bits and type may reach into the columns of their group.
      const int needed = fontMetrics().horizontalAdvance(words) + 10;
      if (role == GridModel::BlockRole || words.size() <= 4) width = std::max(width, needed);
    }
    table_->setColumnWidth(c, std::min(width, kMaximumColumn));
  }
  applySearch();
  updateLegend();
}

void GridView::setSearch(const QString& text) { search_->setText(text); }

QModelIndexList GridView::visibleCells() const {
  QModelIndexList cells;
  for (int row = 0; row < model_->rowCount(); ++row) {
    for (int column = 0; column < model_->columnCount(); ++column) {
      if (!table_->isRowHidden(row) && !table_->isColumnHidden(column))
        cells << model_->index(row, column);
    }
  }
  return cells;
}

void GridView::chooseVisible(bool chosen) { model_->setChosen(visibleCells(), chosen); }

void GridView::toggleSelected() {
  QModelIndexList cells = table_->selectionModel()->selectedIndexes();
  if (cells.isEmpty() && table_->currentIndex().isValid()) cells << table_->currentIndex();
  cells.removeIf([this](const QModelIndex& c) {
    return table_->isRowHidden(c.row()) || table_->isColumnHidden(c.column());
  });
  if (!cells.isEmpty()) model_->toggle(cells);
}

bool GridView::eventFilter(QObject* watched, QEvent* event) {
  if (watched == table_ && event->type() == QEvent::KeyPress &&
      static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space) {
    toggleSelected();
    return true;
  }
  return QWidget::eventFilter(watched, event);
}

// A word that occurs in names of models chooses rows, one that occurs in configurations columns.
void GridView::applySearch() {
  static const QRegularExpression blanks(u"\\s+"_s);
  QStringList forRows, forColumns;
  bool nothing = false;
  const auto row = [this](int i) {
    return model_->headerData(i, Qt::Vertical, Qt::DisplayRole).toString();
  };
  const auto column = [this](int i) {
    const QuantConfig& config = grid().config(static_cast<std::size_t>(i));
    return QString(Text::from(config.spec()) + u' ' + ConfigWords::sentence(config));
  };
  const auto occurs = [](const QString& word, int count, const auto& text) {
    for (int i = 0; i < count; ++i)
      if (text(i).contains(word, Qt::CaseInsensitive)) return true;
    return false;
  };
  for (const QString& word : search_->text().split(blanks, Qt::SkipEmptyParts)) {
    if (occurs(word, model_->rowCount(), row)) {
      forRows << word;
    } else if (occurs(word, model_->columnCount(), column)) {
      forColumns << word;
    } else {
      nothing = true;
    }
  }
  const auto all = [](const QStringList& words, const QString& text) {
    for (const QString& word : words)
      if (!text.contains(word, Qt::CaseInsensitive)) return false;
    return true;
  };
  for (int i = 0; i < model_->rowCount(); ++i)
    table_->setRowHidden(i, nothing || !all(forRows, row(i)));
  for (int i = 0; i < model_->columnCount(); ++i)
    table_->setColumnHidden(i, nothing || !all(forColumns, column(i)));
  nothing_->setVisible(nothing);
}

void GridView::updateLegend() {
  std::map<State, int> counts;
  for (std::size_t row = 0; row < grid().rows(); ++row) {
    for (std::size_t column = 0; column < grid().columns(); ++column)
      ++counts[grid().state(row, column)];
  }
  QStringList parts;
  for (const auto& [state, count] : counts) {
    const QString sign = lookOf(state, palette()).sign.trimmed();
    parts << (sign.isEmpty() ? u"□"_s : sign) + u" "_s + QString::number(count) + u" "_s +
                 SweepGrid::stateName(state);
  }
  legend_->setText(parts.join(u"   "_s));
  legend_->setToolTip(parts.join(u'\n'));
}

}  // namespace bitfrontier

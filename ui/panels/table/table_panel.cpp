// SPDX-License-Identifier: GPL-3.0-or-later
// How the tables follow the view and its selection.
#include <algorithm>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ui/base/text.h"
#include "ui/panels/all.h"
#include "ui/panels/table/difference_task.h"
#include "ui/panels/table/runs_panel.h"
#include "ui/runs/filter_edit.h"

namespace bitfrontier {
namespace {

/// The selected points' runs, ascending.
std::vector<std::int64_t> selectedRuns(const ViewController& view) {
  std::vector<std::int64_t> ids;
  for (const int i : view.selectedPoints()) {
    const auto& runs = (*view.points())[static_cast<std::size_t>(i)].runIds;
    ids.insert(ids.end(), runs.begin(), runs.end());
  }
  std::sort(ids.begin(), ids.end());
  return ids;
}

/// Selects the points behind these runs.
void selectPointsOf(ViewController& view, const std::vector<std::int64_t>& ids) {
  std::vector<std::string> keys;
  for (const LawPoint& point : *view.points()) {
    const bool any = std::any_of(point.runIds.begin(), point.runIds.end(), [&](std::int64_t id) {
      return std::binary_search(ids.begin(), ids.end(), id);
    });
    if (any) keys.push_back(pointKey(point));
  }
  const std::string current = keys.size() == 1 ? keys.front() : "";
  view.selection().set(std::move(keys), current);
}

class TableLink : public QObject {
 public:
  TableLink(RunsPanel* panel, const PanelContext& context)
      : QObject(panel),
        panel_(panel),
        view_(context.view),
        session_(context.session),
        differences_(new DifferenceTask(this)) {
    connect(&view_, &ViewController::pointsChanged, this, [this] {
      panel_->setPoints(view_.points());
      differences_->start(session_.path(), view_.allPoints());
    });
    connect(&view_, &ViewController::runsChanged, this,
            [this] { panel_->setRuns(view_.runs(), view_.shownRuns()); });
    connect(differences_, &DifferenceTask::found, panel_, &RunsPanel::setDifferences);
    Selection* selection = &view_.selection();
    connect(selection, &Selection::changed, this, [this] {
      panel_->select(view_.selection());
      if (!fromRuns_) panel_->selectRuns(selectedRuns(view_));
    });
    connect(&panel_->pointTable(), &TableModel::arranged, this,
            [this] { panel_->select(view_.selection()); });
    connect(panel_, &RunsPanel::selectionChanged, this, [this](const std::vector<int>& points) {
      std::vector<std::string> keys;
      keys.reserve(points.size());
      for (const int point : points) {
        keys.push_back(pointKey(panel_->pointTable().rows()[static_cast<std::size_t>(point)]));
      }
      const std::string current = keys.size() == 1 ? keys.front() : "";
      view_.selection().set(std::move(keys), current);
    });
    connect(panel_, &RunsPanel::runsSelected, this, [this](std::vector<std::int64_t> ids) {
      std::sort(ids.begin(), ids.end());
      fromRuns_ = true;  // what the user selects there stays as it is
      selectPointsOf(view_, ids);
      fromRuns_ = false;
    });
    connect(panel_, &RunsPanel::filterWanted, this,
            [this](const QString& field, const QString& value, bool leaveOut) {
              const TermSign sign = leaveOut ? TermSign::LeaveOut : TermSign::Only;
              const std::string name = field.toStdString();
              ViewOptions options = view_.options();
              std::vector<std::string> values{value.toStdString()};
              if (leaveOut) {  // besides what is left out already
                for (std::string& more : termValues(options.filter, name, sign)) {
                  values.push_back(std::move(more));
                }
              }
              options.filter = withTerm(options.filter, name, values, sign, wordsOf(name));
              view_.setOptions(options);
            });
  }

 private:
  std::span<const std::string> wordsOf(const std::string& field) const {
    const SnapshotPtr& snapshot = session_.snapshot();
    if (!snapshot || !snapshot->words) return {};
    const auto found = snapshot->words->find(field);
    return found == snapshot->words->end() ? std::span<const std::string>() : found->second;
  }

  RunsPanel* panel_;
  ViewController& view_;
  StoreSession& session_;
  DifferenceTask* differences_;
  bool fromRuns_ = false;
};

}  // namespace

const PanelSpec kTablePanel{u"tableDock", [] { return RunsPanel::tr("Table"); },
                            PanelSpec::Place::BottomLeft, true,
                            [](const PanelContext& context) -> QWidget* {
                              auto* panel = new RunsPanel;
                              new TableLink(panel, context);
                              return panel;
                            }};

}  // namespace bitfrontier

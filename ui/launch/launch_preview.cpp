// SPDX-License-Identifier: GPL-3.0-or-later
// The launch dialog's look at the cells, and what it says of them.
#include <algorithm>

#include "ui/base/text.h"
#include "ui/launch/launch_dialog.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

void LaunchDialog::setWaiting(std::vector<SweepSpec> sweeps) {
  waiting_ = std::move(sweeps);
  grid_->model().update([this](SweepGrid& grid) { grid.setQueued(waitingCells(choice())); });
  showTotals();
}

std::set<LeftOutCell> LaunchDialog::waitingCells(const LaunchChoice& c) const {
  std::set<LeftOutCell> cells;
  for (const SweepSpec& sweep : waiting_) {
    const bool sameTasks =
        sweep.itemLimit == c.itemLimit && std::ranges::all_of(c.tasks, [&](const auto& task) {
          return std::ranges::find(sweep.tasks, task) != sweep.tasks.end();
        });
    for (std::size_t m = 0; sameTasks && m < sweep.models.size(); ++m) {
      for (std::size_t k = 0; k < sweep.configs.size(); ++k) {
        if (!sweep.leftOut.contains({m, k, 0}))
          cells.insert({sweep.models[m], sweep.configs[k].spec()});
      }
    }
  }
  return cells;
}

QString LaunchDialog::gridText() const {
  const SweepGrid& grid = grid_->grid();
  const std::size_t tasks = grid.tasks();
  return Text::amount(grid.rows(), tr("model"), tr("models")) + u" × "_s +
         Text::amount(grid.columns(), tr("configuration"), tr("configurations")) + u" × "_s +
         Text::amount(tasks, tr("task"), tr("tasks")) + u" = "_s +
         Text::amount(grid.rows() * grid.columns() * tasks, tr("cell"), tr("cells"));
}

void LaunchDialog::look() {
  LaunchChoice whole = choice();
  whole.leftOut.clear();  // a cell that is taken in again needs no new look
  PreviewDevice device{whole.device, 0};
  for (const Device& d : devices_)
    if (d.id == device.id) device.memory = d.memory;
  planner_.start(
      [this, whole, device, preview = preview_](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        job.report = [this](const Progress& p) {
          QMetaObject::invokeMethod(this, [this, p] {
            if (planning() && p.total > 0)
              summary_->setText(gridText() +
                                tr(" · looking at model %1 of %2…").arg(p.done).arg(p.total));
          });
        };
        return preview(sweepSpec(whole), whole.store, device, job);
      },
      [this](const SweepPreview& result) {
        grid_->model().update([&](SweepGrid& grid) { grid.setPreview(result); });
        showTotals();
      },
      [this](const QString& sentence) {
        failure_ = sentence;
        showTotals();
      });
}

QString LaunchDialog::whyNot(const SweepGrid::Totals& t) const {
  if (t.cells == 0) {
    return wrong_.isEmpty() ? tr("Choose at least one model, one configuration and one task.")
                            : tr("These configurations cannot be; see the line above.");
  }
  if (!failure_.isEmpty()) return tr("Cannot be planned: %1").arg(failure_);
  if (t.open == 0) return tr("Nothing is left to run: every chosen cell is stored or queued.");
  const std::int64_t room = grid_->grid().preview().diskFree;
  if (grid_->grid().known() && room >= 0 && t.diskBytes > static_cast<double>(room))
    return tr("The disk of the store has no room for the results.");
  return {};
}

void LaunchDialog::showTotals() {
  const SweepGrid::Totals t = grid_->grid().totals();
  const bool known = grid_->grid().known();
  const QString reason = whyNot(t);
  if (open_ != t.open) asked_ = false;  // the question was about others
  open_ = t.open;
  QString text = t.cells == 0 || !failure_.isEmpty() ? reason : gridText();
  if (t.cells > 0 && failure_.isEmpty()) {
    if (!known) {
      text += tr(" · planning…");
    } else {
      text += tr(" · %1 already done · ").arg(t.done);
      if (t.open == 0) {
        text += tr("nothing to do");
      } else if (grid_->grid().preview().secondsUnknown) {
        text += tr("time unknown, nothing has run on this device yet");
      } else {
        text += Text::durationRange(t.low, t.high);
      }
    }
  }
  summary_->setText(text);
  cost_->setText(known ? costText(t) : tr("Results go into %1").arg(Text::from(store_.string())));
  start_->setEnabled(reason.isEmpty());
  copy_->setEnabled(t.cells > 0 && t.off + t.tooBig < t.cells);
  start_->setToolTip(reason.isEmpty() ? tr("Puts the sweep into the queue (Ctrl+Enter)") : reason);
  start_->setText(startText());
}

QString LaunchDialog::costText(const SweepGrid::Totals& t) const {
  const SweepPreview& preview = grid_->grid().preview();
  QStringList parts;
  if (t.peakMemory > 0) {
    const QString need = Text::size(8.0 * static_cast<double>(t.peakMemory));
    parts << (preview.memoryLimit > 0
                  ? tr("Memory at most about %1 of %2 (%3)")
                        .arg(need, Text::size(8.0 * static_cast<double>(preview.memoryLimit)),
                             t.peakCell)
                  : tr("Memory at most about %1 (%2)").arg(need, t.peakCell));
  }
  if (t.tooBig > 0)
    parts << tr("%1 will not fit and %2 left out")
                 .arg(Text::amount(t.tooBig, tr("cell"), tr("cells")),
                      t.tooBig == 1 ? tr("is") : tr("are"));
  if (preview.diskFree >= 0 && t.open > 0)
    parts << tr("disk %1, %2 free")
                 .arg(Text::size(8 * t.diskBytes),
                      Text::size(8.0 * static_cast<double>(preview.diskFree)));
  parts << tr("results go into %1").arg(Text::from(store_.string()));
  return parts.join(u" · "_s);
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/views_export.h"

#include "core/base/error.h"
#include "ui/base/text.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {

void ViewsExport::start(std::vector<View> views, std::vector<FigureFormat> formats) {
  views_ = std::move(views);
  formats_ = std::move(formats);
  next_ = 0;
  files_.clear();
  failures_.clear();
  busy_ = true;
  step();
}

void ViewsExport::cancel() {
  if (!busy_) return;
  reader_.cancel();
  busy_ = false;
  Q_EMIT finished();
}

void ViewsExport::step() {
  if (next_ >= views_.size()) {
    busy_ = false;
    Q_EMIT finished();
    return;
  }
  const View& view = views_[next_];
  Q_EMIT progressed(static_cast<int>(next_), static_cast<int>(views_.size()), view.name);
  const auto failed = [this, name = view.name](const QString& why) {
    failures_ << u"%1: %2"_s.arg(name, why);
  };
  reader_.start(
      [request = view.request](std::stop_token stop) {
        JobContext job;
        job.stop = stop;
        return readFigure(request, job);
      },
      [this, failed, base = view.base](const ReadFigure& read) {
        try {
          for (const FigureFormat format : formats_) {
            const QString file = withEnding(base, format);
            exportFigure(read.spec, file, format);
            files_ << file;
          }
        } catch (const Error& e) {
          failed(Text::from(e.what()));
        }
        ++next_;
        step();
      },
      [this, failed](const QString& why) {
        failed(why);
        ++next_;
        step();
      });
}

}  // namespace bitfrontier

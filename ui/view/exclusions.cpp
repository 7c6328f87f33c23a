// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/view/exclusions.h"

#include <algorithm>
#include <QDate>
#include <utility>

#include "core/base/error.h"
#include "ui/base/text.h"

namespace bitfrontier {

std::vector<PointRef> refsOf(std::span<const LawPoint> points, std::span<const std::string> keys) {
  std::vector<PointRef> refs;
  for (const LawPoint& point : points) {
    if (std::find(keys.begin(), keys.end(), pointKey(point)) != keys.end()) {
      refs.push_back(pointRef(point));
    }
  }
  return refs;
}

ViewOptions withExcluded(ViewOptions options, std::span<const PointRef> points,
                         const std::string& reason) {
  const QString words = Text::from(reason).simplified();
  if (std::none_of(words.begin(), words.end(), [](QChar c) { return c.isLetterOrNumber(); })) {
    throw Error(ErrorKind::InvalidArgument, "an exclusion needs a reason");
  }
  const std::string today = QDate::currentDate().toString(Qt::ISODate).toStdString();
  options = withTakenBack(std::move(options), points);
  for (const PointRef& point : points) {
    options.exclusions.push_back({point, words.toStdString(), today});
  }
  return options;
}

ViewOptions withTakenBack(ViewOptions options, std::span<const PointRef> points) {
  std::erase_if(options.exclusions, [&](const Exclusion& e) {
    return std::find(points.begin(), points.end(), e.point) != points.end();
  });
  return options;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/help/diagnostics.h"

#include <sqlite3.h>

#include <QApplication>
#include <QDir>
#include <QLibraryInfo>
#include <QLocale>
#include <QScreen>
#include <QStyle>
#include <QSysInfo>
#include <QThread>

#include "ui/base/text.h"
#include "ui/help/crash_log.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QString deviceLine(const Device& device) {
  const QString id = Text::from(device.id);
  if (!device.available) return u"%1: %2"_s.arg(id, Text::from(device.reason));
  QString line = u"%1: %2"_s.arg(id, Text::from(device.name));
  if (device.memory > 0) line += u", "_s + Text::size(8.0 * static_cast<double>(device.memory));
  return line;
}

}  // namespace

QString diagnosticsText(const StoreSnapshot* store, const std::vector<Device>& devices) {
  QStringList lines;
  lines << u"Bitfrontier %1"_s.arg(QApplication::applicationVersion())
        << u"Qt %1 (built with %2), %3, style %4"_s.arg(
               QString::fromLatin1(qVersion()), QStringLiteral(QT_VERSION_STR),
               QGuiApplication::platformName(), QApplication::style()->objectName())
        << u"SQLite %1"_s.arg(QString::fromLatin1(sqlite3_libversion()))
        << u"%1, kernel %2 %3, %4"_s.arg(QSysInfo::prettyProductName(), QSysInfo::kernelType(),
                                         QSysInfo::kernelVersion(),
                                         QSysInfo::currentCpuArchitecture())
        << u"%1 threads, locale %2"_s.arg(QThread::idealThreadCount()).arg(QLocale().name());
  for (const QScreen* screen : QGuiApplication::screens()) {
    lines << u"screen %1 x %2, ratio %3"_s.arg(screen->size().width())
                 .arg(screen->size().height())
                 .arg(screen->devicePixelRatio());
  }
  for (const Device& device : devices) lines << deviceLine(device);
  if (store) {
    lines << u"store: %1 runs, %2 points, %3"_s.arg(store->runs ? store->runs->size() : 0)
                 .arg(store->points ? store->points->size() : 0)
                 .arg(store->readOnly.empty() ? u"writable"_s : u"read only"_s);
  } else {
    lines << u"store: none"_s;
  }
  const std::string remembered = rememberedLines();
  if (!remembered.empty()) lines << QString() << u"last messages:"_s << Text::from(remembered);
  QString text = lines.join(u'\n').trimmed() + u'\n';
  text.replace(QDir::homePath(), u"~"_s);
  return text;
}

QString aboutText(const std::vector<Device>& devices) {
  QStringList list;
  for (const Device& device : devices) list << deviceLine(device).toHtmlEscaped();
  if (list.isEmpty()) list << QApplication::translate("About", "looking for them…");
  return QApplication::translate(
             "About",
             "<h3>Bitfrontier %1</h3>"
             "<p>Bit-precision scaling laws of quantized language models: quantize, measure "
             "zero-shot accuracy, fit, plot.</p>"
             "<p>Free software under the GNU General Public License, version 3 or later; it comes "
             "without any warranty.</p>"
             "<p>It is built on Qt %2 (LGPL 3), QCustomPlot (GPL 3), libtorch (BSD), Ceres Solver "
             "(BSD), SQLite (public domain), Eigen (MPL 2), fmt, CLI11 and nlohmann-json "
             "(MIT, BSD).</p><p><b>Devices</b><br>%3</p>")
      .arg(QApplication::applicationVersion().toHtmlEscaped(), QString::fromLatin1(qVersion()),
           list.join(u"<br>"_s));
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
// usage: drag_source FILE   A small window at the left upper corner of the screen from which the
// file is dragged, as from a file manager: for tests with a real mouse.
#include <cstdio>
#include <QApplication>
#include <QDrag>
#include <QLabel>
#include <QMimeData>
#include <QMouseEvent>
#include <QUrl>

namespace {

class Source : public QLabel {
 public:
  explicit Source(const QString& file) : file_(file) {
    setText(QStringLiteral("drag me"));
    setWindowFlags(Qt::FramelessWindowHint | Qt::WindowStaysOnTopHint |
                   Qt::X11BypassWindowManagerHint);
    setGeometry(0, 0, 80, 40);
  }

 protected:
  void mousePressEvent(QMouseEvent*) override {
    auto* file = new QMimeData;
    file->setUrls({QUrl::fromLocalFile(file_)});
    auto* drag = new QDrag(this);
    drag->setMimeData(file);
    const Qt::DropAction done = drag->exec(Qt::CopyAction);
    hide();
    // The target fetches the data now: this program lives until it is ended.
    std::puts(done == Qt::IgnoreAction ? "refused" : "dropped");
    std::fflush(stdout);
  }

 private:
  QString file_;
};

}  // namespace

int main(int argc, char** argv) {
  QApplication app(argc, argv);
  if (argc != 2) return 2;
  Source source(QString::fromLocal8Bit(argv[1]));
  source.show();
  QApplication::setQuitOnLastWindowClosed(false);
  return QApplication::exec();
}

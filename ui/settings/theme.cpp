// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/settings/theme.h"

#include <QApplication>
#include <QFile>
#include <QPainter>
#include <QProxyStyle>
#include <QStyle>
#include <QStyleFactory>
#include <QStyleOption>
#include <QSvgRenderer>

using namespace Qt::StringLiterals;

// Outside any namespace, as Qt asks for resources of a static library.
static void initIcons() { Q_INIT_RESOURCE(icons); }

namespace bitfrontier {
namespace {

QPalette makePalette(QRgb window, QRgb base, QRgb alternate, QRgb text, QRgb button, QRgb highlight,
                     QRgb highlightedText, QRgb link, QRgb disabled) {
  QPalette p{QColor(button), QColor(window)};
  p.setColor(QPalette::Window, window);
  p.setColor(QPalette::WindowText, text);
  p.setColor(QPalette::Base, base);
  p.setColor(QPalette::AlternateBase, alternate);
  p.setColor(QPalette::Text, text);
  p.setColor(QPalette::Button, button);
  p.setColor(QPalette::ButtonText, text);
  p.setColor(QPalette::BrightText, text);
  p.setColor(QPalette::ToolTipBase, alternate);
  p.setColor(QPalette::ToolTipText, text);
  // Fainter than a text, but to be read.
  const QColor ink(text), paper(base);
  p.setColor(QPalette::PlaceholderText,
             QColor((2 * ink.red() + paper.red()) / 3, (2 * ink.green() + paper.green()) / 3,
                    (2 * ink.blue() + paper.blue()) / 3));
  p.setColor(QPalette::Highlight, highlight);
  p.setColor(QPalette::HighlightedText, highlightedText);
  p.setColor(QPalette::Link, link);
  for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText}) {
    p.setColor(QPalette::Disabled, role, disabled);
  }
  return p;
}

/// Fusion with boxes that are seen when they are not ticked: it outlines them by a shade of the
/// window, which a dark base swallows.
class OutlinedBoxes : public QProxyStyle {
 public:
  OutlinedBoxes() : QProxyStyle(QStyleFactory::create(u"Fusion"_s)) {}

  void drawPrimitive(PrimitiveElement element, const QStyleOption* option, QPainter* painter,
                     const QWidget* widget) const override {
    QProxyStyle::drawPrimitive(element, option, painter, widget);
    // Black on black has no edges.
    if (option->palette.color(QPalette::Window).lightness() == 0 &&
        (element == PE_FrameLineEdit || element == PE_Frame || element == PE_PanelButtonCommand)) {
      painter->setPen(option->palette.color(QPalette::Disabled, QPalette::Text));
      painter->setBrush(Qt::NoBrush);
      painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
      return;
    }
    const bool radio = element == PE_IndicatorRadioButton;
    if (!radio && element != PE_IndicatorCheckBox && element != PE_IndicatorItemViewItemCheck) {
      return;
    }
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing, radio);
    const bool enabled = option->state.testFlag(State_Enabled);
    QColor outline = option->palette.color(QPalette::Active, QPalette::Text);
    outline.setAlphaF(enabled ? 0.6F : 0.3F);
    painter->setPen(outline);
    painter->setBrush(Qt::NoBrush);
    if (radio) {
      painter->drawEllipse(QRectF(option->rect).adjusted(1.5, 1.5, -1.5, -1.5));
    } else {
      painter->drawRect(option->rect.adjusted(0, 0, -1, -1));
    }
    painter->restore();
  }
};

QPixmap drawIcon(const QByteArray& svg, const QColor& color, int size) {
  QByteArray tinted = svg;
  tinted.replace("#000", color.name().toLatin1());
  QSvgRenderer renderer(tinted);
  QPixmap pixmap(size, size);
  pixmap.fill(Qt::transparent);
  QPainter painter(&pixmap);
  renderer.render(&painter);
  return pixmap;
}

}  // namespace

QPalette lightPalette() {
  return makePalette(0xfff3f4f5, 0xffffffff, 0xfff6f7f8, 0xff1b1e20, 0xffe9ebed, 0xff1f6fb2,
                     0xffffffff, 0xff1f6fb2, 0xff8a9095);
}

QPalette darkPalette() {
  return makePalette(0xff303438, 0xff1b1e20, 0xff24282b, 0xfff0f1f2, 0xff3d4247, 0xff3576b3,
                     0xffffffff, 0xff6db3f2, 0xff858b90);
}

QPalette highContrastPalette() {
  return makePalette(0xff000000, 0xff000000, 0xff1a1a1a, 0xffffffff, 0xff1f1f1f, 0xffffff00,
                     0xff000000, 0xff66d9ff, 0xffb8b8b8);
}

void applyTheme(Theme theme) {
  static const QString systemStyle = QApplication::style()->objectName();
  if (theme == Theme::System) {
    QApplication::setStyle(QStyleFactory::create(systemStyle));
    QApplication::setPalette(QPalette());  // the desktop's own
    return;
  }
  QApplication::setStyle(new OutlinedBoxes);
  QApplication::setPalette(theme == Theme::HighContrast ? highContrastPalette()
                           : theme == Theme::Dark       ? darkPalette()
                                                        : lightPalette());
}

QIcon themedIcon(const QString& name, const QPalette& palette) {
  initIcons();
  QFile file(u":/icons/%1.svg"_s.arg(name));
  if (!file.open(QIODevice::ReadOnly)) return {};
  const QByteArray svg = file.readAll();
  QIcon icon;
  for (const int size : {16, 20, 24, 32, 48, 64}) {
    icon.addPixmap(drawIcon(svg, palette.color(QPalette::Active, QPalette::ButtonText), size));
    icon.addPixmap(drawIcon(svg, palette.color(QPalette::Disabled, QPalette::ButtonText), size),
                   QIcon::Disabled);
  }
  return icon;
}

QIcon applicationIcon() {
  initIcons();
  QFile file(u":/icons/bitfrontier.svg"_s);
  if (!file.open(QIODevice::ReadOnly)) return {};
  QSvgRenderer renderer(file.readAll());
  QIcon icon;
  for (const int size : {16, 24, 32, 48, 64, 128, 256}) {
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    renderer.render(&painter);
    icon.addPixmap(pixmap);
  }
  return icon;
}

}  // namespace bitfrontier

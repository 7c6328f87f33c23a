// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/preferences_dialog.h"

#include <QDialogButtonBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QPushButton>
#include <QScrollArea>
#include <QStandardPaths>
#include <QVBoxLayout>

#include "core/device/device.h"
#include "core/engine/engine.h"
#include "ui/base/screen_size.h"
#include "ui/base/text.h"
#include "ui/settings/app_settings.h"
#include "ui/settings/language.h"
#include "ui/settings/shortcuts_page.h"
#include "ui/settings/state_folder.h"

using namespace Qt::StringLiterals;

namespace bitfrontier {
namespace {

QLabel* sentence(const QString& text) {
  auto* label = new QLabel(text);
  label->setWordWrap(true);
  label->setTextFormat(Qt::PlainText);
  return label;
}

/// Pages scroll where the screen is small or the text large.
QWidget* scrolled(QWidget* page) {
  auto* area = new QScrollArea;
  area->setWidget(page);
  area->setWidgetResizable(true);
  area->setFrameShape(QFrame::NoFrame);
  area->setFocusPolicy(Qt::NoFocus);
  return area;
}

/// Puts a control into a form under a label that is its buddy and gives its name.
void addRow(QFormLayout* form, const QString& label, QWidget* control, const QString& name,
            const QString& tip) {
  auto* text = new QLabel(label);
  text->setBuddy(control);
  QString plain = label;
  control->setAccessibleName(plain.remove(u'&'));
  control->setObjectName(name);
  control->setToolTip(tip);
  form->addRow(text, control);
}

}  // namespace

PreferencesDialog::PreferencesDialog(Shortcuts* shortcuts, QWidget* parent)
    : QDialog(parent), tabs_(new QTabWidget) {
  setObjectName(u"preferencesDialog"_s);
  setWindowTitle(tr("Preferences"));
  tabs_->setObjectName(u"preferencesTabs"_s);
  tabs_->setAccessibleName(tr("Subjects"));
  tabs_->addTab(scrolled(appearancePage()), tr("Appearance"));
  tabs_->addTab(scrolled(dataPage()), tr("Data"));
  tabs_->addTab(scrolled(runningPage()), tr("Running"));
  tabs_->addTab(scrolled(privacyPage()), tr("Privacy"));
  auto* keys = new ShortcutsPage(shortcuts);
  connect(keys, &ShortcutsPage::changed, this,
          [this, shortcuts] { preferences_.setShortcuts(shortcuts->changes()); });
  tabs_->addTab(keys, tr("Shortcuts"));
  auto* buttons = new QDialogButtonBox;
  auto* close = buttons->addButton(QDialogButtonBox::Close);
  close->setObjectName(u"preferencesClose"_s);
  close->setText(tr("Close"));
  close->setDefault(true);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  auto* column = new QVBoxLayout(this);
  column->addWidget(tabs_, 1);
  column->addWidget(buttons);
  resizeToScreen(*this, {860, 520});
}

void PreferencesDialog::showPage(Page page) { tabs_->setCurrentIndex(static_cast<int>(page)); }

QWidget* PreferencesDialog::appearancePage() {
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  auto* theme = new QComboBox;
  theme->addItem(tr("Like the system"), int(Theme::System));
  theme->addItem(tr("Light"), int(Theme::Light));
  theme->addItem(tr("Dark"), int(Theme::Dark));
  theme->addItem(tr("High contrast"), int(Theme::HighContrast));
  theme->setCurrentIndex(theme->findData(int(preferences_.theme())));
  addRow(form, tr("&Theme"), theme, u"prefTheme"_s, tr("Colours of the window and of the plot"));
  connect(theme, &QComboBox::activated, this, [this, theme] {
    const auto chosen = static_cast<Theme>(theme->currentData().toInt());
    preferences_.setTheme(chosen);
    preferences_.applyAppearance();
    Q_EMIT themeChosen(chosen);
  });

  auto* size = new QSpinBox;
  size->setRange(Preferences::kSmallestText - 1, Preferences::kLargestText);
  size->setSpecialValueText(tr("like the system"));
  size->setSuffix(tr(" pt"));
  size->setValue(preferences_.textSize());
  addRow(form, tr("Te&xt size"), size, u"prefTextSize"_s, tr("Of all text in the window"));
  connect(size, &QSpinBox::valueChanged, this, [this](int points) {
    preferences_.setTextSize(points < Preferences::kSmallestText ? 0 : points);
    preferences_.applyAppearance();
  });

  auto* language = new QComboBox;
  language->addItem(tr("Like the system"), QString());
  for (const Language& l : languages()) language->addItem(l.ownName, l.locale);
  language->setCurrentIndex(std::max(0, language->findData(preferences_.language())));
  addRow(form, tr("&Language"), language, u"prefLanguage"_s,
         tr("In effect when the program starts again"));
  connect(language, &QComboBox::activated, this,
          [this, language] { preferences_.setLanguage(language->currentData().toString()); });
  form->addRow(sentence(tr("A new language is used when the program starts again.")));
  form->addRow(sentence(
      tr("The colours of points are the Okabe-Ito set, which people with any common "
         "colour vision deficiency can tell apart; shapes and dashes say the same again.")));
  return page;
}

QLineEdit* PreferencesDialog::addFolder(QFormLayout* form, const QString& name,
                                        const QString& label, const QString& now,
                                        const QString& automatic, const QString& tip,
                                        void (Preferences::*set)(const QString&)) {
  auto* edit = new QLineEdit(now);
  edit->setPlaceholderText(automatic);
  edit->setClearButtonEnabled(true);
  addRow(form, label, edit, name, tip);
  auto* choose = new QPushButton(tr("Choose…"));
  choose->setObjectName(name + u"Choose"_s);
  choose->setAccessibleName(tr("Choose a folder for: %1").arg(edit->accessibleName()));
  choose->setToolTip(tip);
  choose->setAutoDefault(false);
  form->addRow(QString(), choose);
  connect(edit, &QLineEdit::editingFinished, this,
          [this, edit, set] { (preferences_.*set)(edit->text().trimmed()); });
  connect(choose, &QPushButton::clicked, this, [this, edit, set] {
    const QString folder =
        QFileDialog::getExistingDirectory(this, tr("Choose a folder"), edit->text());
    if (folder.isEmpty()) return;
    edit->setText(folder);
    (preferences_.*set)(folder);
  });
  return edit;
}

QWidget* PreferencesDialog::dataPage() {
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  const QString base = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
  addFolder(form, u"prefStores"_s, tr("&Stores in"), preferences_.storeFolder(),
            base + u"/bitfrontier"_s, tr("Where new stores are made and opened first"),
            &Preferences::setStoreFolder);
  const QString home = QStandardPaths::writableLocation(QStandardPaths::HomeLocation);
  const QString cache = qEnvironmentVariable("HF_HOME", home + u"/.cache/huggingface"_s);
  addFolder(form, u"prefModels"_s, tr("&Models in"), preferences_.modelFolder(), cache,
            tr("The Hugging Face cache, where downloaded models lie"),
            &Preferences::setModelFolder);
  form->addRow(sentence(
      tr("Another folder of models is used when the program starts again; HF_HOME goes first.")));
  return page;
}

QWidget* PreferencesDialog::runningPage() {
  auto* page = new QWidget;
  auto* form = new QFormLayout(page);
  device_ = new QComboBox;
  device_->addItem(tr("The first GPU, or else the CPU"), QString());
  const QString chosen = preferences_.device();
  if (!chosen.isEmpty()) device_->addItem(chosen, chosen);
  device_->setCurrentIndex(device_->count() - 1);
  addRow(form, tr("&Device"), device_, u"prefDevice"_s, tr("What new sweeps run on"));
  connect(device_, &QComboBox::activated, this,
          [this] { preferences_.setDevice(device_->currentData().toString()); });
  findDevices();
  auto* threads = new QSpinBox;
  threads->setRange(0, 1024);
  threads->setSpecialValueText(tr("one for each core"));
  threads->setValue(preferences_.threads());
  addRow(form, tr("T&hreads"), threads, u"prefThreads"_s,
         tr("How many threads evaluate, so that the rest of the computer stays usable"));
  connect(threads, &QSpinBox::valueChanged, this,
          [this](int count) { preferences_.setThreads(count); });
  form->addRow(sentence(tr("Another number of threads is used when the program starts again.")));
  return page;
}

void PreferencesDialog::findDevices() {
  devices_.start([](std::stop_token) { return engine().listDevices(); },
                 [this](const std::vector<Device>& devices) {
                   for (const Device& d : devices) {
                     const QString id = Text::from(d.id);
                     const int at = device_->findData(id);
                     const QString text = u"%1 · %2"_s.arg(id, Text::from(d.name));
                     if (at >= 0) {
                       device_->setItemText(at, text);
                     } else if (d.available) {
                       device_->addItem(text, id);
                     }
                   }
                 });
}

QWidget* PreferencesDialog::privacyPage() {
  auto* page = new QWidget;
  auto* column = new QVBoxLayout(page);
  column->addWidget(sentence(tr(
      "The program sends nothing and fetches nothing unless you ask for it: only a download of "
      "a model that you start uses the network. It has no account, no telemetry and looks for no "
      "updates.")));
  const auto check = [&](const QString& name, const QString& text, const QString& tip, bool on) {
    auto* box = new QCheckBox(text);
    box->setObjectName(name);
    box->setToolTip(tip);
    box->setChecked(on);
    column->addWidget(box);
    return box;
  };
  QCheckBox* offline =
      check(u"prefOffline"_s, tr("&Refuse downloads too"),
            tr("Sets HF_HUB_OFFLINE when the program starts again"), preferences_.offline());
  connect(offline, &QCheckBox::toggled, this, [this](bool on) { preferences_.setOffline(on); });
  const QString folder = QString::fromStdString(stateFolder().string());
  QCheckBox* crash =
      check(u"prefCrashLog"_s, tr("&Keep a crash log on this computer"),
            tr("A short text in %1, which is sent nowhere").arg(folder), preferences_.crashLog());
  connect(crash, &QCheckBox::toggled, this, [this](bool on) { preferences_.setCrashLog(on); });
  auto* forget = new QPushButton(tr("&Forget recent stores"));
  forget->setObjectName(u"prefForgetRecent"_s);
  forget->setToolTip(tr("Empties the list in the menu; the stores themselves stay"));
  forget->setAutoDefault(false);
  connect(forget, &QPushButton::clicked, this, &PreferencesDialog::recentForgotten);
  column->addWidget(forget, 0, Qt::AlignLeft);
  column->addStretch(1);
  return page;
}

}  // namespace bitfrontier

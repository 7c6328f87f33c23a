// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <string>
#include <vector>

namespace bitfrontier {

/// The points that are selected, and the one that is looked at, by pointKey: what the plot, the
/// tables and the panels have in common. Keys of points that are not shown now are kept.
class Selection : public QObject {
  Q_OBJECT

 public:
  using QObject::QObject;

  /// Ascending, each once.
  const std::vector<std::string>& keys() const { return keys_; }
  bool contains(const std::string& key) const;
  /// The point that was chosen last; empty for none.
  const std::string& current() const { return current_; }

  /// Selects these points and no others. `current` is one of them, or empty.
  void set(std::vector<std::string> keys, std::string current = {});
  /// Selects this point alone.
  void setOne(const std::string& key);
  /// Adds a point to the selection or takes it out.
  void toggle(const std::string& key);
  void clear() { set({}); }

 Q_SIGNALS:
  void changed();

 private:
  std::vector<std::string> keys_;
  std::string current_;
};

}  // namespace bitfrontier

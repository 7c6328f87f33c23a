// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace bitfrontier::test {

/// A NumPy array file (format 1.0, C order) of type T.
template <typename T>
struct Npy {
  std::vector<std::int64_t> shape;
  std::vector<T> values;
};

/// Reads a .npy file whose descr is `descr` ("<f4", "<i8"). Throws std::runtime_error.
template <typename T>
Npy<T> readNpy(const std::filesystem::path& path, const std::string& descr) {
  std::ifstream in(path, std::ios::binary);
  const std::string all((std::istreambuf_iterator<char>(in)), {});
  if (all.size() < 10 || all.compare(1, 5, "NUMPY") != 0 || all[6] != 1) {
    throw std::runtime_error(path.string() + " is not a NumPy 1.0 file");
  }
  const auto headerLength = static_cast<std::size_t>(static_cast<unsigned char>(all[8])) +
                            256 * static_cast<std::size_t>(static_cast<unsigned char>(all[9]));
  const std::string header = all.substr(10, headerLength);
  if (header.find("'" + descr + "'") == std::string::npos ||
      header.find("'fortran_order': False") == std::string::npos) {
    throw std::runtime_error(path.string() + " has another type: " + header);
  }
  Npy<T> array;
  const std::size_t open = header.find('(');
  std::istringstream dims(header.substr(open + 1, header.find(')') - open - 1));
  for (std::string part; std::getline(dims, part, ',');) {
    if (part.find_first_not_of(' ') != std::string::npos) array.shape.push_back(std::stoll(part));
  }
  const std::size_t begin = 10 + headerLength;
  array.values.resize((all.size() - begin) / sizeof(T));
  std::memcpy(array.values.data(), all.data() + begin, array.values.size() * sizeof(T));
  return array;
}

}  // namespace bitfrontier::test

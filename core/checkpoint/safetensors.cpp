// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/safetensors.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/checkpoint/safetensors_header.h"

namespace bitfrontier {

using nlohmann::json;

void saveSafetensors(const std::filesystem::path& path,
                     const std::vector<std::pair<std::string, at::Tensor>>& tensors,
                     const std::map<std::string, std::string>& metadata) {
  const std::string where = path.string();
  std::vector<const std::pair<std::string, at::Tensor>*> order;
  std::set<std::string_view> names;
  for (const auto& item : tensors) {
    const auto& [name, tensor] = item;
    if (name == "__metadata__" || !names.insert(name).second) {
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{}: tensor name '{}' is repeated or reserved", where, name));
    }
    if (!tensor.defined() || tensor.layout() != at::kStrided ||
        !safetensorsDtypeName(tensor.scalar_type())) {
      throw Error(
          ErrorKind::InvalidArgument,
          fmt::format("{}: tensor {} has a type that safetensors cannot hold", where, name));
    }
    order.push_back(&item);
  }
  std::sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    const auto sizeA = a->second.element_size();
    const auto sizeB = b->second.element_size();
    return sizeA != sizeB ? sizeA > sizeB : a->first < b->first;
  });
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t at = 0;
  for (const auto* item : order) {
    const std::uint64_t end = at + item->second.nbytes();
    header[item->first] = {
        {"dtype", std::string(safetensorsDtypeName(item->second.scalar_type()).value_or(""))},
        {"shape", item->second.sizes().vec()},
        {"data_offsets", {at, end}}};
    at = end;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const json::exception&) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: a tensor name or metadata value is not valid UTF-8", where));
  }
  text.append((8 - text.size() % 8) % 8, ' ');
  std::array<std::byte, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i) {
    length[i] = static_cast<std::byte>((text.size() >> (8 * i)) & 0xff);
  }
  AtomicFile file(path);
  file.write(length);
  file.write(text);
  for (const auto* item : order) {
    const at::Tensor flat = item->second.detach().to(at::kCPU).contiguous();
    file.write(std::span(static_cast<const std::byte*>(flat.const_data_ptr()), flat.nbytes()));
  }
  file.commit();
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/weight_file.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <string_view>

#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"
#include "core/checkpoint/torch_file.h"

namespace bitfrontier {

namespace {

std::vector<StoredTensor> readDescription(const MappedFile& map, const std::string& where) {
  if (map.text().starts_with("version https://git-lfs.github.com/spec/")) {
    throw Error(ErrorKind::NotFound,
                fmt::format("{} is only Git LFS's note of where the weights are; git lfs pull gets "
                            "them",
                            where));
  }
  if (where.ends_with(".safetensors")) {
    return parseSafetensorsHeader(map.bytes(), where).entries;
  }
  return parseTorchFile(map.bytes(), where);
}

/// Elements from the first that is reached to the last.
std::int64_t extent(const at::Tensor& like) {
  std::int64_t last = 0;
  for (std::int64_t d = 0; d < like.dim(); ++d) last += (like.size(d) - 1) * like.stride(d);
  return last + 1;
}

}  // namespace

WeightFile::WeightFile(const std::filesystem::path& path)
    : map_(std::make_shared<const MappedFile>(path)),
      where_(path.string()),
      tensors_(readDescription(*map_, where_)) {}

at::Tensor WeightFile::tensor(const StoredTensor& stored) const {
  const TensorInfo& info = stored.info;
  const auto options = at::TensorOptions().dtype(info.dtype).device(at::kCPU);
  if (info.bytes == 0) return at::empty(info.shape, options);
  std::vector<std::int64_t> strides = stored.strides;
  if (strides.empty()) {
    const auto rowMajor = c10::contiguous_strides(info.shape);
    strides.assign(rowMajor.begin(), rowMajor.end());
  }
  // libtorch has no tensor on constant memory; nothing here writes through the pointer.
  auto* memory = const_cast<std::byte*>(map_->bytes().data() + stored.begin);
  const auto view = [&](at::ScalarType type) {
    return at::from_blob(
        memory, info.shape, strides, [map = map_](void*) mutable { map.reset(); },
        options.dtype(type));
  };
  if (info.dtype == at::ScalarType::Bool) {
    const at::Tensor bad = view(at::ScalarType::Byte).gt(1).flatten();
    if (bad.any().item<bool>()) {
      const auto index = bad.to(at::kByte).argmax().item<std::int64_t>();
      throw Error(ErrorKind::Format,
                  fmt::format("{}: tensor {} is BOOL but its element {} is {}", where_, info.name,
                              index, view(at::ScalarType::Byte).flatten()[index].item<int>()));
    }
  }
  const std::size_t itemBytes = c10::elementSize(info.dtype);
  if (reinterpret_cast<std::uintptr_t>(memory) % itemBytes == 0) return view(info.dtype);
  const at::Tensor shaped = at::empty_strided(info.shape, strides, options);
  std::copy_n(memory, static_cast<std::size_t>(extent(shaped)) * itemBytes,
              static_cast<std::byte*>(shaped.data_ptr()));
  return shaped;
}

}  // namespace bitfrontier

// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/safetensors_writer.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/checkpoint/safetensors_header.h"

namespace bitfrontier {
namespace {

/// Bytes written at a time of a tensor that must be converted first.
constexpr std::int64_t kPartBytes = std::int64_t{8} << 20;

std::string headerOf(const std::string& where, const std::vector<TensorPlan>& plan,
                     const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::set<std::string_view> names;
  std::int64_t at = 0;
  for (const TensorPlan& tensor : plan) {
    if (tensor.name == "__metadata__" || !names.insert(tensor.name).second)
      throw Error(ErrorKind::InvalidArgument,
                  fmt::format("{}: tensor name '{}' is repeated or reserved", where, tensor.name));
    const auto type = safetensorsDtypeName(tensor.dtype);
    if (!type)
      throw Error(
          ErrorKind::InvalidArgument,
          fmt::format("{}: tensor {} has a type that safetensors cannot hold", where, tensor.name));
    const std::int64_t end = at + storedBytes(tensor.shape, tensor.dtype, where);
    header[tensor.name] = {
        {"dtype", std::string(*type)}, {"shape", tensor.shape}, {"data_offsets", {at, end}}};
    at = end;
  }
  try {
    std::string text = header.dump();
    text.append((8 - text.size() % 8) % 8, ' ');
    return text;
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: a tensor name or metadata value is not valid UTF-8", where));
  }
}

}  // namespace

SafetensorsWriter::SafetensorsWriter(const std::filesystem::path& path,
                                     std::vector<TensorPlan> plan,
                                     const std::map<std::string, std::string>& metadata)
    : where_(path.string()), plan_(std::move(plan)), file_(path) {
  const std::string text = headerOf(where_, plan_, metadata);
  std::array<std::byte, 8> length{};
  for (std::size_t i = 0; i < length.size(); ++i)
    length[i] = static_cast<std::byte>((text.size() >> (8 * i)) & 0xff);
  file_.write(length);
  file_.write(text);
}

void SafetensorsWriter::write(const std::string& name, const at::Tensor& tensor) {
  if (next_ == plan_.size())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: tensor {} was not planned", where_, name));
  const TensorPlan& planned = plan_[next_];
  if (name != planned.name || !tensor.defined() || tensor.sizes() != at::IntArrayRef(planned.shape))
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: tensor {} is not {} [{}], which was planned", where_, name,
                            planned.name, fmt::join(planned.shape, ", ")));
  ++next_;
  const at::Tensor source = tensor.detach();
  if (source.is_cpu() && source.is_contiguous() && source.scalar_type() == planned.dtype) {
    file_.write(std::span(static_cast<const std::byte*>(source.const_data_ptr()), source.nbytes()));
    return;
  }
  // By rows, so that a tensor in another layout or type needs no second one beside it.
  const std::int64_t rows = source.dim() > 0 ? source.size(0) : 1;
  const at::Tensor table = source.dim() > 0 ? source : source.view({1});
  const std::int64_t rowBytes = std::max<std::int64_t>(
      1, static_cast<std::int64_t>(source.nbytes()) / std::max<std::int64_t>(rows, 1));
  const std::int64_t step = std::max<std::int64_t>(1, kPartBytes / rowBytes);
  for (std::int64_t row = 0; row < rows; row += step) {
    const at::Tensor part =
        table.narrow(0, row, std::min(step, rows - row)).to(at::kCPU, planned.dtype).contiguous();
    file_.write(std::span(static_cast<const std::byte*>(part.const_data_ptr()), part.nbytes()));
  }
}

void SafetensorsWriter::commit() {
  if (next_ < plan_.size())
    throw Error(ErrorKind::InvalidArgument,
                fmt::format("{}: tensor {} has not been written", where_, plan_[next_].name));
  file_.commit();
}

}  // namespace bitfrontier

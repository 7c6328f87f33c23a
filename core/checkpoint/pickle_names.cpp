// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/pickle_names.h"

namespace bitfrontier {

namespace {

struct Opcode {
  std::uint8_t byte;
  std::string_view name;
};

constexpr Opcode opcodes[] = {
    {0x28, "MARK"},         {0x29, "EMPTY_TUPLE"},
    {0x2e, "STOP"},         {0x30, "POP"},
    {0x31, "POP_MARK"},     {0x32, "DUP"},
    {0x42, "BINBYTES"},     {0x43, "SHORT_BINBYTES"},
    {0x46, "FLOAT"},        {0x47, "BINFLOAT"},
    {0x49, "INT"},          {0x4a, "BININT"},
    {0x4b, "BININT1"},      {0x4c, "LONG"},
    {0x4d, "BININT2"},      {0x4e, "NONE"},
    {0x50, "PERSID"},       {0x51, "BINPERSID"},
    {0x52, "REDUCE"},       {0x53, "STRING"},
    {0x54, "BINSTRING"},    {0x55, "SHORT_BINSTRING"},
    {0x56, "UNICODE"},      {0x58, "BINUNICODE"},
    {0x5d, "EMPTY_LIST"},   {0x61, "APPEND"},
    {0x62, "BUILD"},        {0x63, "GLOBAL"},
    {0x64, "DICT"},         {0x65, "APPENDS"},
    {0x67, "GET"},          {0x68, "BINGET"},
    {0x69, "INST"},         {0x6a, "LONG_BINGET"},
    {0x6c, "LIST"},         {0x6f, "OBJ"},
    {0x70, "PUT"},          {0x71, "BINPUT"},
    {0x72, "LONG_BINPUT"},  {0x73, "SETITEM"},
    {0x74, "TUPLE"},        {0x75, "SETITEMS"},
    {0x7d, "EMPTY_DICT"},   {0x80, "PROTO"},
    {0x81, "NEWOBJ"},       {0x82, "EXT1"},
    {0x83, "EXT2"},         {0x84, "EXT4"},
    {0x85, "TUPLE1"},       {0x86, "TUPLE2"},
    {0x87, "TUPLE3"},       {0x88, "NEWTRUE"},
    {0x89, "NEWFALSE"},     {0x8a, "LONG1"},
    {0x8b, "LONG4"},        {0x8c, "SHORT_BINUNICODE"},
    {0x8d, "BINUNICODE8"},  {0x8e, "BINBYTES8"},
    {0x8f, "EMPTY_SET"},    {0x90, "ADDITEMS"},
    {0x91, "FROZENSET"},    {0x92, "NEWOBJ_EX"},
    {0x93, "STACK_GLOBAL"}, {0x94, "MEMOIZE"},
    {0x95, "FRAME"},        {0x96, "BYTEARRAY8"},
    {0x97, "NEXT_BUFFER"},  {0x98, "READONLY_BUFFER"},
};

struct Storage {
  std::string_view name;
  at::ScalarType type;
};

constexpr Storage storages[] = {
    {"FloatStorage", at::ScalarType::Float},       {"HalfStorage", at::ScalarType::Half},
    {"BFloat16Storage", at::ScalarType::BFloat16}, {"DoubleStorage", at::ScalarType::Double},
    {"LongStorage", at::ScalarType::Long},         {"IntStorage", at::ScalarType::Int},
    {"ShortStorage", at::ScalarType::Short},       {"CharStorage", at::ScalarType::Char},
    {"ByteStorage", at::ScalarType::Byte},         {"BoolStorage", at::ScalarType::Bool},
};

}  // namespace

std::optional<PickleGlobal> pickleGlobal(std::string_view module, std::string_view name) {
  if (module == "collections" && name == "OrderedDict") return PickleGlobal::OrderedDict;
  if (module != "torch._utils") return std::nullopt;
  if (name == "_rebuild_tensor") return PickleGlobal::RebuildTensor;
  if (name == "_rebuild_tensor_v2") return PickleGlobal::RebuildTensorV2;
  if (name == "_rebuild_tensor_v3") return PickleGlobal::RebuildTensorV3;
  if (name == "_rebuild_parameter") return PickleGlobal::RebuildParameter;
  return std::nullopt;
}

std::optional<at::ScalarType> storageClass(std::string_view module, std::string_view name) {
  // Bytes of any type, as _rebuild_tensor_v3 has them.
  if (module == "torch.storage" && name == "UntypedStorage") return at::ScalarType::Byte;
  if (module != "torch") return std::nullopt;
  for (const Storage& storage : storages) {
    if (storage.name == name) return storage.type;
  }
  return std::nullopt;
}

bool isTypeWithoutStorage(std::string_view module, std::string_view name) {
  if (module != "torch") return false;
  for (const std::string_view start : {"float8_", "float4_", "uint", "int", "bits"}) {
    if (name.starts_with(start)) return true;
  }
  return false;
}

std::string_view pickleOpcodeName(std::uint8_t opcode) {
  for (const Opcode& known : opcodes) {
    if (known.byte == opcode) return known.name;
  }
  return "unknown";
}

}  // namespace bitfrontier

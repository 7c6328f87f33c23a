// SPDX-License-Identifier: GPL-3.0-or-later
// The Parquet reader behind core/parquet/parquet_module.h: Arrow's C++ libraries of the pyarrow
// wheel. Nothing else of Bitfrontier is linked into it.
#include "core/parquet/parquet_module.h"

#include <arrow/api.h>
#include <arrow/io/file.h>
#include <parquet/arrow/reader.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

namespace {

using Json = nlohmann::ordered_json;

void require(const arrow::Status& status) {
  if (!status.ok()) throw std::runtime_error(status.message());
}

template <typename T>
T take(arrow::Result<T> result) {
  require(result.status());
  return std::move(result).ValueUnsafe();
}

template <typename Array>
auto at(const arrow::Array& array, std::int64_t row) {
  return static_cast<const Array&>(array).Value(row);
}

Json toJson(const arrow::Array& array, std::int64_t row);

Json listToJson(const arrow::Array& values, std::int64_t begin, std::int64_t end) {
  Json list = Json::array();
  for (std::int64_t i = begin; i < end; ++i) list.push_back(toJson(values, i));
  return list;
}

template <typename Array>
Json listAt(const arrow::Array& array, std::int64_t row) {
  const auto& list = static_cast<const Array&>(array);
  return listToJson(*list.values(), list.value_offset(row),
                    list.value_offset(row) + list.value_length(row));
}

Json toJson(const arrow::Array& array, std::int64_t row) {
  if (array.IsNull(row)) return nullptr;
  switch (array.type_id()) {
    case arrow::Type::BOOL:
      return at<arrow::BooleanArray>(array, row);
    case arrow::Type::INT8:
      return static_cast<int>(at<arrow::Int8Array>(array, row));
    case arrow::Type::INT16:
      return at<arrow::Int16Array>(array, row);
    case arrow::Type::INT32:
      return at<arrow::Int32Array>(array, row);
    case arrow::Type::INT64:
      return at<arrow::Int64Array>(array, row);
    case arrow::Type::UINT8:
      return static_cast<unsigned>(at<arrow::UInt8Array>(array, row));
    case arrow::Type::UINT16:
      return at<arrow::UInt16Array>(array, row);
    case arrow::Type::UINT32:
      return at<arrow::UInt32Array>(array, row);
    case arrow::Type::UINT64:
      return at<arrow::UInt64Array>(array, row);
    case arrow::Type::FLOAT:
      return at<arrow::FloatArray>(array, row);
    case arrow::Type::DOUBLE:
      return at<arrow::DoubleArray>(array, row);
    case arrow::Type::STRING:
    case arrow::Type::BINARY:
      return std::string(static_cast<const arrow::BinaryArray&>(array).GetView(row));
    case arrow::Type::LARGE_STRING:
    case arrow::Type::LARGE_BINARY:
      return std::string(static_cast<const arrow::LargeBinaryArray&>(array).GetView(row));
    case arrow::Type::LIST:
      return listAt<arrow::ListArray>(array, row);
    case arrow::Type::LARGE_LIST:
      return listAt<arrow::LargeListArray>(array, row);
    case arrow::Type::FIXED_SIZE_LIST:
      return listAt<arrow::FixedSizeListArray>(array, row);
    case arrow::Type::DICTIONARY: {
      const auto& dictionary = static_cast<const arrow::DictionaryArray&>(array);
      return toJson(*dictionary.dictionary(), dictionary.GetValueIndex(row));
    }
    case arrow::Type::STRUCT: {
      const auto& structure = static_cast<const arrow::StructArray&>(array);
      Json object = Json::object();
      for (int i = 0; i < structure.num_fields(); ++i) {
        object[structure.type()->field(i)->name()] = toJson(*structure.field(i), row);
      }
      return object;
    }
    default:
      throw std::runtime_error("columns of type " + array.type()->ToString() + " cannot be read");
  }
}

void readAll(const char* path, bf_parquet_row_t row, void* context) {
  const auto file = take(arrow::io::ReadableFile::Open(path));
  const auto reader = take(parquet::arrow::OpenFile(file, arrow::default_memory_pool()));
  for (int group = 0; group < reader->num_row_groups(); ++group) {
    const auto read = take(reader->ReadRowGroup(group));
    const auto table = take(read->CombineChunks());
    for (std::int64_t index = 0; index < table->num_rows(); ++index) {
      Json object = Json::object();
      for (int column = 0; column < table->num_columns(); ++column) {
        object[table->field(column)->name()] = toJson(*table->column(column)->chunk(0), index);
      }
      const std::string text = object.dump();
      if (row(context, text.data(), text.size()) != 0) return;
    }
  }
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int bf_parquet_version() {
  return BF_PARQUET_VERSION;
}

extern "C" __attribute__((visibility("default"))) int bf_parquet_read(const char* path,
                                                                      bf_parquet_row_t row,
                                                                      void* context, char* error,
                                                                      size_t errorSize) {
  try {
    readAll(path, row, context);
    return 0;
  } catch (const std::exception& problem) {
    std::snprintf(error, errorSize, "%s", problem.what());
  } catch (...) {
    std::snprintf(error, errorSize, "an unknown error");
  }
  return 1;
}

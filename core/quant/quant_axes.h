// SPDX-License-Identifier: GPL-3.0-or-later
/// The axes of a quantization configuration and what their values are called. The tables here feed
/// the parser of specs, `bitfrontier types` and the launch dialog, so they cannot disagree.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace bitfrontier {

/// How a weight is represented. Fp16 and Bf16 are 16-bit baselines, the others k-bit code tables.
enum class DataType {
  Fp16,
  Bf16,
  Int,
  Float,
  Dynamic,
  Quantile,       ///< quantiles of the raw tensor, as released with the paper
  BlockQuantile,  ///< quantiles of the block-normalised values
  NormalFloat,
  SymmetricNormalFloat,
  AbsoluteFloat,
  Learned,
};

/// How the constant of a block is stored.
enum class ConstantType {
  Fp16,
  Fp32,
  Bf16,
  E8M0,    ///< a power of two in 8 bits (OCP MX)
  E4M3,    ///< FP8 times one fp32 scale per tensor (NVFP4)
  Double,  ///< 8-bit codes in blocks of 256 after their mean is taken off (QLoRA)
};

/// What is taken off the weights before they are quantized and added again afterwards.
enum class Centering { None, Tensor, Block };

/// Which input dimensions of a layer stay in 16 bit.
enum class OutlierRule {
  None,
  PreviousLayer,  ///< largest standard deviation of the previous layer's output units (the paper)
  CurrentColumn,  ///< largest standard deviation of the layer's own input columns (released code)
};

/// How block constants are chosen.
enum class ScaleSearch {
  None,      ///< the block's largest magnitude
  Mse,       ///< least squared error of the weights
  Weighted,  ///< least squared error weighted by the mean square of the layer's inputs
};

/// What else is done than rounding each weight to the nearest code.
enum class Method { Nearest, Gptq, Awq };

/// A data type: its name, the bits it can have, one line for people.
struct DataTypeInfo {
  DataType type;
  std::string_view name;  ///< in specs, in front of the bits
  int lowestBits, highestBits;
  std::string_view explanation;
};

/// One value of an axis: how a spec says it ("" for the default that is not written) and one line.
struct AxisValue {
  std::string_view notation;
  std::string_view explanation;
};

/// A short name for a longer spec. `whole` aliases fix block and constant too.
struct SpecAlias {
  std::string_view name;
  std::string_view spec;
  bool whole;
  std::string_view explanation;
};

std::span<const DataTypeInfo> dataTypes();
const DataTypeInfo& dataTypeInfo(DataType type);
/// "fp16", "bf16", "int", "float", "dynamic", "quantile", "nquantile", "nf", "snf", "af",
/// "learned".
std::string_view dataTypeName(DataType type);
/// Inverse of dataTypeName. Throws Error(InvalidArgument) listing the names.
DataType dataTypeFromName(std::string_view name);

std::span<const SpecAlias> specAliases();

/// In the order of the enumerations above; `blockAxis` and `scopeAxis` have none.
std::span<const AxisValue> blockAxis();
std::span<const AxisValue> constantAxis();
std::span<const AxisValue> signAxis();
std::span<const AxisValue> centeringAxis();
std::span<const AxisValue> outlierAxis();
std::span<const AxisValue> scaleSearchAxis();
std::span<const AxisValue> methodAxis();
std::span<const AxisValue> gptqAxis();
std::span<const AxisValue> scopeAxis();

/// All axes with a heading, for help texts: ("block", blockAxis()), ...
struct NamedAxis {
  std::string_view name;
  std::span<const AxisValue> values;
};
std::span<const NamedAxis> specAxes();

}  // namespace bitfrontier

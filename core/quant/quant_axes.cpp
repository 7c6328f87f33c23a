// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_axes.h"

#include <fmt/format.h>

#include <array>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

constexpr std::array<DataTypeInfo, 11> kTypes = {{
    {DataType::Fp16, "fp16", 16, 16, "16-bit floats, the baseline"},
    {DataType::Bf16, "bf16", 16, 16, "bfloat16, the baseline of models trained in it"},
    {DataType::Int, "int", 2, 8, "symmetric integers, evenly spaced"},
    {DataType::Float, "float", 2, 8,
     "sign, exponent, mantissa; the paper's split unless e<E>m<M> follows"},
    {DataType::Dynamic, "dynamic", 2, 8,
     "dynamic exponent: a decimal exponent of varying length, then a linear fraction"},
    {DataType::Quantile, "quantile", 2, 8,
     "quantiles of the whole raw tensor, one table per tensor (as released with the paper)"},
    {DataType::BlockQuantile, "nquantile", 2, 8,
     "quantiles of the block-normalised weights, one table per tensor"},
    {DataType::NormalFloat, "nf", 2, 8, "quantiles of the normal distribution with a zero (QLoRA)"},
    {DataType::SymmetricNormalFloat, "snf", 2, 8,
     "quantiles of the normal distribution, symmetric, without a zero"},
    {DataType::AbsoluteFloat, "af", 2, 8,
     "least absolute error for normal weights at this block size (AF4)"},
    {DataType::Learned, "learned", 2, 8,
     "table fitted to each tensor: 1-D k-means on the error of the dequantized weights"},
}};

constexpr std::array<SpecAlias, 8> kAliases = {{
    {"fp4", "float4e2m1b+1", false, "bitsandbytes' FP4: E2M1 with subnormals 16 times smaller"},
    {"mxfp4", "float4e2m1-b32-se8m0", true, "OCP MXFP4: E2M1, block 32, power-of-two scales"},
    {"mxfp6e3m2", "float6e3m2-b32-se8m0", true, "OCP MXFP6 with 3 exponent bits"},
    {"mxfp6e2m3", "float6e2m3-b32-se8m0", true, "OCP MXFP6 with 2 exponent bits"},
    {"mxfp8e4m3", "float8e4m3n-b32-se8m0", true, "OCP MXFP8 with 4 exponent bits"},
    {"mxfp8e5m2", "float8e5m2n-b32-se8m0", true, "OCP MXFP8 with 5 exponent bits"},
    {"mxint8", "int8-b32-se8m0", true, "OCP MXINT8: 8-bit integers, power-of-two scales"},
    {"nvfp4", "float4e2m1-b16-se4m3", true, "NVFP4: E2M1, block 16, FP8 scales"},
}};

constexpr std::array<AxisValue, 4> kBlocks = {{
    {"-b<size>", "one constant for each <size> weights of the flattened tensor: 16, 32, ... 4096"},
    {"-b<size>r", "the same, but blocks begin anew in each row (output unit)"},
    {"-row", "one constant for each row"},
    {"-tensor", "one constant for the whole tensor"},
}};

constexpr std::array<AxisValue, 6> kConstants = {{
    {"", "constants in fp16, 16 bit a block (default)"},
    {"-sfp32", "constants in fp32, 32 bit a block"},
    {"-sbf16", "constants in bfloat16, 16 bit a block"},
    {"-se8m0", "constants are powers of two, 8 bit a block"},
    {"-se4m3", "constants in FP8 E4M3 times one fp32 scale per tensor, 8 bit a block"},
    {"-sdq", "double quantization: 8 bit a block and 32 per 256 blocks (QLoRA)"},
}};

constexpr std::array<AxisValue, 2> kSigns = {{
    {"", "a block is divided by its largest magnitude (default)"},
    {"-signed", "a block is divided by its value of largest magnitude, sign included"},
}};

constexpr std::array<AxisValue, 3> kCentering = {{
    {"", "weights are quantized as they are (default)"},
    {"-mean", "the tensor's mean is taken off first"},
    {"-bmean", "each block's mean is taken off first, 16 bit a block"},
}};

constexpr std::array<AxisValue, 3> kOutliers = {{
    {"", "no weight stays in 16 bit (default)"},
    {"-o<percent>",
     "input dimensions whose units in the previous layer vary most stay in 16 bit (the paper's "
     "proxy)"},
    {"-oc<percent>",
     "input dimensions whose own columns vary most stay in 16 bit (the released code's rule)"},
}};

constexpr std::array<AxisValue, 3> kSearches = {{
    {"", "the constant is the block's largest magnitude (default)"},
    {"-mse", "the constant with the least squared error of the block"},
    {"-wmse", "the same with each weight's error counted by the mean square of its input"},
}};

constexpr std::array<AxisValue, 3> kMethods = {{
    {"", "each weight takes the nearest code (default)"},
    {"-gptq", "GPTQ: later weights make up for the error of earlier ones on a calibration text"},
    {"-awq",
     "AWQ-style: input channels are scaled before quantization, chosen on a calibration "
     "text"},
}};

constexpr std::array<AxisValue, 2> kGptq = {{
    {"-act", "GPTQ takes the inputs of greatest energy first"},
    {"-damp<percent>", "GPTQ adds this share of the mean diagonal to the Hessian (1)"},
}};

constexpr std::array<AxisValue, 2> kScope = {{
    {"-emb", "the embeddings are quantized too"},
    {"-head", "the output head is quantized too"},
}};

constexpr std::array<NamedAxis, 9> kAxes = {{{"block", kBlocks},
                                             {"constant", kConstants},
                                             {"sign", kSigns},
                                             {"centering", kCentering},
                                             {"outliers", kOutliers},
                                             {"scale search", kSearches},
                                             {"method", kMethods},
                                             {"GPTQ options", kGptq},
                                             {"what is quantized", kScope}}};

}  // namespace

std::span<const DataTypeInfo> dataTypes() { return kTypes; }
std::span<const SpecAlias> specAliases() { return kAliases; }
std::span<const AxisValue> blockAxis() { return kBlocks; }
std::span<const AxisValue> constantAxis() { return kConstants; }
std::span<const AxisValue> signAxis() { return kSigns; }
std::span<const AxisValue> centeringAxis() { return kCentering; }
std::span<const AxisValue> outlierAxis() { return kOutliers; }
std::span<const AxisValue> scaleSearchAxis() { return kSearches; }
std::span<const AxisValue> methodAxis() { return kMethods; }
std::span<const AxisValue> gptqAxis() { return kGptq; }
std::span<const AxisValue> scopeAxis() { return kScope; }
std::span<const NamedAxis> specAxes() { return kAxes; }

const DataTypeInfo& dataTypeInfo(DataType type) {
  for (const DataTypeInfo& info : kTypes)
    if (info.type == type) return info;
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("data type {} does not exist", static_cast<int>(type)));
}

std::string_view dataTypeName(DataType type) { return dataTypeInfo(type).name; }

DataType dataTypeFromName(std::string_view name) {
  std::string names;
  for (const DataTypeInfo& info : kTypes) {
    if (info.name == name) return info.type;
    names += (names.empty() ? "" : ", ") + std::string(info.name);
  }
  throw Error(ErrorKind::InvalidArgument,
              fmt::format("unknown data type '{}', allowed are {}", name, names));
}

}  // namespace bitfrontier

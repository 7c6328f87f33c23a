// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/quant/quant_config.h"

#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace bitfrontier {
namespace {

TEST(QuantConfig, ReadsTheNotation) {
  const QuantConfig int4 = QuantConfig::parse("int4-b64");
  EXPECT_EQ(int4.type, DataType::Int);
  EXPECT_EQ(int4.bits, 4);
  EXPECT_EQ(int4.blockSize, 64);
  const QuantConfig float4 = QuantConfig::parse("float4-b64");
  EXPECT_EQ(float4.exponentBits, 3);
  EXPECT_EQ(float4.mantissaBits, 0);
  const QuantConfig e2m1 = QuantConfig::parse("float4e2m1-b64");
  EXPECT_EQ(e2m1.exponentBits, 2);
  EXPECT_EQ(e2m1.mantissaBits, 1);
  EXPECT_EQ(QuantConfig::parse("dynamic3-b1024").blockSize, 1024);
  EXPECT_EQ(QuantConfig::parse("quantile4-b64").type, DataType::Quantile);
  EXPECT_EQ(QuantConfig::parse("int3-tensor").blockSize, 0);
  EXPECT_TRUE(QuantConfig::parse("fp16").isBaseline());
  EXPECT_EQ(QuantConfig::parse("fp16"), QuantConfig::fp16());
}

TEST(QuantConfig, ReadsEveryAxis) {
  const QuantConfig nf4 = QuantConfig::parse("nf4-b64-sdq");
  EXPECT_EQ(nf4.type, DataType::NormalFloat);
  EXPECT_EQ(nf4.constant, ConstantType::Double);
  const QuantConfig gptq = QuantConfig::parse("int3-b128r-o0.5-mse-gptq-act-damp0.1-emb-head");
  EXPECT_EQ(gptq.blockSize, 128);
  EXPECT_TRUE(gptq.withinRows);
  EXPECT_EQ(gptq.outliers, OutlierRule::PreviousLayer);
  EXPECT_EQ(gptq.outlierPercent, 0.5);
  EXPECT_EQ(gptq.search, ScaleSearch::Mse);
  EXPECT_EQ(gptq.method, Method::Gptq);
  EXPECT_TRUE(gptq.activationOrder && gptq.embeddings && gptq.head);
  EXPECT_EQ(gptq.dampingPercent, 0.1);
  EXPECT_TRUE(gptq.needsCalibration());
  EXPECT_FALSE(nf4.needsCalibration());
  const QuantConfig row = QuantConfig::parse("float8e4m3n-row-sfp32-signed-bmean-oc2-wmse-awq");
  EXPECT_EQ(row.blockSize, QuantConfig::kPerRow);
  EXPECT_FALSE(row.withinRows);
  EXPECT_TRUE(row.nanCodes && row.signedMax);
  EXPECT_EQ(row.constant, ConstantType::Fp32);
  EXPECT_EQ(row.centering, Centering::Block);
  EXPECT_EQ(row.outliers, OutlierRule::CurrentColumn);
  EXPECT_EQ(row.search, ScaleSearch::Weighted);
  EXPECT_EQ(row.method, Method::Awq);
  EXPECT_TRUE(QuantConfig::parse("bf16").isBaseline());
  // Any order is read; one is written.
  EXPECT_EQ(QuantConfig::parse("int4-mean-gptq-b64-sbf16").spec(), "int4-b64-sbf16-mean-gptq");
}

TEST(QuantConfig, AliasesStandForTheirSpecs) {
  for (const SpecAlias& alias : specAliases()) {
    const std::string name = std::string(alias.name) + (alias.whole ? "" : "-b64");
    const std::string full = std::string(alias.spec) + (alias.whole ? "" : "-b64");
    EXPECT_EQ(QuantConfig::parse(name), QuantConfig::parse(full)) << name;
    EXPECT_EQ(QuantConfig::parse(full).spec(), name);
  }
  const QuantConfig mxfp4 = QuantConfig::parse("mxfp4");
  EXPECT_EQ(mxfp4.blockSize, 32);
  EXPECT_EQ(mxfp4.constant, ConstantType::E8M0);
  EXPECT_EQ(mxfp4.exponentBits, 2);
  EXPECT_EQ(QuantConfig::parse("nvfp4").constant, ConstantType::E4M3);
  EXPECT_EQ(QuantConfig::parse("nvfp4").blockSize, 16);
  EXPECT_EQ(QuantConfig::parse("mxfp4-gptq").spec(), "mxfp4-gptq");
  EXPECT_EQ(QuantConfig::parse("float4e2m1-b32-se8m0-mean").spec(), "mxfp4-mean");
}

TEST(QuantConfig, EveryAxisValueIsExplained) {
  for (const DataTypeInfo& info : dataTypes()) {
    EXPECT_EQ(dataTypeFromName(info.name), info.type);
    EXPECT_GT(info.explanation.size(), 10U) << info.name;
  }
  EXPECT_THROW(dataTypeFromName("nf4"), Error);
  for (const NamedAxis& axis : specAxes())
    for (const AxisValue& value : axis.values)
      EXPECT_GT(value.explanation.size(), 10U) << axis.name << value.notation;
}

TEST(QuantConfig, PapersFloatSplits) {
  const std::vector<std::string> splits = {"e2m0", "e3m0", "e3m1", "e3m2", "e3m3", "e3m4"};
  for (int bits = 3; bits <= 8; ++bits) {
    const std::string plain = "float" + std::to_string(bits) + "-b64";
    const std::string full = "float" + std::to_string(bits) + splits[bits - 3] + "-b64";
    EXPECT_EQ(QuantConfig::parse(plain), QuantConfig::parse(full));
    EXPECT_EQ(QuantConfig::parse(full).spec(), plain);
  }
}

TEST(QuantConfig, EverySpecReadsBackToItself) {
  std::set<std::string> seen;
  for (const DataType type :
       {DataType::Int, DataType::Float, DataType::Dynamic, DataType::Quantile}) {
    for (int bits = 2; bits <= 8; ++bits) {
      for (const std::int64_t block : {0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096}) {
        for (int exponent = 1; exponent < bits; ++exponent) {
          QuantConfig config = QuantConfig::make(type, bits, block);
          if (type == DataType::Float) {
            config.exponentBits = exponent;
            config.mantissaBits = bits - 1 - exponent;
          } else if (exponent > 1) {
            continue;
          }
          config.validate();
          const std::string spec = config.spec();
          EXPECT_TRUE(seen.insert(spec).second) << spec;
          EXPECT_EQ(QuantConfig::parse(spec), config) << spec;
          EXPECT_EQ(QuantConfig::parse(spec).spec(), spec);
          EXPECT_EQ(QuantConfig::parseType(spec), config);
        }
      }
    }
  }
  EXPECT_EQ(seen.size(), 10U * (3 * 7 + 28));
}

std::string errorOf(const std::string& spec) {
  try {
    QuantConfig::parse(spec);
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::InvalidArgument);
    return error.what();
  }
  return "";
}

TEST(QuantConfig, WrongSpecsSayWhatIsWrongAndWhatIsAllowed) {
  const std::vector<std::pair<std::string, std::string>> wrong = {
      {"", "unknown data type"},
      {"integer4-b64", "no number of bits behind 'int'"},
      {"Int4-b64", "unknown data type"},
      {"fp8-b64", "unknown data type"},
      {"fp16-b64", "'-b64': fp16 has 16 bits and nothing else"},
      {"int-b64", "no number of bits behind 'int'"},
      {"int9-b64", "int has 2 to 8 bits, not 9"},
      {"int1-b64", "int has 2 to 8 bits, not 1"},
      {"int04-b64", "no number of bits"},
      {"int-4-b64", "no number of bits"},
      {"int4", "no block size"},
      {"int4-b", "no block size behind '-b'"},
      {"int4-b0", "block size 0 is not allowed, write -tensor"},
      {"int4-b-64", "no block size behind '-b'"},
      {"int4-b48", "block size 48 is not a power of two from 16 to 4096"},
      {"int4-b8", "block size 8 is not"},
      {"int4-b8192", "block size 8192 is not"},
      {"int4-b99999999999999999999", "no block size behind '-b'"},
      {"int4-b64x", "cannot read 'x' behind the block"},
      {"int4-b64-tensor", "'-tensor' contradicts or repeats"},
      {"int4e2m1-b64", "cannot read 'e2m1' behind the type"},
      {"float4e2-b64", "an exponent split reads e<bits>m<bits>"},
      {"float4em-b64", "an exponent split reads e<bits>m<bits>"},
      {"float4e0m3-b64", "a float has at least one exponent bit, not e0m3"},
      {"float4e2m2-b64", "float4e2m2 has 5 bits with its sign, not 4"},
      {"float4e2000000000m1-b64", "is not a split of 4 bits"},
      {"int4 -b64", "cannot read ' ' behind the type"},
      {"int4-b64-b64", "'-b64' contradicts or repeats what stands before it"},
      {"int4-b64-row", "'-row' contradicts or repeats"},
      {"mxfp4-b64", "'-b64' contradicts or repeats"},
      {"int4-b64-mean-bmean", "'-bmean' contradicts or repeats"},
      {"int4-b64-gptq-awq", "'-awq' contradicts or repeats"},
      {"int4-b64-sfp8", "cannot read '-sfp8'"},
      {"int4-b64rr", "cannot read 'r' behind the block"},
      {"int4-b64-se8m0-signed", "-signed needs constants that have a sign"},
      {"int4-b64-o", "no percentage behind '-o'"},
      {"int4-b64-oc", "no percentage behind '-oc'"},
      {"int4-b64-o2%", "no percentage behind '-o'"},
      {"int4-b64-o0", "outlier dimensions are 0.01 to 50 percent in steps of 0.01, not 0"},
      {"int4-b64-o2.005", "in steps of 0.01, not 2.005"},
      {"int4-b64-o60", "not 60"},
      {"int4-b64-act", "-act and -damp belong to -gptq"},
      {"int4-b64-awq-damp2", "-act and -damp belong to -gptq"},
      {"int4-b64-gptq-damp0", "damping is 0.01 to 100 percent"},
      {"af4-tensor", "af has a table for each block size"},
      {"float4e2m1b2-b64", "cannot read 'b2' behind the type"},
      {"float4e3m0b0-b64", "e3m0 has no subnormals"},
      {"float4e2m1n-b64", "NaN codes (n) belong to float8e4m3 and float8e5m2"},
      {"fp16-emb", "'-emb': fp16 has 16 bits and nothing else"},
      {"int4--b64", "cannot read '-'"},
      {"int4-b64-", "cannot read '-'"},
  };
  for (const auto& [spec, what] : wrong) {
    const std::string message = errorOf(spec);
    EXPECT_NE(message.find("'" + spec + "'"), std::string::npos) << spec << ": " << message;
    EXPECT_NE(message.find(what), std::string::npos) << spec << ": " << message;
    EXPECT_NE(message.find("allowed: fp16, bf16, "), std::string::npos);
  }
}

TEST(QuantConfig, DamagedSpecsNeverCrash) {
  const std::string letters = "intfloadymcquep-b0123456789xs ";
  std::mt19937 random(8);
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string spec = i % 2 == 0 ? "float4e2m1-b64" : "int8-b4096";
    for (int change = 0; change < 1 + i % 3; ++change) {
      const std::size_t at = random() % spec.size();
      switch (random() % 3) {
        case 0:
          spec[at] = letters[random() % letters.size()];
          break;
        case 1:
          spec.erase(at, 1);
          break;
        default:
          spec.insert(at, 1, static_cast<char>(random() % 256));
      }
    }
    try {
      const QuantConfig config = QuantConfig::parse(spec);
      ++accepted;
      EXPECT_EQ(QuantConfig::parse(config.spec()), config) << spec;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::InvalidArgument);
    }
  }
  EXPECT_GT(accepted, 0);
}

TEST(QuantConfig, TypesWithoutBlockTake64) {
  EXPECT_EQ(QuantConfig::parseType("float4").spec(), "float4-b64");
  EXPECT_EQ(QuantConfig::parseType("float4e2m1").spec(), "float4e2m1-b64");
  EXPECT_EQ(QuantConfig::parseType("dynamic3-tensor").spec(), "dynamic3-tensor");
  EXPECT_THROW(QuantConfig::parseType("float4-"), Error);
  EXPECT_THROW(QuantConfig::parseType("float"), Error);
}

TEST(QuantConfig, MakeAndValidateRefuseNonsense) {
  EXPECT_THROW(QuantConfig::make(DataType::Int, 9, 64), Error);
  EXPECT_THROW(QuantConfig::make(DataType::Float, 1, 64), Error);
  EXPECT_THROW(QuantConfig::make(DataType::Int, 4, -64), Error);
  QuantConfig config = QuantConfig::fp16();
  config.blockSize = 64;
  EXPECT_THROW(config.validate(), Error);
  config = QuantConfig::parse("int4-b64");
  config.exponentBits = 2;
  EXPECT_THROW(config.validate(), Error);
}

TEST(QuantConfig, BitsPerParameter) {
  EXPECT_DOUBLE_EQ(QuantConfig::parse("int4-b64").bitsPerParameter(), 4.25);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("int3-b32").bitsPerParameter(), 3.5);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("float5-b128").bitsPerParameter(), 5.125);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("dynamic8-b1024").bitsPerParameter(), 8.015625);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("quantile4-b4096").bitsPerParameter(), 4.00390625);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("int4-tensor").bitsPerParameter(), 4.0);
  EXPECT_DOUBLE_EQ(QuantConfig::fp16().bitsPerParameter(), 16.0);
  // QLoRA, section 3: double quantization costs 0.127 bits a parameter instead of 0.5.
  EXPECT_NEAR(QuantConfig::parse("nf4-b64-sdq").bitsPerParameter(), 4.127, 5e-4);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("nf4-b64-sfp32").bitsPerParameter(), 4.5);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("mxfp4").bitsPerParameter(), 4.25);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("nvfp4").bitsPerParameter(), 4.5);
  EXPECT_DOUBLE_EQ(QuantConfig::parse("int4-b64-bmean").bitsPerParameter(), 4.5);
  // The paper's p (16 - k): 0.24 for p = 2 % and 4 bits, here on top of the constants' share.
  EXPECT_NEAR(QuantConfig::parse("int4-tensor-o2").bitsPerParameter(), 4.24, 1e-12);
  EXPECT_NEAR(QuantConfig::parse("int3-tensor-o2").bitsPerParameter(), 3.26, 1e-12);
}

}  // namespace
}  // namespace bitfrontier

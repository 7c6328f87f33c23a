// SPDX-License-Identifier: GPL-3.0-or-later
// Random configurations: a valid one reads back from its spec, an invalid one is refused both ways.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "core/base/error.h"
#include "core/quant/quant_config.h"

namespace bitfrontier {
namespace {

QuantConfig anyConfig() {
  QuantConfig config;
  config.type = *rc::gen::elementOf([] {
    std::vector<DataType> types;
    for (const DataTypeInfo& info : dataTypes())
      if (info.lowestBits < 16) types.push_back(info.type);
    return types;
  }());
  config.bits = *rc::gen::inRange(2, 9);
  if (config.type == DataType::Float) {
    config.exponentBits = *rc::gen::inRange(1, config.bits);
    config.mantissaBits = config.bits - 1 - config.exponentBits;
    config.subnormals =
        *rc::gen::element(Subnormals::Ieee, Subnormals::BiasText, Subnormals::BiasPlusOne);
    config.nanCodes = *rc::gen::arbitrary<bool>();
  }
  config.blockSize = *rc::gen::elementOf(std::vector<std::int64_t>{
      QuantConfig::kPerRow, 0, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096});
  config.withinRows = *rc::gen::arbitrary<bool>();
  config.constant = static_cast<ConstantType>(*rc::gen::inRange(0, 6));
  config.signedMax = *rc::gen::arbitrary<bool>();
  config.centering = static_cast<Centering>(*rc::gen::inRange(0, 3));
  config.outliers = static_cast<OutlierRule>(*rc::gen::inRange(0, 3));
  if (config.outliers != OutlierRule::None)
    config.outlierPercent = *rc::gen::inRange(1, 5001) / 100.0;
  config.search = static_cast<ScaleSearch>(*rc::gen::inRange(0, 3));
  config.method = static_cast<Method>(*rc::gen::inRange(0, 3));
  config.activationOrder = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) config.dampingPercent = *rc::gen::inRange(1, 10001) / 100.0;
  config.embeddings = *rc::gen::arbitrary<bool>();
  config.head = *rc::gen::arbitrary<bool>();
  return config;
}

TEST(SpecProperty, ValidConfigurationsReadBack) {
  EXPECT_TRUE(rc::check("parse(spec()) is the configuration", [] {
    const QuantConfig config = anyConfig();
    RC_PRE(!config.problem());
    const std::string spec = config.spec();
    RC_ASSERT(QuantConfig::parse(spec) == config);
    RC_ASSERT(QuantConfig::parse(spec).spec() == spec);
    const QuantVariant& variant = config;
    RC_ASSERT(QuantVariant::parse(variant.notation()) == variant);
    RC_ASSERT(spec.starts_with(config.typeSpec()) || config.constant == ConstantType::E8M0 ||
              config.constant == ConstantType::E4M3);
    RC_ASSERT(config.bitsPerParameter() >= config.bits);
    RC_ASSERT(config.bitsPerParameter() <= 16);
  }));
}

TEST(SpecProperty, InvalidConfigurationsAreRefusedBothWays) {
  EXPECT_TRUE(rc::check("neither valid nor readable", [] {
    const QuantConfig config = anyConfig();
    RC_PRE(config.problem().has_value());
    RC_ASSERT_THROWS_AS(config.validate(), Error);
    // Some faults have no spelling (e.g. damping without GPTQ has, blocks of rows without size do
    // not); then another configuration is read, which must be valid.
    try {
      const QuantConfig read = QuantConfig::parse(config.spec());
      RC_ASSERT(!read.problem());
      RC_ASSERT(!(read == config));
    } catch (const Error& error) {
      RC_ASSERT(error.kind() == ErrorKind::InvalidArgument);
    }
  }));
}

TEST(SpecProperty, AnyTextIsReadOrRefused) {
  EXPECT_TRUE(rc::check("no crash, and what is read is canonical", [](const std::string& noise) {
    const QuantConfig config = anyConfig();
    RC_PRE(!config.problem());
    std::string spec = config.spec();
    spec.insert(*rc::gen::inRange<std::size_t>(0, spec.size() + 1), noise);
    try {
      const QuantConfig read = QuantConfig::parse(spec);
      RC_ASSERT(QuantConfig::parse(read.spec()) == read);
    } catch (const Error& error) {
      RC_ASSERT(error.kind() == ErrorKind::InvalidArgument);
    }
  }));
}

}  // namespace
}  // namespace bitfrontier

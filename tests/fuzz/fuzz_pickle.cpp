// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/error.h"
#include "core/checkpoint/pickle.h"
#include "tests/fuzz/fuzz_target.h"
#include "tests/support/torch_file_builder.h"

namespace bitfrontier::fuzz {

namespace {

void requireKnown(const Pickle& pickle, const PickleValue& value) {
  using Kind = PickleValue::Kind;
  const auto below = [&](std::size_t count) {
    require(value.number >= 0 && value.index() < count, "an index is one of the pickle");
  };
  if (value.kind == Kind::Text) below(pickle.texts.size());
  if (value.kind == Kind::Tuple || value.kind == Kind::List) below(pickle.sequences.size());
  if (value.kind == Kind::Dict) below(pickle.dicts.size());
  if (value.kind == Kind::Storage) below(pickle.storages.size());
  if (value.kind == Kind::Tensor) below(pickle.tensors.size());
}

}  // namespace

std::vector<std::string> seeds() {
  const test::PickledTensor tensor{"w", "HalfStorage", "0", 6, 0, {2, 3}, {3, 1}};
  const std::string text = test::pickleText("w");
  return {test::pickleState({tensor}), test::pickleState({tensor}, true),
          test::kPickleStart + "}q\1" + text + "q\2ctorch._utils\n_rebuild_parameter\n(" +
              test::pickleTensor(tensor) + "\x88}tRr" + test::little(3, 4) + "s}" + text + "}sb.",
          test::kPickleStart + "ccollections\nOrderedDict\n(](]" + text + "aGzzzzzzzzaetR.",
          test::kPickleStart + "(K\1M\1\2J\1\2\3\4\x8a\3\1\2\x83\x85\x86\x87N)]K\1at."};
}

}  // namespace bitfrontier::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace bitfrontier;
  try {
    Pickle pickle;
    std::size_t at = 0;
    fuzz::requireKnown(pickle,
                       readPickle(std::as_bytes(std::span(data, size)), at, pickle, "fuzz"));
    fuzz::require(at > 0 && at <= size, "a pickle ends in its file");
    for (const auto& sequence : pickle.sequences) {
      for (const PickleValue& value : sequence) fuzz::requireKnown(pickle, value);
    }
    for (const auto& dict : pickle.dicts) {
      for (const auto& [key, value] : dict) {
        fuzz::requireKnown(pickle, key);
        fuzz::requireKnown(pickle, value);
      }
    }
    for (const PickleTensor& tensor : pickle.tensors) {
      fuzz::require(tensor.storage < pickle.storages.size() &&
                        tensor.shape < pickle.sequences.size() &&
                        tensor.strides < pickle.sequences.size(),
                    "a tensor has its parts");
    }
  } catch (const Error&) {
    return fuzz::kRefused;
  }
  return 0;
}

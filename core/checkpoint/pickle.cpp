// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/checkpoint/pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/checkpoint/little_endian.h"
#include "core/checkpoint/pickle_names.h"

namespace bitfrontier {

namespace {

using Kind = PickleValue::Kind;

constexpr std::size_t kMaxObjects = std::size_t{4} << 20;
constexpr std::size_t kMaxStack = std::size_t{4} << 20;
constexpr std::size_t kMaxMarks = 1000;
constexpr std::size_t kMaxText = std::size_t{64} << 10;
constexpr std::size_t kMaxName = 256;  // of a module or class

std::string_view kindName(Kind kind) {
  constexpr std::string_view names[] = {"None", "a bool",          "an integer", "a float",
                                        "text", "a tuple",         "a list",     "a dict",
                                        "code", "a storage class", "a storage",  "a tensor"};
  return names[static_cast<std::size_t>(kind)];
}

/// The virtual machine without the part that runs anything.
class Machine {
 public:
  Machine(std::span<const std::byte> bytes, std::size_t at, Pickle& pickle, std::string_view where)
      : bytes_(bytes), start_(at), at_(at), opAt_(at), pickle_(pickle), where_(where) {}

  PickleValue run();
  std::size_t end() const { return at_; }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorKind::Format, fmt::format("{}: pickle byte {}: {}", where_, opAt_, what));
  }
  [[noreturn]] void refuse(const std::string& what) const {
    throw Error(ErrorKind::Unsupported, fmt::format("{}: pickle byte {}: {}", where_, opAt_, what));
  }

  std::span<const std::byte> take(std::size_t count) {
    if (count > bytes_.size() - at_) {
      fail(fmt::format("{} bytes are needed but only {} follow", count, bytes_.size() - at_));
    }
    at_ += count;
    return bytes_.subspan(at_ - count, count);
  }
  template <typename T>
  T number() {
    return littleEndian<T>(take(sizeof(T)), 0);
  }
  std::string_view line() {
    const auto* begin = reinterpret_cast<const char*>(bytes_.data()) + at_;
    const std::string_view rest(begin, std::min(bytes_.size() - at_, kMaxName + 1));
    const std::size_t length = rest.find('\n');
    if (length == std::string_view::npos) fail("a name has no end within 256 bytes");
    at_ += length + 1;
    return rest.substr(0, length);
  }

  void push(Kind kind, std::int64_t value = 0) { push({kind, value}); }
  void push(PickleValue value) {
    if (stack_.size() >= kMaxStack) fail("the stack is too deep");
    stack_.push_back(value);
  }
  PickleValue pop() {
    if (stack_.size() <= base()) fail("a value is taken from an empty stack");
    const PickleValue value = stack_.back();
    stack_.pop_back();
    return value;
  }
  PickleValue pop(Kind kind, const char* what) {
    const PickleValue value = pop();
    if (value.kind != kind) fail(fmt::format("{} is {}", what, kindName(value.kind)));
    return value;
  }
  /// The value below those that are taken.
  PickleValue top(Kind kind, const char* what) {
    const PickleValue value = pop(kind, what);
    stack_.push_back(value);
    return value;
  }
  std::size_t base() const { return marks_.empty() ? 0 : marks_.back(); }
  void mark() {
    if (marks_.size() >= kMaxMarks) fail(fmt::format("more than {} marks are open", kMaxMarks));
    marks_.push_back(stack_.size());
  }
  /// The values above the last mark, which goes.
  std::vector<PickleValue> popMark() {
    if (marks_.empty()) fail("there is no mark");
    const auto from = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    std::vector<PickleValue> values(from, stack_.end());
    stack_.erase(from, stack_.end());
    marks_.pop_back();
    return values;
  }

  template <typename T>
  std::int64_t keep(std::vector<T>& all, T value) {
    if (all.size() >= kMaxObjects) fail("too many objects are built");
    all.push_back(std::move(value));
    return static_cast<std::int64_t>(all.size() - 1);
  }
  void pushSequence(Kind kind, std::vector<PickleValue> values) {
    push(kind, keep(pickle_.sequences, std::move(values)));
  }
  void pushTop(std::size_t count);
  void pushText(std::size_t size);
  void pushInteger(std::size_t size);
  void pushGlobal();
  void put(std::size_t slot);
  void get(std::size_t slot);
  void setItems(const std::vector<PickleValue>& items);
  void append(const std::vector<PickleValue>& items);
  void build();
  void persistentId();
  void reduce();
  void orderedDict(const std::vector<PickleValue>& arguments);
  void rebuildTensor(const std::vector<PickleValue>& arguments, bool second);
  [[noreturn]] void refuseTensor(const std::vector<PickleValue>& arguments);
  void step(std::uint8_t opcode);
  /// Each runs its group of opcodes and says whether this was one of them.
  bool pushValue(std::uint8_t opcode);
  bool pushStructure(std::uint8_t opcode);
  bool remember(std::uint8_t opcode);

  std::span<const std::byte> bytes_;
  std::size_t start_;
  std::size_t at_;
  std::size_t opAt_;
  Pickle& pickle_;
  std::string_view where_;
  std::vector<PickleValue> stack_;
  std::vector<std::size_t> marks_;
  std::vector<PickleValue> memo_;
  std::vector<bool> memoSet_;
  std::size_t copied_ = 0;
  bool stopped_ = false;
};

PickleValue Machine::run() {
  while (!stopped_) {
    opAt_ = at_;
    if (at_ >= bytes_.size()) fail("the pickle has no end");
    const auto opcode = std::to_integer<std::uint8_t>(bytes_[at_++]);
    if ((opcode == 0x80) != (opAt_ == start_)) fail("a pickle begins with its protocol");
    step(opcode);
  }
  const PickleValue value = pop();
  if (!stack_.empty()) fail("values are left over at the end");
  return value;
}

void Machine::step(std::uint8_t opcode) {
  if (pushValue(opcode) || pushStructure(opcode) || remember(opcode)) return;
  switch (opcode) {
    case 0x80: {  // PROTO
      const auto protocol = number<std::uint8_t>();
      if (protocol != 2)
        refuse(fmt::format("protocol {} is not the 2 that torch.save writes", protocol));
      break;
    }
    case 'c':  // GLOBAL
      pushGlobal();
      break;
    case 'Q':  // BINPERSID
      persistentId();
      break;
    case 'R':  // REDUCE
      reduce();
      break;
    case 'b':  // BUILD
      build();
      break;
    case '.':  // STOP
      stopped_ = true;
      break;
    default:
      refuse(fmt::format("opcode {} (0x{:02x}) is not one that a state dict needs; nothing was run",
                         pickleOpcodeName(opcode), opcode));
  }
}

bool Machine::pushValue(std::uint8_t opcode) {
  switch (opcode) {
    case 'N':
      push(Kind::None);
      return true;
    case 0x88:  // NEWTRUE
    case 0x89:  // NEWFALSE
      push(Kind::Bool, opcode == 0x88 ? 1 : 0);
      return true;
    case 'J':  // BININT
      push(Kind::Int, static_cast<std::int32_t>(number<std::uint32_t>()));
      return true;
    case 'K':  // BININT1
      push(Kind::Int, number<std::uint8_t>());
      return true;
    case 'M':  // BININT2
      push(Kind::Int, number<std::uint16_t>());
      return true;
    case 0x8a:  // LONG1
      pushInteger(number<std::uint8_t>());
      return true;
    case 'G':  // BINFLOAT
      take(8);
      push(Kind::Float);
      return true;
    case 'X':  // BINUNICODE
      pushText(number<std::uint32_t>());
      return true;
    default:
      return false;
  }
}

bool Machine::pushStructure(std::uint8_t opcode) {
  switch (opcode) {
    case '(':  // MARK
      mark();
      return true;
    case ')':  // EMPTY_TUPLE
      pushSequence(Kind::Tuple, {});
      return true;
    case 0x85:  // TUPLE1
    case 0x86:
    case 0x87:
      pushTop(opcode - 0x84U);
      return true;
    case 't':  // TUPLE
      pushSequence(Kind::Tuple, popMark());
      return true;
    case ']':  // EMPTY_LIST
      pushSequence(Kind::List, {});
      return true;
    case '}':  // EMPTY_DICT
      push(Kind::Dict, keep(pickle_.dicts, {}));
      return true;
    case 'a':  // APPEND
      append({pop()});
      return true;
    case 'e':  // APPENDS
      append(popMark());
      return true;
    case 's': {  // SETITEM
      const PickleValue value = pop();
      const PickleValue key = pop();
      setItems({key, value});
      return true;
    }
    case 'u':  // SETITEMS
      setItems(popMark());
      return true;
    default:
      return false;
  }
}

bool Machine::remember(std::uint8_t opcode) {
  switch (opcode) {
    case 'q':  // BINPUT
      put(number<std::uint8_t>());
      return true;
    case 'r':  // LONG_BINPUT
      put(number<std::uint32_t>());
      return true;
    case 'h':  // BINGET
      get(number<std::uint8_t>());
      return true;
    case 'j':  // LONG_BINGET
      get(number<std::uint32_t>());
      return true;
    default:
      return false;
  }
}

void Machine::pushTop(std::size_t count) {
  std::vector<PickleValue> values(count);
  for (std::size_t i = count; i-- > 0;) values[i] = pop();
  pushSequence(Kind::Tuple, std::move(values));
}

void Machine::pushText(std::size_t size) {
  if (size > kMaxText)
    fail(fmt::format("a text of {} bytes is beyond the {} allowed", size, kMaxText));
  const auto text = take(size);
  push(Kind::Text, keep(pickle_.texts, {reinterpret_cast<const char*>(text.data()), text.size()}));
}

void Machine::pushInteger(std::size_t size) {
  if (size > 8) fail(fmt::format("an integer of {} bytes is beyond 64 bits", size));
  const auto digits = take(size);
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < size; ++i) {
    value |= std::to_integer<std::uint64_t>(digits[i]) << (8 * i);
  }
  const bool negative = size > 0 && (digits[size - 1] & std::byte{0x80}) != std::byte{0};
  if (negative && size < 8) value |= ~std::uint64_t{0} << (8 * size);
  push(Kind::Int, static_cast<std::int64_t>(value));
}

void Machine::pushGlobal() {
  const std::string_view module = line();
  const std::string_view name = line();
  if (const auto dtype = storageClass(module, name)) {
    push(Kind::Dtype, static_cast<std::int64_t>(*dtype));
  } else if (const auto global = pickleGlobal(module, name)) {
    push(Kind::Global, static_cast<std::int64_t>(*global));
  } else if (isTypeWithoutStorage(module, name)) {
    push(Kind::Text, keep(pickle_.texts, name));
  } else {
    refuse(fmt::format(
        "the file asks for {}.{}, which is not among the few things a state dict may name; "
        "nothing was run",
        module, name));
  }
}

void Machine::put(std::size_t slot) {
  const PickleValue value = pop();
  push(value);
  // Slots are numbered as they are filled, and filling one takes two bytes.
  if (slot >= bytes_.size())
    fail(fmt::format("memo {} in a file of {} bytes", slot, bytes_.size()));
  if (slot >= kMaxObjects) fail(fmt::format("memo {} is beyond the {} allowed", slot, kMaxObjects));
  if (slot >= memo_.size()) {
    memo_.resize(slot + 1);
    memoSet_.resize(slot + 1, false);
  }
  memo_[slot] = value;
  memoSet_[slot] = true;
}

void Machine::get(std::size_t slot) {
  if (slot >= memo_.size() || !memoSet_[slot]) fail(fmt::format("memo {} was never filled", slot));
  push(memo_[slot]);
}

void Machine::setItems(const std::vector<PickleValue>& items) {
  auto& dict = pickle_.dicts[top(Kind::Dict, "what gets items").index()];
  if (items.size() % 2 != 0) fail("a dict gets a key without a value");
  for (std::size_t i = 0; i < items.size(); i += 2) dict.emplace_back(items[i], items[i + 1]);
}

void Machine::append(const std::vector<PickleValue>& items) {
  auto& list = pickle_.sequences[top(Kind::List, "what is appended to").index()];
  list.insert(list.end(), items.begin(), items.end());
}

// The state of an OrderedDict is its attributes; a module's state dict has _metadata there.
void Machine::build() {
  pop(Kind::Dict, "the state of an object");
  top(Kind::Dict, "an object with a state");
}

void Machine::persistentId() {
  const auto& id = pickle_.sequences[pop(Kind::Tuple, "a persistent id").index()];
  const auto is = [&](std::size_t i, Kind kind) { return id[i].kind == kind; };
  const bool known = (id.size() == 5 || id.size() == 6) && is(0, Kind::Text) &&
                     pickle_.texts[id[0].index()] == "storage" && is(1, Kind::Dtype) &&
                     is(2, Kind::Text) && is(3, Kind::Text) && is(4, Kind::Int);
  if (!known) fail("a persistent id is not one of a storage");
  if (id.size() == 6 && !is(5, Kind::None)) refuse("a storage is a view of another one");
  if (id[4].number < 0) fail(fmt::format("a storage has {} elements", id[4].number));
  push(Kind::Storage,
       keep(pickle_.storages, PickleStorage{static_cast<at::ScalarType>(id[1].number),
                                            pickle_.texts[id[2].index()], id[4].number}));
}

void Machine::reduce() {
  const PickleValue arguments = pop(Kind::Tuple, "the arguments of a call");
  const PickleValue function = pop(Kind::Global, "what is called");
  // A copy: the results are kept in the same arrays.
  const std::vector<PickleValue> values = pickle_.sequences[arguments.index()];
  switch (static_cast<PickleGlobal>(function.number)) {
    case PickleGlobal::OrderedDict:
      return orderedDict(values);
    case PickleGlobal::RebuildTensor:
      return rebuildTensor(values, false);
    case PickleGlobal::RebuildTensorV2:
      return rebuildTensor(values, true);
    case PickleGlobal::RebuildTensorV3:
      return refuseTensor(values);
    case PickleGlobal::RebuildParameter:
      if (values.size() != 3 || values[0].kind != Kind::Tensor) fail("a parameter is no tensor");
      return push(values[0]);
  }
}

// OrderedDict(), or from Python 2 OrderedDict([[key, value], ...]).
void Machine::orderedDict(const std::vector<PickleValue>& arguments) {
  std::vector<std::pair<PickleValue, PickleValue>> items;
  if (arguments.size() > 1 || (arguments.size() == 1 && arguments[0].kind != Kind::List)) {
    fail("OrderedDict is made from something else than pairs");
  }
  if (arguments.size() == 1) {
    const std::vector<PickleValue>& list = pickle_.sequences[arguments[0].index()];
    // One list may be asked for many times.
    copied_ += list.size();
    if (copied_ > kMaxObjects) fail("too many objects are built");
    for (const PickleValue& item : list) {
      const bool sequence = item.kind == Kind::List || item.kind == Kind::Tuple;
      if (!sequence || pickle_.sequences[item.index()].size() != 2) {
        fail("OrderedDict is made from something else than pairs");
      }
      const auto& pair = pickle_.sequences[item.index()];
      items.emplace_back(pair[0], pair[1]);
    }
  }
  push(Kind::Dict, keep(pickle_.dicts, std::move(items)));
}

// (storage, offset, size, stride[, requires_grad, backward_hooks[, metadata]])
void Machine::rebuildTensor(const std::vector<PickleValue>& arguments, bool second) {
  const bool count =
      second ? arguments.size() == 6 || arguments.size() == 7 : arguments.size() == 4;
  if (!count || arguments[0].kind != Kind::Storage || arguments[1].kind != Kind::Int ||
      arguments[2].kind != Kind::Tuple || arguments[3].kind != Kind::Tuple) {
    fail("a tensor is made from something else than storage, offset, size and stride");
  }
  if (arguments.size() == 7 && arguments[6].kind != Kind::None &&
      !(arguments[6].kind == Kind::Dict && pickle_.dicts[arguments[6].index()].empty())) {
    refuse("a tensor has metadata");
  }
  push(Kind::Tensor,
       keep(pickle_.tensors, PickleTensor{arguments[0].index(), arguments[1].number,
                                          arguments[2].index(), arguments[3].index()}));
}

// (storage, offset, size, stride, requires_grad, backward_hooks, type[, metadata])
void Machine::refuseTensor(const std::vector<PickleValue>& arguments) {
  constexpr std::size_t kType = 6;
  if (arguments.size() <= kType || arguments[kType].kind != Kind::Text) {
    fail("a tensor is made without its type");
  }
  // In a state dict the name is put on the stack before the tensor.
  const bool named = stack_.size() > base() && stack_.back().kind == Kind::Text;
  throw Error(ErrorKind::Unsupported,
              fmt::format("{}: {} is of type {}, which is not supported", where_,
                          named ? fmt::format("tensor {}", pickle_.texts[stack_.back().index()])
                                : "a tensor",
                          pickle_.texts[arguments[kType].index()]));
}

}  // namespace

PickleValue readPickle(std::span<const std::byte> bytes, std::size_t& at, Pickle& pickle,
                       std::string_view where) {
  Machine machine(bytes, at, pickle, where);
  const PickleValue value = machine.run();
  at = machine.end();
  return value;
}

}  // namespace bitfrontier

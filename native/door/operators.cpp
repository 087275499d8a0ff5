// Any operator of the dispatcher by name: resolved once to a handle, called with tagged arguments.
#include "door/door.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstring>
#include <sstream>
#include <vector>

namespace hone::door {
namespace {

template <class T>
c10::ArrayRef<T> elements(const Argument& argument) {
  return c10::ArrayRef<T>(static_cast<const T*>(argument.pointer), static_cast<size_t>(argument.length));
}

c10::IValue to_value(const Argument& argument) {
  switch (argument.kind) {
    case Kind::None:
      return c10::IValue();
    case Kind::Tensor:
      return borrow(argument.pointer);
    case Kind::Int:
      return argument.integer;
    case Kind::Double:
      return argument.real;
    case Kind::Bool:
      return argument.integer != 0;
    case Kind::Ints:
      return c10::IValue(elements<int64_t>(argument));
    case Kind::Doubles:
      return c10::IValue(elements<double>(argument));
    case Kind::Bools: {
      c10::List<bool> list;
      for (const auto element : elements<uint8_t>(argument)) list.push_back(element != 0);
      return list;
    }
    case Kind::Tensors: {
      c10::List<at::Tensor> list;
      list.reserve(static_cast<size_t>(argument.length));
      for (auto* handle : elements<void*>(argument)) list.push_back(borrow(handle));
      return list;
    }
    case Kind::OptionalTensors: {
      c10::List<c10::optional<at::Tensor>> list;
      list.reserve(static_cast<size_t>(argument.length));
      for (auto* handle : elements<void*>(argument)) {
        list.push_back(handle ? c10::optional<at::Tensor>(borrow(handle)) : c10::optional<at::Tensor>());
      }
      return list;
    }
    case Kind::String:
      return std::string(static_cast<const char*>(argument.pointer), static_cast<size_t>(argument.length));
    case Kind::Device:
      return c10::Device(static_cast<c10::DeviceType>(argument.integer >> 8),
                         static_cast<c10::DeviceIndex>(argument.integer & 0xff));
    case Kind::Default:
      break;
  }
  TORCH_CHECK(false, "an argument has the unknown kind ", static_cast<int32_t>(argument.kind));
}

void push_arguments(torch::jit::Stack& stack, const c10::FunctionSchema& schema, const Argument* arguments,
                    int32_t count) {
  const auto& expected = schema.arguments();
  TORCH_CHECK(static_cast<size_t>(count) <= expected.size(), schema.name(), ": takes at most ", expected.size(),
              " arguments, got ", count);
  for (size_t i = 0; i < expected.size(); ++i) {
    const bool given = i < static_cast<size_t>(count) && arguments[i].kind != Kind::Default;
    if (given) {
      stack.push_back(to_value(arguments[i]));
      continue;
    }
    const auto& fallback = expected[i].default_value();
    TORCH_CHECK(fallback.has_value(), schema.name(), ": argument \"", expected[i].name(), "\" is missing");
    stack.push_back(*fallback);
  }
}

class Results {
 public:
  Results(Argument* results, int32_t capacity) : results_(results), capacity_(capacity) {}

  void put(c10::IValue&& value) {
    if (value.isTensor()) {
      auto tensor = std::move(value).toTensor();
      add(Kind::Tensor).pointer = tensor.defined() ? own(std::move(tensor)) : nullptr;
    } else if (value.isInt()) {
      add(Kind::Int).integer = value.toInt();
    } else if (value.isDouble()) {
      add(Kind::Double).real = value.toDouble();
    } else if (value.isBool()) {
      add(Kind::Bool).integer = value.toBool() ? 1 : 0;
    } else if (value.isTensorList()) {
      for (auto& tensor : value.toTensorVector()) add(Kind::Tensor).pointer = own(std::move(tensor));
    } else if (value.isNone()) {
      add(Kind::None).integer = 0;
    } else {
      TORCH_CHECK(false, "a result of type ", value.tagKind(), " cannot cross the door");
    }
  }

  int32_t count() const { return count_; }

 private:
  Argument& add(Kind kind) {
    TORCH_CHECK(count_ < capacity_, "an operator gave more than the ", capacity_, " results that were asked for");
    auto& result = results_[count_++];
    result.kind = kind;
    result.length = 0;
    return result;
  }

  Argument* results_;
  int32_t capacity_;
  int32_t count_ = 0;
};

// One value stack for each depth of re-entrance, so that a call allocates nothing once warm.
class PooledStack {
 public:
  PooledStack() : index_(depth()++) {
    auto& stacks = pool();
    if (stacks.size() <= index_) stacks.resize(index_ + 1);
    stack_.swap(stacks[index_]);
  }

  ~PooledStack() {
    stack_.clear();
    stack_.swap(pool()[index_]);
    --depth();
  }

  torch::jit::Stack& operator*() { return stack_; }

 private:
  static std::vector<torch::jit::Stack>& pool() {
    static thread_local std::vector<torch::jit::Stack> stacks;
    return stacks;
  }

  static size_t& depth() {
    static thread_local size_t value = 0;
    return value;
  }

  size_t index_;
  torch::jit::Stack stack_;
};

}  // namespace
}  // namespace hone::door

using namespace hone::door;

HONE_EXPORT int hone_operator_find(const char* name, const char* overload, void** handle) {
  return guarded([&] {
    const auto found = c10::Dispatcher::singleton().findSchema({name, overload});
    TORCH_CHECK(found.has_value(), "this libtorch has no operator ", name, *overload ? "." : "", overload);
    *handle = new c10::OperatorHandle(*found);
  });
}

HONE_EXPORT int hone_operator_exists(const char* name, const char* overload) {
  return c10::Dispatcher::singleton().findSchema({name, overload}).has_value() ? 1 : 0;
}

// Writes the operator's schema as text; returns its whole length, which may exceed `capacity`.
HONE_EXPORT int32_t hone_operator_schema(void* handle, char* text, int32_t capacity) {
  std::ostringstream out;
  out << static_cast<c10::OperatorHandle*>(handle)->schema();
  const auto schema = out.str();
  const auto length = std::min<size_t>(schema.size(), static_cast<size_t>(capacity));
  std::memcpy(text, schema.data(), length);
  return static_cast<int32_t>(schema.size());
}

HONE_EXPORT int hone_operator_call(void* handle, const Argument* arguments, int32_t count, Argument* results,
                                   int32_t capacity, int32_t* result_count) {
  return guarded([&] {
    const auto& op = *static_cast<c10::OperatorHandle*>(handle);
    PooledStack stack;
    (*stack).clear();
    push_arguments(*stack, op.schema(), arguments, count);
    op.callBoxed(&*stack);
    Results out(results, capacity);
    for (auto& value : *stack) out.put(std::move(value));
    *result_count = out.count();
  });
}

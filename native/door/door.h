// The C ABI between Hone.Torch and libtorch. Everything crosses as integers, doubles, pointers and the one
// 16-byte Argument below; there is no struct passed by value that could drift. hone_abi_version() changes with
// any change of this file, and Hone.Torch refuses to load another version.
#pragma once

#include <ATen/ATen.h>

#include <cstdint>
#include <string>

#define HONE_EXPORT extern "C" __attribute__((visibility("default")))

namespace hone::door {

constexpr int32_t kAbiVersion = 2;

// The kinds of an operator's argument or result. Hone.Torch.ArgumentKind mirrors it.
enum class Kind : int32_t {
  None = 0,
  Tensor = 1,
  Int = 2,
  Double = 3,
  Bool = 4,
  Ints = 5,
  Doubles = 6,
  Bools = 7,
  Tensors = 8,
  OptionalTensors = 9,
  String = 10,
  Device = 11,
  Default = 12,
};

struct Argument {
  Kind kind;
  int32_t length;  // of lists and strings
  union {
    int64_t integer;
    double real;
    void* pointer;  // a tensor's handle, or the first element of a list
  };
};
static_assert(sizeof(Argument) == 16, "an argument is two machine words on both sides");

// A handle is an owned reference to a TensorImpl; the other side gives it back through hone_tensor_free.
void* own(at::Tensor&& tensor);

// Another reference to the tensor of a handle, which stays owned by the caller.
at::Tensor borrow(void* handle);

// The tensor of a handle without counting a reference: a TensorImpl* and a Tensor have the same layout.
inline const at::Tensor& view(void* const& handle) { return *reinterpret_cast<const at::Tensor*>(&handle); }

void set_error(std::string text);

// Gives CPU tensors their memory from now on (memory.cpp). Before the first of them.
void take_over_memory();

// Runs `body`; 0 when it returned, 1 when it threw (the text is then hone_last_error()).
template <class Body>
int guarded(Body&& body) {
  try {
    body();
    return 0;
  } catch (const c10::Error& error) {
    set_error(error.what_without_backtrace());
  } catch (const std::exception& error) {
    set_error(error.what());
  } catch (...) {
    set_error("an exception of unknown type");
  }
  return 1;
}

}  // namespace hone::door

// What is asked of the operators themselves.
#include <ATen/Parallel.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/library.h>

#include "amx.h"
#include "tensors.h"

namespace hone {
namespace {

// Calls an operator over and over, boxed as the door does, the arguments after the tensors by default: what a call
// costs before anything that C# adds.
void repeat(c10::string_view name, c10::string_view overload, at::TensorList tensors, int64_t times) {
  const auto op =
      c10::Dispatcher::singleton().findSchemaOrThrow(std::string(name).c_str(), std::string(overload).c_str());
  const auto& parameters = op.schema().arguments();
  for (int64_t i = 0; i < times; i++) {
    torch::jit::Stack stack(tensors.begin(), tensors.end());
    for (size_t at = tensors.size(); at < parameters.size(); at++) {
      TORCH_CHECK(parameters[at].default_value().has_value(), "hone::repeat: ", parameters[at].name(),
                  " must have a default, and has none");
      stack.push_back(*parameters[at].default_value());
    }

    op.callBoxed(&stack);
  }
}

// Parallel regions without work: the threads start together and wait for each other, as in every operator that uses
// them.
void parallel_regions(int64_t times) {
  const int64_t threads = at::get_num_threads();
  for (int64_t i = 0; i < times; i++) {
    at::parallel_for(0, threads, 1, [](int64_t, int64_t) {});
  }
}

// Two lines as bytes: the name of the instruction set in use, and why the processor's tiles are not, where that is so.
at::Tensor isa() {
  const std::string text = std::string(name_of(current_isa())) + "\n" + tiles_unused();
  return at::from_blob(const_cast<char*>(text.data()), {static_cast<int64_t>(text.size())}, at::kByte).clone();
}

#if defined(__x86_64__)
// How many numbers of the present set's products differ from the model of the tiles: in bfloat16, 8 bits, q8_0.
at::Tensor amx_differences() {
  const auto differences = differences_from_model(kernel_set());
  return at::tensor(at::ArrayRef<int64_t>(differences));
}
#endif

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  // From 0, the poorest, to 5, the richest, and 6, that with a model of AMX's tiles; below 0: what the process started
  // with.
  library.def("use_isa(int isa) -> ()", [](int64_t isa) { use_isa(static_cast<int>(isa)); });
  library.def("isa() -> Tensor", isa);
#if defined(__x86_64__)
  library.def("amx_differences() -> Tensor", amx_differences);
#endif
  library.def("parallel_regions(int times) -> ()", parallel_regions);
  library.def("repeat(str name, str overload, Tensor[] tensors, int times) -> ()", repeat);
}

}  // namespace hone

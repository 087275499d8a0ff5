// What is asked of the operators themselves.
#include <torch/library.h>

#include "isa.h"

namespace hone {

TORCH_LIBRARY_FRAGMENT(hone, library) {
  // From 0, the poorest, to 3; below 0: what the process started with.
  library.def("use_isa(int isa) -> ()", [](int64_t isa) { use_isa(static_cast<int>(isa)); });
}

}  // namespace hone

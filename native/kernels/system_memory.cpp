#include "system_memory.h"

#include <c10/util/accumulate.h>
#include <sys/mman.h>
#include <torch/library.h>

namespace hone {

at::Tensor system_memory(at::IntArrayRef shape, at::ScalarType type, bool huge) {
  const int64_t bytes = c10::multiply_integers(shape) * static_cast<int64_t>(c10::elementSize(type));
  const int64_t reserved = bytes + kHugePage;
  void* const memory =
      mmap(nullptr, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  TORCH_CHECK(memory != MAP_FAILED, "hone::system_memory: the system must give ", bytes, " bytes, it does not");
  const auto address = reinterpret_cast<uintptr_t>(memory);
  auto* const aligned = reinterpret_cast<void*>((address + kHugePage - 1) / kHugePage * kHugePage);
  if (huge) {
    madvise(aligned, bytes, MADV_HUGEPAGE);
  }

  return at::from_blob(
      aligned, shape, [=](void*) { munmap(memory, reserved); }, type);
}

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("system_memory(int[] shape, ScalarType dtype, bool huge) -> Tensor", system_memory);
}

}  // namespace hone

// What is set once in a process or a thread: threads, denormals, the allocator; and what this build is.
#include "door/door.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <dlfcn.h>
#include <malloc.h>
#include <torch/version.h>

#include <climits>
#include <cstdlib>
#include <cstring>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace {

// Denormals cost two orders of magnitude in a matrix product and mean nothing in training.
void flush_denormals_here() {
#if defined(__x86_64__)
  constexpr unsigned flush_to_zero_and_denormals_are_zero = 0x8040;
  _mm_setcsr(_mm_getcsr() | flush_to_zero_and_denormals_are_zero);
#endif
}

int32_t copy_text(const std::string& text, char* target, int32_t capacity) {
  std::memcpy(target, text.data(), std::min<size_t>(text.size(), static_cast<size_t>(capacity)));
  return static_cast<int32_t>(text.size());
}

}  // namespace

HONE_EXPORT int32_t hone_abi_version() { return hone::door::kAbiVersion; }

HONE_EXPORT int hone_process_initialize() {
  return hone::door::guarded([] {
    // glibc returns every large block to the system, so that each step faults its pages in again: keep them instead.
    mallopt(M_MMAP_THRESHOLD, 1 << 30);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    mallopt(M_TOP_PAD, 64 << 20);
    hone::door::take_over_memory();
  });
}

// To be called by each thread that computes, before its first operator: its OpenMP team inherits the settings.
HONE_EXPORT int hone_thread_initialize(int32_t threads) {
  return hone::door::guarded([&] {
    at::set_num_threads(threads);
    at::globalContext().setFlushDenormal(true);
    flush_denormals_here();
#pragma omp parallel
    flush_denormals_here();
  });
}

HONE_EXPORT int32_t hone_threads() { return at::get_num_threads(); }

HONE_EXPORT int32_t hone_torch_version(char* text, int32_t capacity) {
  return copy_text(TORCH_VERSION, text, capacity);
}

HONE_EXPORT int32_t hone_torch_config(char* text, int32_t capacity) {
  return copy_text(at::show_config(), text, capacity);
}

HONE_EXPORT int32_t hone_has_cuda() { return at::globalContext().hasCUDA() ? 1 : 0; }

// The file that provides the BLAS in use, links resolved; empty where it is linked statically.
HONE_EXPORT int32_t hone_blas_library(char* text, int32_t capacity) {
  void* symbol = dlsym(RTLD_DEFAULT, "sgemm_");
  Dl_info info{};
  if (symbol == nullptr || dladdr(symbol, &info) == 0 || info.dli_fname == nullptr) return 0;
  char resolved[PATH_MAX];
  return copy_text(realpath(info.dli_fname, resolved) ? resolved : info.dli_fname, text, capacity);
}

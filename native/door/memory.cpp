// The memory of CPU tensors, counted: how much is in use, and how much was at most.
#include "door/door.h"

#include <c10/core/CPUAllocator.h>
#include <malloc.h>
#include <torch/version.h>

#include <atomic>
#include <cstring>

namespace hone::door {
namespace {

std::atomic<int64_t> live_bytes{0};
std::atomic<int64_t> peak_bytes{0};

void count(int64_t bytes) {
  const int64_t live = live_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes;
  int64_t peak = peak_bytes.load(std::memory_order_relaxed);
  while (live > peak && !peak_bytes.compare_exchange_weak(peak, live, std::memory_order_relaxed)) {
  }
}

c10::Allocator* plain() { return c10::GetDefaultCPUAllocator(); }

void release(void* memory) {
  if (memory != nullptr) {
    count(-static_cast<int64_t>(malloc_usable_size(memory)));
    plain()->raw_deallocate(memory);
  }
}

// libtorch's own allocation, with the sizes added up.
struct CountingAllocator final : c10::Allocator {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  c10::DataPtr allocate(size_t bytes) override { return counted(bytes); }
  void copy_data(void* to, const void* from, size_t bytes) const override { std::memcpy(to, from, bytes); }
#else
  c10::DataPtr allocate(size_t bytes) const override { return counted(bytes); }
#endif
  c10::DeleterFnPtr raw_deleter() const override { return &release; }

 private:
  static c10::DataPtr counted(size_t bytes) {
    void* const memory = plain()->raw_allocate(bytes);
    if (memory != nullptr) {
      count(static_cast<int64_t>(malloc_usable_size(memory)));
    }

    return {memory, memory, &release, c10::Device(c10::DeviceType::CPU)};
  }
};

}  // namespace

void count_memory() {
  static CountingAllocator allocator;
  c10::SetCPUAllocator(&allocator, /*priority=*/1);
}

}  // namespace hone::door

HONE_EXPORT int64_t hone_memory_live() { return hone::door::live_bytes.load(std::memory_order_relaxed); }

HONE_EXPORT int64_t hone_memory_peak() { return hone::door::peak_bytes.load(std::memory_order_relaxed); }

HONE_EXPORT void hone_memory_reset_peak() { hone::door::peak_bytes = hone::door::live_bytes.load(); }

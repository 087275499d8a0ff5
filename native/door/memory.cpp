// The memory of CPU tensors: large ones from blocks of their own, all of it counted.
#include <c10/core/CPUAllocator.h>
#include <malloc.h>
#include <torch/version.h>

#include <atomic>
#include <cstring>

#include "door/door.h"
#include "door/large_blocks.h"

namespace hone::door {
namespace {

std::atomic<int64_t> live_bytes{0};
std::atomic<int64_t> peak_bytes{0};
std::atomic<int64_t> largest_bytes{0};

void raise(std::atomic<int64_t>& most, int64_t value) {
  int64_t before = most.load(std::memory_order_relaxed);
  while (value > before && !most.compare_exchange_weak(before, value, std::memory_order_relaxed)) {
  }
}

void count(int64_t bytes) {
  raise(largest_bytes, bytes);
  raise(peak_bytes, live_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes);
}

// Never destroyed: tensors may outlive every other static object.
LargeBlocks& large() {
  static LargeBlocks& blocks = *new LargeBlocks;
  return blocks;
}

c10::Allocator* plain() { return c10::GetDefaultCPUAllocator(); }

void release(void* memory) {
  if (memory == nullptr) {
    return;
  }

  if (large().owns(memory)) {
    count(-static_cast<int64_t>(large().size_of(memory)));
    large().give_back(memory);
  } else {
    count(-static_cast<int64_t>(malloc_usable_size(memory)));
    plain()->raw_deallocate(memory);
  }
}

void* allocate_counted(size_t bytes) {
  void* const block = bytes >= LargeBlocks::kSmallest ? large().take(bytes) : nullptr;
  if (block != nullptr) {
    count(static_cast<int64_t>(large().size_of(block)));
    return block;
  }

  void* const memory = plain()->raw_allocate(bytes);
  count(memory == nullptr ? 0 : static_cast<int64_t>(malloc_usable_size(memory)));
  return memory;
}

struct TensorAllocator final : c10::Allocator {
#if TORCH_VERSION_MAJOR > 2 || (TORCH_VERSION_MAJOR == 2 && TORCH_VERSION_MINOR >= 3)
  c10::DataPtr allocate(size_t bytes) override { return owned(bytes); }
  void copy_data(void* to, const void* from, size_t bytes) const override { std::memcpy(to, from, bytes); }
#else
  c10::DataPtr allocate(size_t bytes) const override { return owned(bytes); }
#endif
  c10::DeleterFnPtr raw_deleter() const override { return &release; }

 private:
  static c10::DataPtr owned(size_t bytes) {
    void* const memory = allocate_counted(bytes);
    return {memory, memory, &release, c10::Device(c10::DeviceType::CPU)};
  }
};

}  // namespace

void take_over_memory() {
  static TensorAllocator allocator;
  c10::SetCPUAllocator(&allocator, /*priority=*/1);
}

}  // namespace hone::door

HONE_EXPORT int64_t hone_memory_live() { return hone::door::live_bytes.load(std::memory_order_relaxed); }

HONE_EXPORT int64_t hone_memory_peak() { return hone::door::peak_bytes.load(std::memory_order_relaxed); }

HONE_EXPORT int64_t hone_memory_largest() { return hone::door::largest_bytes.load(std::memory_order_relaxed); }

HONE_EXPORT int64_t hone_memory_extent() { return static_cast<int64_t>(hone::door::large().extent()); }

HONE_EXPORT void hone_memory_reset_peak() {
  hone::door::peak_bytes = hone::door::live_bytes.load();
  hone::door::largest_bytes = 0;
}

HONE_EXPORT void hone_memory_trim() { hone::door::large().trim(); }

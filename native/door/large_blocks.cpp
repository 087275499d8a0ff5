#include "door/large_blocks.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>

namespace hone::door {
namespace {

constexpr size_t kPage = 4096;
constexpr size_t kGrowth = size_t{16} << 20;  // a multiple of a huge page, which begins on a border of its own size

size_t round_up(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

}  // namespace

LargeBlocks::LargeBlocks() {
  // Four times the machine's memory, so that no pattern of sizes runs out of addresses before memory is out.
  const size_t memory = static_cast<size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<size_t>(sysconf(_SC_PAGE_SIZE));
  for (size_t reserved = round_up(4 * memory, kGrowth); reserved >= 2 * kGrowth; reserved /= 2) {
    void* const found = mmap(nullptr, reserved, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (found != MAP_FAILED) {
      char* const first = static_cast<char*>(found);
      start_ = end_ = reached_ = first + (kGrowth - reinterpret_cast<uintptr_t>(first) % kGrowth) % kGrowth;
      limit_ = first + reserved;
      // The rows of a matrix lie in a small page each, and products wait for their addresses.
      madvise(start_, static_cast<size_t>(limit_ - start_), MADV_HUGEPAGE);
      return;
    }
  }
}

bool LargeBlocks::owns(const void* block) const { return block >= start_ && block < limit_; }

void* LargeBlocks::take(size_t bytes) {
  const size_t wanted = round_up(std::max(bytes, size_t{1}), kPage);
  const std::lock_guard<std::mutex> lock(mutex_);
  auto found = by_size_.lower_bound({wanted, nullptr});
  if (found == by_size_.end()) {
    if (!grow(wanted)) {
      return nullptr;
    }

    found = by_size_.lower_bound({wanted, nullptr});
  }

  const auto [size, block] = *found;
  remove_free(free_.find(block));
  if (size > wanted) {
    add_free(block + wanted, size - wanted);
  }

  used_.emplace(block, wanted);
  reached_ = std::max(reached_, block + wanted);
  return block;
}

size_t LargeBlocks::size_of(const void* block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  return used_.at(block);
}

size_t LargeBlocks::extent() {
  const std::lock_guard<std::mutex> lock(mutex_);
  return static_cast<size_t>(reached_ - start_);
}

void LargeBlocks::give_back(void* block) {
  const std::lock_guard<std::mutex> lock(mutex_);
  const auto used = used_.find(block);
  char* first = static_cast<char*>(block);
  size_t bytes = used->second;
  used_.erase(used);
  auto after = free_.lower_bound(first);
  if (after != free_.end() && after->first == first + bytes) {
    bytes += after->second;
    remove_free(after);
    after = free_.lower_bound(first);
  }

  if (after != free_.begin()) {
    const auto before = std::prev(after);
    if (before->first + before->second == first) {
      first = before->first;
      bytes += before->second;
      remove_free(before);
    }
  }

  add_free(first, bytes);
}

void LargeBlocks::trim() {
  const std::lock_guard<std::mutex> lock(mutex_);
  for (const auto& [block, bytes] : free_) {
    madvise(block, bytes, MADV_DONTNEED);
  }
}

void LargeBlocks::add_free(char* block, size_t bytes) {
  free_.emplace(block, bytes);
  by_size_.emplace(bytes, block);
}

void LargeBlocks::remove_free(Free::iterator block) {
  by_size_.erase({block->second, block->first});
  free_.erase(block);
}

// Makes the last free block large enough, or a new one at the end.
bool LargeBlocks::grow(size_t bytes) {
  const bool ends_free = !free_.empty() && free_.rbegin()->first + free_.rbegin()->second == end_;
  const size_t there = ends_free ? free_.rbegin()->second : 0;
  const size_t more = round_up(bytes - there, kGrowth);
  if (more > static_cast<size_t>(limit_ - end_) || mprotect(end_, more, PROT_READ | PROT_WRITE) != 0) {
    return false;
  }

  char* const block = end_ - there;
  if (ends_free) {
    remove_free(std::prev(free_.end()));
  }

  end_ += more;
  add_free(block, there + more);
  return true;
}

}  // namespace hone::door

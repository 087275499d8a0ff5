// Memory for large tensors, apart from everything small: once a step has given its blocks back, what is free is whole
// again, and the next step finds room whatever the lengths of its sequences.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <unordered_map>
#include <utility>

namespace hone::door {

/// One range of addresses that grows at its end; the smallest free block that is large enough is taken.
class LargeBlocks {
 public:
  /// Blocks below this are left to malloc.
  static constexpr size_t kSmallest = size_t{256} << 10;

  /// Reserves addresses, not memory.
  LargeBlocks();

  /// A block of at least so many bytes, on a page's border; null where there is no room.
  void* take(size_t bytes);

  /// Whether take() gave this block.
  bool owns(const void* block) const;

  /// The size of a block that is in use.
  size_t size_of(const void* block);

  void give_back(void* block);

  /// Bytes of the stretch of addresses in which blocks have lain so far.
  size_t extent();

  /// Gives the memory of all free blocks back to the system; their addresses stay.
  void trim();

 private:
  using Free = std::map<char*, size_t>;

  void add_free(char* block, size_t bytes);
  void remove_free(Free::iterator block);
  bool grow(size_t bytes);

  std::mutex mutex_;
  char* start_ = nullptr;
  char* end_ = nullptr;      // of what can be handed out without growing
  char* reached_ = nullptr;  // the furthest end of a block so far
  char* limit_ = nullptr;    // of the reserved addresses
  Free free_;
  std::set<std::pair<size_t, char*>> by_size_;
  std::unordered_map<const void*, size_t> used_;
};

}  // namespace hone::door

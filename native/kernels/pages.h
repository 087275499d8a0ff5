// How keys and values lie in a page of the cache.
#pragma once

#include <cstdint>

namespace hone {

/// A page holds positions ("slots") of one key-value head as attention reads them. Keys lie with all slots side by
/// side, [dim][slot]: a vector of them meets one broadcast number of a query, and scores need no sum across lanes.
/// Values lie by position, [slot][dim], dim filled up to whole vectors. In bfloat16 what is summed over goes in pairs:
/// keys [dim / 2][slot][2], values [slot / 2][dim][2].
// Inlined always: compilations for several processors share this file.
struct PageShape {
  int64_t slots;
  int64_t dim;
  int64_t terms;  // 2 in bfloat16, else 1

  [[gnu::always_inline]] int64_t key_steps() const { return (dim + terms - 1) / terms; }
  [[gnu::always_inline]] int64_t value_dims() const { return (dim + kDims - 1) / kDims * kDims; }
  [[gnu::always_inline]] int64_t key_count() const { return key_steps() * slots * terms; }
  [[gnu::always_inline]] int64_t value_count() const { return slots * value_dims(); }

  static constexpr int64_t kDims = 16;
};

/// In 8 bits a number is scale · code, with one scale for each key and each value of a head. Keys lie as in float32,
/// [dim][slot], values too, [slot][dim]; behind them in the page are the scales of its slots, in float32.
inline constexpr int64_t kScaleBytes = 4;

/// Keys are taken in blocks that start at multiples of this from the start of the context, whoever asks for them:
/// so a query's result has the same bits alone, in a batch, in a chunk, and in training. Pages part a block evenly.
inline constexpr int64_t kKeyBlock = 64;

/// Slots of a page must be a multiple of this.
inline constexpr int64_t kPageSlots = 16;

}  // namespace hone

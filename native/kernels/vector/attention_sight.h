// Which pairs of a block of queries and a block of keys a causal mask leaves, and products over these alone.
#pragma once

#include "attention_block.h"

namespace hone::HONE_ISA {

/// A block of keys and the queries that look at it.
struct Block {
  int64_t start;
  int64_t count;
  bool mask;
};

/// Lanes [lane, lane + width) see the first `keys` keys of a block at most, those before them only the first `before`.
struct Sight {
  int64_t lane;
  int64_t width;
  int64_t before;
  int64_t keys;
};

/// Calls body(sight) for the vectors of lanes in order, those together that see equally many keys. A pair that is in no
/// sight has the weight 0: a product need not go there, and its sums stay the same to the bit. Positions must not fall.
template <class Body>
inline void for_each_sight(const int32_t* position, int64_t lanes, int64_t start, int64_t count, const Body& body) {
  const auto seen = [&](int64_t lane) {
    return smaller(count, larger(int64_t{0}, position[lane + kWidth - 1] - start + 1));
  };
  for (int64_t lane = 0, before = 0; lane < lanes;) {
    const int64_t keys = seen(lane);
    int64_t end = lane + kWidth;
    while (end < lanes && seen(end) == keys) {
      end += kWidth;
    }

    body(Sight{lane, end - lane, before, keys});
    lane = end;
    before = keys;
  }
}

/// scores [key, lane] = left · right where a lane sees a key.
template <class E>
inline void product_in_sight(const Left<E>& left, const Lanes<const E>& right, const int32_t* position, int64_t start,
                             int64_t count, int64_t steps, float* scores) {
  const int64_t lanes = right.stride;
  for_each_sight(position, lanes, start, count, [&](const Sight& sight) {
    product<E>({left.data + sight.before * left.row_stride, left.row_stride, left.step_stride},
               {right.data + sight.lane, lanes}, sight.keys - sight.before, lanes - sight.lane, steps,
               {scores + sight.before * lanes + sight.lane, lanes}, Start::FromZero);
  });
}

/// out [dim, lane] += rows · weights, [dim, key] · [key, lane], over the keys that a lane sees.
template <class E>
inline void add_in_sight(const Left<E>& rows, const Lanes<const E>& weights, const int32_t* position, int64_t start,
                         int64_t count, int64_t dim, float* out) {
  const int64_t lanes = weights.stride;
  for_each_sight(position, lanes, start, count, [&](const Sight& sight) {
    product<E>(rows, {weights.data + sight.lane, lanes}, dim, sight.width, (sight.keys + kTerms<E> - 1) / kTerms<E>,
               {out + sight.lane, lanes}, Start::FromHere);
  });
}

}  // namespace hone::HONE_ISA

// The memory of attention, and the softmax that runs over blocks of keys (arXiv:2205.14135).
#pragma once

#include "attention_sight.h"

namespace hone::HONE_ISA {

/// The memory of one call.
template <class E>
struct AttentionScratch {
  AttentionScratch(const AttentionShape& shape, float* memory) : sizes(shape), arena{memory} {
    const int64_t wide = larger(sizes.lanes, kKeyBlock);
    query_rows = arena.take<E>(sizes.lanes * sizes.row);
    queries = arena.take<E>(sizes.lanes * sizes.row);
    keys = arena.take<E>(kKeyBlock * sizes.row);
    turned_keys = arena.take<E>(kKeyBlock * sizes.row);
    values = arena.take<E>(sizes.key_steps * sizes.dims);
    scores = arena.take<float>(sizes.lanes * kKeyBlock);
    weights = arena.take<E>(sizes.lanes * kKeyBlock);
    out = arena.take<float>(sizes.lanes * sizes.dims);
    turned_out = arena.take<float>(wide * sizes.dims);
    largest = arena.take<float>(sizes.lanes);
    sum = arena.take<float>(sizes.lanes);
    position = arena.take<int32_t>(sizes.lanes);
    key_scales = arena.take<float>(kKeyBlock);
    value_scales = arena.take<float>(kKeyBlock);
  }

  BlockSizes<E> sizes;
  Arena arena;
  E* query_rows;
  E* queries;
  E* keys;
  E* turned_keys;
  E* values;
  float* scores;
  E* weights;
  float* out;
  float* turned_out;
  float* largest;
  float* sum;
  int32_t* position;
  float* key_scales;  // of codes
  float* value_scales;
};

// Folds a vector of lanes of scores [key, lane] into their running largest scores, sums and outputs [dim, lane]; the
// scores become weights, those of keys behind the first `keys`, which no lane sees, zeros.
template <class E>
void fold_column(const AttentionShape& shape, const AttentionScratch<E>& scratch, const Block& block, int64_t lanes,
                 int64_t lane, int64_t keys) {
  float* const column = scratch.scores + lane;
  Ints position;
  __builtin_memcpy(&position, scratch.position + lane, sizeof position);

  const Floats before = load(scratch.largest + lane);
  Floats largest = before;
  for (int64_t key = 0; key < keys; key++) {
    Floats z = score(load(column + key * lanes), shape);
    if (block.mask) {
      z = masked(z, splat(static_cast<int32_t>(block.start + key)), position, shape);
    }

    store(column + key * lanes, z);
    largest = larger(largest, z);
  }

  const Floats base = largest == -kInfinity ? Floats{} : largest;
  const Floats fade = exp(before - base);
  Floats sum = load(scratch.sum + lane) * fade;
  for (int64_t key = 0; key < keys; key++) {
    const Floats weight = exp(load(column + key * lanes) - base);
    sum += weight;
    store(column + key * lanes, weight);
  }

  for (int64_t key = keys; key < block.count; key++) {
    store(column + key * lanes, Floats{});
  }

  store(scratch.largest + lane, largest);
  store(scratch.sum + lane, sum);
  for (int64_t d = 0; d < shape.dim; d++) {
    float* const out = scratch.out + d * lanes + lane;
    store(out, load(out) * fade);
  }
}

// The same for all lanes of a block. Lanes are queries: nothing here crosses them.
template <class E>
void fold_columns(const AttentionShape& shape, const AttentionScratch<E>& scratch, const Block& block, int64_t lanes) {
  for_each_sight(scratch.position, lanes, block.start, block.count, [&](const Sight& sight) {
    for (int64_t lane = sight.lane; lane < sight.lane + sight.width; lane += kWidth) {
      fold_column(shape, scratch, block, lanes, lane, sight.keys);
    }
  });
}

// The same for scores [lane, key] and output [lane, dim], number for number in the same order: for few queries.
template <class E>
void fold_rows(const AttentionShape& shape, const AttentionScratch<E>& scratch, const Block& block, int64_t used) {
  Ints offsets;
  for (int i = 0; i < kWidth; i++) {
    offsets[i] = i;
  }

  for (int64_t lane = 0; lane < used; lane++) {
    float* const row = scratch.scores + lane * kKeyBlock;
    const Ints position = splat(scratch.position[lane]);
    const float before = scratch.largest[lane];
    Floats all = splat(before);
    for (int64_t key = 0; key < block.count; key += kWidth) {
      const Ints keys = splat(static_cast<int32_t>(block.start + key)) + offsets;
      const Floats z = masked(score(load(row + key), shape), keys, position, shape);
      store(row + key, z);
      all = larger(all, z);
    }

    const float largest = largest_of(all);
    const float base = largest == -kInfinity ? 0.0f : largest;
    const float fade = exp(splat(before - base))[0];
    for (int64_t key = 0; key < round_up(block.count, kWidth); key += kWidth) {
      store(row + key, exp(load(row + key) - base));
    }

    float sum = scratch.sum[lane] * fade;
    for (int64_t key = 0; key < block.count; key++) {
      sum += row[key];
    }

    scratch.largest[lane] = largest;
    scratch.sum[lane] = sum;
    float* const out = scratch.out + lane * scratch.sizes.dims;
    for (int64_t d = 0; d < scratch.sizes.dims; d += kWidth) {
      store(out + d, load(out + d) * fade);
    }
  }
}

}  // namespace hone::HONE_ISA

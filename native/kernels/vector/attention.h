// Attention with an online softmax (FlashAttention-2, arXiv:2307.08691): [time, time] never exists.
#pragma once

#include "attention_block.h"
#include "paged_attention.h"

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

/// A block of keys and the queries that look at it.
struct Block {
  int64_t start;
  int64_t count;
  bool mask;
};

// Folds a block of scores [key, lane] into the running largest score, the sum and the output [dim, lane]; the scores
// become weights. Lanes are queries: nothing here crosses them.
template <class E>
void fold_columns(const AttentionShape& shape, const AttentionScratch<E>& scratch, const Block& block, int64_t lanes) {
  for (int64_t lane = 0; lane < lanes; lane += kWidth) {
    float* const column = scratch.scores + lane;
    Ints position;
    __builtin_memcpy(&position, scratch.position + lane, sizeof position);

    const Floats before = load(scratch.largest + lane);
    Floats largest = before;
    for (int64_t key = 0; key < block.count; key++) {
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
    for (int64_t key = 0; key < block.count; key++) {
      const Floats weight = exp(load(column + key * lanes) - base);
      sum += weight;
      store(column + key * lanes, weight);
    }

    store(scratch.largest + lane, largest);
    store(scratch.sum + lane, sum);
    for (int64_t d = 0; d < shape.dim; d++) {
      float* const out = scratch.out + d * lanes + lane;
      store(out, load(out) * fade);
    }
  }
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

// The keys of a block as the left operand of a product, [key, step].
template <class T, class E>
Left<E> keys_on_the_left(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, const Block& block) {
  if (task.codes.table != nullptr) {
    copy_key_codes(scratch.turned_keys, block_pages<int8_t>(task.codes, block.start, block.count, task.shape.dim),
                   block.count, scratch.sizes.steps);
    return {scratch.turned_keys, 1, kKeyBlock};
  }

  if (task.pages.table != nullptr) {
    copy_key_pages(scratch.turned_keys, kKeyBlock, task.pages, block.start / task.pages.slots, block.count,
                   task.shape.dim);
    return {scratch.turned_keys, 1, kKeyBlock};
  }

  copy_keys(scratch.keys, task.keys, block.start, block.count, task.shape.dim, scratch.sizes.row);
  return {scratch.keys, scratch.sizes.row, 1};
}

// The values of a block, [step, dim].
template <class T, class E>
void copy_values(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, const Block& block) {
  const auto& sizes = scratch.sizes;
  if (task.codes.table != nullptr) {
    copy_value_codes(scratch.values, block_pages<int8_t>(task.codes, block.start, block.count, task.shape.dim),
                     block.count, sizes.dims);
  } else if (task.pages.table != nullptr) {
    copy_value_pages(scratch.values, sizes.dims, task.pages, block.start / task.pages.slots, block.count,
                     task.shape.dim);
  } else {
    copy_key_steps(scratch.values, task.values, block.start, block.count, task.shape.dim, sizes.dims);
  }
}

// What the values of a block that are not finite give to the queries that see them.
template <class T>
void give_back_unclean_values(const Strided& weights, int64_t rows, const AttentionForward<T>& task, const Block& block,
                              const Strided& out) {
  if (task.pages.table != nullptr) {
    give_back_unclean_pages(weights, rows, task.pages, block.start, block.count, task.shape.dim, out);
  } else {
    give_back_unclean_keys(weights, rows, task.values, block.start, block.count, task.shape.dim, out);
  }
}

// Output [lane, dim] += weights [lane, key] · v, by a copy of the values.
template <class T, class E>
void add_copied_values(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, const Block& block,
                       int64_t used) {
  const auto& sizes = scratch.sizes;
  copy_values(task, scratch, block);
  const int64_t steps = (block.count + kTerms<E> - 1) / kTerms<E>;
  const bool unclean = block.mask && take_unclean(scratch.values, steps * sizes.dims);
  product<E>(as_rows(scratch.scores, scratch.weights, used, kKeyBlock), {scratch.values, sizes.dims}, used, sizes.dims,
             steps, {scratch.out, sizes.dims}, Start::FromHere);
  if (unclean) {
    give_back_unclean_values({scratch.scores, kKeyBlock, 1}, used, task, block, {scratch.out, sizes.dims, 1});
  }
}

// The scales of a block's keys and values.
template <class T, class E>
void read_scales(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, const Block& block) {
  const auto& pages = task.codes;
  const int64_t dim = task.shape.dim, value_dims = round_up(dim, PageShape::kDims);
  const int32_t* const table = pages.table + block.start / pages.slots;
  copy_scales(scratch.key_scales, pages.keys, pages.key_stride, table, pages.slots, dim * pages.slots, block.count);
  copy_scales(scratch.value_scales, pages.values, pages.value_stride, table, pages.slots, value_dims * pages.slots,
              block.count);
}

// Lanes are queries: scores [key, lane] = k · qᵀ, output [dim, lane] += vᵀ · weights.
template <class T, class E>
void attend_by_columns(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, int64_t lanes) {
  const auto& shape = task.shape;
  const auto& sizes = scratch.sizes;
  transpose<E>({scratch.query_rows, sizes.row}, lanes, sizes.row, {scratch.queries, lanes});
  const int64_t end = task.first + task.count;
  for (int64_t start = first_block(task.first, shape); start < end; start += kKeyBlock) {
    const int64_t count = smaller(kKeyBlock, end - start);
    const Block block{start, count, needs_mask(start, count, task.first, end - 1, shape)};
    product<E>(keys_on_the_left(task, scratch, block), {scratch.queries, lanes}, count, lanes, sizes.steps,
               {scratch.scores, lanes}, Start::FromZero);
    const bool coded = task.codes.table != nullptr;
    if (coded) {
      read_scales(task, scratch, block);
      scale_rows(scratch.scores, count, lanes, scratch.key_scales);
    }

    fold_columns(shape, scratch, block, lanes);
    copy_values(task, scratch, block);
    if (coded) {
      scale_rows(scratch.scores, count, lanes, scratch.value_scales);
    }

    const int64_t steps = (count + kTerms<E> - 1) / kTerms<E>;
    const bool unclean = !coded && block.mask && take_unclean(scratch.values, steps * sizes.dims);
    const auto weights = as_steps(scratch.scores, scratch.weights, count, lanes);
    product<E>({scratch.values, 1, sizes.dims}, weights, shape.dim, lanes, steps, {scratch.out, lanes},
               Start::FromHere);
    if (unclean) {
      give_back_unclean_values({scratch.scores, 1, lanes}, lanes, task, block, {scratch.out, 1, lanes});
    }
  }

  transpose<float>({scratch.out, lanes}, sizes.dims, lanes, {scratch.turned_out, sizes.dims});
}

// Lanes are keys, then dimensions: scores [lane, key] = q · kᵀ, output [lane, dim] += weights · v.
template <class T, class E>
void attend_by_rows(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, int64_t used) {
  const auto& shape = task.shape;
  const auto& sizes = scratch.sizes;
  const int64_t end = task.first + task.count;
  for (int64_t start = first_block(task.first, shape); start < end; start += kKeyBlock) {
    const int64_t count = smaller(kKeyBlock, end - start);
    const Block block{start, count, needs_mask(start, count, task.first, end - 1, shape)};
    const int64_t padded = round_up(block.count, kWidth * kTerms<E>);
    copy_keys(scratch.keys, task.keys, start, block.count, shape.dim, sizes.row);
    __builtin_memset(static_cast<void*>(scratch.keys + block.count * sizes.row), 0,
                     (padded - block.count) * sizes.row * sizeof(E));
    transpose<E>({scratch.keys, sizes.row}, padded, sizes.row, {scratch.turned_keys, kKeyBlock});
    product<E>({scratch.query_rows, sizes.row, 1}, {scratch.turned_keys, kKeyBlock}, used, padded, sizes.steps,
               {scratch.scores, kKeyBlock}, Start::FromZero);
    fold_rows(shape, scratch, block, used);
    add_copied_values(task, scratch, block, used);
  }
}

// The same over pages, which are read where they lie if their elements are those of the product.
template <class T, class E>
void attend_by_pages(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, int64_t used) {
  const auto& shape = task.shape;
  const auto& sizes = scratch.sizes;
  const int64_t end = task.first + task.count;
  for (int64_t start = first_block(task.first, shape); start < end; start += kKeyBlock) {
    const int64_t count = smaller(kKeyBlock, end - start);
    const Block block{start, count, needs_mask(start, count, task.first, end - 1, shape)};
    const Left<E> queries{scratch.query_rows, sizes.row, 1};
    if constexpr (kInPlace<T, E>) {
      const BlockPages<E> pages = block_pages<E>(task.pages, start, block.count, shape.dim);
      prefetch_pages(pages.values, block.count, pages.slots, pages.value_dims * pages.slots / kTerms<E>);
      score_block(queries, used, pages, block.count, sizes.steps, scratch.scores);
      if (start + kKeyBlock < end) {
        const int64_t next = smaller(kKeyBlock, end - start - kKeyBlock);
        prefetch_pages(block_pages<E>(task.pages, start + kKeyBlock, next, shape.dim).keys, next, pages.slots,
                       sizes.steps * pages.slots);
      }

      fold_rows(shape, scratch, block, used);
      if (block.mask && holds_unclean_values(pages, block.count)) {
        add_copied_values(task, scratch, block, used);
      } else {
        add_block(as_rows(scratch.scores, scratch.weights, used, kKeyBlock), used, pages, block.count, scratch.out,
                  sizes.dims);
      }
    } else {
      copy_key_pages(scratch.turned_keys, kKeyBlock, task.pages, start / task.pages.slots, block.count, shape.dim);
      product<E>(queries, {scratch.turned_keys, kKeyBlock}, used, round_up(block.count, kWidth), sizes.steps,
                 {scratch.scores, kKeyBlock}, Start::FromZero);
      fold_rows(shape, scratch, block, used);
      add_copied_values(task, scratch, block, used);
    }
  }
}

// The same over pages of codes: their scales are factors of scores and of weights.
template <class T, class E>
void attend_by_codes(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, int64_t used) {
  const auto& sizes = scratch.sizes;
  const int64_t end = task.first + task.count;
  for (int64_t start = first_block(task.first, task.shape); start < end; start += kKeyBlock) {
    const Block block{start, smaller(kKeyBlock, end - start), true};
    const BlockPages<int8_t> pages = block_pages<int8_t>(task.codes, start, block.count, task.shape.dim);
    prefetch_pages(pages.values, block.count, pages.slots, pages.value_dims * pages.slots);
    read_scales(task, scratch, block);
    score_block(Left<E>{scratch.query_rows, sizes.row, 1}, used, pages, block.count, sizes.steps, scratch.scores);
    scale_columns(scratch.scores, used, kKeyBlock, scratch.key_scales);
    fold_rows(task.shape, scratch, block, used);
    scale_columns(scratch.scores, used, kKeyBlock, scratch.value_scales);
    add_block(as_rows(scratch.scores, scratch.weights, used, kKeyBlock), used, pages, block.count, scratch.out,
              sizes.dims);
  }
}

template <class T>
void attention(const AttentionForward<T>& task, float* memory) {
  using E = typename ElementOf<T>::type;
  const auto& shape = task.shape;
  const AttentionScratch<E> scratch(shape, memory);
  const auto& sizes = scratch.sizes;
  const int64_t used = task.count * shape.group;
  const int64_t lanes = round_up(used, kWidth);
  const bool few = 2 * used <= kWidth;

  copy_queries(scratch.query_rows, task.queries, shape, used, lanes, sizes.row);
  __builtin_memset(scratch.out, 0, lanes * sizes.dims * sizeof(float));
  for (int64_t lane = 0; lane < lanes; lane++) {
    scratch.position[lane] = static_cast<int32_t>(task.first + (lane < used ? lane / shape.group : 0));
    scratch.largest[lane] = -kInfinity;
    scratch.sum[lane] = 0;
  }

  if (few && task.codes.table != nullptr) {
    attend_by_codes(task, scratch, used);
  } else if (few && task.pages.table != nullptr) {
    attend_by_pages(task, scratch, used);
  } else if (few) {
    attend_by_rows(task, scratch, used);
  } else {
    attend_by_columns(task, scratch, lanes);
  }

  const float* const rows = few ? scratch.out : scratch.turned_out;
  for (int64_t lane = 0; lane < used; lane++) {
    T* const out = row_at(task.out, shape, lane);
    const float* const row = rows + lane * sizes.dims;
    const float inverse = 1.0f / scratch.sum[lane];
    for_each_vector(shape.dim, [&](int64_t d, auto n) { store(out + d, load(row + d, n) * inverse, n); });
    if (task.log_sum.data != nullptr) {
      *row_at(task.log_sum, shape, lane) = scratch.largest[lane] + __builtin_logf(scratch.sum[lane]);
    }
  }
}

template <class T>
int64_t attention_queries(const AttentionShape& shape) {
  return BlockSizes<typename ElementOf<T>::type>(shape).queries;
}

template <class T>
int64_t attention_scratch(const AttentionShape& shape) {
  return AttentionScratch<typename ElementOf<T>::type>(shape, nullptr).arena.used;
}

}  // namespace hone::HONE_ISA

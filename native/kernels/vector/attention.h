// Attention with an online softmax (FlashAttention-2, arXiv:2307.08691): [time, time] never exists.
#pragma once

#include "attention_fold.h"
#include "paged_attention.h"

namespace hone::HONE_ISA {

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
    product_in_sight<E>(keys_on_the_left(task, scratch, block), {scratch.queries, lanes}, scratch.position, start, count,
                        sizes.steps, scratch.scores);
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
    add_in_sight<E>({scratch.values, 1, sizes.dims}, as_steps(scratch.scores, scratch.weights, count, lanes),
                    scratch.position, start, count, shape.dim, scratch.out);
    if (unclean) {
      give_back_unclean_values({scratch.scores, 1, lanes}, lanes, task, block, {scratch.out, 1, lanes});
    }
  }

  transpose<float>({scratch.out, lanes}, sizes.dims, lanes, {scratch.turned_out, sizes.dims});
}

// The keys of a block, [step, key], with zeros up to whole vectors.
template <class T, class E>
void turn_keys(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, const Block& block) {
  const auto& sizes = scratch.sizes;
  const int64_t dim = task.shape.dim, padded = round_up(block.count, kWidth * kTerms<E>);
  if (task.pages.table != nullptr) {
    copy_key_pages(scratch.turned_keys, kKeyBlock, task.pages, block.start / task.pages.slots, block.count, dim);
    return;
  }

  copy_keys(scratch.keys, task.keys, block.start, block.count, dim, sizes.row);
  __builtin_memset(static_cast<void*>(scratch.keys + block.count * sizes.row), 0,
                   (padded - block.count) * sizes.row * sizeof(E));
  transpose<E>({scratch.keys, sizes.row}, padded, sizes.row, {scratch.turned_keys, kKeyBlock});
}

// A block of pages whose elements are those of the product: they are read where they lie.
template <class T, class E>
void attend_in_place(const AttentionForward<T>& task, const AttentionScratch<E>& scratch, const Block& block,
                     int64_t used) {
  const auto& shape = task.shape;
  const auto& sizes = scratch.sizes;
  const BlockPages<E> pages = block_pages<E>(task.pages, block.start, block.count, shape.dim);
  prefetch_pages(pages.values, block.count, pages.slots, pages.value_dims * pages.slots / kTerms<E>);
  score_block(Left<E>{scratch.query_rows, sizes.row, 1}, used, pages, block.count, sizes.steps, scratch.scores);
  const int64_t next = block.start + kKeyBlock, left = task.first + task.count - next;
  if (left > 0) {
    const int64_t count = smaller(kKeyBlock, left);
    prefetch_pages(block_pages<E>(task.pages, next, count, shape.dim).keys, count, pages.slots,
                   sizes.steps * pages.slots);
  }

  fold_rows(shape, scratch, block, used);
  if (block.mask && holds_unclean_values(pages, block.count)) {
    add_copied_values(task, scratch, block, used);
  } else {
    add_block(as_rows(scratch.scores, scratch.weights, used, kKeyBlock), used, pages, block.count, scratch.out,
              sizes.dims);
  }
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
    if constexpr (kInPlace<T, E>) {
      if (task.pages.table != nullptr) {
        attend_in_place(task, scratch, block, used);
        continue;
      }
    }

    turn_keys(task, scratch, block);
    product<E>({scratch.query_rows, sizes.row, 1}, {scratch.turned_keys, kKeyBlock}, used,
               round_up(count, kWidth * kTerms<E>), sizes.steps, {scratch.scores, kKeyBlock}, Start::FromZero);
    fold_rows(shape, scratch, block, used);
    add_copied_values(task, scratch, block, used);
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
    scratch.position[lane] = static_cast<int32_t>(task.first + smaller(lane, used - 1) / shape.group);
    scratch.largest[lane] = -kInfinity;
    scratch.sum[lane] = 0;
  }

  if (few && task.codes.table != nullptr) {
    attend_by_codes(task, scratch, used);
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

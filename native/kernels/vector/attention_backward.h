// The gradients of attention, by recomputing the weights from the saved log-sums (FlashAttention-2, arXiv:2307.08691).
#pragma once

#include "attention_sight.h"

namespace hone::HONE_ISA {

/// The memory of one call: blocks, and the key and value gradients of the whole context in float.
template <class E>
struct BackwardScratch {
  BackwardScratch(const AttentionShape& shape, int64_t room, float* memory) : sizes(shape), arena{memory} {
    rows = arena.take<E>(sizes.lanes * sizes.row);
    queries = arena.take<E>(sizes.lanes * sizes.row);
    query_steps = arena.take<E>(sizes.lanes * sizes.dims);
    gradients = arena.take<E>(sizes.lanes * sizes.row);
    gradient_steps = arena.take<E>(sizes.lanes * sizes.dims);
    keys = arena.take<E>(kKeyBlock * sizes.row);
    key_steps = arena.take<E>(sizes.key_steps * sizes.dims);
    values = arena.take<E>(kKeyBlock * sizes.row);
    weights = arena.take<float>(sizes.lanes * kKeyBlock);
    slopes = arena.take<float>(sizes.lanes * kKeyBlock);
    converted = arena.take<E>(sizes.lanes * kKeyBlock);
    query_gradient = arena.take<float>(sizes.lanes * sizes.dims);
    turned_gradient = arena.take<float>(sizes.lanes * sizes.dims);
    log_sum = arena.take<float>(sizes.lanes);
    inner = arena.take<float>(sizes.lanes);
    position = arena.take<int32_t>(sizes.lanes);
    key_gradient = arena.take<float>(room * sizes.dims);
    value_gradient = arena.take<float>(room * sizes.dims);
  }

  BlockSizes<E> sizes;
  Arena arena;
  E* rows;
  E* queries;
  E* query_steps;
  E* gradients;
  E* gradient_steps;
  E* keys;
  E* key_steps;
  E* values;
  float* weights;
  float* slopes;
  E* converted;
  float* query_gradient;
  float* turned_gradient;
  float* log_sum;
  float* inner;
  int32_t* position;
  float* key_gradient;
  float* value_gradient;
};

template <class T>
inline float inner_product(const T* a, const T* b, int64_t n) {
  Floats sum{};
  for_each_vector(n, [&](int64_t i, auto lanes) { sum = multiply_add(load(a + i, lanes), load(b + i, lanes), sum); });
  return sum_of(sum);
}

template <class T>
inline bool is_zero(const T* row, int64_t n) {
  for (int64_t i = 0; i < n; i++) {
    if (widen(row[i]) != 0) {
      return false;
    }
  }

  return true;
}

/// [lanes / terms, dims]: the rows of the queries as the steps of a sum over lanes.
template <class E, class T>
inline void copy_query_steps(E* to, const QueryRows<const T>& from, const AttentionShape& shape, int64_t used,
                             int64_t lanes, int64_t dims) {
  for (int64_t lane = 0; lane < lanes; lane += kTerms<E>) {
    const T* const row = lane < used ? row_at(from, shape, lane) : nullptr;
    const T* const next = lane + 1 < used ? row_at(from, shape, lane + 1) : nullptr;
    copy_step(to + lane / kTerms<E> * dims, row, next, shape.dim);
  }
}

/// The block's own rows of the queries of a segment.
template <class T>
inline QueryRows<T> from_query(QueryRows<T> rows, int64_t query) {
  rows.data += query * rows.stride;
  return rows;
}

// Weights p = e^(z - log sum) from raw products, and from the gradients of the weights those of the products:
// p · (gradient - inner), through the cap (1 - tanh²) and the scale. For a vector of lanes, which sees the first `keys`
// keys of the block: those of the others are zeros.
template <class E>
void weights_and_slopes(const AttentionShape& shape, const BackwardScratch<E>& scratch, const Block& block,
                        int64_t lanes, int64_t lane, int64_t keys) {
  const Floats log_sum = load(scratch.log_sum + lane), inner = load(scratch.inner + lane);
  Ints position;
  __builtin_memcpy(&position, scratch.position + lane, sizeof position);
  for (int64_t key = 0; key < keys; key++) {
    float* const weight = scratch.weights + key * lanes + lane;
    float* const slope = scratch.slopes + key * lanes + lane;
    const Floats z = score(load(weight), shape);
    const Floats seen = block.mask ? masked(z, splat(static_cast<int32_t>(block.start + key)), position, shape) : z;
    const Ints nothing = (seen == -kInfinity) | (log_sum == kInfinity);
    const Floats p = nothing ? Floats{} : exp(seen - log_sum);
    Floats change = nothing ? Floats{} : p * (load(slope) - inner) * shape.scale;
    if (shape.softcap != 0) {
      const Floats t = z / shape.softcap;
      change *= 1.0f - t * t;
    }

    store(weight, p);
    store(slope, change);
  }

  for (int64_t key = keys; key < block.count; key++) {
    store(scratch.weights + key * lanes + lane, Floats{});
    store(scratch.slopes + key * lanes + lane, Floats{});
  }
}

// Reads one block of queries into every layout that the products want; whether a number in it is not finite.
template <class T, class E>
bool read_queries(const AttentionBackward<T>& task, const BackwardScratch<E>& scratch, int64_t first, int64_t used,
                  int64_t lanes) {
  const auto& shape = task.shape;
  const auto& sizes = scratch.sizes;
  const auto queries = from_query(task.queries, first), gradients = from_query(task.out_gradient, first);
  const auto out = from_query(task.out, first);
  const auto log_sum = from_query(task.log_sum, first);

  copy_queries(scratch.rows, queries, shape, used, lanes, sizes.row);
  transpose<E>({scratch.rows, sizes.row}, lanes, sizes.row, {scratch.queries, lanes});
  copy_query_steps(scratch.query_steps, queries, shape, used, lanes, sizes.dims);
  copy_queries(scratch.rows, gradients, shape, used, lanes, sizes.row);
  transpose<E>({scratch.rows, sizes.row}, lanes, sizes.row, {scratch.gradients, lanes});
  copy_query_steps(scratch.gradient_steps, gradients, shape, used, lanes, sizes.dims);

  for (int64_t lane = 0; lane < lanes; lane++) {
    // A lane that is empty, or whose output nobody asked about, has no weight, whatever stands in it.
    const bool asked = lane < used && !is_zero(row_at(gradients, shape, lane), shape.dim);
    scratch.position[lane] = static_cast<int32_t>(task.shared + first + smaller(lane, used - 1) / shape.group);
    scratch.log_sum[lane] = asked ? *row_at(log_sum, shape, lane) : kInfinity;
    scratch.inner[lane] =
        asked ? inner_product(row_at(gradients, shape, lane), row_at(out, shape, lane), shape.dim) : 0.0f;
  }

  const int64_t numbers = lanes / kTerms<E> * sizes.dims;
  const bool unclean_queries = take_unclean(scratch.query_steps, numbers);
  return take_unclean(scratch.gradient_steps, numbers) || unclean_queries;
}

/// A block of queries as one block of keys meets it.
struct QueryBlock {
  int64_t first;
  int64_t used;
  int64_t lanes;
  bool unclean;
};

// gradient [key, dim] += numbers [key, lane] · rows [lane, dim], over the lanes that see a key.
template <class E>
void add_to_keys(const BackwardScratch<E>& scratch, float* numbers, const E* rows, const Block& block, int64_t lanes,
                 float* gradient) {
  const int64_t dims = scratch.sizes.dims;
  const Left<E> left = as_rows(numbers, scratch.converted, block.count, lanes);
  for_each_sight(scratch.position, lanes, block.start, block.count, [&](const Sight& sight) {
    const int64_t step = sight.lane / kTerms<E>;
    product<E>({left.data + sight.before * left.row_stride + step, left.row_stride, 1}, {rows + step * dims, dims},
               sight.keys - sight.before, dims, lanes / kTerms<E> - step,
               {gradient + (block.start + sight.before) * dims, dims}, Start::FromHere);
  });
}

// Adds what one block of queries and one of keys give each other.
template <class T, class E>
void backward_block(const AttentionBackward<T>& task, const BackwardScratch<E>& scratch, const QueryBlock& queries,
                    const Block& block) {
  const auto [start, count, mask] = block;
  const int64_t lanes = queries.lanes;
  const auto& shape = task.shape;
  const auto& sizes = scratch.sizes;
  copy_keys(scratch.keys, task.keys, start, count, shape.dim, sizes.row);
  copy_keys(scratch.values, task.values, start, count, shape.dim, sizes.row);
  copy_key_steps(scratch.key_steps, task.keys, start, count, shape.dim, sizes.dims);

  product_in_sight<E>({scratch.keys, sizes.row, 1}, {scratch.queries, lanes}, scratch.position, start, count,
                      sizes.steps, scratch.weights);
  product_in_sight<E>({scratch.values, sizes.row, 1}, {scratch.gradients, lanes}, scratch.position, start, count,
                      sizes.steps, scratch.slopes);
  for_each_sight(scratch.position, lanes, start, count, [&](const Sight& sight) {
    for (int64_t lane = sight.lane; lane < sight.lane + sight.width; lane += kWidth) {
      weights_and_slopes(shape, scratch, block, lanes, lane, sight.keys);
    }
  });

  add_to_keys<E>(scratch, scratch.weights, scratch.gradient_steps, block, lanes, scratch.value_gradient);
  add_to_keys<E>(scratch, scratch.slopes, scratch.query_steps, block, lanes, scratch.key_gradient);
  const int64_t key_steps = (count + kTerms<E> - 1) / kTerms<E>;
  const bool unclean = mask && take_unclean(scratch.key_steps, key_steps * sizes.dims);
  add_in_sight<E>({scratch.key_steps, 1, sizes.dims}, as_steps(scratch.slopes, scratch.converted, count, lanes),
                  scratch.position, start, count, shape.dim, scratch.query_gradient);
  if (unclean) {
    give_back_unclean_keys({scratch.slopes, 1, lanes}, lanes, task.keys, start, count, shape.dim,
                           {scratch.query_gradient, 1, lanes});
  }

  if (queries.unclean) {
    const auto rows_of = [&](const QueryRows<const T>& rows) {
      return [&shape, from = from_query(rows, queries.first)](int64_t lane) { return row_at(from, shape, lane); };
    };
    give_back_unclean({scratch.weights, lanes, 1}, count, queries.used, shape.dim, rows_of(task.out_gradient),
                      {scratch.value_gradient + start * sizes.dims, sizes.dims, 1});
    give_back_unclean({scratch.slopes, lanes, 1}, count, queries.used, shape.dim, rows_of(task.queries),
                      {scratch.key_gradient + start * sizes.dims, sizes.dims, 1});
  }
}

template <class T>
void attention_backward(const AttentionBackward<T>& task, float* memory) {
  using E = typename ElementOf<T>::type;
  const auto& shape = task.shape;
  const BackwardScratch<E> scratch(shape, task.room, memory);
  const auto& sizes = scratch.sizes;
  float* const own_keys = scratch.key_gradient + task.shared * sizes.dims;
  float* const own_values = scratch.value_gradient + task.shared * sizes.dims;
  if (!task.goes_on) {
    __builtin_memset(own_keys, 0, task.count * sizes.dims * sizeof(float));
    __builtin_memset(own_values, 0, task.count * sizes.dims * sizeof(float));
  }

  for (int64_t first = 0; first < task.count; first += sizes.queries) {
    const int64_t end = smaller(task.count, first + sizes.queries);
    const int64_t used = (end - first) * shape.group, lanes = round_up(used, kWidth * kTerms<E>);
    const QueryBlock queries{first, used, lanes, read_queries(task, scratch, first, used, lanes)};
    __builtin_memset(scratch.query_gradient, 0, lanes * sizes.dims * sizeof(float));
    const int64_t position = task.shared + first, context = task.shared + end;
    for (int64_t start = first_block(position, shape); start < context; start += kKeyBlock) {
      const int64_t count = smaller(kKeyBlock, context - start);
      const Block block{start, count, needs_mask(start, count, position, context - 1, shape)};
      backward_block(task, scratch, queries, block);
    }

    transpose<float>({scratch.query_gradient, lanes}, sizes.dims, lanes, {scratch.turned_gradient, sizes.dims});
    const auto gradient = from_query(task.query_gradient, first);
    for (int64_t lane = 0; lane < used; lane++) {
      T* const to = row_at(gradient, shape, lane);
      const float* const row = scratch.turned_gradient + lane * sizes.dims;
      for_each_vector(shape.dim, [&](int64_t d, auto n) { store(to + d, load(row + d, n), n); });
    }
  }

  for (int64_t key = 0; key < task.count; key++) {
    const float* const key_row = own_keys + key * sizes.dims;
    const float* const value_row = own_values + key * sizes.dims;
    for_each_vector(shape.dim, [&](int64_t d, auto n) {
      store(task.key_gradient + key * task.gradient_stride + d, load(key_row + d, n), n);
      store(task.value_gradient + key * task.gradient_stride + d, load(value_row + d, n), n);
    });
  }
}

template <class T>
int64_t attention_backward_scratch(const AttentionShape& shape, int64_t room) {
  return BackwardScratch<typename ElementOf<T>::type>(shape, room, nullptr).arena.used;
}

template <class T>
void attention_backward_clear(const AttentionShape& shape, int64_t room, int64_t count, float* memory) {
  const BackwardScratch<typename ElementOf<T>::type> scratch(shape, room, memory);
  __builtin_memset(scratch.key_gradient, 0, count * scratch.sizes.dims * sizeof(float));
  __builtin_memset(scratch.value_gradient, 0, count * scratch.sizes.dims * sizeof(float));
}

}  // namespace hone::HONE_ISA

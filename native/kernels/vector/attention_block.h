// What forward and backward attention share: the blocks they cut the work into, and how rows come into them.
#pragma once

#include "../kernels.h"
#include "math.h"
#include "paged_context.h"
#include "product.h"

namespace hone::HONE_ISA {

/// Queries times heads of the group in one block, where the group allows.
inline constexpr int64_t kLanes = 64;

/// The element that products of T run on: bfloat16 in pairs where the processor multiplies them.
template <class T>
struct ElementOf {
  using type = float;
};

#if defined(__AVX512BF16__)
template <>
struct ElementOf<bfloat> {
  using type = Pair;
};
#endif

/// Hands out 64-byte aligned pieces of one piece of scratch memory; with none, only counts.
struct Arena {
  float* memory;
  int64_t used = 0;

  template <class E>
  E* take(int64_t count) {
    E* const piece = reinterpret_cast<E*>(memory + used);
    used += round_up(count, 16);
    return piece;
  }
};

/// Sizes of a block in elements of type E.
template <class E>
struct BlockSizes {
  explicit BlockSizes(const AttentionShape& shape)
      : dim(shape.dim),
        queries(larger(int64_t{1}, kLanes / shape.group)),
        lanes(round_up(queries * shape.group, kWidth * kTerms<E>)),
        row(round_up(dim, kWidth * kTerms<E>) / kTerms<E>),
        dims(round_up(dim, kWidth)),
        steps((dim + kTerms<E> - 1) / kTerms<E>),
        key_steps(kKeyBlock / kTerms<E>) {}

  int64_t dim;
  int64_t queries;    // at most, in a block
  int64_t lanes;      // at most, in a block
  int64_t row;        // elements of one row of dim numbers
  int64_t dims;       // dim as whole vectors
  int64_t steps;      // of a sum over dim
  int64_t key_steps;  // of a sum over a block's keys
};

/// Where the row of a position lies.
template <class T>
inline const T* row_at(const ContextRows<T>& rows, int64_t position) {
  return position < rows.shared ? rows.prefix + position * rows.stride
                                : rows.data + (position - rows.shared) * rows.stride;
}

/// The row of lane `lane`: query lane / group, head lane % group.
template <class T>
inline T* row_at(const QueryRows<T>& rows, const AttentionShape& shape, int64_t lane) {
  return rows.data + lane / shape.group * rows.stride + lane % shape.group * rows.head_stride;
}

/// [lanes, row] from the queries of `used` lanes, zeros in the others.
template <class E, class T>
inline void copy_queries(E* to, const QueryRows<const T>& from, const AttentionShape& shape, int64_t used,
                         int64_t lanes, int64_t row) {
  for (int64_t lane = 0; lane < used; lane++) {
    copy_row(to + lane * row, row_at(from, shape, lane), shape.dim);
  }

  __builtin_memset(static_cast<void*>(to + used * row), 0, (lanes - used) * row * sizeof(E));
}

/// [count, row] from the positions first .. first + count.
template <class E, class T>
inline void copy_keys(E* to, const ContextRows<T>& from, int64_t first, int64_t count, int64_t dim, int64_t row) {
  for (int64_t key = 0; key < count; key++) {
    copy_row(to + key * row, row_at(from, first + key), dim);
  }
}

/// [steps, dims] from the positions first .. first + count.
template <class E, class T>
inline void copy_key_steps(E* to, const ContextRows<T>& from, int64_t first, int64_t count, int64_t dim, int64_t dims) {
  for (int64_t key = 0; key < count; key += kTerms<E>) {
    const T* const next = key + 1 < count ? row_at(from, first + key + 1) : nullptr;
    copy_step(to + key / kTerms<E> * dims, row_at(from, first + key), next, dim);
  }
}

/// Rows of floats [rows, columns] as left rows of a product: floats serve as they are.
inline Left<float> as_rows(float* from, float*, int64_t, int64_t columns) { return {from, columns, 1}; }

inline Left<Pair> as_rows(float* from, Pair* space, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i++) {
    copy_row(space + i * columns / 2, from + i * columns, columns);
  }

  return {space, columns / 2, 1};
}

/// Rows of floats [rows, columns] as the steps of a product: floats serve as they are.
inline Lanes<const float> as_steps(float* from, float*, int64_t, int64_t columns) { return {from, columns}; }

inline Lanes<const Pair> as_steps(float* from, Pair* space, int64_t rows, int64_t columns) {
  for (int64_t i = 0; i < rows; i += 2) {
    const float* const row = from + i * columns;
    copy_step(space + i / 2 * columns, row, i + 1 < rows ? row + columns : nullptr, columns);
  }

  return {space, columns};
}

/// A raw product q · k as a score: scaled, then capped.
inline Floats score(Floats product, const AttentionShape& shape) {
  const Floats z = product * shape.scale;
  return shape.softcap == 0 ? z : shape.softcap * tanh(z / shape.softcap);
}

/// Minus infinity where the key is after the query or has left its window.
inline Floats masked(Floats scores, Ints keys, Ints queries, const AttentionShape& shape) {
  Ints hidden = keys > queries;
  if (shape.window > 0) {
    hidden |= keys <= queries - static_cast<int32_t>(shape.window);
  }

  return hidden ? splat(-kInfinity) : scores;
}

/// Whether some query of [first, last] does not see some key of [start, start + count).
inline bool needs_mask(int64_t start, int64_t count, int64_t first, int64_t last, const AttentionShape& shape) {
  return start + count - 1 > first || (shape.window > 0 && start <= last - shape.window);
}

/// The first key block that the query at `position` looks into.
inline int64_t first_block(int64_t position, const AttentionShape& shape) {
  const int64_t key = shape.window > 0 ? larger(int64_t{0}, position - shape.window + 1) : 0;
  return key / kKeyBlock * kKeyBlock;
}

// ---- numbers that are not finite
//
// A pair that the mask hides has the weight 0, and 0 · NaN is NaN: what stands at a hidden place would reach places
// that never see it. So these numbers are taken out of the right side of a product, and given back where the weight is
// not 0.

inline bool is_finite(float x) { return x - x == 0; }

/// All bits of those numbers in a vector of elements that are not finite.
template <class E>
inline Words unclean_bits(const E* numbers) {
  Words bits;
  __builtin_memcpy(&bits, numbers, sizeof bits);
  const Words high = bit_cast<Words>((bits & 0x7f800000u) == 0x7f800000u);
  if constexpr (kTerms<E> == 1) {
    return high;
  }

  const Words low = bit_cast<Words>((bits & 0x7f80u) == 0x7f80u);
  return (high & 0xffff0000u) | (low & 0xffffu);
}

/// Whether a number is not finite; a multiple of kWidth elements.
template <class E>
inline bool holds_unclean(const E* numbers, int64_t count) {
  Words unclean{};
  for (int64_t i = 0; i < count; i += kWidth) {
    unclean |= unclean_bits(numbers + i);
  }

  return any_of(bit_cast<Ints>(unclean != Words{}));
}

/// Puts zeros where a number is not finite; whether there was one.
template <class E>
inline bool take_unclean(E* numbers, int64_t count) {
  if (!holds_unclean(numbers, count)) {
    return false;
  }

  for (int64_t i = 0; i < count; i += kWidth) {
    Words bits;
    __builtin_memcpy(&bits, numbers + i, sizeof bits);
    bits &= ~unclean_bits(numbers + i);
    __builtin_memcpy(static_cast<void*>(numbers + i), &bits, sizeof bits);
  }

  return true;
}

/// Rows of floats whose numbers lie `step` apart.
struct Strided {
  float* data;
  int64_t row;
  int64_t step;
};

/// out[i, d] += Σ weights[i, j] · x[j, d] over the numbers of x that are not finite and the weights that are not 0.
template <class RowOf>
inline void give_back_unclean(const Strided& weights, int64_t rows, int64_t count, int64_t dim, const RowOf& row_of,
                              const Strided& out) {
  for (int64_t j = 0; j < count; j++) {
    const auto row = row_of(j);
    for (int64_t d = 0; d < dim; d++) {
      const float x = widen(row[d]);
      for (int64_t i = 0; i < rows && !is_finite(x); i++) {
        const float weight = weights.data[i * weights.row + j * weights.step];
        out.data[i * out.row + d * out.step] += weight == 0 ? 0.0f : weight * x;
      }
    }
  }
}

/// The same over the rows of the positions first .. first + count.
template <class T>
inline void give_back_unclean_keys(const Strided& weights, int64_t rows, const ContextRows<T>& from, int64_t first,
                                   int64_t count, int64_t dim, const Strided& out) {
  give_back_unclean(
      weights, rows, count, dim, [&](int64_t key) { return row_at(from, first + key); }, out);
}

/// A row of numbers that lie `step` apart.
template <class T>
struct SparseRow {
  const T* data;
  int64_t step;

  const T& operator[](int64_t i) const { return data[i * step]; }
};

/// The same over pages: a position's numbers are neighbours, or every second one where positions lie in pairs.
template <class T>
inline void give_back_unclean_pages(const Strided& weights, int64_t rows, const ContextPages<T>& from, int64_t first,
                                    int64_t count, int64_t dim, const Strided& out) {
  const int64_t terms = sizeof(float) / sizeof(T), dims = round_up(dim, PageShape::kDims);
  const auto row_of = [&](int64_t key) {
    const int64_t position = first + key, slot = position % from.slots;
    const auto* const values = from.values + from.table[position / from.slots] * from.value_stride;
    return SparseRow<T>{values + slot / terms * dims * terms + slot % terms, terms};
  };
  give_back_unclean(weights, rows, count, dim, row_of, out);
}

}  // namespace hone::HONE_ISA

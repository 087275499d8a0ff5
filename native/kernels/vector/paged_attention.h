// Few queries over a block of pages, in registers: keys and values are read where they lie.
#pragma once

#include "attention_block.h"
#include "coded_pages.h"

namespace hone::HONE_ISA {

/// Vectors of one block of keys, and the most queries whose sums fit the registers beside each other.
inline constexpr int kBlockVectors = kKeyBlock / kWidth;
inline constexpr int kVectorsAtOnce = 4;
inline constexpr int kQueriesAtOnce = kWidth == 16 ? 4 : 2;

/// The pages of one block of keys, in the elements of a product or in codes.
template <class Source>
struct BlockPages {
  const Source* keys[kKeyBlock / kPageSlots];
  const Source* values[kKeyBlock / kPageSlots];
  int64_t slots;
  int64_t value_dims;
};

template <class Source, class T>
inline BlockPages<Source> block_pages(const ContextPages<T>& pages, int64_t start, int64_t count, int64_t dim) {
  BlockPages<Source> block{{}, {}, pages.slots, round_up(dim, PageShape::kDims)};
  for (int64_t done = 0, i = 0; done < count; done += pages.slots, i++) {
    const int64_t page = pages.table[start / pages.slots + i];
    block.keys[i] = reinterpret_cast<const Source*>(pages.keys + page * pages.key_stride);
    block.values[i] = reinterpret_cast<const Source*>(pages.values + page * pages.value_stride);
  }

  return block;
}

/// Whether a value among the first `count` positions of a block is not finite.
template <class E>
inline bool holds_unclean_values(const BlockPages<E>& block, int64_t count) {
  bool unclean = false;
  for (int64_t done = 0, page = 0; done < count; done += block.slots, page++) {
    const int64_t steps = (smaller(block.slots, count - done) + kTerms<E> - 1) / kTerms<E>;
    unclean |= holds_unclean(block.values[page], steps * block.value_dims);
  }

  return unclean;
}

/// Step k of rows that are `stride` apart, as a product takes it.
template <class E>
inline auto load_step(const E* rows, int64_t k, int64_t stride) {
  return load_element(rows + k * stride);
}

/// The same of codes, which are numbers without a scale: exact in bfloat16 too.
template <class E>
inline auto load_step(const int8_t* rows, int64_t k, int64_t stride) {
  if constexpr (kTerms<E> == 1) {
    return load_codes(rows + k * stride);
  } else {
    const int8_t* const at = rows + 2 * k * stride;
    const Words first = bit_cast<Words>(load_codes(at)) >> 16, second = bit_cast<Words>(load_codes(at + stride));
    const Words pairs = first | second;
    return load_element(reinterpret_cast<const E*>(&pairs));
  }
}

/// Asks for the keys or the values of a block, so many elements a page, before they are needed.
template <class E>
inline void prefetch_pages(const E* const* pages, int64_t count, int64_t slots, int64_t elements) {
  for (int64_t page = 0; page * slots < count; page++) {
    for (int64_t i = 0; i < elements; i += 64 / sizeof(E)) {
      __builtin_prefetch(pages[page] + i, 0, 2);
    }
  }
}

// The sums run over the steps in order, as those of every other product.
template <int Queries, int Vectors, class E, class Source>
inline void score_vectors(Left<E> queries, const Source* const* keys, int64_t slots, int64_t steps, float* scores) {
  Floats sum[Queries][Vectors] = {};
  for (int64_t k = 0; k < steps; k++) {
    decltype(load_step<E>(keys[0], k, slots)) right[Vectors];
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; v++) {
      right[v] = load_step<E>(keys[v], k, slots);
    }

#pragma GCC unroll 4
    for (int q = 0; q < Queries; q++) {
      const E left = queries.data[q * queries.row_stride + k];
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; v++) {
        sum[q][v] = multiply_add(left, right[v], sum[q][v]);
      }
    }
  }

#pragma GCC unroll 4
  for (int q = 0; q < Queries; q++) {
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; v++) {
      store(scores + q * kKeyBlock + v * kWidth, sum[q][v]);
    }
  }
}

template <int Queries, class E, class Source>
inline void score_some(Left<E> queries, const BlockPages<Source>& block, int64_t count, int64_t steps, float* scores) {
  const Source* keys[kBlockVectors];
  const int64_t vectors = (count + kWidth - 1) / kWidth;
  for (int64_t v = 0; v < vectors; v++) {
    keys[v] = block.keys[v * kWidth / block.slots] + v * kWidth % block.slots;
  }

  for (int64_t v = 0; v < vectors; v += kVectorsAtOnce) {
    float* const to = scores + v * kWidth;
    switch (vectors - v) {
      case 1:
        score_vectors<Queries, 1>(queries, keys + v, block.slots, steps, to);
        break;
      case 2:
        score_vectors<Queries, 2>(queries, keys + v, block.slots, steps, to);
        break;
      case 3:
        score_vectors<Queries, 3>(queries, keys + v, block.slots, steps, to);
        break;
      default:
        score_vectors<Queries, kVectorsAtOnce>(queries, keys + v, block.slots, steps, to);
        break;
    }
  }
}

template <int Queries, int Vectors, class E, class Source>
inline void value_vectors(Left<E> weights, const BlockPages<Source>& block, int64_t first, int64_t count, float* out,
                          int64_t out_stride) {
  Floats sum[Queries][Vectors];
#pragma GCC unroll 4
  for (int q = 0; q < Queries; q++) {
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; v++) {
      sum[q][v] = load(out + q * out_stride + v * kWidth);
    }
  }

  const int64_t page_steps = block.slots / kTerms<E>, steps = (count + kTerms<E> - 1) / kTerms<E>;
  for (int64_t page = 0; page * page_steps < steps; page++) {
    const int64_t before = page * page_steps, end = smaller(before + page_steps, steps);
    for (int64_t k = before; k < end; k++) {
#pragma GCC unroll 4
      for (int v = 0; v < Vectors; v++) {
        const auto right = load_step<E>(block.values[page] + first + v * kWidth, k - before, block.value_dims);
#pragma GCC unroll 4
        for (int q = 0; q < Queries; q++) {
          sum[q][v] = multiply_add(weights.data[q * weights.row_stride + k], right, sum[q][v]);
        }
      }
    }
  }

#pragma GCC unroll 4
  for (int q = 0; q < Queries; q++) {
#pragma GCC unroll 4
    for (int v = 0; v < Vectors; v++) {
      store(out + q * out_stride + v * kWidth, sum[q][v]);
    }
  }
}

template <int Queries, class E, class Source>
inline void value_some(Left<E> weights, const BlockPages<Source>& block, int64_t count, float* out, int64_t dims) {
  int64_t d = 0;
  for (; d + kVectorsAtOnce * kWidth <= dims; d += kVectorsAtOnce * kWidth) {
    value_vectors<Queries, kVectorsAtOnce>(weights, block, d, count, out + d, dims);
  }

  for (; d < dims; d += kWidth) {
    value_vectors<Queries, 1>(weights, block, d, count, out + d, dims);
  }
}

/// Calls body(first, number) for groups of at most kQueriesAtOnce queries, the number as a constant.
template <int Number>
struct Constant {
  static constexpr int value = Number;
};

template <class Body>
inline void for_queries(int64_t queries, const Body& body) {
  int64_t first = 0;
  for (; first + kQueriesAtOnce <= queries; first += kQueriesAtOnce) {
    body(first, Constant<kQueriesAtOnce>{});
  }

  switch (queries - first) {
    case 1:
      return body(first, Constant<1>{});
    case 2:
      return body(first, Constant<2>{});
    case 3:
      return body(first, Constant<3>{});
    default:
      return;
  }
}

/// scores [query, kKeyBlock] = queries · keysᵀ for the first `count` keys of a block and what fills up their vectors.
template <class E, class Source>
inline void score_block(Left<E> queries, int64_t used, const BlockPages<Source>& block, int64_t count, int64_t steps,
                        float* scores) {
  for_queries(used, [&](int64_t first, auto number) {
    score_some<decltype(number)::value>(Left<E>{queries.data + first * queries.row_stride, queries.row_stride, 1},
                                        block, count, steps, scores + first * kKeyBlock);
  });
}

/// out [query, dims] += weights · values of the first `count` positions of a block.
template <class E, class Source>
inline void add_block(Left<E> weights, int64_t used, const BlockPages<Source>& block, int64_t count, float* out,
                      int64_t dims) {
  for_queries(used, [&](int64_t first, auto number) {
    value_some<decltype(number)::value>(Left<E>{weights.data + first * weights.row_stride, weights.row_stride, 1},
                                        block, count, out + first * dims, dims);
  });
}

// ---- codes as tiles of elements, for many queries

/// `steps` steps of rows that are `stride` apart into [step][to_stride]; columns a multiple of the width.
template <class E>
inline void copy_steps(E* to, int64_t to_stride, const int8_t* rows, int64_t stride, int64_t steps, int64_t columns) {
  for (int64_t k = 0; k < steps; k++) {
    for (int64_t i = 0; i < columns; i += kWidth) {
      const auto element = load_step<E>(rows + i, k, stride);
      __builtin_memcpy(to + k * to_stride + i, &element, sizeof element);
    }
  }
}

/// Keys of a block of codes into [step][kKeyBlock].
template <class E>
inline void copy_key_codes(E* to, const BlockPages<int8_t>& block, int64_t count, int64_t steps) {
  for (int64_t done = 0, i = 0; done < count; done += block.slots, i++) {
    copy_steps(to + done, kKeyBlock, block.keys[i], block.slots, steps, block.slots);
  }
}

/// Values of the same positions into [step][dims].
template <class E>
inline void copy_value_codes(E* to, const BlockPages<int8_t>& block, int64_t count, int64_t dims) {
  for (int64_t done = 0, i = 0; done < count; done += block.slots, i++) {
    const int64_t steps = (smaller(block.slots, count - done) + kTerms<E> - 1) / kTerms<E>;
    copy_steps(to + done / kTerms<E> * dims, dims, block.values[i], block.value_dims, steps, dims);
  }
}

}  // namespace hone::HONE_ISA

// Small matrix products in registers, and the layouts they read.
#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

/// Two neighbours along the summed dimension, as bfloat16: what one lane of the processor's own product takes.
struct Pair {
  uint32_t bits;
};

/// How many terms of the sum one element holds.
template <class E>
inline constexpr int kTerms = sizeof(E) / sizeof(float);
template <>
inline constexpr int kTerms<Pair> = 2;

inline Floats multiply_add(float a, Floats b, Floats c) { return multiply_add(splat(a), b, c); }

inline Floats load_element(const float* from) { return load(from); }

#if defined(__AVX512BF16__)
inline __m512bh load_element(const Pair* from) {
  __m512bh x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}

inline Floats multiply_add(Pair a, __m512bh b, Floats c) {
  return _mm512_dpbf16_ps(c, bit_cast<__m512bh>(_mm512_set1_epi32(static_cast<int>(a.bits))), b);
}
#endif

/// Whether a product starts from zero or goes on from what is there.
enum class Start {
  FromZero,
  FromHere,
};

/// The left operand: element (row, step) is at data + row · row_stride + step · step_stride.
template <class E>
struct Left {
  const E* data;
  int64_t row_stride;
  int64_t step_stride;
};

/// The right operand and the result: rows of lanes.
template <class E>
struct Lanes {
  E* data;
  int64_t stride;
};

// One tile of Rows × Vectors sums, kept in registers over all steps. The sum runs over the steps in order, whatever
// the tile: a result does not depend on the shape of the product around it.
template <int Rows, int Vectors, class E>
inline void tile(Left<E> a, Lanes<const E> b, int64_t steps, Lanes<float> c, Start start) {
  Floats sum[Rows][Vectors];
#pragma GCC unroll 8
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; v++) {
      sum[r][v] = start == Start::FromZero ? Floats{} : load(c.data + r * c.stride + v * kWidth);
    }
  }

  for (int64_t k = 0; k < steps; k++) {
    const E* row = b.data + k * b.stride;
    decltype(load_element(row)) right[Vectors];
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; v++) {
      right[v] = load_element(row + v * kWidth);
    }

#pragma GCC unroll 8
    for (int r = 0; r < Rows; r++) {
      const E left = a.data[r * a.row_stride + k * a.step_stride];
#pragma GCC unroll 8
      for (int v = 0; v < Vectors; v++) {
        sum[r][v] = multiply_add(left, right[v], sum[r][v]);
      }
    }
  }

#pragma GCC unroll 8
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; v++) {
      store(c.data + r * c.stride + v * kWidth, sum[r][v]);
    }
  }
}

/// Registers: 6 × 4 sums of 32 with AVX-512, 6 × 2 of 16 without.
inline constexpr int kTileRows = 6;
inline constexpr int kTileVectors = kWidth == 16 ? 4 : 2;

template <int Vectors, class E>
inline void column_of_tiles(Left<E> a, Lanes<const E> b, int64_t rows, int64_t steps, Lanes<float> c, Start start) {
  for (; rows >= kTileRows; rows -= kTileRows) {
    tile<kTileRows, Vectors>(a, b, steps, c, start);
    a.data += kTileRows * a.row_stride;
    c.data += kTileRows * c.stride;
  }

  switch (rows) {
    case 1:
      return tile<1, Vectors>(a, b, steps, c, start);
    case 2:
      return tile<2, Vectors>(a, b, steps, c, start);
    case 3:
      return tile<3, Vectors>(a, b, steps, c, start);
    case 4:
      return tile<4, Vectors>(a, b, steps, c, start);
    case 5:
      return tile<5, Vectors>(a, b, steps, c, start);
    default:
      return;
  }
}

/// c [rows, columns] = or += a [rows, steps] · b [steps, columns]; columns a multiple of kWidth.
template <class E>
void product(Left<E> a, Lanes<const E> b, int64_t rows, int64_t columns, int64_t steps, Lanes<float> c, Start start) {
  int64_t vectors = columns / kWidth;
  for (; vectors >= kTileVectors; vectors -= kTileVectors) {
    column_of_tiles<kTileVectors>(a, b, rows, steps, c, start);
    b.data += kTileVectors * kWidth;
    c.data += kTileVectors * kWidth;
  }

  for (; vectors > 0; vectors--) {
    column_of_tiles<1>(a, b, rows, steps, c, start);
    b.data += kWidth;
    c.data += kWidth;
  }
}

// ---- layouts. "Rows" hold the summed dimension along a row (two of it in a Pair), "steps" across the rows.

/// One row of n numbers into round_up(n, kWidth · terms) / terms elements, zeros after them.
template <class T>
inline void copy_row(float* to, const T* from, int64_t n) {
  for_each_vector(n, [&](int64_t i, auto lanes) { store(to + i, load(from + i, lanes)); });
}

template <class T>
inline void copy_row(Pair* to, const T* from, int64_t n) {
  char* const halves = reinterpret_cast<char*>(to);
  const auto put = [&](int64_t i, Halves bits) { __builtin_memcpy(halves + 2 * i, &bits, sizeof bits); };
  for_each_vector(n, [&](int64_t i, auto lanes) { put(i, load_halves(from + i, lanes)); });
  if (const int64_t written = round_up(n, kWidth); written % (2 * kWidth) != 0) {
    put(written, Halves{});
  }
}

/// One step (of as many rows as an element has terms; null: zeros) over n columns, zeros up to a whole vector.
template <class T>
inline void copy_step(float* to, const T* row, const T*, int64_t n) {
  for_each_vector(n, [&](int64_t i, auto lanes) { store(to + i, row == nullptr ? Floats{} : load(row + i, lanes)); });
}

template <class T>
inline void copy_step(Pair* to, const T* row, const T* next, int64_t n) {
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Halves low = row == nullptr ? Halves{} : load_halves(row + i, lanes);
    const Halves high = next == nullptr ? Halves{} : load_halves(next + i, lanes);
    const Words both = __builtin_convertvector(low, Words) | (__builtin_convertvector(high, Words) << 16);
    __builtin_memcpy(to + i, &both, sizeof both);
  });
}

// ---- transposing, sixteen by sixteen words (or the width there is): log₂ steps of interleaving row i with row i +
// half

template <int... I>
struct Indices {};

template <int N, int... I>
struct CountTo : CountTo<N - 1, N - 1, I...> {};

template <int... I>
struct CountTo<0, I...> {
  using type = Indices<I...>;
};

template <int... I>
inline void interleave(Words a, Words b, Words& low, Words& high, Indices<I...>) {
  low = __builtin_shufflevector(a, b, (I / 2 + (I % 2) * kWidth)...);
  high = __builtin_shufflevector(a, b, (kWidth / 2 + I / 2 + (I % 2) * kWidth)...);
}

inline void transpose_square(const uint32_t* from, int64_t from_stride, uint32_t* to, int64_t to_stride) {
  Words rows[kWidth], mixed[kWidth];
#pragma GCC unroll 16
  for (int i = 0; i < kWidth; i++) {
    __builtin_memcpy(&rows[i], from + i * from_stride, sizeof rows[i]);
  }

#pragma GCC unroll 4
  for (int step = 1; step < kWidth; step *= 2) {
#pragma GCC unroll 8
    for (int i = 0; i < kWidth / 2; i++) {
      interleave(rows[i], rows[i + kWidth / 2], mixed[2 * i], mixed[2 * i + 1], typename CountTo<kWidth>::type{});
    }

#pragma GCC unroll 16
    for (int i = 0; i < kWidth; i++) {
      rows[i] = mixed[i];
    }
  }

#pragma GCC unroll 16
  for (int i = 0; i < kWidth; i++) {
    __builtin_memcpy(to + i * to_stride, &rows[i], sizeof rows[i]);
  }
}

/// to [columns, rows] = from [rows, columns] transposed, in words of 32 bits; both counts multiples of kWidth.
template <class E>
inline void transpose(Lanes<const E> from, int64_t rows, int64_t columns, Lanes<E> to) {
  for (int64_t i = 0; i < rows; i += kWidth) {
    for (int64_t j = 0; j < columns; j += kWidth) {
      transpose_square(reinterpret_cast<const uint32_t*>(from.data + i * from.stride + j), from.stride,
                       reinterpret_cast<uint32_t*>(to.data + j * to.stride + i), to.stride);
    }
  }
}

}  // namespace hone::HONE_ISA

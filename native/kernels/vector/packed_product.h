// Products with packed weights (../packed.h): a tile of rows × a panel's outputs stays in registers over all inputs.
#pragma once

#include "../packed.h"
#include "product.h"

namespace hone::HONE_ISA {

/// Weights of type T as products read them: floats, or pairs of bfloat16.
template <class T>
struct PackedOf {
  using type = float;
};

template <>
struct PackedOf<bfloat> {
  using type = Pair;
};

template <class T>
using Packed = typename PackedOf<T>::type;

/// Vectors of outputs that a tile is wide: a whole panel with AVX-512, less where registers are fewer.
inline constexpr int kPanelVectors = 2;
inline constexpr int kPanelParts = kPanel / kWidth / kPanelVectors;

/// Rows of a tile, at most.
inline constexpr int kPackedRows = kWidth == 16 ? 14 : 5;

/// The bytes that are asked for ahead of the ones in use.
inline constexpr int64_t kAhead = 1024;

/// Asks for a line of so many bytes, where a tile has many rows. A few rows go through weights as fast as memory gives
/// them, in one stream, which the processor reads ahead by itself: being asked as well, it is slower. With many it
/// dwells on each line and would not look far enough.
template <int Rows, int64_t Bytes>
inline void ask_ahead([[maybe_unused]] const void* from) {
  if constexpr (Rows > 4 || kWidth < 16) {
#pragma GCC unroll 4
    for (int64_t at = 0; at < Bytes; at += 64) {
      __builtin_prefetch(static_cast<const char*>(from) + at, 0, 3);
    }
  }
}

template <int Rows>
inline void store_tile(const Floats (&sum)[Rows][kPanelVectors], float* out, int64_t out_stride) {
#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < kPanelVectors; v++) {
      store(out + r * out_stride + v * kWidth, sum[r][v]);
    }
  }
}

// ---- one step: the sums of a tile grow by one input (of a pair: two)

template <int Rows, int Vectors>
inline void accumulate(const float* const* x, int64_t k, const float* weights, Floats (&sum)[Rows][Vectors]) {
  Floats w[Vectors];
#pragma GCC unroll 8
  for (int v = 0; v < Vectors; v++) {
    w[v] = load(weights + v * kWidth);
  }

#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
    const Floats left = splat(x[r][k]);
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; v++) {
      sum[r][v] = multiply_add(left, w[v], sum[r][v]);
    }
  }
}

#if defined(__AVX512BF16__)
template <int Rows, int Vectors>
inline void accumulate(const Pair* const* x, int64_t k, const Pair* weights, Floats (&sum)[Rows][Vectors]) {
  __m512bh w[Vectors];
#pragma GCC unroll 8
  for (int v = 0; v < Vectors; v++) {
    w[v] = load_element(weights + v * kWidth);
  }

#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; v++) {
      sum[r][v] = multiply_add(x[r][k], w[v], sum[r][v]);
    }
  }
}
#else
// The first number of a pair is the lower half of its word.
inline float first_of(Pair pair) { return bit_cast<float>(pair.bits << 16); }
inline float second_of(Pair pair) { return bit_cast<float>(pair.bits & 0xffff0000u); }

template <int Rows, int Vectors>
inline void accumulate(const Pair* const* x, int64_t k, const Pair* weights, Floats (&sum)[Rows][Vectors]) {
  Floats first[Vectors], second[Vectors];
#pragma GCC unroll 8
  for (int v = 0; v < Vectors; v++) {
    Words both;
    __builtin_memcpy(&both, weights + v * kWidth, sizeof both);
    first[v] = bit_cast<Floats>(both << 16);
    second[v] = bit_cast<Floats>(both & 0xffff0000u);
  }

#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
    const Floats left = splat(first_of(x[r][k])), right = splat(second_of(x[r][k]));
#pragma GCC unroll 8
    for (int v = 0; v < Vectors; v++) {
      sum[r][v] = multiply_add(right, second[v], multiply_add(left, first[v], sum[r][v]));
    }
  }
}
#endif

/// out [Rows, kPanelVectors · kWidth] = x · a part of a panel. The sum runs over the inputs in order, whatever the
/// tile: a result does not depend on the rows beside it.
template <int Rows, class E>
inline void packed_tile(const E* x, int64_t x_stride, const E* weights, int64_t steps, float* out, int64_t out_stride) {
  const E* rows[Rows];
#pragma GCC unroll 16
  for (int r = 0; r < Rows; r++) {
    rows[r] = x + r * x_stride;
  }

  Floats sum[Rows][kPanelVectors] = {};
  for (int64_t k = 0; k < steps; k++, weights += kPanel) {
    ask_ahead<Rows, sizeof(E) * kPanelVectors * kWidth>(reinterpret_cast<const char*>(weights) + kAhead);
    accumulate<Rows, kPanelVectors>(rows, k, weights, sum);
  }

  store_tile(sum, out, out_stride);
}

/// One tile of `rows` rows over `panels` panels, part by part.
template <int Rows, class E>
inline void packed_rows(const E* x, int64_t x_stride, const E* weights, int64_t panel_stride, int64_t panels,
                        int64_t steps, float* out, int64_t out_stride) {
  for (int64_t part = 0; part < kPanelParts; part++) {
    const int64_t offset = part * kPanelVectors * kWidth;
    for (int64_t panel = 0; panel < panels; panel++) {
      packed_tile<Rows>(x, x_stride, weights + panel * panel_stride + offset, steps, out + panel * kPanel + offset,
                        out_stride);
    }
  }
}

template <class E, int Rows = kPackedRows>
inline void packed_rows_of(int64_t rows, const E* x, int64_t x_stride, const E* weights, int64_t panel_stride,
                           int64_t panels, int64_t steps, float* out, int64_t out_stride) {
  if (rows == Rows) {
    return packed_rows<Rows>(x, x_stride, weights, panel_stride, panels, steps, out, out_stride);
  }

  if constexpr (Rows > 1) {
    packed_rows_of<E, Rows - 1>(rows, x, x_stride, weights, panel_stride, panels, steps, out, out_stride);
  }
}

/// out [rows, panels · 32] = x · weightsᵀ over panels that follow each other. x: rows of `stride` numbers, with zeros
/// up to a whole pair.
template <class T>
void packed_product(const T* x, int64_t x_stride, const void* weights, int64_t rows, int64_t panels, int64_t inputs,
                    float* out, int64_t out_stride) {
  using E = Packed<T>;
  constexpr int64_t terms = kTerms<E>;
  const int64_t steps = (inputs + terms - 1) / terms;
  const int64_t panel_stride = round_up(inputs, kPanelInputs) / terms * kPanel;
  // Passes of equal size: 32 rows are 11 + 11 + 10, not 14 + 14 + 4.
  const int64_t passes = (rows + kPackedRows - 1) / kPackedRows;
  int64_t row = 0;
  for (int64_t pass = 0; pass < passes; pass++) {
    const int64_t count = (rows - row + passes - pass - 1) / (passes - pass);
    packed_rows_of<E>(count, reinterpret_cast<const E*>(x + row * x_stride), x_stride / terms,
                      static_cast<const E*>(weights), panel_stride, panels, steps, out + row * out_stride, out_stride);
    row += count;
  }
}

}  // namespace hone::HONE_ISA

// Keys and values in pages of 8 bits (../pages.h).
#pragma once

#include "../kernels.h"
#include "rounding.h"

namespace hone::HONE_ISA {

/// Calls put(i, codes, lanes) with a row's codes; gives their scale, max |x| / 127.
template <class T, class Put>
inline float code_vector(const T* x, int64_t n, const Put& put) {
  const float scale = magnitude_of(x, n) / 127.0f;
  round_all(x, n, 0.0f, inverse_or_zero(scale), -127, 127, put);
  return scale;
}

template <class T>
void store_codes(int8_t* key_page, int8_t* value_page, const PageShape& shape, int64_t slot, const T* key,
                 const T* value) {
  const int64_t slots = shape.slots, dims = shape.value_dims();
  const float key_scale = code_vector(key, shape.dim, [&](int64_t d, Ints codes, auto lanes) {
    for (int64_t i = 0; i < smaller(int64_t{kWidth}, shape.dim - d); i++) {
      key_page[(d + i) * slots + slot] = static_cast<int8_t>(codes[i]);
    }

    (void)lanes;
  });
  int8_t* const to = value_page + slot * dims;
  const float value_scale = code_vector(
      value, shape.dim, [&](int64_t d, Ints codes, auto lanes) { store_bytes(to + d, codes, lanes); });
  __builtin_memcpy(key_page + shape.dim * slots + slot * kScaleBytes, &key_scale, sizeof key_scale);
  __builtin_memcpy(value_page + slots * dims + slot * kScaleBytes, &value_scale, sizeof value_scale);
}

inline Floats load_codes(const int8_t* from) {
  Bytes bytes;
  __builtin_memcpy(&bytes, from, sizeof bytes);
  return __builtin_convertvector(__builtin_convertvector(bytes, Ints), Floats);
}

/// Scales of `count` positions from the first of some pages on, zeros up to kKeyBlock. `behind`: bytes of codes in a
/// page.
inline void copy_scales(float* to, const int8_t* pages, int64_t page_stride, const int32_t* table, int64_t slots,
                        int64_t behind, int64_t count) {
  for (int64_t done = 0; done < count; done += slots, table++) {
    __builtin_memcpy(to + done, pages + *table * page_stride + behind, smaller(slots, count - done) * kScaleBytes);
  }

  for (int64_t i = count; i < kKeyBlock; i++) {
    to[i] = 0;
  }
}

/// x · scale; what is 0 stays 0, so that a weight of 0 keeps scales away that are not finite.
inline Floats scaled(Floats x, Floats scale) { return x == 0.0f ? Floats{} : x * scale; }

/// rows [row, columns] *= one scale for each row.
inline void scale_rows(float* rows, int64_t count, int64_t columns, const float* scales) {
  for (int64_t row = 0; row < count; row++) {
    for (int64_t i = 0; i < columns; i += kWidth) {
      store(rows + row * columns + i, scaled(load(rows + row * columns + i), splat(scales[row])));
    }
  }
}

/// rows [row, columns] *= one scale for each column.
inline void scale_columns(float* rows, int64_t count, int64_t columns, const float* scales) {
  for (int64_t row = 0; row < count; row++) {
    for (int64_t i = 0; i < columns; i += kWidth) {
      store(rows + row * columns + i, scaled(load(rows + row * columns + i), load(scales + i)));
    }
  }
}

}  // namespace hone::HONE_ISA

// Keys and values in pages (../pages.h): written position by position, read block by block.
#pragma once

#include "../kernels.h"
#include "product.h"

namespace hone::HONE_ISA {

inline void store_key(float* page, int64_t slots, int64_t slot, const float* key, int64_t dim) {
  for (int64_t d = 0; d < dim; d++) {
    page[d * slots + slot] = key[d];
  }
}

inline void store_key(bfloat* page, int64_t slots, int64_t slot, const bfloat* key, int64_t dim) {
  uint32_t* const words = reinterpret_cast<uint32_t*>(page);
  for (int64_t d = 0; d < dim; d += 2) {
    const uint32_t second = d + 1 < dim ? key[d + 1].bits : 0;
    words[d / 2 * slots + slot] = key[d].bits | second << 16;
  }
}

inline void store_value(float* page, int64_t slot, int64_t dims, const float* value, int64_t dim) {
  copy_row(page + slot * dims, value, dim);
}

// The first of a pair clears the second: what a page held before must not meet a weight of zero as a NaN.
inline void store_value(bfloat* page, int64_t slot, int64_t dims, const bfloat* value, int64_t dim) {
  uint32_t* const words = reinterpret_cast<uint32_t*>(page) + slot / 2 * dims;
  for_each_vector(dim, [&](int64_t d, auto lanes) {
    Words both = __builtin_convertvector(load_halves(value + d, lanes), Words);
    if (slot % 2 == 1) {
      Words first;
      __builtin_memcpy(&first, words + d, sizeof first);
      both = (first & 0xffffu) | (both << 16);
    }

    __builtin_memcpy(words + d, &both, sizeof both);
  });
}

template <class T>
void store_slot(T* key_page, T* value_page, const PageShape& shape, int64_t slot, const T* key, const T* value) {
  store_key(key_page, shape.slots, slot, key, shape.dim);
  store_value(value_page, slot, shape.value_dims(), value, shape.dim);
}

// ---- a block of positions as the elements that a product runs on

/// Whether pages of T hold elements E as they are.
template <class T, class E>
inline constexpr bool kInPlace = sizeof(T) * kTerms<E> == sizeof(E) && (kTerms<E> == 2 || sizeof(T) == sizeof(float));

/// `rows` rows of `columns` elements, columns a multiple of the width.
inline void copy_rows(const void* from, int64_t from_stride, int64_t rows, int64_t columns, void* to,
                      int64_t to_stride) {
  for (int64_t row = 0; row < rows; row++) {
    __builtin_memcpy(static_cast<uint32_t*>(to) + row * to_stride,
                     static_cast<const uint32_t*>(from) + row * from_stride, columns * sizeof(uint32_t));
  }
}

/// The same, each row of pairs as two rows of floats.
inline void widen_rows(const void* from, int64_t from_stride, int64_t rows, int64_t columns, float* to,
                       int64_t to_stride) {
  for (int64_t row = 0; row < rows; row++) {
    const uint32_t* const pairs = static_cast<const uint32_t*>(from) + row * from_stride;
    float* const first = to + 2 * row * to_stride;
    for (int64_t i = 0; i < columns; i += kWidth) {
      Words both;
      __builtin_memcpy(&both, pairs + i, sizeof both);
      store(first + i, bit_cast<Floats>(both << 16));
      store(first + to_stride + i, bit_cast<Floats>(both & 0xffff0000u));
    }
  }
}

/// Keys of the pages from number `page` of the context on, `count` positions, into [step][stride].
template <class E, class T>
inline void copy_key_pages(E* to, int64_t stride, const ContextPages<T>& from, int64_t page, int64_t count,
                           int64_t dim) {
  const PageShape shape{from.slots, dim, static_cast<int64_t>(sizeof(float) / sizeof(T))};
  for (int64_t done = 0; done < count; done += from.slots, page++) {
    const T* const keys = from.keys + from.table[page] * from.key_stride;
    if constexpr (kInPlace<T, E>) {
      copy_rows(keys, from.slots, shape.key_steps(), from.slots, to + done, stride);
    } else {
      widen_rows(keys, from.slots, shape.key_steps(), from.slots, to + done, stride);
    }
  }
}

/// Values of the same positions into [step][stride]; stride is dim in whole vectors.
template <class E, class T>
inline void copy_value_pages(E* to, int64_t stride, const ContextPages<T>& from, int64_t page, int64_t count,
                             int64_t dim) {
  const PageShape shape{from.slots, dim, static_cast<int64_t>(sizeof(float) / sizeof(T))};
  for (int64_t done = 0; done < count; done += from.slots, page++) {
    const int64_t rows = (smaller(from.slots, count - done) + shape.terms - 1) / shape.terms;
    const T* const values = from.values + from.table[page] * from.value_stride;
    if constexpr (kInPlace<T, E>) {
      copy_rows(values, shape.value_dims(), rows, stride, to + done / kTerms<E> * stride, stride);
    } else {
      widen_rows(values, shape.value_dims(), rows, stride, to + done * stride, stride);
    }
  }
}

}  // namespace hone::HONE_ISA

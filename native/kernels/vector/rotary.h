#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

// By halves: (a, b) -> (a·cos - b·sin, b·cos + a·sin), a the first half of the rotated part, b the second.
template <class T>
void rotary(const T* x, int64_t head_stride, T* y, int64_t heads, int64_t dim, const float* cos, const float* sin,
            int64_t half, float sign) {
  for (int64_t head = 0; head < heads; head++, x += head_stride, y += dim) {
    for_each_vector(half, [&](int64_t i, auto lanes) {
      const Floats a = load(x + i, lanes), b = load(x + half + i, lanes);
      const Floats c = load(cos + i, lanes), s = load(sin + i, lanes) * sign;
      store(y + i, a * c - b * s, lanes);
      store(y + half + i, b * c + a * s, lanes);
    });
    for (int64_t i = 2 * half; i < dim; i++) {
      y[i] = x[i];
    }
  }
}

}  // namespace hone::HONE_ISA

#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

template <class T>
void accumulate(float* sum, const T* x, int64_t n) {
  for_each_vector(n, [&](int64_t i, auto lanes) { store(sum + i, load(sum + i, lanes) + load(x + i, lanes), lanes); });
}

}  // namespace hone::HONE_ISA

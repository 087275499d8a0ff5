#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

inline Floats square_root(Floats x) {
#if defined(__AVX512F__)
  return _mm512_sqrt_ps(x);
#elif defined(__AVX2__)
  return _mm256_sqrt_ps(x);
#else
  for (int i = 0; i < kWidth; i++) {
    x[i] = __builtin_sqrtf(x[i]);
  }

  return x;
#endif
}

// m = β₁m + (1 - β₁)g,  v = β₂v + (1 - β₂)g²,  p = p(1 - lr·λ) - lr/(1 - β₁ᵗ) · m / (√v / √(1 - β₂ᵗ) + ε)
template <class T>
void adamw(float* parameter, const T* gradient, float* first, float* second, bfloat* shadow, int64_t n,
           const AdamWStep& step) {
  const float fresh1 = 1.0f - step.beta1, fresh2 = 1.0f - step.beta2;
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats g = load(gradient + i, lanes) * step.gradient_scale;
    const Floats m = load(first + i, lanes) * step.beta1 + g * fresh1;
    const Floats v = load(second + i, lanes) * step.beta2 + g * g * fresh2;
    store(first + i, m, lanes);
    store(second + i, v, lanes);

    const Floats root = square_root(v) / step.root_correction + step.epsilon;
    const Floats p = load(parameter + i, lanes) * step.keep - step.step_size * (m / root);
    store(parameter + i, p, lanes);
    if (shadow != nullptr) {
      store(shadow + i, p, lanes);
    }
  });
}

// In double from the first addition: the norm of a gradient of a billion numbers is one number that all else hangs on.
template <class T>
double sum_of_squares(const T* x, int64_t n) {
  // Half a vector of floats becomes a register of doubles; a wider one GCC takes apart, number by number.
  constexpr int half = kWidth / 2;
  typedef float HalfFloats __attribute__((vector_size(half * 4)));
  typedef double Doubles __attribute__((vector_size(half * 8)));
  Doubles sums[2] = {};
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats all = load(x + i, lanes);
    HalfFloats halves[2];
    __builtin_memcpy(halves, &all, sizeof halves);
#pragma GCC unroll 2
    for (int h = 0; h < 2; h++) {
      const Doubles numbers = __builtin_convertvector(halves[h], Doubles);
      sums[h] += numbers * numbers;
    }
  });

  double total = 0;
  for (int i = 0; i < kWidth; i++) {
    total += sums[i / half][i % half];
  }

  return total;
}

}  // namespace hone::HONE_ISA

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
  typedef double Doubles __attribute__((vector_size(kWidth * 8)));
  Doubles sum{};
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Doubles v = __builtin_convertvector(load(x + i, lanes), Doubles);
    sum += v * v;
  });

  double total = 0;
  for (int i = 0; i < kWidth; i++) {
    total += sum[i];
  }

  return total;
}

}  // namespace hone::HONE_ISA

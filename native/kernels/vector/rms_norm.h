#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

template <class T>
void rms_norm(const T* x, const float* weight, T* y, float* inverse, int64_t rows, int64_t hidden, float epsilon) {
  for (int64_t row = 0; row < rows; row++, x += hidden, y += hidden) {
    Floats squares{};
    for_each_vector(hidden, [&](int64_t i, auto lanes) {
      const Floats v = load(x + i, lanes);
      squares = multiply_add(v, v, squares);
    });

    const float scale = 1.0f / __builtin_sqrtf(sum_of(squares) / static_cast<float>(hidden) + epsilon);
    inverse[row] = scale;
    for_each_vector(hidden, [&](int64_t i, auto lanes) {
      store(y + i, load(x + i, lanes) * scale * load(weight + i, lanes), lanes);
    });
  }
}

// With n = x · r, r the inverse root:  dw = Σ dy · n,  dx = r · (dy · w - n · mean(dy · w · n)).
template <class T>
void rms_norm_backward(const T* y_gradient, const T* x, const float* weight, const float* inverse, T* x_gradient,
                       float* weight_gradient, int64_t rows, int64_t hidden) {
  for (int64_t row = 0; row < rows; row++, x += hidden, y_gradient += hidden, x_gradient += hidden) {
    const float scale = inverse[row];
    Floats products{};
    for_each_vector(hidden, [&](int64_t i, auto lanes) {
      const Floats normal = load(x + i, lanes) * scale;
      const Floats gradient = load(y_gradient + i, lanes);
      products = multiply_add(gradient * load(weight + i, lanes), normal, products);
      store(weight_gradient + i, multiply_add(gradient, normal, load(weight_gradient + i, lanes)), lanes);
    });

    const float mean = sum_of(products) / static_cast<float>(hidden);
    for_each_vector(hidden, [&](int64_t i, auto lanes) {
      const Floats normal = load(x + i, lanes) * scale;
      const Floats inner = load(y_gradient + i, lanes) * load(weight + i, lanes);
      store(x_gradient + i, (inner - normal * mean) * scale, lanes);
    });
  }
}

}  // namespace hone::HONE_ISA

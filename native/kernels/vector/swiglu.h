#pragma once

#include "math.h"

namespace hone::HONE_ISA {

// silu(gate) · up, silu(g) = g · σ(g).
template <class T>
void swiglu(const T* gate, const T* up, T* y, int64_t n) {
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats g = load(gate + i, lanes);
    store(y + i, g * sigmoid(g) * load(up + i, lanes), lanes);
  });
}

// silu'(g) = σ(g) · (1 + g · (1 - σ(g))).
template <class T>
void swiglu_backward(const T* y_gradient, const T* gate, const T* up, T* gate_gradient, T* up_gradient, int64_t n) {
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats g = load(gate + i, lanes), s = sigmoid(g), dy = load(y_gradient + i, lanes);
    store(gate_gradient + i, dy * load(up + i, lanes) * s * (1.0f + g * (1.0f - s)), lanes);
    store(up_gradient + i, dy * g * s, lanes);
  });
}

}  // namespace hone::HONE_ISA

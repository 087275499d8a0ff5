// What happens to rows between the products of a decoder's step. Numbers are rounded to T wherever the composition of
// operators rounds them, so that generation and training compute the same.
#pragma once

#include "../kernels.h"
#include "math.h"

namespace hone::HONE_ISA {

template <class T>
inline Floats rounded(Floats x) {
  if constexpr (sizeof(T) == sizeof(float)) {
    return x;
  } else {
    return widen(narrow(x));
  }
}

/// Embeddings of a token, scaled.
template <class T, class Source>
void embed(const Source* from, T* to, int64_t n, float scale) {
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats x = load(from + i, lanes);
    store(to + i, scale == 1 ? x : rounded<T>(x) * scale, lanes);
  });
}

template <class Lanes>
inline Floats with_bias(const float* sums, const float* bias, int64_t i, Lanes lanes) {
  const Floats sum = load(sums + i, lanes);
  return bias == nullptr ? sum : sum + load(bias + i, lanes);
}

/// sums = gain · (sums + bias) + added + offset.
template <class T>
void change(const ProductRows& sums, const SumChange& change) {
  for (int64_t row = 0; row < sums.rows; row++) {
    float* const at = sums.data + row * sums.stride;
    for_each_vector(sums.columns, [&](int64_t i, auto lanes) {
      Floats y = with_bias(at, change.bias, i, lanes);
      y = change.gain == nullptr ? y : rounded<T>(y) * load(change.gain + i, lanes);
      y = change.added == nullptr ? y : rounded<T>(y) + rounded<T>(load(change.added + row * kPanel + i, lanes));
      y = change.offset == nullptr ? y : rounded<T>(y) + load(change.offset + i, lanes);
      store(at + i, y, lanes);
    });
  }
}

/// x *= factors.
template <class T>
void scale(T* x, int64_t x_stride, int64_t rows, int64_t columns, const float* factors) {
  for (int64_t row = 0; row < rows; row++, x += x_stride) {
    for_each_vector(columns,
                    [&](int64_t i, auto lanes) { store(x + i, load(x + i, lanes) * load(factors + i, lanes), lanes); });
  }
}

/// out = sums + bias.
template <class T>
void finish(const ProductRows& sums, const float* bias, T* out, int64_t out_stride) {
  for (int64_t row = 0; row < sums.rows; row++, out += out_stride) {
    const float* const from = sums.data + row * sums.stride;
    for_each_vector(sums.columns,
                    [&](int64_t i, auto lanes) { store(out + i, with_bias(from, bias, i, lanes), lanes); });
  }
}

/// x += scale · (sums + bias).
template <class T>
void finish_residual(const ProductRows& sums, const float* bias, float scale, T* x, int64_t x_stride) {
  for (int64_t row = 0; row < sums.rows; row++, x += x_stride) {
    const float* const from = sums.data + row * sums.stride;
    for_each_vector(sums.columns, [&](int64_t i, auto lanes) {
      const Floats sum = rounded<T>(with_bias(from, bias, i, lanes));
      store(x + i, load(x + i, lanes) + (scale == 1 ? sum : rounded<T>(sum * scale)), lanes);
    });
  }
}

/// ½ x (1 + tanh(√(2/π) · (x + 0.044715 x³))), arXiv:1606.08415.
inline Floats gelu_by_tanh(Floats x) {
  const Floats inner = 0.7978845608f * (x + 0.044715f * x * x * x);
  return 0.5f * x * (1.0f + tanh(inner));
}

template <class T>
inline Floats gated(Floats gate, Floats up, Gate kind) {
  switch (kind) {
    case Gate::Silu:
      return gate * sigmoid(gate) * up;
    case Gate::GeluTanh:
      return rounded<T>(gelu_by_tanh(gate)) * up;
    default:
      return larger(gate, Floats{}) * up;
  }
}

/// out = act(gate) · up. Panels of gates and of what they gate take turns in the sums; columns counts one kind.
template <class T>
void finish_gate(const ProductRows& sums, const float* gate_bias, const float* up_bias, Gate kind, T* out,
                 int64_t out_stride) {
  for (int64_t row = 0; row < sums.rows; row++, out += out_stride) {
    const float* const from = sums.data + row * sums.stride;
    for (int64_t first = 0; first < sums.columns; first += kPanel) {
      const float* const gates = from + 2 * first;
      for_each_vector(smaller(kPanel, sums.columns - first), [&](int64_t i, auto lanes) {
        const Floats gate = rounded<T>(with_bias(gates, gate_bias == nullptr ? nullptr : gate_bias + first, i, lanes));
        const Floats up =
            rounded<T>(with_bias(gates + kPanel, up_bias == nullptr ? nullptr : up_bias + first, i, lanes));
        store(out + first + i, gated<T>(gate, up, kind), lanes);
      });
    }
  }
}

/// Logits: sums / divisor, then cap · tanh(· / cap) where there is a cap.
template <class T>
void finish_logits(const ProductRows& sums, float divisor, float cap, T* out, int64_t out_stride) {
  for (int64_t row = 0; row < sums.rows; row++, out += out_stride) {
    const float* const from = sums.data + row * sums.stride;
    for_each_vector(sums.columns, [&](int64_t i, auto lanes) {
      Floats z = load(from + i, lanes);
      z = divisor == 1 ? z : rounded<T>(z) / divisor;
      z = cap == 0 ? z : rounded<T>(tanh(rounded<T>(rounded<T>(z) / cap))) * cap;
      store(out + i, z, lanes);
    });
  }
}

}  // namespace hone::HONE_ISA

#pragma once

#include "../kernels.h"
#include "math.h"

namespace hone::HONE_ISA {

/// cap · tanh(z / cap), or z when there is no cap.
inline Floats capped(Floats z, float softcap) { return softcap == 0 ? z : softcap * tanh(z / softcap); }

template <class Lanes, class T>
inline Floats scaled(const T* products, int64_t i, const LogitTransform& transform, Lanes lanes) {
  Floats z = load(products + i, lanes);
  if (transform.bias != nullptr) {
    z += load(transform.bias + i, lanes);
  }

  return z * transform.scale;
}

// The largest logit is left out of the sums and its 1 added by log1p, so that the entropy of a certain
// prediction keeps its digits: H = log S - Σ e^d · d / S with d = z - max z, S = 1 + Σ' e^d.
template <class T>
LogitRow logit_row(const T* products, int64_t vocab, int64_t target, const LogitTransform& transform, float* z) {
  const float inverse_temperature = 1.0f / transform.temperature;
  Floats sum{}, largest = splat(-kInfinity);
  for_each_vector(vocab, [&](int64_t i, auto lanes) {
    const Floats logit = capped(scaled(products, i, transform, lanes), transform.softcap) * inverse_temperature;
    store(z + i, logit, lanes);
    sum += select(lanes, logit, 0);
    largest = larger(largest, select(lanes, logit, -kInfinity));
  });

  LogitRow row;
  row.largest = largest_of(largest);
  row.mean = sum_of(sum) / static_cast<float>(vocab);
  const int64_t top = first_of_value(z, vocab, row.largest);
  row.top = top < vocab ? top : 0;  // a row of NaN has none
  const float target_logit = z[target];
  z[row.top] = -kInfinity;

  Floats rest{}, rest_of_squares{}, weighted{};
  for_each_vector(vocab, [&](int64_t i, auto lanes) {
    const Floats d = select(lanes, load(z + i, lanes), -kInfinity) - row.largest;
    const Floats e = exp(d);
    rest += e;
    rest_of_squares = multiply_add(e, e, rest_of_squares);
    weighted = multiply_add(e, larger(splat(-1000.0f), d), weighted);  // 0 · -infinity is no number
  });

  const double others = sum_of(rest), log_sum = __builtin_log1p(others);
  row.log_sum = static_cast<float>(log_sum);
  row.log_prob = (target_logit - row.largest) - row.log_sum;
  row.entropy = static_cast<float>(log_sum - sum_of(weighted) / (1.0 + others));
  row.log_sum_square = static_cast<float>(__builtin_log1p(sum_of(rest_of_squares)) - 2.0 * log_sum);
  return row;
}

// With g of log p_target and h of the entropy H:  ∂/∂z_j = g·(1[j = target] - p_j) - h·p_j·(log p_j + H),
// then through 1/temperature, the cap (1 - tanh²) and the scale.
template <class T>
void logit_row_backward(T* products, int64_t vocab, const LogitTransform& transform, const LogitGradients& row) {
  const float inverse_temperature = 1.0f / transform.temperature;
  for_each_vector(vocab, [&](int64_t i, auto lanes) {
    const Floats before = scaled(products, i, transform, lanes);
    const Floats z = capped(before, transform.softcap);
    const Floats log_p = larger(splat(-1000.0f), (z * inverse_temperature - row.largest) - row.log_sum);
    const Floats p = exp(log_p);
    Floats slope = splat(transform.scale * inverse_temperature);
    if (transform.softcap != 0) {
      const Floats t = z / transform.softcap;
      slope *= 1.0f - t * t;
    }

    Floats gradient = -p * (row.log_prob_gradient + row.entropy_gradient * (log_p + row.entropy));
    if (row.target >= i && row.target < i + kWidth) {
      gradient[row.target - i] += row.log_prob_gradient;
    }

    store(products + i, gradient * slope, lanes);
  });
}

}  // namespace hone::HONE_ISA

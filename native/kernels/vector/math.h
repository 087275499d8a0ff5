// exp, tanh and sigmoid of vectors, to about two units in the last place.
#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

/// 2ⁿ for whole n in [-126, 127].
inline Floats power_of_two(Ints n) { return bit_cast<Floats>((n + 127) << 23); }

/// e^x. Zero below -87.3 (so that e^-infinity is exactly zero), held at e^88 above; a NaN stays one.
/// x = n·log 2 + r with |r| <= log 2 / 2, log 2 in two parts, and Cephes' polynomial for e^r.
inline Floats exp(Floats x) {
  const Floats held = smaller(splat(88.0f), larger(splat(-87.3f), x));
  const Floats shifted = multiply_add(held, splat(1.44269504089f), splat(12582912.0f));  // 1.5 · 2^23: rounds to whole
  const Floats n = shifted - 12582912.0f;
  Floats r = multiply_add(n, splat(-0.693359375f), held);
  r = multiply_add(n, splat(2.12194440e-4f), r);

  Floats p = splat(1.9875691500e-4f);
  p = multiply_add(p, r, splat(1.3981999507e-3f));
  p = multiply_add(p, r, splat(8.3334519073e-3f));
  p = multiply_add(p, r, splat(4.1665795894e-2f));
  p = multiply_add(p, r, splat(1.6666665459e-1f));
  p = multiply_add(p, r, splat(5.0000001201e-1f));
  p = multiply_add(p, r * r, r + 1.0f);

  const Ints whole = bit_cast<Ints>(shifted) - 0x4b400000;  // the bits of 1.5 · 2^23
  const Floats result = p * power_of_two(whole);
  return x < -87.3f ? Floats{} : result;
}

/// 1 / (1 + e^-x).
inline Floats sigmoid(Floats x) { return 1.0f / (1.0f + exp(-x)); }

/// The hyperbolic tangent: a polynomial near zero, where 1 - 2/(e^2x + 1) would cancel.
inline Floats tanh(Floats x) {
  const Floats far = 1.0f - 2.0f / (exp(x + x) + 1.0f);
  const Floats square = x * x;
  Floats p = splat(-5.70498872745e-3f);
  p = multiply_add(p, square, splat(2.06390887954e-2f));
  p = multiply_add(p, square, splat(-5.37397155531e-2f));
  p = multiply_add(p, square, splat(1.33314422036e-1f));
  p = multiply_add(p, square, splat(-3.33332819422e-1f));
  const Floats near = multiply_add(p * square, x, x);
  return square < 0.390625f ? near : far;  // |x| < 0.625
}

}  // namespace hone::HONE_ISA

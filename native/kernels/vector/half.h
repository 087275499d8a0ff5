// Half precision (IEEE 754 binary16), in which scales of few-bit weights are kept.
#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

/// The numbers of halves; infinities and NaNs stay such.
inline Floats widen_half(Halves bits) {
#if defined(__AVX512F__)
  return _mm512_cvtph_ps(bit_cast<__m256i>(bits));
#else
  const Words all = __builtin_convertvector(bits, Words), magnitude = (all & 0x7fffu) << 13;
  // Exponents are 112 apart. Below the smallest normal number: give it an exponent, then take away what that added.
  const Words normal = magnitude + (112u << 23);
  const Floats small = bit_cast<Floats>(magnitude + (113u << 23)) - bit_cast<float>(113u << 23);
  const Words number = (all & 0x7c00u) == 0u ? bit_cast<Words>(small) : normal;
  const Words finite = (all & 0x7c00u) == 0x7c00u ? (magnitude | 0x7f800000u) : number;
  return bit_cast<Floats>(finite | ((all & 0x8000u) << 16));
#endif
}

inline Floats load_half(const void* from) {
  Halves bits;
  __builtin_memcpy(&bits, from, sizeof bits);
  return widen_half(bits);
}

inline float widen_half(uint16_t bits) { return widen_half(Halves{} + bits)[0]; }

/// The half nearest to a number, of two the even one; a NaN stays one.
inline uint16_t narrow_half(float x) {
  const uint32_t bits = bit_cast<uint32_t>(x), sign = (bits >> 16) & 0x8000u, magnitude = bits & 0x7fffffffu;
  if (magnitude > 0x7f800000u) {
    return static_cast<uint16_t>(sign | 0x7e00u);
  }

  if (magnitude >= 0x477ff000u) {  // 65520 and more round to infinity
    return static_cast<uint16_t>(sign | 0x7c00u);
  }

  if (magnitude < (113u << 23)) {  // subnormal: the sum's own rounding does it
    const float shifted = bit_cast<float>(magnitude) + 0.5f;
    return static_cast<uint16_t>(sign | (bit_cast<uint32_t>(shifted) - bit_cast<uint32_t>(0.5f)));
  }

  const uint32_t even = (magnitude >> 13) & 1u;
  return static_cast<uint16_t>(sign | ((magnitude - (112u << 23) + 0xfffu + even) >> 13));
}

}  // namespace hone::HONE_ISA

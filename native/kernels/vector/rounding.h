// Numbers that become integers of few bits.
#pragma once

#include "simd.h"

namespace hone::HONE_ISA {

/// The nearest integers, of two the even one; for numbers below 2²².
inline Ints round_to_int(Floats x) {
  constexpr float kShift = 12582912.0f;  // 1.5 · 2²³: the last bit of a sum counts ones
  return bit_cast<Ints>(x + kShift) - bit_cast<int32_t>(kShift);
}

/// What is known of some numbers; `unclean` is NaN where one is not finite, else 0.
struct Extent {
  float least;
  float largest;
  float unclean;
};

template <class T>
inline Extent extent_of(const T* x, int64_t n) {
  Floats least = splat(kInfinity), largest = splat(-kInfinity), unclean{};
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats values = load(x + i, lanes), repeated = select(lanes, values, widen(x[0]));
    least = smaller(least, repeated);
    largest = larger(largest, repeated);
    unclean += values * 0.0f;
  });
  return {-largest_of(-least), largest_of(largest), sum_of(unclean)};
}

/// max |x|; NaN where one is not finite. The bits of floats without a sign are in the order of the floats.
template <class T>
inline float magnitude_of(const T* x, int64_t n) {
  constexpr int32_t kInfinite = 0x7f800000;
  Ints most{};
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Ints bits = bit_cast<Ints>(load(x + i, lanes)) & 0x7fffffff;
    most = bits > most ? bits : most;
  });
  const int32_t largest = largest_of(most);
  return largest < kInfinite ? bit_cast<float>(largest) : __builtin_nanf("");
}

/// Calls put(i, integers, lanes) with clamp(round((x − offset) · factor)).
template <class T, class Put>
inline void round_all(const T* x, int64_t n, float offset, float factor, int32_t least, int32_t largest,
                      const Put& put) {
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Ints q = round_to_int((load(x + i, lanes) - offset) * factor);
    const Ints above = q < least ? splat(least) : q;
    put(i, above > largest ? splat(largest) : above, lanes);
  });
}

inline void store_bytes(void* to, Ints values, Whole) {
  const Bytes bytes = __builtin_convertvector(values, Bytes);
  __builtin_memcpy(to, &bytes, sizeof bytes);
}

inline void store_bytes(void* to, Ints values, Part part) {
  for (int64_t i = 0; i < part.lanes; i++) {
    static_cast<int8_t*>(to)[i] = static_cast<int8_t>(values[i]);
  }
}

constexpr float inverse_or_zero(float x) { return x == 0 ? 0.0f : 1.0f / x; }

}  // namespace hone::HONE_ISA

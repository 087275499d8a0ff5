// Vectors of floats for one instruction set. Everything under vector/ is compiled once for each of them, inside the
// namespace HONE_ISA, and includes no header with inline code of its own (ATen, most of std): two compilations of the
// same inline function would otherwise be merged by the linker, and a processor could meet instructions it lacks.
#pragma once

#include <cstddef>
#include <cstdint>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#include "../bfloat.h"

namespace hone::HONE_ISA {

#if defined(__AVX512F__)
inline constexpr int kWidth = 16;
#elif defined(__AVX2__)
inline constexpr int kWidth = 8;
#else
inline constexpr int kWidth = 4;
#endif

typedef float Floats __attribute__((vector_size(kWidth * 4)));
typedef int32_t Ints __attribute__((vector_size(kWidth * 4)));
typedef uint32_t Words __attribute__((vector_size(kWidth * 4)));
typedef uint16_t Halves __attribute__((vector_size(kWidth * 2)));
typedef int8_t Bytes __attribute__((vector_size(kWidth)));

inline constexpr float kInfinity = __builtin_inff();

inline Floats splat(float x) { return x - Floats{}; }
inline Ints splat(int32_t x) { return x - Ints{}; }

inline int64_t round_up(int64_t n, int64_t multiple) { return (n + multiple - 1) / multiple * multiple; }
inline int64_t smaller(int64_t a, int64_t b) { return a < b ? a : b; }
inline int64_t larger(int64_t a, int64_t b) { return a > b ? a : b; }

template <class To, class From>
inline To bit_cast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  __builtin_memcpy(&to, &from, sizeof to);
  return to;
}

/// a·b + c, rounded once where the processor can.
inline Floats multiply_add(Floats a, Floats b, Floats c) {
#if defined(__AVX512F__)
  return _mm512_fmadd_ps(a, b, c);
#elif defined(__FMA__)
  return _mm256_fmadd_ps(a, b, c);
#else
  return a * b + c;
#endif
}

/// The larger of each pair; a NaN in b stays.
inline Floats larger(Floats a, Floats b) {
#if defined(__AVX512F__)
  return _mm512_max_ps(a, b);
#elif defined(__AVX2__)
  return _mm256_max_ps(a, b);
#else
  return a > b ? a : b;
#endif
}

/// The smaller of each pair; a NaN in b stays.
inline Floats smaller(Floats a, Floats b) {
#if defined(__AVX512F__)
  return _mm512_min_ps(a, b);
#elif defined(__AVX2__)
  return _mm256_min_ps(a, b);
#else
  return a < b ? a : b;
#endif
}

// ---- bfloat16: the upper half of a float, rounded to nearest, ties to even

inline Floats widen(Halves bits) { return bit_cast<Floats>(__builtin_convertvector(bits, Words) << 16); }

/// Rounds to bfloat16 and leaves the bits in the upper half of each word; a NaN stays one.
inline Words round_to_upper_half(Floats x) {
  const Words bits = bit_cast<Words>(x);
  const Words rounded = bits + 0x7fffu + ((bits >> 16) & 1u);
  return (x == x ? rounded : (bits | 0x400000u)) & 0xffff0000u;
}

inline Halves narrow(Floats x) {
#if defined(__AVX512BF16__)
  return bit_cast<Halves>(_mm512_cvtneps_pbh(x));
#else
  return __builtin_convertvector(round_to_upper_half(x) >> 16, Halves);
#endif
}

inline float widen(bfloat x) { return bit_cast<float>(static_cast<uint32_t>(x.bits) << 16); }
inline float widen(float x) { return x; }

// ---- memory: a whole vector, or its first lanes (the others read as zero, and are not written)

struct Whole {};

struct Part {
  int64_t lanes;
};

inline Floats load(const float* from, Whole = {}) {
  Floats x;
  __builtin_memcpy(&x, from, sizeof x);
  return x;
}

inline Halves load_halves(const bfloat* from, Whole = {}) {
  Halves bits;
  __builtin_memcpy(&bits, from, sizeof bits);
  return bits;
}

inline Floats load(const bfloat* from, Whole whole = {}) { return widen(load_halves(from, whole)); }

inline void store(float* to, Floats x, Whole = {}) { __builtin_memcpy(to, &x, sizeof x); }

inline void store(bfloat* to, Floats x, Whole = {}) {
  const Halves bits = narrow(x);
  __builtin_memcpy(to, &bits, sizeof bits);
}

inline Floats load(const float* from, Part part) {
#if defined(__AVX512F__)
  return _mm512_maskz_loadu_ps(static_cast<__mmask16>((1u << part.lanes) - 1), from);
#else
  Floats x{};
  for (int64_t i = 0; i < part.lanes; i++) {
    x[i] = from[i];
  }

  return x;
#endif
}

inline Halves load_halves(const bfloat* from, Part part) {
  Halves bits{};
  for (int64_t i = 0; i < part.lanes; i++) {
    bits[i] = from[i].bits;
  }

  return bits;
}

inline Floats load(const bfloat* from, Part part) { return widen(load_halves(from, part)); }

inline void store(float* to, Floats x, Part part) {
#if defined(__AVX512F__)
  _mm512_mask_storeu_ps(to, static_cast<__mmask16>((1u << part.lanes) - 1), x);
#else
  for (int64_t i = 0; i < part.lanes; i++) {
    to[i] = x[i];
  }
#endif
}

inline void store(bfloat* to, Floats x, Part part) {
  const Halves bits = narrow(x);
  for (int64_t i = 0; i < part.lanes; i++) {
    to[i].bits = bits[i];
  }
}

/// The same numbers rounded to bfloat16.
template <class Lanes>
inline Halves load_halves(const float* from, Lanes lanes) {
  return narrow(load(from, lanes));
}

/// x in the lanes that are there, `other` in the rest.
inline Floats select(Whole, Floats x, float) { return x; }

inline Floats select(Part part, Floats x, float other) {
  for (int64_t i = part.lanes; i < kWidth; i++) {
    x[i] = other;
  }

  return x;
}

/// Calls body(i, lanes) for the vectors of n numbers that start at i: Whole ones, then at most one Part.
template <class Body>
inline void for_each_vector(int64_t n, const Body& body) {
  int64_t i = 0;
  for (; i + kWidth <= n; i += kWidth) {
    body(i, Whole{});
  }

  if (i < n) {
    body(i, Part{n - i});
  }
}

// ---- across the lanes, always in the same order

/// The sum of all lanes, by halves.
inline float sum_of(Floats x) {
#if defined(__AVX512F__)
  return _mm512_reduce_add_ps(x);
#else
  float lanes[kWidth];
  store(lanes, x);
  for (int half = kWidth / 2; half > 0; half /= 2) {
    for (int i = 0; i < half; i++) {
      lanes[i] += lanes[i + half];
    }
  }

  return lanes[0];
#endif
}

template <class Lanes>
inline auto largest_lane(Lanes x) {
  auto largest = x[0];
  for (int i = 1; i < kWidth; i++) {
    largest = x[i] > largest ? x[i] : largest;
  }

  return largest;
}

/// The largest of all lanes.
inline float largest_of(Floats x) {
#if defined(__AVX512F__)
  return _mm512_reduce_max_ps(x);
#else
  return largest_lane(x);
#endif
}

inline int32_t largest_of(Ints x) {
#if defined(__AVX512F__)
  return _mm512_reduce_max_epi32(bit_cast<__m512i>(x));
#else
  return largest_lane(x);
#endif
}

inline int32_t sum_of(Ints x) {
#if defined(__AVX512F__)
  return _mm512_reduce_add_epi32(bit_cast<__m512i>(x));
#else
  int32_t sum = 0;
  for (int i = 0; i < kWidth; i++) {
    sum += x[i];
  }

  return sum;
#endif
}

/// Whether any lane of a comparison holds.
inline bool any_of(Ints mask) {
#if defined(__AVX512F__)
  const __m512i bits = bit_cast<__m512i>(mask);
  return _mm512_test_epi32_mask(bits, bits) != 0;
#elif defined(__AVX2__)
  return _mm256_movemask_ps(bit_cast<__m256>(mask)) != 0;
#else
  int32_t any = 0;
  for (int i = 0; i < kWidth; i++) {
    any |= mask[i];
  }

  return any != 0;
#endif
}

/// The first place of a value in a row; n where it is not there.
template <class T>
inline int64_t first_of_value(const T* row, int64_t n, float value) {
  int64_t i = 0;
  while (i + kWidth <= n && !any_of(load(row + i) == value)) {
    i += kWidth;
  }

  while (i < n && widen(row[i]) != value) {
    i++;
  }

  return i;
}

}  // namespace hone::HONE_ISA

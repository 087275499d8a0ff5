#pragma once

#include "adamw.h"
#include "rounding.h"

namespace hone::HONE_ISA {

/// Codes that are looked up at once.
inline constexpr int64_t kCodesAtOnce = 64;

/// to[i] = table[codes[i]] for 64 codes; `bytes` are the four bytes of the table's floats, the lowest first.
inline void look_up([[maybe_unused]] const float* table, [[maybe_unused]] const uint8_t (*bytes)[256],
                    const uint8_t* codes, float* to) {
#if defined(__AVX512VBMI__)
  // Byte by byte, each from four registers. Interleaving works within quarters of a register: the codes are put in an
  // order that comes out right.
  const __m512i order = _mm512_setr_epi32(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
  const __m512i places = _mm512_permutexvar_epi32(order, _mm512_loadu_si512(codes));
  const __mmask64 upper = _mm512_movepi8_mask(places);
  __m512i found[4];
  for (int i = 0; i < 4; i++) {
    const uint8_t* const plane = bytes[i];
    const auto part = [&](int at) { return _mm512_loadu_si512(plane + 64 * at); };
    found[i] = _mm512_mask_blend_epi8(upper, _mm512_permutex2var_epi8(part(0), places, part(1)),
                                      _mm512_permutex2var_epi8(part(2), places, part(3)));
  }

  const __m512i low0 = _mm512_unpacklo_epi8(found[0], found[1]), low1 = _mm512_unpackhi_epi8(found[0], found[1]);
  const __m512i high0 = _mm512_unpacklo_epi8(found[2], found[3]), high1 = _mm512_unpackhi_epi8(found[2], found[3]);
  _mm512_storeu_si512(to, _mm512_unpacklo_epi16(low0, high0));
  _mm512_storeu_si512(to + 16, _mm512_unpackhi_epi16(low0, high0));
  _mm512_storeu_si512(to + 32, _mm512_unpacklo_epi16(low1, high1));
  _mm512_storeu_si512(to + 48, _mm512_unpackhi_epi16(low1, high1));
#else
  for (int64_t i = 0; i < kCodesAtOnce; i++) {
    to[i] = table[codes[i]];
  }
#endif
}

inline Floats magnitude_of(Floats x) { return bit_cast<Floats>(bit_cast<Ints>(x) & 0x7fffffff); }

typedef uint8_t CodeBytes __attribute__((vector_size(kWidth)));

/// table[places[lane]] of 8 numbers.
inline Floats pick(const float* table, Ints places) {
#if defined(__AVX512F__)
  return _mm512_permutexvar_ps(bit_cast<__m512i>(places), _mm512_broadcast_f32x8(_mm256_loadu_ps(table)));
#elif defined(__AVX2__)
  return _mm256_permutevar8x32_ps(_mm256_loadu_ps(table), bit_cast<__m256i>(places));
#else
  Floats x;
  for (int i = 0; i < kWidth; i++) {
    x[i] = table[places[i]];
  }

  return x;
#endif
}

/// For each number of [-1, 1], how many midpoints lie below it, or one less.
inline Ints least_codes(Floats x, const ByteTable& table) {
  static_assert(ByteTable::kPieces == 8);
  const Floats magnitude = magnitude_of(x);
  Ints piece = (magnitude >= table.borders[4]) & 4;
  piece += (magnitude >= pick(table.borders + 2, piece)) & 2;
  piece += (magnitude >= pick(table.borders + 1, piece)) & 1;
  const Floats between = multiply_add(magnitude, pick(table.slopes, piece), pick(table.offsets, piece));

  // Below 0 the midpoints are those above it, mirrored: ~k is -1 - k.
  return (__builtin_convertvector(between, Ints) ^ (x < 0)) + table.zero;
}

/// Writes the codes of 256 numbers over their largest magnitude, and that.
inline void encode(float* x, float largest, uint8_t* codes, float* scale, const ByteTable& table) {
  *scale = largest;
  const float inverse = 1 / largest;  // far from 1 there may be none: 0, or infinite
  const bool has_inverse = inverse > 0 && inverse < kInfinity;
  for (int64_t i = 0; i < kStateBlock; i += kWidth) {
    const Floats some = load(x + i);
    const Floats v = has_inverse ? some * inverse : largest > 0 ? some / largest : some;
    const CodeBytes bytes = __builtin_convertvector(least_codes(v, table), CodeBytes);
    __builtin_memcpy(codes + i, &bytes, sizeof bytes);
    store(x + i, v);
  }

  float midpoints[kStateBlock];
  for (int64_t i = 0; i < kStateBlock; i += kCodesAtOnce) {
    look_up(table.midpoints, table.midpoint_bytes, codes + i, midpoints + i);
  }

  for (int64_t i = 0; i < kStateBlock; i += kWidth) {
    CodeBytes bytes;
    __builtin_memcpy(&bytes, codes + i, sizeof bytes);
    bytes -= __builtin_convertvector(load(x + i) > load(midpoints + i), CodeBytes);  // a comparison that holds is -1
    __builtin_memcpy(codes + i, &bytes, sizeof bytes);
  }
}

// AdamW with moments kept as codes: m = s·t[c] is read, moves as ever, and is written as codes of a new scale.
template <class T>
void adamw8(float* parameter, const T* gradient, uint8_t* first, float* first_scale, uint8_t* second,
            float* second_scale, int64_t n, const AdamWStep& step, const ByteTable& signed_table,
            const ByteTable& unsigned_table) {
  uint8_t first_codes[kStateBlock], second_codes[kStateBlock];
  float m[kStateBlock], v[kStateBlock];
  const auto whole = [&](uint8_t* codes, uint8_t* padded, int32_t zero) {
    if (n == kStateBlock) {
      return codes;
    }

    __builtin_memset(padded, zero, kStateBlock);
    __builtin_memcpy(padded, codes, static_cast<size_t>(n));
    return padded;
  };
  uint8_t* const m_codes = whole(first, first_codes, signed_table.zero);
  uint8_t* const v_codes = whole(second, second_codes, unsigned_table.zero);
  for (int64_t i = 0; i < kStateBlock; i += kCodesAtOnce) {
    look_up(signed_table.values, signed_table.value_bytes, m_codes + i, m + i);
    look_up(unsigned_table.values, unsigned_table.value_bytes, v_codes + i, v + i);
  }

  const float fresh1 = 1.0f - step.beta1, fresh2 = 1.0f - step.beta2;
  const float inverse_correction = 1 / step.root_correction, scale1 = *first_scale, scale2 = *second_scale;
  Floats most1{}, most2{};
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats g = load(gradient + i, lanes) * step.gradient_scale;
    const Floats moved1 = load(m + i) * scale1 * step.beta1 + g * fresh1;
    const Floats moved2 = load(v + i) * scale2 * step.beta2 + g * g * fresh2;
    most1 = larger(magnitude_of(select(lanes, moved1, 0)), most1);
    most2 = larger(select(lanes, moved2, 0), most2);
    store(m + i, moved1);
    store(v + i, moved2);

    const Floats root = square_root(moved2) * inverse_correction + step.epsilon;
    const Floats p = load(parameter + i, lanes) * step.keep - step.step_size * (moved1 / root);
    store(parameter + i, p, lanes);
  });
  encode(m, largest_of(most1), m_codes, first_scale, signed_table);
  encode(v, largest_of(most2), v_codes, second_scale, unsigned_table);
  if (n < kStateBlock) {
    __builtin_memcpy(first, m_codes, static_cast<size_t>(n));
    __builtin_memcpy(second, v_codes, static_cast<size_t>(n));
  }
}

}  // namespace hone::HONE_ISA

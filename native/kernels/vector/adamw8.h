#pragma once

#include "adamw.h"

namespace hone::HONE_ISA {

/// table[place] for each lane.
inline Floats gather(const float* table, Ints places) {
#if defined(__AVX512F__)
  return _mm512_i32gather_ps(bit_cast<__m512i>(places), table, 4);
#elif defined(__AVX2__)
  return _mm256_i32gather_ps(table, bit_cast<__m256i>(places), 4);
#else
  Floats x;
  for (int i = 0; i < kWidth; i++) {
    x[i] = table[places[i]];
  }

  return x;
#endif
}

/// The byte at each place; three more must lie behind the last one.
inline Ints gather_bytes(const uint8_t* table, Ints places) {
#if defined(__AVX512F__)
  return bit_cast<Ints>(_mm512_i32gather_epi32(bit_cast<__m512i>(places), table, 1)) & 0xff;
#elif defined(__AVX2__)
  return bit_cast<Ints>(_mm256_i32gather_epi32(reinterpret_cast<const int*>(table), bit_cast<__m256i>(places), 1)) & 0xff;
#else
  Ints x;
  for (int i = 0; i < kWidth; i++) {
    x[i] = table[places[i]];
  }

  return x;
#endif
}

inline Ints load_codes(const uint8_t* from, int64_t lanes) {
  typedef uint8_t Bytes __attribute__((vector_size(kWidth)));
  Bytes bytes{};
  __builtin_memcpy(&bytes, from, static_cast<size_t>(lanes));
  return __builtin_convertvector(bytes, Ints);
}

inline void store_codes(uint8_t* to, Ints codes, int64_t lanes) {
  typedef uint8_t Bytes __attribute__((vector_size(kWidth)));
  const Bytes bytes = __builtin_convertvector(codes, Bytes);
  __builtin_memcpy(to, &bytes, static_cast<size_t>(lanes));
}

inline int64_t lanes_of(Whole) { return kWidth; }
inline int64_t lanes_of(Part part) { return part.lanes; }

/// The largest lane; no lane is below 0.
inline float largest_lane(Floats x) {
  float largest = 0;
  for (int i = 0; i < kWidth; i++) {
    largest = x[i] > largest ? x[i] : largest;
  }

  return largest;
}

/// How many midpoints lie below each number of [-1, 1]: found by its leading bits up to one midpoint, then that is looked at.
inline Ints codes_of(Floats x, const ByteTable& table) {
  const Ints bits = bit_cast<Ints>(x);
  const Ints magnitude = (bits & 0x7fffffff) >> kBucketShift;
  const Ints low = splat(static_cast<int32_t>(kFirstBucket)), high = splat(static_cast<int32_t>(kFirstBucket + kBuckets - 1));
  const Ints clamped = magnitude < low ? low : (magnitude > high ? high : magnitude);
  const Ints side = (bits >> 31) & static_cast<int32_t>(kBuckets);  // buckets of numbers below 0 stand behind the others
  const Ints least = gather_bytes(table.buckets, clamped - low + side);
  return least - (x > gather(table.midpoints, least));  // a comparison that holds is -1
}

/// Writes the codes of n numbers over their largest magnitude, and that.
inline void encode(const float* x, int64_t n, uint8_t* codes, float* scale, const ByteTable& table) {
  Floats most{};
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats v = load(x + i, lanes);
    most = larger(v < 0 ? -v : v, most);
  });
  const float largest = largest_lane(most);
  *scale = largest;
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats v = load(x + i, lanes);
    store_codes(codes + i, codes_of(largest > 0 ? v / largest : v, table), lanes_of(lanes));
  });
}

// AdamW with moments kept as codes: m = s·t[c] is read, moves as ever, and is written as codes of a new scale.
template <class T>
void adamw8(float* parameter, const T* gradient, uint8_t* first, float* first_scale, uint8_t* second, float* second_scale,
            int64_t n, const AdamWStep& step, const ByteTable& signed_table, const ByteTable& unsigned_table) {
  const float fresh1 = 1.0f - step.beta1, fresh2 = 1.0f - step.beta2;
  float m_new[kStateBlock], v_new[kStateBlock];
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const int64_t count = lanes_of(lanes);
    const Floats g = load(gradient + i, lanes) * step.gradient_scale;
    const Floats m = gather(signed_table.values, load_codes(first + i, count)) * *first_scale * step.beta1 + g * fresh1;
    const Floats v = gather(unsigned_table.values, load_codes(second + i, count)) * *second_scale * step.beta2 + g * g * fresh2;
    store(m_new + i, m, lanes);
    store(v_new + i, v, lanes);

    const Floats root = square_root(v) / step.root_correction + step.epsilon;
    const Floats p = load(parameter + i, lanes) * step.keep - step.step_size * (m / root);
    store(parameter + i, p, lanes);
  });
  encode(m_new, n, first, first_scale, signed_table);
  encode(v_new, n, second, second_scale, unsigned_table);
}

}  // namespace hone::HONE_ISA

// Weights of tokens that cannot be chosen become zero: top-k, top-p, min-p, in that order. Where the likeliest tokens
// end is found through a histogram over the upper bits of the weights; only the one bucket it falls into is sorted.
#pragma once

#include "../sampling.h"
#include "simd.h"

namespace hone::HONE_ISA {

// The exponent and 4 bits of the mantissa of a number in [0, 1]: 16 buckets for each power of two.
inline constexpr int kBucketShift = 19;
inline constexpr int kBuckets = (0x3f800000 >> kBucketShift) + 1;

inline uint32_t bits_of(float weight) { return bit_cast<uint32_t>(weight); }
inline int bucket_of(float weight) { return static_cast<int>(bits_of(weight) >> kBucketShift); }

inline bool filters(const SampleChoice& choice, int64_t n) {
  return (choice.top_k > 0 && choice.top_k < n) || choice.top_p < 1 || choice.min_p > 0;
}

inline void keep_from(float* weights, int64_t n, float least) {
  for_each_vector(n, [&](int64_t i, auto lanes) {
    const Floats w = load(weights + i, lanes);
    store(weights + i, w >= least ? w : Floats{}, lanes);
  });
}

/// Falling order, by heap sort: what is sorted is a bucket's few members.
inline void sort_down(uint64_t* keys, int64_t n) {
  const auto sink = [&](int64_t at, int64_t end) {
    for (int64_t child = 2 * at + 1; child < end; at = child, child = 2 * at + 1) {
      child += child + 1 < end && keys[child + 1] < keys[child] ? 1 : 0;
      if (keys[at] <= keys[child]) {
        return;
      }

      const uint64_t swapped = keys[at];
      keys[at] = keys[child];
      keys[child] = swapped;
    }
  };

  for (int64_t i = n / 2 - 1; i >= 0; i--) {
    sink(i, n);
  }

  for (int64_t end = n - 1; end > 0; end--) {
    const uint64_t swapped = keys[0];
    keys[0] = keys[end];
    keys[end] = swapped;
    sink(0, end);
  }
}

/// The tokens of a bucket by falling weight, of equal ones by falling id: weight bits above, id below.
inline int64_t sorted_members(const float* weights, int64_t n, int bucket, uint64_t* keys) {
  int64_t count = 0;
  for (int64_t i = 0; i < n; i++) {
    if (bucket_of(weights[i]) == bucket) {
      keys[count++] = static_cast<uint64_t>(bits_of(weights[i])) << 32 | static_cast<uint64_t>(i);
    }
  }

  sort_down(keys, count);
  return count;
}

inline float weight_of(uint64_t key) { return bit_cast<float>(static_cast<uint32_t>(key >> 32)); }

// The k likeliest, and all that tie with the last of them.
inline void keep_count(float* weights, int64_t n, int64_t k, uint64_t* keys) {
  int32_t counts[kBuckets] = {};
  for (int64_t i = 0; i < n; i++) {
    counts[bucket_of(weights[i])]++;
  }

  int bucket = kBuckets - 1;
  int64_t above = 0;
  while (bucket > 0 && above + counts[bucket] < k) {
    above += counts[bucket--];
  }

  const int64_t members = sorted_members(weights, n, bucket, keys);
  keep_from(weights, n, members == 0 ? 0 : weight_of(keys[smaller(k - above, members) - 1]));
}

// The shortest run of likeliest tokens whose mass reaches a part of all. Of equal ones those of higher ids stay: the
// order of the reference, which sorts upwards.
inline void keep_mass(float* weights, int64_t n, double part, uint64_t* keys) {
  double masses[kBuckets] = {};
  for (int64_t i = 0; i < n; i++) {
    masses[bucket_of(weights[i])] += weights[i];
  }

  double mass = 0;
  for (int i = 0; i < kBuckets; i++) {
    mass += masses[i];
  }

  mass *= part;
  int bucket = kBuckets - 1;
  double above = 0;
  while (bucket > 0 && above + masses[bucket] < mass) {
    above += masses[bucket--];
  }

  const int64_t members = sorted_members(weights, n, bucket, keys);
  int64_t kept = 0;
  while (kept < members && (above < mass || (kept == 0 && above == 0))) {
    above += weight_of(keys[kept++]);
  }

  for (; kept < members; kept++) {
    weights[keys[kept] & 0xffffffffu] = 0;
  }

  keep_from(weights, n, bit_cast<float>(static_cast<uint32_t>(bucket) << kBucketShift));
}

/// For weights in [0, 1], the greatest of which is 1.
inline void filter(float* weights, int64_t n, const SampleChoice& choice, uint64_t* keys) {
  if (choice.top_k > 0 && choice.top_k < n) {
    keep_count(weights, n, choice.top_k, keys);
  }

  if (choice.top_p < 1) {
    keep_mass(weights, n, choice.top_p, keys);
  }

  if (choice.min_p > 0) {
    keep_from(weights, n, static_cast<float>(choice.min_p));
  }
}

}  // namespace hone::HONE_ISA

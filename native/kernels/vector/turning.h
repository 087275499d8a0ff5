// Blocks of inputs turned so that no single one of them is much larger than the rest, before they become codes: what
// QuaRot (arXiv:2404.00456) does with whole rows. A product does not change where both of its sides are turned.
#pragma once

#include "../packed.h"
#include "simd.h"

namespace hone::HONE_ISA {

/// Signs that the numbers of a block take first, so that ones that are alike do not add up: the fraction of π.
inline constexpr uint32_t kTurnSigns[kTurned / 32] = {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344};

/// What a turned block is divided by, exactly, on either side of a product: together they are its size. Codes of
/// weights have scales in half precision, whose range this keeps.
inline constexpr float kTurnedFactors = 1.0f / 16, kTurnedWeights = 1.0f / 8;

inline Ints count_lanes() {
  Ints lanes{};
  for (int i = 0; i < kWidth; i++) {
    lanes[i] = i;
  }

  return lanes;
}

/// Sums and differences of lanes whose numbers differ in one bit.
template <int Bit>
inline Floats add_lanes(Floats x) {
  const Ints lanes = count_lanes();
  return multiply_add(x, (lanes & Bit) == 0 ? splat(1.0f) : splat(-1.0f), __builtin_shuffle(x, lanes ^ Bit));
}

/// A block times the Hadamard matrix, with sums in the same order on every processor.
inline void add_all(Floats (&x)[kTurned / kWidth]) {
#pragma GCC unroll 32
  for (Floats& some : x) {
    some = add_lanes<2>(add_lanes<1>(some));
    if constexpr (kWidth > 4) {
      some = add_lanes<4>(some);
    }

    if constexpr (kWidth > 8) {
      some = add_lanes<8>(some);
    }
  }

#pragma GCC unroll 5
  for (int half = 1; half < kTurned / kWidth; half *= 2) {
#pragma GCC unroll 32
    for (int i = 0; i < kTurned / kWidth; i++) {
      if ((i & half) == 0) {
        const Floats a = x[i], b = x[i + half];
        x[i] = a + b;
        x[i + half] = a - b;
      }
    }
  }
}

/// The signs of a vector of a block, times a factor.
inline Floats turn_signs(int64_t at, float factor) {
  const Words bits = bit_cast<Words>(splat(static_cast<int32_t>(kTurnSigns[at / 32] >> (at % 32))) >> count_lanes());
  return bit_cast<Floats>(bit_cast<Words>(splat(factor)) ^ (bits << 31));
}

/// to [kTurned] = the first numbers of a block, at most as many, turned; the rest are zeros.
template <class T>
inline void turn(const T* x, int64_t count, float factor, float* to) {
  Floats block[kTurned / kWidth] = {};
  if (count == kTurned) {
#pragma GCC unroll 32
    for (int i = 0; i < kTurned / kWidth; i++) {
      block[i] = load(x + i * kWidth) * turn_signs(i * kWidth, factor);
    }
  } else {
    for_each_vector(count,
                    [&](int64_t i, auto lanes) { block[i / kWidth] = load(x + i, lanes) * turn_signs(i, factor); });
  }

  add_all(block);
  for (int i = 0; i < kTurned / kWidth; i++) {
    store(to + i * kWidth, block[i]);
  }
}

/// Weights [kTurned] as they were before `turn` with kTurnedWeights.
inline void turn_back(float* weights) {
  Floats block[kTurned / kWidth];
  for (int i = 0; i < kTurned / kWidth; i++) {
    block[i] = load(weights + i * kWidth);
  }

  add_all(block);
  for (int i = 0; i < kTurned / kWidth; i++) {
    store(weights + i * kWidth, block[i] * turn_signs(i * kWidth, 1.0f / (kTurned * kTurnedWeights)));
  }
}

}  // namespace hone::HONE_ISA

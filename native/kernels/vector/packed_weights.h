// Weights into panels (../packed.h).
#pragma once

#include "packed_product.h"

namespace hone::HONE_ISA {

/// One panel of `outputs` rows [outputs, inputs], zeros for outputs and inputs that are not there.
template <class T, class Source>
void pack_panel(const Source* weights, int64_t stride, int64_t outputs, int64_t inputs, void* panel) {
  using E = Packed<T>;
  constexpr int64_t at_once = kWidth * kTerms<E>;
  alignas(64) E square[kPanel * kWidth] = {};
  E* to = static_cast<E*>(panel);
  for (int64_t from = 0; from < round_up(inputs, kPanelInputs); from += at_once, to += kWidth * kPanel) {
    const int64_t count = smaller(at_once, inputs - from);
    if (count <= 0) {
      __builtin_memset(static_cast<void*>(to), 0, kWidth * kPanel * sizeof(E));
      continue;
    }

    for (int64_t row = 0; row < outputs; row++) {
      copy_row(square + row * kWidth, weights + row * stride + from, count);
    }

    transpose<E>({square, kWidth}, kPanel, kWidth, {to, kPanel});
  }
}

}  // namespace hone::HONE_ISA

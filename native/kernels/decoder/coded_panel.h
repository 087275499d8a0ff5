// Weights into panels of codes, from whichever numbers they are.
#pragma once

#include "../tensors.h"

namespace hone::decoder {

/// Packs rows `first` to `first + count` of float32, bfloat16 or GGUF's blocks (uint8), each of them dense.
inline void pack_coded(const at::Tensor& weights, int64_t first, int64_t count, int64_t inputs, WeightCode code,
                       uint8_t* panel) {
  const CodeKernels& codes = kernel_set().codes;
  const int64_t stride = weights.stride(0), from = first * stride;
  switch (weights.scalar_type()) {
    case at::kByte:
      return codes.repack_blocks(data<uint8_t>(weights) + from, stride, count, inputs, code, panel);
    case at::kFloat:
      return codes.code_floats(data<float>(weights) + from, stride, count, inputs, code, panel);
    default:
      return codes.code_bfloats(data<bfloat>(weights) + from, stride, count, inputs, code, panel);
  }
}

}  // namespace hone::decoder

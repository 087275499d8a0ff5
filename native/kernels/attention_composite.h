// Attention of one context in ATen operators: what the fused kernels are held against, and what other devices run.
#pragma once

#include "tensors.h"

namespace hone {

/// The queries [query, head, dim] are the last ones of the context k, v [time, kv_head, dim]; -> [query, head, dim].
inline at::Tensor attend(const at::Tensor& queries, const at::Tensor& keys, const at::Tensor& values, double scale,
                         int64_t window, double softcap) {
  const auto wide = queries.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const int64_t count = queries.size(0), time = keys.size(0), group = queries.size(1) / keys.size(1);
  const at::Tensor q = queries.to(wide).transpose(0, 1);                             // [head, query, dim]
  const at::Tensor k = keys.to(wide).repeat_interleave(group, 1).transpose(0, 1);    // [head, time, dim]
  const at::Tensor v = values.to(wide).repeat_interleave(group, 1).transpose(0, 1);  // [head, time, dim]
  at::Tensor scores = at::matmul(q, k.transpose(1, 2)) * scale;                      // [head, query, time]
  if (softcap != 0) {
    scores = at::tanh(scores / softcap) * softcap;
  }

  const auto positions = queries.options().dtype(at::kLong);
  const at::Tensor query = at::arange(time - count, time, positions).unsqueeze(1), key = at::arange(time, positions);
  at::Tensor hidden = key > query;  // [query, time]
  if (window > 0) {
    hidden = hidden.logical_or(key <= query - window);
  }

  const at::Tensor weights = at::softmax(scores.masked_fill(hidden, -INFINITY), -1);
  return at::matmul(weights, v).transpose(0, 1).contiguous().to(queries.scalar_type());
}

}  // namespace hone

// Rows of products hidden · weightᵀ read as distributions: by the kernels on the CPU, by ATen operators elsewhere.
#pragma once

#include "tensors.h"

namespace hone {

/// How products become logits: z = cap(scale · (product + bias)) / temperature.
struct LogitOptions {
  double scale;
  double softcap;  // 0: none
  double temperature;
};

/// What is known of the rows of a chunk, each [token].
struct LogitRows {
  LogitRows() = default;
  LogitRows(int64_t tokens, const at::TensorOptions& like);
  LogitRows narrow(int64_t first, int64_t count) const;

  at::Tensor log_probs;
  at::Tensor entropy;
  at::Tensor log_sum_square;
  at::Tensor mean;
  at::Tensor top;      // int64: the first id with the largest logit
  at::Tensor largest;  // max z
  at::Tensor log_sum;  // log Σ e^(z - largest)
};

/// What comes in to the log-probs and entropies of the kept tokens, each [token].
struct RowGradients {
  RowGradients(const at::Tensor& log_probs, const at::Tensor& entropy, const at::Tensor& index, const at::Tensor& like);
  RowGradients narrow(int64_t first, int64_t count) const;

  at::Tensor log_probs;
  at::Tensor entropy;

 private:
  RowGradients(at::Tensor log_probs, at::Tensor entropy);
};

/// Logits [token, vocab] in float (double stays) from products, in ATen operators.
at::Tensor logits_of(const at::Tensor& products, const at::Tensor& bias, const LogitOptions& options);

/// Fills `rows` from products [token, vocab].
void read_rows(const at::Tensor& products, const at::Tensor& targets, const at::Tensor& bias,
               const LogitOptions& options, const LogitRows& rows);

/// The gradients with respect to the products, which may be overwritten by them.
at::Tensor row_gradients(const at::Tensor& products, const at::Tensor& targets, const at::Tensor& bias,
                         const LogitOptions& options, const LogitRows& rows, const RowGradients& incoming);

}  // namespace hone

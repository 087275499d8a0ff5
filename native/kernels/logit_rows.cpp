#include "logit_rows.h"

namespace hone {

using at::Tensor;

LogitRows::LogitRows(int64_t tokens, const at::TensorOptions& like) {
  const auto reals = like.dtype(like.dtype() == at::kDouble ? at::kDouble : at::kFloat);
  for (Tensor* const x : {&log_probs, &entropy, &log_sum_square, &mean, &largest, &log_sum}) {
    *x = at::empty({tokens}, reals);
  }

  top = at::empty({tokens}, like.dtype(at::kLong));
}

LogitRows LogitRows::narrow(int64_t first, int64_t count) const {
  const auto part = [&](const Tensor& x) { return x.defined() ? x.narrow(0, first, count) : x; };
  LogitRows rows;
  rows.log_probs = part(log_probs);
  rows.entropy = part(entropy);
  rows.log_sum_square = part(log_sum_square);
  rows.mean = part(mean);
  rows.top = part(top);
  rows.largest = part(largest);
  rows.log_sum = part(log_sum);
  return rows;
}

static Tensor of_kept(const Tensor& gradient, const Tensor& index, const Tensor& like) {
  if (!gradient.defined()) {
    return at::zeros_like(like);
  }

  return (index.defined() ? gradient.index_select(0, index) : gradient).to(like.scalar_type()).contiguous();
}

RowGradients::RowGradients(const Tensor& log_probs, const Tensor& entropy, const Tensor& index, const Tensor& like)
    : RowGradients(of_kept(log_probs, index, like), of_kept(entropy, index, like)) {}

RowGradients::RowGradients(Tensor log_probs, Tensor entropy)
    : log_probs(std::move(log_probs)), entropy(std::move(entropy)) {}

RowGradients RowGradients::narrow(int64_t first, int64_t count) const {
  return {log_probs.narrow(0, first, count), entropy.narrow(0, first, count)};
}

Tensor logits_of(const Tensor& products, const Tensor& bias, const LogitOptions& options) {
  const auto wide = products.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  Tensor z = products.to(wide);
  z = (bias.defined() ? z + bias.to(wide) : z) * options.scale;
  z = options.softcap == 0 ? z : at::tanh(z / options.softcap) * options.softcap;
  return z / options.temperature;
}

static LogitTransform transform_of(const Tensor& bias, const LogitOptions& options) {
  return {bias.defined() ? data<float>(bias) : nullptr, static_cast<float>(options.scale),
          static_cast<float>(options.softcap), static_cast<float>(options.temperature)};
}

static Tensor dense_floats(const Tensor& bias) { return bias.defined() ? bias.to(at::kFloat).contiguous() : bias; }

static void read_rows_by_operators(const Tensor& products, const Tensor& targets, const Tensor& bias,
                                   const LogitOptions& options, const LogitRows& rows) {
  const Tensor z = logits_of(products, bias, options);
  auto [largest, top] = z.max(-1);
  const Tensor log_sum = at::logsumexp(z - largest.unsqueeze(1), -1);
  const Tensor log_p = z - (largest + log_sum).unsqueeze(1);
  Tensor(rows.largest).copy_(largest);
  Tensor(rows.top).copy_(top);
  Tensor(rows.log_sum).copy_(log_sum);
  Tensor(rows.mean).copy_(z.mean(-1));
  Tensor(rows.log_probs).copy_(log_p.gather(1, targets.unsqueeze(1)).squeeze(1));
  Tensor(rows.entropy).copy_(-(log_p.exp() * log_p).sum(-1));
  Tensor(rows.log_sum_square).copy_(at::logsumexp(2 * log_p, -1));
}

void read_rows(const Tensor& products, const Tensor& targets, const Tensor& bias, const LogitOptions& options,
               const LogitRows& rows) {
  if (!is_fused(products)) {
    return read_rows_by_operators(products, targets, bias, options, rows);
  }

  const int64_t vocab = products.size(1);
  const Tensor offset = dense_floats(bias);
  const LogitTransform transform = transform_of(offset, options);
  with_type_of(products, [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, products.size(0), std::max<int64_t>(1, 4096 / vocab), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        const LogitRow row = kernels<T>().logit_row(data<T>(products) + i * vocab, vocab, data<int64_t>(targets)[i],
                                                    transform, scratch(vocab));
        data<float>(rows.log_probs)[i] = row.log_prob;
        data<float>(rows.entropy)[i] = row.entropy;
        data<float>(rows.log_sum_square)[i] = row.log_sum_square;
        data<float>(rows.mean)[i] = row.mean;
        data<int64_t>(rows.top)[i] = row.top;
        data<float>(rows.largest)[i] = row.largest;
        data<float>(rows.log_sum)[i] = row.log_sum;
      }
    });
  });
}

static Tensor row_gradients_by_operators(const Tensor& products, const Tensor& targets, const Tensor& bias,
                                         const LogitOptions& options, const LogitRows& rows,
                                         const RowGradients& incoming) {
  const Tensor z = logits_of(products, bias, options);
  const Tensor log_p = z - (rows.largest + rows.log_sum).unsqueeze(1);
  const Tensor g = incoming.log_probs.unsqueeze(1), h = incoming.entropy.unsqueeze(1);
  Tensor slopes = -log_p.exp() * (g + h * (log_p + rows.entropy.unsqueeze(1)));
  slopes.scatter_add_(1, targets.unsqueeze(1), g);
  slopes.mul_(options.scale / options.temperature);
  if (options.softcap != 0) {
    slopes.mul_(1 - (z * (options.temperature / options.softcap)).square());
  }

  return slopes.to(products.scalar_type());
}

Tensor row_gradients(const Tensor& products, const Tensor& targets, const Tensor& bias, const LogitOptions& options,
                     const LogitRows& rows, const RowGradients& incoming) {
  if (!is_fused(products)) {
    return row_gradients_by_operators(products, targets, bias, options, rows, incoming);
  }

  const int64_t vocab = products.size(1);
  const Tensor offset = dense_floats(bias);
  const LogitTransform transform = transform_of(offset, options);
  with_type_of(products, [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, products.size(0), std::max<int64_t>(1, 4096 / vocab), [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; i++) {
        kernels<T>().logit_row_backward(
            data<T>(products) + i * vocab, vocab, transform,
            {data<int64_t>(targets)[i], data<float>(rows.largest)[i], data<float>(rows.log_sum)[i],
             data<float>(rows.entropy)[i], data<float>(incoming.log_probs)[i], data<float>(incoming.entropy)[i]});
      }
    });
  });
  return products;
}

}  // namespace hone

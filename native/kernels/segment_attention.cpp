// Causal attention inside each segment of a packed row, with grouped heads, sliding windows and capped scores.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "attention_composite.h"

namespace hone {
namespace {

using at::Tensor;

void check(const Tensor& queries, const Tensor& keys, const Tensor& values, const Tensor& starts) {
  TORCH_CHECK(queries.dim() == 3, "hone::segment_attention: q must be [token, head, dim], got ", queries.sizes());
  const int64_t tokens = queries.size(0), heads = queries.size(1), dim = queries.size(2);
  TORCH_CHECK(keys.dim() == 3 && keys.sizes() == values.sizes() && keys.size(0) == tokens && keys.size(2) == dim,
              "hone::segment_attention: k and v must be [token = ", tokens, ", kv_head, dim = ", dim, "], got ",
              keys.sizes(), " and ", values.sizes());
  TORCH_CHECK(keys.size(1) > 0 && heads % keys.size(1) == 0,
              "hone::segment_attention: the heads of q must be a multiple of those of k, got ", heads, " and ",
              keys.size(1));
  TORCH_CHECK(queries.scalar_type() == keys.scalar_type() && queries.scalar_type() == values.scalar_type(),
              "hone::segment_attention: q, k and v must have one dtype, got ", queries.scalar_type(), ", ",
              keys.scalar_type(), " and ", values.scalar_type());
  TORCH_CHECK(starts.dim() == 1 && starts.size(0) > 0 && starts.scalar_type() == at::kLong,
              "hone::segment_attention: segment_starts must be int64 [segment + 1], got ", starts.scalar_type(), " ",
              starts.sizes());
}

/// Where each segment begins, and the end of the last, read once.
std::vector<int64_t> read_starts(const Tensor& starts, int64_t tokens) {
  const Tensor dense = starts.to(at::kCPU).contiguous();
  const std::vector<int64_t> at(data<int64_t>(dense), data<int64_t>(dense) + dense.numel());
  TORCH_CHECK(at.front() == 0 && at.back() == tokens && std::is_sorted(at.begin(), at.end()),
              "hone::segment_attention: segment_starts must rise from 0 to token = ", tokens, ", got ", at);
  return at;
}

Tensor composite(const Tensor& queries, const Tensor& keys, const Tensor& values, const Tensor& starts, double scale,
                 int64_t window, double softcap) {
  check(queries, keys, values, starts);
  const std::vector<int64_t> at = read_starts(starts, queries.size(0));
  std::vector<Tensor> out;
  for (size_t segment = 0; segment + 1 < at.size(); segment++) {
    const int64_t first = at[segment], count = at[segment + 1] - first;
    out.push_back(attend(queries.narrow(0, first, count), keys.narrow(0, first, count), values.narrow(0, first, count),
                         scale, window, softcap));
  }

  return out.empty() ? at::empty_like(queries) : at::cat(out, 0);
}

AttentionShape shape_of(const Tensor& queries, const Tensor& keys, double scale, int64_t window, double softcap) {
  return {queries.size(2), queries.size(1) / keys.size(1), window, static_cast<float>(scale),
          static_cast<float>(softcap)};
}

template <class T>
ContextRows<T> context_of(const Tensor& x, int64_t first, int64_t head) {
  return {data<T>(x) + first * x.stride(0) + head * x.stride(1), x.stride(0)};
}

template <class T>
QueryRows<T> rows_of(const Tensor& x, int64_t first, int64_t head) {
  return {data<std::remove_const_t<T>>(x) + first * x.stride(0) + head * x.stride(1), x.stride(0), x.stride(1)};
}

/// One segment, or one block of its queries, as work for one thread.
struct Piece {
  int64_t start;
  int64_t first;
  int64_t count;
};

/// The most work first, so that no thread is left with it at the end.
std::vector<Piece> longest_first(std::vector<Piece> pieces) {
  std::stable_sort(pieces.begin(), pieces.end(),
                   [](const Piece& a, const Piece& b) { return a.first + a.count > b.first + b.count; });
  return pieces;
}

std::tuple<Tensor, Tensor> forward(const Tensor& queries, const Tensor& keys, const Tensor& values,
                                   const std::vector<int64_t>& at, const AttentionShape& shape, bool keep_log_sum) {
  Tensor out = at::empty(queries.sizes(), queries.options());
  Tensor log_sum =
      keep_log_sum ? at::empty({queries.size(0), queries.size(1)}, queries.options().dtype(at::kFloat)) : Tensor();
  with_type_of(queries, [&](auto type) {
    using T = decltype(type);
    const auto& kernel = kernels<T>();
    const int64_t at_once = kernel.attention_queries(shape), kv_heads = keys.size(1);
    std::vector<Piece> pieces;
    for (size_t segment = 0; segment + 1 < at.size(); segment++) {
      for (int64_t first = at[segment]; first < at[segment + 1]; first += at_once) {
        pieces.push_back({at[segment], first - at[segment], std::min(at_once, at[segment + 1] - first)});
      }
    }

    pieces = longest_first(std::move(pieces));
    for_each_item(static_cast<int64_t>(pieces.size()) * kv_heads, [&](int64_t item) {
      const Piece& piece = pieces[item / kv_heads];
      const int64_t kv_head = item % kv_heads, head = kv_head * shape.group, first = piece.start + piece.first;
      kernel.attention(
          {shape, rows_of<const T>(queries, first, head), context_of<T>(keys, piece.start, kv_head),
           context_of<T>(values, piece.start, kv_head), rows_of<T>(out, first, head),
           keep_log_sum ? rows_of<float>(log_sum, first, head) : QueryRows<float>{}, piece.first, piece.count},
          scratch(kernel.attention_scratch(shape)));
    });
  });
  return {out, log_sum};
}

// One thread takes a whole segment for a group of heads, so that the gradients of a key and a value are summed in the
// order of the queries, however many threads there are.
std::tuple<Tensor, Tensor, Tensor> backward(const Tensor& out_gradient, const Tensor& queries, const Tensor& keys,
                                            const Tensor& values, const Tensor& out, const Tensor& log_sum,
                                            const std::vector<int64_t>& at, const AttentionShape& shape) {
  Tensor query_gradient = at::empty(queries.sizes(), queries.options());
  Tensor key_gradient = at::empty(keys.sizes(), keys.options());
  Tensor value_gradient = at::empty(values.sizes(), values.options());
  std::vector<Piece> pieces;
  for (size_t segment = 0; segment + 1 < at.size(); segment++) {
    pieces.push_back({at[segment], 0, at[segment + 1] - at[segment]});
  }

  pieces = longest_first(std::move(pieces));
  with_type_of(queries, [&](auto type) {
    using T = decltype(type);
    const auto& kernel = kernels<T>();
    const int64_t kv_heads = keys.size(1);
    for_each_item(static_cast<int64_t>(pieces.size()) * kv_heads, [&](int64_t item) {
      const Piece& piece = pieces[item / kv_heads];
      const int64_t kv_head = item % kv_heads, head = kv_head * shape.group, start = piece.start;
      kernel.attention_backward(
          {shape, rows_of<const T>(queries, start, head), context_of<T>(keys, start, kv_head),
           context_of<T>(values, start, kv_head), rows_of<const T>(out, start, head),
           rows_of<const T>(out_gradient, start, head), rows_of<const float>(log_sum, start, head),
           rows_of<T>(query_gradient, start, head), rows_of<T>(key_gradient, start, kv_head).data,
           rows_of<T>(value_gradient, start, kv_head).data, key_gradient.stride(0), piece.count},
          scratch(kernel.attention_backward_scratch(shape, piece.count)));
    });
  });
  return {query_gradient, key_gradient, value_gradient};
}

struct SegmentAttention : torch::autograd::Function<SegmentAttention> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& queries, const Tensor& keys,
                        const Tensor& values, const Tensor& starts, double scale, int64_t window, double softcap) {
    at::AutoDispatchBelowADInplaceOrView below;
    const Tensor q = with_dense_rows(queries), k = with_dense_rows(keys), v = with_dense_rows(values);
    const auto at = read_starts(starts, q.size(0));
    auto [out, log_sum] = hone::forward(q, k, v, at, shape_of(q, k, scale, window, softcap), true);
    context->save_for_backward({q, k, v, out, log_sum});
    context->saved_data["starts"] = at;
    context->saved_data["scale"] = scale;
    context->saved_data["window"] = window;
    context->saved_data["softcap"] = softcap;
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    at::NoGradGuard once;
    const auto saved = context->get_saved_variables();
    const auto shape = shape_of(saved[0], saved[1], context->saved_data["scale"].toDouble(),
                                context->saved_data["window"].toInt(), context->saved_data["softcap"].toDouble());
    auto [q, k, v] = hone::backward(with_dense_rows(gradients[0]), saved[0], saved[1], saved[2], saved[3], saved[4],
                                    context->saved_data["starts"].toIntVector(), shape);
    return {q, k, v, Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

Tensor segment_attention(const Tensor& queries, const Tensor& keys, const Tensor& values, const Tensor& starts,
                         double scale, int64_t window, double softcap) {
  if (!is_fused(queries)) {
    return composite(queries, keys, values, starts, scale, window, softcap);
  }

  check(queries, keys, values, starts);
  if (needs_gradient(queries, keys, values)) {
    return SegmentAttention::apply(queries, keys, values, starts, scale, window, softcap);
  }

  at::AutoDispatchBelowADInplaceOrView below;
  const Tensor q = with_dense_rows(queries), k = with_dense_rows(keys), v = with_dense_rows(values);
  const auto at = read_starts(starts, q.size(0));
  return std::get<0>(forward(q, k, v, at, shape_of(q, k, scale, window, softcap), false));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def(
      "segment_attention(Tensor q, Tensor k, Tensor v, Tensor segment_starts, float scale, int window=0, "
      "float softcap=0.) -> Tensor");
  library.def(
      "segment_attention.composite(Tensor q, Tensor k, Tensor v, Tensor segment_starts, float scale, "
      "int window=0, float softcap=0.) -> Tensor");
}

TORCH_LIBRARY_IMPL(hone, CompositeImplicitAutograd, library) {
  library.impl("segment_attention", composite);
  library.impl("segment_attention.composite", composite);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) { library.impl("segment_attention", segment_attention); }

TORCH_LIBRARY_IMPL(hone, AutogradCPU, library) { library.impl("segment_attention", segment_attention); }

}  // namespace hone

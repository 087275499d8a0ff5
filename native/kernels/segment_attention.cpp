// Causal attention inside each segment of a packed row, with grouped heads, sliding windows and capped scores.
#include <torch/csrc/autograd/custom_function.h>
#include <torch/library.h>

#include "attention_composite.h"
#include "segments.h"

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

Tensor composite(const Tensor& queries, const Tensor& keys, const Tensor& values, const Tensor& starts, double scale,
                 int64_t window, double softcap, const OptionalTensor& parents) {
  check(queries, keys, values, starts);
  const auto segments = read_segments(starts, parents, queries.size(0));
  std::vector<Tensor> out;
  for (const Segment& segment : segments) {
    const auto context_of = [&](const Tensor& x) {
      const Tensor own = x.narrow(0, segment.first, segment.count);
      return segment.parent < 0
                 ? own
                 : at::cat({x.narrow(0, segments[segment.parent].first, segments[segment.parent].count), own});
    };
    out.push_back(attend(queries.narrow(0, segment.first, segment.count), context_of(keys), context_of(values), scale,
                         window, softcap));
  }

  return out.empty() ? at::empty_like(queries) : at::cat(out, 0);
}

AttentionShape shape_of(const Tensor& queries, const Tensor& keys, double scale, int64_t window, double softcap) {
  return {queries.size(2), queries.size(1) / keys.size(1), window, static_cast<float>(scale),
          static_cast<float>(softcap)};
}

template <class T>
T* row_of(const Tensor& x, int64_t token, int64_t head) {
  return data<T>(x) + token * x.stride(0) + head * x.stride(1);
}

template <class T>
ContextRows<T> context_of(const Tensor& x, const std::vector<Segment>& segments, const Segment& segment, int64_t head) {
  ContextRows<T> rows{row_of<T>(x, segment.first, head), x.stride(0)};
  if (segment.parent >= 0) {
    rows.prefix = row_of<T>(x, segments[segment.parent].first, head);
    rows.shared = segments[segment.parent].count;
  }

  return rows;
}

template <class T>
QueryRows<T> rows_of(const Tensor& x, int64_t first, int64_t head) {
  return {row_of<std::remove_const_t<T>>(x, first, head), x.stride(0), x.stride(1)};
}

/// Some queries of a segment as work for one thread.
struct Piece {
  size_t segment;
  int64_t first;  // from the start of the segment
  int64_t count;
  int64_t work;
};

std::tuple<Tensor, Tensor> forward(const Tensor& queries, const Tensor& keys, const Tensor& values,
                                   const std::vector<Segment>& segments, const AttentionShape& shape,
                                   bool keep_log_sum) {
  Tensor out = at::empty(queries.sizes(), queries.options());
  Tensor log_sum =
      keep_log_sum ? at::empty({queries.size(0), queries.size(1)}, queries.options().dtype(at::kFloat)) : Tensor();
  with_type_of(queries, [&](auto type) {
    using T = decltype(type);
    const auto& kernel = kernels<T>();
    const int64_t at_once = kernel.attention_queries(shape), kv_heads = keys.size(1);
    std::vector<Piece> pieces;
    for (size_t i = 0; i < segments.size(); i++) {
      const int64_t shared = segments[i].parent < 0 ? 0 : segments[segments[i].parent].count;
      for (int64_t first = 0; first < segments[i].count; first += at_once) {
        const int64_t count = std::min(at_once, segments[i].count - first);
        pieces.push_back({i, first, count, shared + first + count});
      }
    }

    sort_by_work(pieces);
    for_each_item(static_cast<int64_t>(pieces.size()) * kv_heads, [&](int64_t item) {
      const Piece& piece = pieces[item / kv_heads];
      const Segment& segment = segments[piece.segment];
      const int64_t kv_head = item % kv_heads, head = kv_head * shape.group, first = segment.first + piece.first;
      const auto k = context_of<T>(keys, segments, segment, kv_head);
      kernel.attention({shape, rows_of<const T>(queries, first, head), k,
                        context_of<T>(values, segments, segment, kv_head), rows_of<T>(out, first, head),
                        keep_log_sum ? rows_of<float>(log_sum, first, head) : QueryRows<float>{},
                        k.shared + piece.first, piece.count},
                       scratch(kernel.attention_scratch(shape)));
    });
  });
  return {out, log_sum};
}

struct Gradients {
  Tensor queries;
  Tensor keys;
  Tensor values;
};

// One thread takes a whole family for a group of heads, so that the gradients of a key and a value are summed in the
// order of the queries, however many threads there are: those of the children, then those of the segment itself.
Gradients backward(const Tensor& out_gradient, const Tensor& queries, const Tensor& keys, const Tensor& values,
                   const Tensor& out, const Tensor& log_sum, const std::vector<Segment>& segments,
                   const AttentionShape& shape) {
  const Gradients gradients{at::empty(queries.sizes(), queries.options()), at::empty(keys.sizes(), keys.options()),
                            at::empty(values.sizes(), values.options())};
  const auto families = families_of(segments);
  with_type_of(queries, [&](auto type) {
    using T = decltype(type);
    const auto& kernel = kernels<T>();
    const int64_t kv_heads = keys.size(1);
    for_each_item(static_cast<int64_t>(families.size()) * kv_heads, [&](int64_t item) {
      const Family& family = families[item / kv_heads];
      const int64_t kv_head = item % kv_heads, head = kv_head * shape.group;
      const int64_t shared = segments[family.root].count, room = shared + family.longest;
      float* const memory = scratch(kernel.attention_backward_scratch(shape, room));
      const auto take_back = [&](const Segment& segment, bool goes_on) {
        const int64_t first = segment.first;
        const auto k = context_of<T>(keys, segments, segment, kv_head);
        kernel.attention_backward(
            {shape, rows_of<const T>(queries, first, head), k, context_of<T>(values, segments, segment, kv_head),
             rows_of<const T>(out, first, head), rows_of<const T>(out_gradient, first, head),
             rows_of<const float>(log_sum, first, head), rows_of<T>(gradients.queries, first, head),
             row_of<T>(gradients.keys, first, kv_head), row_of<T>(gradients.values, first, kv_head),
             gradients.keys.stride(0), segment.count, k.shared, room, goes_on},
            memory);
      };
      kernel.attention_backward_clear(shape, room, shared, memory);
      for (const size_t child : family.children) {
        take_back(segments[child], false);
      }

      take_back(segments[family.root], true);
    });
  });
  return gradients;
}

struct SegmentAttention : torch::autograd::Function<SegmentAttention> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& queries, const Tensor& keys,
                        const Tensor& values, const Tensor& starts, double scale, int64_t window, double softcap,
                        const OptionalTensor& parents) {
    at::AutoDispatchBelowADInplaceOrView below;
    const Tensor q = with_dense_rows(queries), k = with_dense_rows(keys), v = with_dense_rows(values);
    const auto segments = read_segments(starts, parents, q.size(0));
    auto [out, log_sum] = hone::forward(q, k, v, segments, shape_of(q, k, scale, window, softcap), true);
    context->save_for_backward({q, k, v, out, log_sum, starts, parents.has_value() ? *parents : Tensor()});
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
    const OptionalTensor parents = saved[6].defined() ? OptionalTensor(saved[6]) : OptionalTensor();
    const auto segments = read_segments(saved[5], parents, saved[0].size(0));
    const auto found = hone::backward(with_dense_rows(gradients[0]), saved[0], saved[1], saved[2], saved[3], saved[4],
                                      segments, shape);
    return {found.queries, found.keys, found.values, Tensor(), Tensor(), Tensor(), Tensor(), Tensor()};
  }
};

Tensor segment_attention(const Tensor& queries, const Tensor& keys, const Tensor& values, const Tensor& starts,
                         double scale, int64_t window, double softcap, const OptionalTensor& parents) {
  if (!is_fused(queries)) {
    return composite(queries, keys, values, starts, scale, window, softcap, parents);
  }

  check(queries, keys, values, starts);
  if (needs_gradient(queries, keys, values)) {
    return SegmentAttention::apply(queries, keys, values, starts, scale, window, softcap, parents);
  }

  at::AutoDispatchBelowADInplaceOrView below;
  const Tensor q = with_dense_rows(queries), k = with_dense_rows(keys), v = with_dense_rows(values);
  const auto segments = read_segments(starts, parents, q.size(0));
  return std::get<0>(forward(q, k, v, segments, shape_of(q, k, scale, window, softcap), false));
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def(
      "segment_attention(Tensor q, Tensor k, Tensor v, Tensor segment_starts, float scale, int window=0, "
      "float softcap=0., Tensor? parents=None) -> Tensor");
  library.def(
      "segment_attention.composite(Tensor q, Tensor k, Tensor v, Tensor segment_starts, float scale, "
      "int window=0, float softcap=0., Tensor? parents=None) -> Tensor");
}

TORCH_LIBRARY_IMPL(hone, CompositeImplicitAutograd, library) {
  library.impl("segment_attention", composite);
  library.impl("segment_attention.composite", composite);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) { library.impl("segment_attention", segment_attention); }

TORCH_LIBRARY_IMPL(hone, AutogradCPU, library) { library.impl("segment_attention", segment_attention); }

}  // namespace hone

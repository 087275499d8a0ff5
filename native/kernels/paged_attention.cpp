// The key-value cache of generation: pages of a fixed number of slots, and attention over them (arXiv:2309.06180).
#include <ATen/TensorIndexing.h>
#include <torch/library.h>

#include "attention_composite.h"

namespace hone {
namespace {

using at::Tensor;

/// Both kinds of pages of a layer, and what their shapes say.
struct Pages {
  Tensor keys;
  Tensor values;
  PageShape shape;

  int64_t count() const { return keys.size(0); }
  int64_t heads() const { return keys.size(1); }
};

Pages read_pages(const char* where, const Tensor& keys, const Tensor& values, int64_t dim) {
  TORCH_CHECK(keys.dim() == 5 && values.dim() == 5 && keys.scalar_type() == values.scalar_type(), where,
              ": k_pages and v_pages must have five dimensions and one dtype, got ", keys.sizes(), " ",
              keys.scalar_type(), " and ", values.sizes(), " ", values.scalar_type());
  const PageShape shape{keys.size(3), dim, keys.scalar_type() == at::kBFloat16 ? 2 : 1};
  const int64_t pages = keys.size(0), heads = keys.size(1), slots = shape.slots, terms = shape.terms;
  TORCH_CHECK(slots % kPageSlots == 0 && kKeyBlock % slots == 0, where, ": a page must have ", kPageSlots, ", ",
              2 * kPageSlots, " or ", kKeyBlock, " slots, got ", slots);
  TORCH_CHECK(keys.sizes() == at::IntArrayRef({pages, heads, shape.key_steps(), slots, terms}) &&
                  values.sizes() == at::IntArrayRef({pages, heads, slots / terms, shape.value_dims(), terms}) &&
                  keys.is_contiguous() && values.is_contiguous(),
              where, ": for heads of ", dim, " numbers k_pages must be contiguous [page, kv_head, ", shape.key_steps(),
              ", slot, ", terms, "] and v_pages [page, kv_head, slot / ", terms, ", ", shape.value_dims(), ", ", terms,
              "], got ", keys.sizes(), " and ", values.sizes());
  return {keys, values, shape};
}

/// Which queries and pages belong to which sequence: the integers, checked once, on the CPU.
struct Batch {
  Tensor block_table;
  Tensor query_starts;
  Tensor context_lengths;

  int64_t sequences() const { return context_lengths.size(0); }
  const int32_t* pages(int64_t sequence) const { return data<int32_t>(block_table) + sequence * block_table.size(1); }
  int64_t query_start(int64_t sequence) const { return data<int32_t>(query_starts)[sequence]; }
  int64_t query_count(int64_t sequence) const { return query_start(sequence + 1) - query_start(sequence); }
  int64_t context_length(int64_t sequence) const { return data<int32_t>(context_lengths)[sequence]; }
};

Pages pages_for(const Tensor& queries, const Tensor& key_pages, const Tensor& value_pages) {
  TORCH_CHECK(queries.dim() == 3, "hone::paged_attention: q must be [token, head, dim], got ", queries.sizes());
  const Pages pages = read_pages("hone::paged_attention", key_pages, value_pages, queries.size(2));
  TORCH_CHECK(queries.size(1) % pages.heads() == 0 && queries.scalar_type() == pages.keys.scalar_type(),
              "hone::paged_attention: q must have a multiple of ", pages.heads(), " heads and the dtype of the pages, ",
              pages.keys.scalar_type(), ", got ", queries.sizes(), " ", queries.scalar_type());
  return pages;
}

Batch read_batch(const Tensor& queries, const Pages& pages, const Tensor& block_table, const Tensor& query_starts,
                 const Tensor& context_lengths) {
  const int64_t sequences = context_lengths.size(0);
  TORCH_CHECK(block_table.dim() == 2 && block_table.size(0) == sequences && query_starts.dim() == 1 &&
                  query_starts.size(0) == sequences + 1,
              "hone::paged_attention: block_table must be [sequence = ", sequences,
              ", max_pages] and query_starts [sequence + 1], got ", block_table.sizes(), " and ", query_starts.sizes());
  for (const Tensor* const integers : {&block_table, &query_starts, &context_lengths}) {
    TORCH_CHECK(integers->scalar_type() == at::kInt,
                "hone::paged_attention: block_table, query_starts and "
                "context_lengths must be int32, got ",
                integers->scalar_type());
  }

  const Batch batch{block_table.to(at::kCPU).contiguous(), query_starts.to(at::kCPU).contiguous(),
                    context_lengths.to(at::kCPU).contiguous()};
  const int64_t slots = pages.shape.slots;
  TORCH_CHECK(batch.query_start(0) == 0 && batch.query_start(sequences) == queries.size(0),
              "hone::paged_attention: query_starts must rise from 0 to token = ", queries.size(0));
  for (int64_t sequence = 0; sequence < sequences; sequence++) {
    const int64_t count = batch.query_count(sequence), length = batch.context_length(sequence);
    TORCH_CHECK(count >= 0 && count <= length && length <= slots * block_table.size(1),
                "hone::paged_attention: sequence ", sequence, " has ", count, " queries, a context of ", length,
                " and room for ", slots * block_table.size(1), "; each must hold the one before");
    for (int64_t page = 0; page < (length + slots - 1) / slots; page++) {
      const int32_t at = batch.pages(sequence)[page];
      TORCH_CHECK(at >= 0 && at < pages.count(), "hone::paged_attention: page ", page, " of sequence ", sequence,
                  " must be from 0 to ", pages.count() - 1, ", got ", at);
    }
  }

  return batch;
}

Tensor composite(const Tensor& queries, const Tensor& key_pages, const Tensor& value_pages, const Tensor& block_table,
                 const Tensor& query_starts, const Tensor& context_lengths, double scale, int64_t window,
                 double softcap) {
  const Pages pages = pages_for(queries, key_pages, value_pages);
  const Batch batch = read_batch(queries, pages, block_table, query_starts, context_lengths);
  const int64_t slots = pages.shape.slots, heads = pages.heads(), dim = pages.shape.dim;
  std::vector<Tensor> out;
  for (int64_t sequence = 0; sequence < batch.sequences(); sequence++) {
    const int64_t length = batch.context_length(sequence), count = (length + slots - 1) / slots;
    const Tensor used = batch.block_table[sequence].narrow(0, 0, count).to(at::kLong).to(queries.device());
    const Tensor by_slot = key_pages.index_select(0, used).permute({0, 3, 1, 2, 4});  // [page, slot, head, step, term]
    const Tensor by_pair = value_pages.index_select(0, used).permute({0, 2, 4, 1, 3});  // [page, step, term, head, dim]
    const Tensor k = by_slot.reshape({count * slots, heads, -1}).slice(0, 0, length).slice(2, 0, dim);
    const Tensor v = by_pair.reshape({count * slots, heads, -1}).slice(0, 0, length).slice(2, 0, dim);
    out.push_back(attend(queries.narrow(0, batch.query_start(sequence), batch.query_count(sequence)), k, v, scale,
                         window, softcap));
  }

  return out.empty() ? at::empty_like(queries) : at::cat(out, 0);
}

/// A block of the queries of one sequence.
struct Piece {
  int64_t sequence;
  int64_t first;  // among the sequence's queries
  int64_t count;
};

Tensor paged_attention(const Tensor& queries, const Tensor& key_pages, const Tensor& value_pages,
                       const Tensor& block_table, const Tensor& query_starts, const Tensor& context_lengths,
                       double scale, int64_t window, double softcap) {
  if (!is_fused(queries)) {
    return composite(queries, key_pages, value_pages, block_table, query_starts, context_lengths, scale, window,
                     softcap);
  }

  const Pages pages = pages_for(queries, key_pages, value_pages);
  const Batch batch = read_batch(queries, pages, block_table, query_starts, context_lengths);
  const Tensor q = with_dense_rows(queries);
  const int64_t kv_heads = pages.heads(), dim = pages.shape.dim;
  const AttentionShape shape{dim, q.size(1) / kv_heads, window, static_cast<float>(scale), static_cast<float>(softcap)};
  Tensor out = at::empty(q.sizes(), q.options());
  with_type_of(q, [&](auto type) {
    using T = decltype(type);
    const auto& kernel = kernels<T>();
    const int64_t at_once = kernel.attention_queries(shape);
    std::vector<Piece> pieces;
    for (int64_t sequence = 0; sequence < batch.sequences(); sequence++) {
      for (int64_t first = 0; first < batch.query_count(sequence); first += at_once) {
        pieces.push_back({sequence, first, std::min(at_once, batch.query_count(sequence) - first)});
      }
    }

    for_each_item(static_cast<int64_t>(pieces.size()) * kv_heads, [&](int64_t item) {
      const Piece& piece = pieces[item / kv_heads];
      const int64_t kv_head = item % kv_heads, head = kv_head * shape.group;
      const int64_t token = batch.query_start(piece.sequence) + piece.first;
      const int64_t before = batch.context_length(piece.sequence) - batch.query_count(piece.sequence);
      kernel.attention({shape,
                        {data<T>(q) + token * q.stride(0) + head * q.stride(1), q.stride(0), q.stride(1)},
                        {},
                        {},
                        {data<T>(out) + token * out.stride(0) + head * dim, out.stride(0), dim},
                        {},
                        before + piece.first,
                        piece.count,
                        {data<T>(key_pages) + kv_head * pages.shape.key_count(),
                         data<T>(value_pages) + kv_head * pages.shape.value_count(), key_pages.stride(0),
                         value_pages.stride(0), pages.shape.slots, batch.pages(piece.sequence)}},
                       scratch(kernel.attention_scratch(shape)));
    });
  });
  return out;
}

void check_store(const Tensor& keys, const Tensor& values, const Pages& pages, const Tensor& slots) {
  TORCH_CHECK(keys.dim() == 3 && keys.sizes() == values.sizes() && keys.size(1) == pages.heads(),
              "hone::paged_store: k and v must be [token, kv_head = ", pages.heads(), ", dim], got ", keys.sizes(),
              " and ", values.sizes());
  TORCH_CHECK(slots.dim() == 1 && slots.size(0) == keys.size(0) && slots.scalar_type() == at::kLong,
              "hone::paged_store: slots must be int64 [token = ", keys.size(0), "], got ", slots.scalar_type(), " ",
              slots.sizes());
}

void store_by_operators(const Tensor& keys, const Tensor& values, Tensor key_pages, Tensor value_pages,
                        const Tensor& slots) {
  using at::indexing::Slice;
  at::NoGradGuard no_gradient;
  const Pages pages = read_pages("hone::paged_store", key_pages, value_pages, keys.size(-1));
  check_store(keys, values, pages, slots);
  const auto& shape = pages.shape;
  const Tensor page = slots.div(shape.slots, "floor"), slot = slots.remainder(shape.slots);
  const Tensor steps = at::constant_pad_nd(keys.to(key_pages.scalar_type()), {0, shape.dim % shape.terms})
                           .reshape({keys.size(0), pages.heads(), shape.key_steps(), shape.terms});
  key_pages.index_put_({page, Slice(), Slice(), slot}, steps);
  value_pages.index_put_(
      {page, Slice(), slot.div(shape.terms, "floor"), Slice(0, shape.dim), slot.remainder(shape.terms)},
      values.to(value_pages.scalar_type()));
}

void paged_store(const Tensor& keys, const Tensor& values, Tensor key_pages, Tensor value_pages, const Tensor& slots) {
  if (!is_fused(key_pages)) {
    return store_by_operators(keys, values, key_pages, value_pages, slots);
  }

  const Pages pages = read_pages("hone::paged_store", key_pages, value_pages, keys.size(-1));
  check_store(keys, values, pages, slots);
  const Tensor k = with_dense_rows(keys.to(key_pages.scalar_type()));
  const Tensor v = with_dense_rows(values.to(value_pages.scalar_type()));
  const Tensor at = slots.contiguous();
  const int64_t* const places = data<int64_t>(at);
  const int64_t room = pages.count() * pages.shape.slots;
  for (int64_t token = 0; token < k.size(0); token++) {
    TORCH_CHECK(places[token] >= 0 && places[token] < room, "hone::paged_store: slots must be from 0 to ", room - 1,
                ", got ", places[token]);
  }

  with_type_of(key_pages, [&](auto type) {
    using T = decltype(type);
    const auto& kernel = kernels<T>();
    // By head, not by token: neighbours of a head may share a pair.
    for_each_item(pages.heads(), [&](int64_t head) {
      for (int64_t token = 0; token < k.size(0); token++) {
        const int64_t page = places[token] / pages.shape.slots, slot = places[token] % pages.shape.slots;
        kernel.store_slot(data<T>(key_pages) + page * key_pages.stride(0) + head * pages.shape.key_count(),
                          data<T>(value_pages) + page * value_pages.stride(0) + head * pages.shape.value_count(),
                          pages.shape, slot, data<T>(k) + token * k.stride(0) + head * k.stride(1),
                          data<T>(v) + token * v.stride(0) + head * v.stride(1));
      }
    });
  });
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def(
      "paged_attention(Tensor q, Tensor k_pages, Tensor v_pages, Tensor block_table, Tensor query_starts, "
      "Tensor context_lengths, float scale, int window=0, float softcap=0.) -> Tensor");
  library.def(
      "paged_attention.composite(Tensor q, Tensor k_pages, Tensor v_pages, Tensor block_table, "
      "Tensor query_starts, Tensor context_lengths, float scale, int window=0, float softcap=0.) -> Tensor");
  library.def("paged_store(Tensor k, Tensor v, Tensor(a!) k_pages, Tensor(b!) v_pages, Tensor slots) -> ()");
}

TORCH_LIBRARY_IMPL(hone, CompositeExplicitAutograd, library) {
  library.impl("paged_attention", composite);
  library.impl("paged_attention.composite", composite);
  library.impl("paged_store", store_by_operators);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) {
  library.impl("paged_attention", paged_attention);
  library.impl("paged_store", paged_store);
}

}  // namespace hone

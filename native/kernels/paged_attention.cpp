// The key-value cache of generation: pages of a fixed number of slots, and attention over them (arXiv:2309.06180).
#include <torch/library.h>

#include "attention_composite.h"

namespace hone {
namespace {

using at::Tensor;

void check_pages(const char* where, const Tensor& key_pages, const Tensor& value_pages) {
  TORCH_CHECK(key_pages.dim() == 4 && key_pages.sizes() == value_pages.sizes(), where,
              ": k_pages and v_pages must be [page, slot, kv_head, dim], got ", key_pages.sizes(), " and ",
              value_pages.sizes());
  TORCH_CHECK(
      key_pages.is_contiguous() && value_pages.is_contiguous() && key_pages.scalar_type() == value_pages.scalar_type(),
      where, ": k_pages and v_pages must be contiguous and of one dtype");
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

Batch read_batch(const Tensor& queries, const Tensor& key_pages, const Tensor& block_table, const Tensor& query_starts,
                 const Tensor& context_lengths) {
  TORCH_CHECK(queries.dim() == 3 && queries.size(2) == key_pages.size(3) && queries.size(1) % key_pages.size(2) == 0,
              "hone::paged_attention: q must be [token, a multiple of kv_head = ", key_pages.size(2),
              ", dim = ", key_pages.size(3), "], got ", queries.sizes());
  TORCH_CHECK(queries.scalar_type() == key_pages.scalar_type(),
              "hone::paged_attention: q must have the dtype of the "
              "pages, ",
              key_pages.scalar_type(), ", got ", queries.scalar_type());
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
  const int64_t slots = key_pages.size(1);
  TORCH_CHECK(batch.query_start(0) == 0 && batch.query_start(sequences) == queries.size(0),
              "hone::paged_attention: query_starts must rise from 0 to token = ", queries.size(0));
  for (int64_t sequence = 0; sequence < sequences; sequence++) {
    const int64_t count = batch.query_count(sequence), length = batch.context_length(sequence);
    TORCH_CHECK(count >= 0 && count <= length && length <= slots * block_table.size(1),
                "hone::paged_attention: sequence ", sequence, " has ", count, " queries, a context of ", length,
                " and room for ", slots * block_table.size(1), "; each must hold the one before");
    for (int64_t page = 0; page < (length + slots - 1) / slots; page++) {
      const int32_t at = batch.pages(sequence)[page];
      TORCH_CHECK(at >= 0 && at < key_pages.size(0), "hone::paged_attention: page ", page, " of sequence ", sequence,
                  " must be from 0 to ", key_pages.size(0) - 1, ", got ", at);
    }
  }

  return batch;
}

Tensor composite(const Tensor& queries, const Tensor& key_pages, const Tensor& value_pages, const Tensor& block_table,
                 const Tensor& query_starts, const Tensor& context_lengths, double scale, int64_t window,
                 double softcap) {
  check_pages("hone::paged_attention", key_pages, value_pages);
  const Batch batch = read_batch(queries, key_pages, block_table, query_starts, context_lengths);
  const int64_t slots = key_pages.size(1);
  std::vector<Tensor> out;
  for (int64_t sequence = 0; sequence < batch.sequences(); sequence++) {
    const int64_t length = batch.context_length(sequence), pages = (length + slots - 1) / slots;
    const Tensor used = batch.block_table[sequence].narrow(0, 0, pages).to(at::kLong).to(queries.device());
    const Tensor k = key_pages.index_select(0, used).flatten(0, 1).narrow(0, 0, length);    // [time, kv_head, dim]
    const Tensor v = value_pages.index_select(0, used).flatten(0, 1).narrow(0, 0, length);  // [time, kv_head, dim]
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

  check_pages("hone::paged_attention", key_pages, value_pages);
  const Batch batch = read_batch(queries, key_pages, block_table, query_starts, context_lengths);
  const Tensor q = with_dense_rows(queries);
  const int64_t kv_heads = key_pages.size(2), dim = key_pages.size(3), slots = key_pages.size(1);
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
      const int32_t* const pages = batch.pages(piece.sequence);
      const ContextRows<T> keys{data<T>(key_pages) + kv_head * dim, kv_heads * dim, pages, slots,
                                slots * kv_heads * dim};
      const ContextRows<T> values{data<T>(value_pages) + kv_head * dim, kv_heads * dim, pages, slots,
                                  slots * kv_heads * dim};
      kernel.attention({shape,
                        {data<T>(q) + token * q.stride(0) + head * q.stride(1), q.stride(0), q.stride(1)},
                        keys,
                        values,
                        {data<T>(out) + token * out.stride(0) + head * dim, out.stride(0), dim},
                        {},
                        before + piece.first,
                        piece.count},
                       scratch(kernel.attention_scratch(shape)));
    });
  });
  return out;
}

void paged_store(const Tensor& keys, const Tensor& values, Tensor key_pages, Tensor value_pages, const Tensor& slots) {
  at::NoGradGuard no_gradient;
  check_pages("hone::paged_store", key_pages, value_pages);
  const int64_t room = key_pages.size(0) * key_pages.size(1);
  TORCH_CHECK(keys.dim() == 3 && keys.sizes() == values.sizes() && keys.size(1) == key_pages.size(2) &&
                  keys.size(2) == key_pages.size(3),
              "hone::paged_store: k and v must be [token, kv_head = ", key_pages.size(2), ", dim = ", key_pages.size(3),
              "], got ", keys.sizes(), " and ", values.sizes());
  TORCH_CHECK(slots.dim() == 1 && slots.size(0) == keys.size(0) && slots.scalar_type() == at::kLong,
              "hone::paged_store: slots must be int64 [token = ", keys.size(0), "], got ", slots.scalar_type(), " ",
              slots.sizes());
  key_pages.view({room, -1}).index_copy_(0, slots, keys.flatten(1).to(key_pages.scalar_type()));
  value_pages.view({room, -1}).index_copy_(0, slots, values.flatten(1).to(value_pages.scalar_type()));
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
  library.impl("paged_store", paged_store);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) { library.impl("paged_attention", paged_attention); }

}  // namespace hone

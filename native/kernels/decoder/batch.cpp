#include "batch.h"

namespace hone::decoder {
namespace {

/// Rows that a thread reduces at once.
constexpr int64_t kSlice = 8;

/// The runs of rows whose adapters are given.
Runs runs_of(const std::vector<const AdapterPlan*>& adapters) {
  Runs runs;
  for (size_t row = 0; row < adapters.size(); row++) {
    if (row == 0 || adapters[row] != adapters[row - 1]) {
      runs.all.push_back({static_cast<int64_t>(row), 0, adapters[row]});
    }

    runs.all.back().count++;
  }

  for (const Run& run : runs.all) {
    for (int64_t row = run.first; run.adapter != nullptr && row < run.end(); row += kSlice) {
      runs.slices.push_back({row, std::min(kSlice, run.end() - row), run.adapter});
    }
  }

  return runs;
}

}  // namespace

Batch::Batch(const Plan& plan, BatchTensors tensors) : tensors_(std::move(tensors)) {
  check_sequences(plan);
  check_pages(plan);
  read_rotations(plan);
  cut(plan);
  read_adapters(plan);
}

void Batch::check_sequences(const Plan& plan) const {
  const auto& [key_pages, value_pages, rotations, ids, table, starts, lengths, wanted, adapters, adapter_of] = tensors_;
  TORCH_CHECK(ids.dim() == 1 && ids.scalar_type() == at::kLong && wanted.dim() == 1 &&
                  wanted.scalar_type() == at::kLong && table.dim() == 2 && table.scalar_type() == at::kInt &&
                  starts.dim() == 1 && starts.scalar_type() == at::kInt && lengths.dim() == 1 &&
                  lengths.scalar_type() == at::kInt && starts.size(0) == lengths.size(0) + 1 &&
                  table.size(0) == lengths.size(0),
              "hone::decoder_step: ids and wanted must be int64, block_table, query_starts and context_lengths int32, "
              "of one batch");
  for (const at::Tensor* const x : {&ids, &wanted, &table, &starts, &lengths}) {
    TORCH_CHECK(x->is_contiguous(), "hone::decoder_step: a batch must be contiguous");
  }

  TORCH_CHECK(first(0) == 0 && first(sequences()) == tokens(), "hone::decoder_step: query_starts must rise from 0 to ",
              tokens());
  for (int64_t i = 0; i < tokens(); i++) {
    TORCH_CHECK(id(i) >= 0 && id(i) < plan.sizes.vocabulary, "hone::decoder_step: ids must be from 0 to ",
                plan.sizes.vocabulary - 1, ", got ", id(i));
  }

  TORCH_CHECK(wanted.size(0) <= tokens(), "hone::decoder_step: wanted must be at most the ", tokens(), " tokens, got ",
              wanted.size(0));
  for (int64_t i = 0; i < this->wanted(); i++) {
    TORCH_CHECK(this->wanted(i) >= 0 && this->wanted(i) < tokens(), "hone::decoder_step: wanted must be from 0 to ",
                tokens() - 1, ", got ", this->wanted(i));
  }
}

void Batch::check_pages(const Plan& plan) const {
  const Sizes& sizes = plan.sizes;
  const auto layers = static_cast<size_t>(sizes.layers);
  TORCH_CHECK(tensors_.key_pages.size() == layers && tensors_.value_pages.size() == layers,
              "hone::decoder_step: there must be pages for each of ", layers, " layers");
  const auto type = has_codes() ? at::kChar : plan.is_bfloat != 0 ? at::kBFloat16 : at::kFloat;
  const int64_t pages = tensors_.key_pages[0].size(0), slots = tensors_.key_pages[0].size(3);
  const PageShape shape{slots, sizes.dim, type == at::kBFloat16 ? 2 : 1};
  const int64_t scales = has_codes() ? kScaleBytes : 0;
  const int64_t keys[] = {pages, sizes.kv_heads, shape.key_steps() + scales, slots, shape.terms};
  const int64_t values[] = {pages, sizes.kv_heads, slots / shape.terms, shape.value_dims() + scales, shape.terms};
  for (size_t i = 0; i < layers; i++) {
    const at::Tensor &k = tensors_.key_pages[i], &v = tensors_.value_pages[i];
    TORCH_CHECK(k.scalar_type() == type && v.scalar_type() == type && k.sizes() == at::IntArrayRef(keys) &&
                    v.sizes() == at::IntArrayRef(values) && k.is_contiguous() && v.is_contiguous() &&
                    slots > 0 && slots % kPageSlots == 0 && kKeyBlock % slots == 0,
                "hone::decoder_step: pages of layer ", i, " must be contiguous ", type, " ", at::IntArrayRef(keys),
                " and ", at::IntArrayRef(values), ", got ", k.sizes(), " and ", v.sizes());
  }

  for (int64_t sequence = 0; sequence < sequences(); sequence++) {
    const int64_t count = first(sequence + 1) - first(sequence);
    const int64_t length = data<int32_t>(tensors_.context_lengths)[sequence];
    TORCH_CHECK(count > 0 && count <= length && length <= slots * tensors_.block_table.size(1),
                "hone::decoder_step: sequence ", sequence, " has ", count, " new tokens, a context of ", length,
                " and room for ", slots * tensors_.block_table.size(1), "; each must hold the one before");
    for (int64_t i = 0; i * slots < length; i++) {
      const int32_t page = data<int32_t>(tensors_.block_table)[sequence * tensors_.block_table.size(1) + i];
      TORCH_CHECK(page >= 0 && page < pages, "hone::decoder_step: page ", i, " of sequence ", sequence,
                  " must be from 0 to ", pages - 1, ", got ", page);
    }
  }
}

void Batch::read_rotations(const Plan& plan) {
  constexpr size_t kParts = 3;
  const auto& tables = tensors_.rotations;
  TORCH_CHECK(tables.size() % kParts == 0, "hone::decoder_step: rotations must be cosines, sines and rows");
  for (size_t i = 0; i < tables.size(); i += kParts) {
    const at::Tensor &cosines = tables[i], &sines = tables[i + 1], &rows = tables[i + 2];
    TORCH_CHECK(cosines.dim() == 2 && cosines.sizes() == sines.sizes() && cosines.scalar_type() == at::kFloat &&
                    sines.scalar_type() == at::kFloat && cosines.is_contiguous() && sines.is_contiguous() &&
                    2 * cosines.size(1) <= plan.sizes.dim && rows.scalar_type() == at::kLong && rows.is_contiguous() &&
                    rows.numel() == tokens(),
                "hone::decoder_step: cosines and sines must be contiguous float32 [row, at most ", plan.sizes.dim / 2,
                "] and rows int64 [", tokens(), "], got ", cosines.sizes(), ", ", sines.sizes(), " and ", rows.sizes());
    for (int64_t token = 0; token < tokens(); token++) {
      const int64_t row = data<int64_t>(rows)[token];
      TORCH_CHECK(row >= 0 && row < cosines.size(0), "hone::decoder_step: rows must be from 0 to ", cosines.size(0) - 1,
                  ", got ", row);
    }

    rotations_.push_back({data<float>(cosines), data<float>(sines), data<int64_t>(rows), cosines.size(1)});
  }

  for (int64_t i = 0; i < plan.sizes.layers; i++) {
    TORCH_CHECK(plan.layer(i).rotation < static_cast<int64_t>(rotations_.size()), "hone::decoder_step: layer ", i,
                " turns by rotation ", plan.layer(i).rotation, ", there are ", rotations_.size());
  }
}

void Batch::cut(const Plan& plan) {
  const AttentionShape shape{plan.sizes.dim, plan.sizes.heads / plan.sizes.kv_heads, 0, 1, 0};
  const int64_t at_once =
      plan.is_bfloat != 0 ? kernels<bfloat>().attention_queries(shape) : kernels<float>().attention_queries(shape);
  std::vector<Piece> single;
  for (int64_t sequence = 0; sequence < sequences(); sequence++) {
    const int64_t end = first(sequence + 1);
    if (end - first(sequence) == 1) {
      single.push_back({sequence, first(sequence), 1});
      continue;
    }

    for (int64_t token = first(sequence); token < end; token += at_once) {
      pieces_.push_back({sequence, token, std::min(at_once, end - token)});
    }
  }

  std::stable_sort(pieces_.begin(), pieces_.end(), [&](const Piece& a, const Piece& b) {
    return position(a.sequence, a.token) * a.count > position(b.sequence, b.token) * b.count;
  });
  pieces_.insert(pieces_.end(), single.begin(), single.end());
}

void Batch::read_adapters(const Plan& plan) {
  const at::Tensor& places = tensors_.adapter_of;
  TORCH_CHECK(
      places.dim() == 1 && places.scalar_type() == at::kInt && places.is_contiguous() && places.size(0) == sequences(),
      "hone::decoder_step: adapter_of must be int32 [", sequences(), "], got ", places.sizes());
  for (const at::Tensor& arena : tensors_.adapters) {
    adapters_.push_back(&adapter_at(arena, plan));
  }

  if (adapters_.empty()) {
    return;
  }

  const auto count = static_cast<int32_t>(adapters_.size());
  std::vector<const AdapterPlan*> of_tokens, of_wanted;
  for (int64_t i = 0; i < sequences(); i++) {
    const int32_t place = data<int32_t>(places)[i];
    TORCH_CHECK(place >= -1 && place < count, "hone::decoder_step: adapter_of must be from -1 to ", count - 1, ", got ",
                place);
    of_tokens.resize(first(i + 1), place < 0 ? nullptr : adapters_[place]);
  }

  for (int64_t i = 0; i < wanted(); i++) {
    of_wanted.push_back(of_tokens[wanted(i)]);
  }

  runs_ = runs_of(of_tokens);
  wanted_runs_ = runs_of(of_wanted);
}

}  // namespace hone::decoder

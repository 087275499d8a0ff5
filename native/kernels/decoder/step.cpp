// One step of a decoder over packed weights: every token of the batch through all layers, and tokens chosen at the end.
// Threads meet five times a layer, and where many rows have adapters once more for each matrix that these change. What
// a token gives has the same bits whatever else is in the batch, however prompts are cut, and for any number of
// threads: every sum runs in a fixed order.
#include <torch/library.h>

#include "choices.h"
#include "operands.h"

namespace hone::decoder {
namespace {

using at::Tensor;

template <class T>
class Step {
 public:
  Step(const Plan& plan, const Batch& batch, const Tensor& embedding, const Choices& choices, const Tensor& logits)
      : plan_(plan),
        sizes_(plan.sizes),
        batch_(batch),
        embedding_(embedding),
        choices_(choices),
        logits_(logits),
        kernel_(kernels<T>()),
        operands_(plan, batch),
        tokens_(batch.tokens()) {
    const int64_t widths[] = {sizes_.hidden, plan.query_width() + 2 * plan.key_width(), plan.query_width(),
                              sizes_.inner};
    Rows<T>* const rows[] = {&x_, &heads_, &attended_, &inner_};
    memory_ = zero_rows<T>(widths, rows, 4, tokens_);
  }

  void run(Teammate& mate) const {
    static thread_local ThreadMemory<T> memory;
    embed(mate, memory);
    for (int64_t i = 0; i < sizes_.layers; i++) {
      const LayerPlan& layer = plan_.layer(i);
      const auto begin = [&](Numbers norm, const Rows<T>& from, Product<T> product) {
        return operands_.begin(mate, memory, {norm, from, tokens_, batch_.runs()}, product);
      };
      const int64_t place = i * static_cast<int64_t>(kLayerMatrices);
      begin(layer.attention_norm, x_, {plan_, layer.inputs, 1, place, layer.input_bias})
          .run(mate, memory, [&](const Block& block) {
            kernel_.finish(block.sums, block.bias, heads_.row(block.row) + block.column, heads_.stride);
          });
      attend(mate, memory, i);
      begin(0, attended_, {plan_, layer.output, 1, place + 1, layer.output_bias})
          .run(mate, memory, [&](const Block& block) { add(block); });
      begin(layer.feed_norm, x_, {plan_, layer.gate_and_up, 2, place + 2, layer.gate_bias, layer.up_bias})
          .run(mate, memory, [&](const Block& block) { gate(block, place + 3); });
      begin(0, inner_, {plan_, layer.down, 1, place + 3, layer.down_bias}).run(mate, memory, [&](const Block& block) {
        add(block);
      });
    }

    predict(mate, memory);
    const Matrix& first = plan_.layer(0).inputs;
    mate.ask_later(plan_.panels(first), std::min(kBytesLater, plan_.bytes - first.at));
  }

 private:
  void add(const Block& block) const {
    kernel_.finish_residual(block.sums, block.bias, static_cast<float>(plan_.reals.residual_scale),
                            x_.row(block.row) + block.column, x_.stride);
  }

  /// Gates a block, for the product with the matrix at `next`, whose inputs an adapter may scale.
  void gate(const Block& block, int64_t next) const {
    T* const to = inner_.row(block.row) + block.column;
    kernel_.finish_gate(block.sums, block.bias, block.second_bias, static_cast<Gate>(sizes_.gate), to, inner_.stride);
    if (block.adapter != nullptr && block.adapter->change(next).inputs != 0) {
      kernel_.scale(to, inner_.stride, block.sums.rows, block.sums.columns,
                    block.adapter->numbers(block.adapter->change(next).inputs) + block.column);
    }
  }

  void embed(Teammate& mate, ThreadMemory<T>& memory) const {
    const auto scale = static_cast<float>(plan_.reals.embedding_scale);
    mate.meet(tokens_);
    for (auto some = mate.take(kNeighbours); some.count > 0; some = mate.take(kNeighbours)) {
      for (int64_t token = some.first; token < some.first + some.count; token++) {
        const int64_t at = batch_.id(token) * embedding_.stride(0);
        if (embeds_from_head()) {
          kernel_.embed_floats(head_numbers(memory, batch_.id(token)), x_.row(token), sizes_.hidden, scale);
        } else if (embedding_.scalar_type() == at::kFloat) {
          kernel_.embed_floats(data<float>(embedding_) + at, x_.row(token), sizes_.hidden, scale);
        } else {
          kernel_.embed_bfloats(data<bfloat>(embedding_) + at, x_.row(token), sizes_.hidden, scale);
        }
      }
    }
  }

  bool embeds_from_head() const { return embedding_.size(0) == 0; }

  /// The numbers that the codes of a token stand for in the head.
  const float* head_numbers(ThreadMemory<T>& memory, int64_t id) const {
    memory.sums.resize(std::max<size_t>(sizes_.hidden, memory.sums.size()));
    const char* const panel = plan_.panels(plan_.head) + id / kPanel * plan_.panel_bytes(plan_.head);
    kernel_set().codes.numbers(reinterpret_cast<const uint8_t*>(panel), id % kPanel, sizes_.hidden, plan_.head.code,
                               memory.sums.data());
    return memory.sums.data();
  }

  // ---- attention: an item is a sequence, or a piece of its new tokens, with one key-value head

  void attend(Teammate& mate, ThreadMemory<T>& memory, int64_t layer) const {
    const int64_t kv_heads = sizes_.kv_heads;
    if (batch_.has_prompts()) {
      // A query looks at keys of its own chunk: all of them must be there first.
      mate.meet(batch_.sequences() * kv_heads);
      for (auto some = mate.take(1); some.count > 0; some = mate.take(1)) {
        prepare(memory, layer, some.first / kv_heads, some.first % kv_heads);
      }
    }

    const AttentionShape shape{sizes_.dim, sizes_.heads / kv_heads, plan_.layer(layer).window,
                               static_cast<float>(plan_.reals.score_scale), static_cast<float>(plan_.reals.score_cap)};
    const auto& pieces = batch_.pieces();
    const auto count = static_cast<int64_t>(pieces.size());
    mate.meet(count * kv_heads);
    for (auto some = mate.take(kNeighbours); some.count > 0; some = mate.take(kNeighbours)) {
      for (int64_t item = some.first; item < some.first + some.count; item++) {
        // Neighbours first, then their next head.
        const int64_t block = item / (kNeighbours * kv_heads) * kNeighbours;
        const int64_t size = std::min(kNeighbours, count - block), inside = item - block * kv_heads;
        const Piece& piece = pieces[block + inside % size];
        const int64_t kv_head = inside / size;
        if (!batch_.has_prompts()) {
          prepare(memory, layer, piece.sequence, kv_head);
        }

        attend(shape, layer, piece, kv_head);
      }
    }
  }

  /// Normalises and turns the queries and keys of a sequence's new tokens, and puts keys and values into their pages.
  void prepare(ThreadMemory<T>& memory, int64_t layer, int64_t sequence, int64_t kv_head) const {
    const LayerPlan& plan = plan_.layer(layer);
    const int64_t dim = sizes_.dim, group = sizes_.heads / sizes_.kv_heads;
    for (int64_t token = batch_.first(sequence); token < batch_.first(sequence + 1); token++) {
      T* const query = heads_.row(token) + kv_head * group * dim;
      T* const key = heads_.row(token) + plan_.query_width() + kv_head * dim;
      if (plan.query_norm != 0) {
        operands_.normalise(memory, plan.query_norm, query, query, group, dim);
        operands_.normalise(memory, plan.key_norm, key, key, 1, dim);
      }

      if (plan.rotation != kNoRotation) {
        const Rotation& rotation = batch_.rotation(plan.rotation);
        const int64_t at = rotation.rows[token] * rotation.half;
        kernel_.rotary(query, dim, query, group, dim, rotation.cosines + at, rotation.sines + at, rotation.half, 1);
        kernel_.rotary(key, dim, key, 1, dim, rotation.cosines + at, rotation.sines + at, rotation.half, 1);
      }

      const int64_t position = batch_.position(sequence, token);
      if (batch_.has_codes()) {
        store(batch_.template pages<int8_t>(layer, sequence, kv_head), kernel_.store_codes, position, key);
      } else {
        store(batch_.template pages<T>(layer, sequence, kv_head), kernel_.store_slot, position, key);
      }
    }
  }

  /// Puts a key and its value into the slot of a position.
  template <class Element, class Store>
  void store(const ContextPages<Element>& pages, const Store& put, int64_t position, const T* key) const {
    const PageShape shape{pages.slots, sizes_.dim, static_cast<int64_t>(sizeof(float) / sizeof(T))};
    const int64_t page = pages.table[position / pages.slots];
    put(pages.keys + page * pages.key_stride, pages.values + page * pages.value_stride, shape, position % pages.slots,
        key, key + plan_.key_width());
  }

  void attend(const AttentionShape& shape, int64_t layer, const Piece& piece, int64_t kv_head) const {
    const int64_t head = kv_head * shape.group * shape.dim;
    AttentionForward<T> task{shape,
                             {heads_.row(piece.token) + head, heads_.stride, shape.dim},
                             {},
                             {},
                             {attended_.row(piece.token) + head, attended_.stride, shape.dim},
                             {},
                             batch_.position(piece.sequence, piece.token),
                             piece.count};
    if (batch_.has_codes()) {
      task.codes = batch_.template pages<int8_t>(layer, piece.sequence, kv_head);
    } else {
      task.pages = batch_.template pages<T>(layer, piece.sequence, kv_head);
    }

    kernel_.attention(task, scratch(kernel_.attention_scratch(shape)));
  }

  // ---- logits of the tokens that want them, and what is chosen from them

  void predict(Teammate& mate, ThreadMemory<T>& memory) const {
    T* const logits = data<T>(logits_);
    const auto place = sizes_.layers * static_cast<int64_t>(kLayerMatrices);
    operands_
        .begin(mate, memory, {plan_.final_norm, x_, batch_.wanted(), batch_.wanted_runs(), batch_.wanted_places()},
               {plan_, plan_.head, 1, place})
        .run(mate, memory, [&](const Block& block) {
          kernel_.finish_logits(block.sums, static_cast<float>(plan_.reals.logit_divisor),
                                static_cast<float>(plan_.reals.logit_cap),
                                logits + block.row * sizes_.vocabulary + block.column, sizes_.vocabulary);
        });
    mate.meet(choices_.count());
    for (auto some = mate.take(1); some.count > 0; some = mate.take(1)) {
      choices_.choose(some.first, static_cast<const T*>(logits), sizes_.vocabulary);
    }
  }

  const Plan& plan_;
  const Sizes& sizes_;
  const Batch& batch_;
  const Tensor& embedding_;
  const Choices& choices_;
  const Tensor& logits_;
  const Kernels<T>& kernel_;
  Operands<T> operands_;
  int64_t tokens_;
  Tensor memory_;
  Rows<T> x_;
  Rows<T> heads_;
  Rows<T> attended_;
  Rows<T> inner_;
};

std::tuple<Tensor, Tensor, Tensor> decoder_step(const Tensor& arena, const Tensor& embedding, at::TensorList key_pages,
                                                at::TensorList value_pages, at::TensorList rotations, const Tensor& ids,
                                                const Tensor& block_table, const Tensor& query_starts,
                                                const Tensor& context_lengths, const Tensor& wanted,
                                                const Tensor& choice_reals, const Tensor& choice_integers,
                                                const Tensor& choice_tokens, at::TensorList adapters,
                                                const Tensor& adapter_of) {
  at::NoGradGuard no_gradient;
  const Plan& plan = plan_of(arena);
  const Batch batch(plan, {key_pages, value_pages, rotations, ids, block_table, query_starts, context_lengths, wanted,
                           adapters, adapter_of});
  const int64_t rows = plan.head.is_coded() && embedding.size(0) == 0 ? 0 : plan.sizes.vocabulary;
  TORCH_CHECK(embedding.sizes() == at::IntArrayRef({rows, plan.sizes.hidden}) && is_fused(embedding) &&
                  embedding.stride(1) == 1,
              "hone::decoder_step: the embedding must be [", plan.sizes.vocabulary, ", ", plan.sizes.hidden,
              "], or without rows where the head is in few bits, got ", embedding.sizes());
  const Choices choices(choice_reals, choice_integers, choice_tokens, batch.wanted());
  choices.check_tokens(plan.sizes.vocabulary);
  const auto type = plan.is_bfloat != 0 ? at::kBFloat16 : at::kFloat;
  const Tensor logits = at::empty({batch.wanted(), plan.sizes.vocabulary}, type);
  with_type_of(logits, [&](auto number) {
    const Step<decltype(number)> step(plan, batch, embedding, choices, logits);
    run_team([&](Teammate& mate) { step.run(mate); });
  });
  return {choices.ids(), choices.log_probs(), logits};
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def(
      "decoder_step(Tensor arena, Tensor embedding, Tensor[] key_pages, Tensor[] value_pages, Tensor[] rotations, "
      "Tensor ids, Tensor block_table, Tensor query_starts, Tensor context_lengths, "
      "Tensor wanted, Tensor choice_reals, Tensor choice_integers, Tensor choice_tokens, Tensor[] adapters, "
      "Tensor adapter_of) -> (Tensor, Tensor, Tensor)",
      decoder_step);
}

}  // namespace hone::decoder

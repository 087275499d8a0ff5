// One step of a decoder over packed weights: every token of the batch through all layers, and tokens chosen at the end.
// Threads meet five times a layer. What a token gives has the same bits whatever else is in the batch, however prompts
// are cut, and for any number of threads: every sum runs in a fixed order.
#include <torch/library.h>

#include "batch.h"
#include "choices.h"
#include "step_parts.h"

namespace hone::decoder {
namespace {

using at::Tensor;

/// Inputs to which codes of a row are filled up, the fewest that share a scale, and bytes between two rows.
constexpr int64_t kCodeInputs = kTurned;
constexpr int64_t kLeastBlock = 32;
constexpr int64_t kLine = 64;

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
        tokens_(batch.tokens()) {
    const int64_t widths[] = {sizes_.hidden, sizes_.hidden, plan.query_width() + 2 * plan.key_width(),
                              plan.query_width(), sizes_.inner};
    Rows<T>* const rows[] = {&x_, &normal_, &heads_, &attended_, &inner_};
    int64_t numbers = 0;
    for (int i = 0; i < 5; i++) {
      rows[i]->stride = (widths[i] + kPanelInputs - 1) / kPanelInputs * kPanelInputs + 64 / sizeof(T);
      numbers += rows[i]->stride * tokens_;
    }

    // Zeros, since a product may read one number behind an odd row.
    memory_ = at::zeros({numbers}, sizeof(T) == sizeof(float) ? at::kFloat : at::kBFloat16);
    T* at = data<T>(memory_);
    for (Rows<T>* const each : rows) {
      each->data = at;
      at += each->stride * tokens_;
    }

    take_codes(std::max({sizes_.hidden, plan.query_width(), sizes_.inner}));
  }

  void run(Teammate& mate) const {
    static thread_local ThreadMemory<T> memory;
    embed(mate);
    for (int64_t i = 0; i < sizes_.layers; i++) {
      const LayerPlan& layer = plan_.layer(i);
      const Factors<T> before = factors(mate, memory, layer.attention_norm, x_, layer.inputs);
      Product<T>{plan_, layer.inputs, 1, before, tokens_}.run(
          mate, memory, [&](const ProductRows& sums, int64_t row, int64_t column) {
            kernel_.finish(sums, offset(layer.input_bias, column), heads_.row(row) + column, heads_.stride);
          });
      attend(mate, memory, i);
      const Factors<T> attended = factors(mate, memory, 0, attended_, layer.output);
      Product<T>{plan_, layer.output, 1, attended, tokens_}.run(
          mate, memory,
          [&](const ProductRows& sums, int64_t row, int64_t column) { add(sums, layer.output_bias, row, column); });
      const Factors<T> between = factors(mate, memory, layer.feed_norm, x_, layer.gate_and_up);
      Product<T>{plan_, layer.gate_and_up, 2, between, tokens_}.run(
          mate, memory, [&](const ProductRows& sums, int64_t row, int64_t column) {
            kernel_.finish_gate(sums, offset(layer.gate_bias, column), offset(layer.up_bias, column),
                                static_cast<Gate>(sizes_.gate), inner_.row(row) + column, inner_.stride);
          });
      const Factors<T> inner = factors(mate, memory, 0, inner_, layer.down);
      Product<T>{plan_, layer.down, 1, inner, tokens_}.run(
          mate, memory,
          [&](const ProductRows& sums, int64_t row, int64_t column) { add(sums, layer.down_bias, row, column); });
    }

    predict(mate, memory);
  }

 private:
  /// Makes room for the codes of rows of at most so many numbers, where some matrix is in few bits.
  void take_codes(int64_t longest) {
    const int64_t padded = (longest + kCodeInputs - 1) / kCodeInputs * kCodeInputs;
    codes_.stride = padded + kLine;
    codes_.block_stride = padded / kLeastBlock;
    if (plan_.has_codes()) {
      code_memory_ = at::empty({tokens_ * codes_.stride}, at::kChar);
      block_memory_ = at::empty({tokens_ * codes_.block_stride * static_cast<int64_t>(sizeof(CodeBlock))}, at::kByte);
      codes_.codes = data<int8_t>(code_memory_);
      codes_.blocks = data<CodeBlock>(block_memory_);
    }
  }

  const float* offset(Numbers at, int64_t column) const { return at == 0 ? nullptr : plan_.numbers(at) + column; }

  void add(const ProductRows& sums, Numbers bias, int64_t row, int64_t column) const {
    kernel_.finish_residual(sums, offset(bias, column), static_cast<float>(plan_.reals.residual_scale),
                            x_.row(row) + column, x_.stride);
  }

  void embed(Teammate& mate) const {
    const auto scale = static_cast<float>(plan_.reals.embedding_scale);
    mate.meet(tokens_);
    for (auto some = mate.take(kNeighbours); some.count > 0; some = mate.take(kNeighbours)) {
      for (int64_t token = some.first; token < some.first + some.count; token++) {
        const int64_t at = batch_.id(token) * embedding_.stride(0);
        if (embedding_.scalar_type() == at::kFloat) {
          kernel_.embed_floats(data<float>(embedding_) + at, x_.row(token), sizes_.hidden, scale);
        } else {
          kernel_.embed_bfloats(data<bfloat>(embedding_) + at, x_.row(token), sizes_.hidden, scale);
        }
      }
    }
  }

  /// All rows as the product with a matrix reads them, whose phase begins here: normalised where there is a norm, in
  /// codes where the matrix is.
  Factors<T> factors(Teammate& mate, ThreadMemory<T>& memory, Numbers norm, const Rows<T>& from,
                     const Matrix& matrix) const {
    const int64_t items = panels_of(matrix.outputs);
    const bool prepared = norm != 0 || matrix.is_coded();
    if (prepared && tokens_ <= kRowsAlone) {
      mate.meet(items);
      const Factors<T> own = own_memory(memory, matrix);
      for (int64_t row = 0; row < tokens_; row++) {
        prepare(memory, norm, from.row(row), own, row, matrix);
      }

      return {norm == 0 ? from : own.rows, own.codes};
    }

    const Factors<T> shared{normal_, codes_};
    if (prepared) {
      mate.meet(tokens_);
      for (auto some = mate.take(kNeighbours); some.count > 0; some = mate.take(kNeighbours)) {
        for (int64_t row = some.first; row < some.first + some.count; row++) {
          prepare(memory, norm, from.row(row), shared, row, matrix);
        }
      }
    }

    mate.meet(items);
    return {norm == 0 ? from : normal_, shared.codes};
  }

  Factors<T> own_memory(ThreadMemory<T>& memory, const Matrix& matrix) const {
    memory.normal.resize(kRowsAlone * normal_.stride);
    if (matrix.is_coded()) {
      memory.codes.resize(kRowsAlone * codes_.stride);
      memory.blocks.resize(kRowsAlone * codes_.block_stride);
    }

    return {{memory.normal.data(), normal_.stride},
            {memory.codes.data(), codes_.stride, memory.blocks.data(), codes_.block_stride}};
  }

  void prepare(ThreadMemory<T>& memory, Numbers norm, const T* from, const Factors<T>& to, int64_t row,
               const Matrix& matrix) const {
    if (norm != 0) {
      normalise(memory, norm, from, to.rows.row(row), 1, sizes_.hidden);
    }

    if (matrix.is_coded()) {
      kernel_.code_row(norm == 0 ? from : to.rows.row(row), matrix.inputs, format_of(matrix.code), to.codes.from(row));
    }
  }

  void normalise(ThreadMemory<T>& memory, Numbers norm, const T* from, T* to, int64_t rows, int64_t width) const {
    memory.inverse.resize(std::max(rows, static_cast<int64_t>(memory.inverse.size())));
    kernel_.rms_norm(from, plan_.numbers(norm), to, memory.inverse.data(), rows, width,
                     static_cast<float>(plan_.reals.epsilon));
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
        normalise(memory, plan.query_norm, query, query, group, dim);
        normalise(memory, plan.key_norm, key, key, 1, dim);
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
    put(pages.keys + page * pages.key_stride, pages.values + page * pages.value_stride, shape,
        position % pages.slots, key, key + plan_.key_width());
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
    const int64_t wanted = batch_.wanted();
    mate.meet(wanted);
    for (auto some = mate.take(kNeighbours); some.count > 0; some = mate.take(kNeighbours)) {
      for (int64_t i = some.first; i < some.first + some.count; i++) {
        prepare(memory, plan_.final_norm, x_.row(batch_.wanted(i)), {normal_, codes_}, i, plan_.head);
      }
    }

    mate.meet(panels_of(sizes_.vocabulary));
    T* const logits = data<T>(logits_);
    Product<T>{plan_, plan_.head, 1, {normal_, codes_}, wanted}.run(
        mate, memory, [&](const ProductRows& sums, int64_t row, int64_t column) {
          kernel_.finish_logits(sums, static_cast<float>(plan_.reals.logit_divisor),
                                static_cast<float>(plan_.reals.logit_cap), logits + row * sizes_.vocabulary + column,
                                sizes_.vocabulary);
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
  int64_t tokens_;
  Tensor memory_;
  Rows<T> x_;
  Rows<T> normal_;
  Rows<T> heads_;
  Rows<T> attended_;
  Rows<T> inner_;
  Tensor code_memory_;
  Tensor block_memory_;
  CodedRows codes_{};
};

std::tuple<Tensor, Tensor, Tensor> decoder_step(const Tensor& arena, const Tensor& embedding, at::TensorList key_pages,
                                                at::TensorList value_pages, at::TensorList rotations, const Tensor& ids,
                                                const Tensor& block_table, const Tensor& query_starts,
                                                const Tensor& context_lengths, const Tensor& wanted,
                                                const Tensor& choice_reals, const Tensor& choice_integers,
                                                const Tensor& choice_tokens) {
  at::NoGradGuard no_gradient;
  const Plan& plan = plan_of(arena);
  const Batch batch(plan, {key_pages, value_pages, rotations, ids, block_table, query_starts, context_lengths, wanted});
  TORCH_CHECK(embedding.sizes() == at::IntArrayRef({plan.sizes.vocabulary, plan.sizes.hidden}) && is_fused(embedding) &&
                  embedding.stride(1) == 1,
              "hone::decoder_step: the embedding must be [", plan.sizes.vocabulary, ", ", plan.sizes.hidden, "], got ",
              embedding.sizes());
  const Choices choices(choice_reals, choice_integers, choice_tokens, batch.wanted());
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
      "Tensor wanted, Tensor choice_reals, Tensor choice_integers, Tensor choice_tokens) -> (Tensor, Tensor, Tensor)",
      decoder_step);
}

}  // namespace hone::decoder

// What the products of a step read: rows, normalised and in codes where a matrix wants them so, and what adapters
// reduce them to.
#pragma once

#include "../memory_line.h"
#include "batch.h"
#include "step_parts.h"

namespace hone::decoder {

/// Inputs to which codes of a row are filled up, and the fewest that share a scale.
inline constexpr int64_t kCodeInputs = kTurned;
inline constexpr int64_t kLeastBlock = 32;

/// Bytes of a product's first panels that a thread asks for before it waits for the others, so that memory is not idle
/// meanwhile.
inline constexpr int64_t kBytesAhead = 16 << 10;

/// Rows that go into a product.
template <class T>
struct Operand {
  Numbers norm;         // 0: none
  const Rows<T>& rows;  // all of them, of which `wanted` go in where there are some
  int64_t count;
  const Runs& runs;
  const int64_t* wanted = nullptr;

  const T* row(int64_t index) const { return rows.row(wanted == nullptr ? index : wanted[index]); }
};

template <class T>
class Operands {
 public:
  Operands(const Plan& plan, const Batch& batch) : plan_(plan), batch_(batch), kernel_(kernels<T>()) {
    const int64_t tokens = std::max(batch.tokens(), batch.wanted());
    const int64_t numbers[] = {plan.sizes.hidden, batch.ranks()};
    Rows<T>* const rows[] = {&normal_, &reduced_};
    memory_ = zero_rows<T>(numbers, rows, 2, tokens);
    take_codes(tokens, std::max({plan.sizes.hidden, plan.query_width(), plan.sizes.inner}));
  }

  /// Prepares what a product reads and begins its phase.
  Product<T> begin(Teammate& mate, ThreadMemory<T>& memory, const Operand<T>& from, Product<T> product) const {
    const bool prepares = from.norm != 0 || from.wanted != nullptr || product.matrix.is_coded();
    const bool reduces = batch_.reduces(product.place);
    product.rows = from.count;
    product.runs = from.runs.all.empty() ? nullptr : &from.runs.all;
    if (from.count <= kRowsAlone) {
      ask_for_panels(mate, product);
      mate.meet(product.items());
      Factors<T> own{};
      product.reduced = own_memory(memory, product.matrix, own);
      for (int64_t row = 0; prepares && row < from.count; row++) {
        prepare(memory, from, own, row, product.matrix);
      }

      product.x = operands(from, own);
      for (const Run& slice : from.runs.slices) {
        reduce(memory, slice, product);
      }

      return product;
    }

    const Factors<T> shared{normal_, codes_};
    product.reduced = reduced_;
    product.x = operands(from, shared);
    if (prepares) {
      mate.meet(from.count);
      for (auto some = mate.take(kNeighbours); some.count > 0; some = mate.take(kNeighbours)) {
        for (int64_t row = some.first; row < some.first + some.count; row++) {
          prepare(memory, from, shared, row, product.matrix);
        }
      }
    }

    if (reduces) {
      mate.meet(static_cast<int64_t>(from.runs.slices.size()));
      for (auto some = mate.take(1); some.count > 0; some = mate.take(1)) {
        reduce(memory, from.runs.slices[some.first], product);
      }
    }

    mate.meet(product.items());
    return product;
  }

  void normalise(ThreadMemory<T>& memory, Numbers norm, const T* from, T* to, int64_t rows, int64_t width) const {
    memory.inverse.resize(std::max(rows, static_cast<int64_t>(memory.inverse.size())));
    kernel_.rms_norm(from, plan_.numbers(norm), to, memory.inverse.data(), rows, width,
                     static_cast<float>(plan_.reals.epsilon));
  }

 private:
  /// Makes room for the codes of rows of at most so many numbers, where some matrix is in few bits.
  void take_codes(int64_t rows, int64_t longest) {
    const int64_t padded = (longest + kCodeInputs - 1) / kCodeInputs * kCodeInputs;
    codes_.stride = padded + kLine;
    codes_.block_stride = padded / kLeastBlock;
    if (plan_.has_codes()) {
      code_memory_ = at::empty({rows * codes_.stride}, at::kChar);
      block_memory_ = at::empty({rows * codes_.block_stride * static_cast<int64_t>(sizeof(CodeBlock))}, at::kByte);
      codes_.codes = data<int8_t>(code_memory_);
      codes_.blocks = data<CodeBlock>(block_memory_);
    }
  }

  /// The beginning of the panels that this thread will take first.
  static void ask_for_panels(const Teammate& mate, const Product<T>& product) {
    const int64_t bytes = product.kinds * product.plan.panel_bytes(product.matrix), items = product.items();
    const int64_t first = items * mate.index() / mate.size();
    const char* const panels = product.plan.panels(product.matrix) + first * bytes;
    for (int64_t at = 0; at < std::min(kBytesAhead, (items - first) * bytes); at += kLine) {
      __builtin_prefetch(panels + at, 0, 2);
    }
  }

  /// Memory of a thread that prepares all rows by itself; returns that of reduced rows.
  Rows<T> own_memory(ThreadMemory<T>& memory, const Matrix& matrix, Factors<T>& factors) const {
    memory.normal.resize(kRowsAlone * normal_.stride);
    memory.reduced.resize(kRowsAlone * reduced_.stride);
    if (matrix.is_coded()) {
      memory.codes.resize(kRowsAlone * codes_.stride);
      memory.blocks.resize(kRowsAlone * codes_.block_stride);
    }

    factors = {{memory.normal.data(), normal_.stride},
               {memory.codes.data(), codes_.stride, memory.blocks.data(), codes_.block_stride}};
    return {memory.reduced.data(), reduced_.stride};
  }

  static Factors<T> operands(const Operand<T>& from, const Factors<T>& prepared) {
    return {from.norm == 0 ? from.rows : prepared.rows, prepared.codes};
  }

  void prepare(ThreadMemory<T>& memory, const Operand<T>& from, const Factors<T>& to, int64_t row,
               const Matrix& matrix) const {
    if (from.norm != 0) {
      normalise(memory, from.norm, from.row(row), to.rows.row(row), 1, plan_.sizes.hidden);
    }

    if (matrix.is_coded()) {
      kernel_.code_row(from.norm == 0 ? from.row(row) : to.rows.row(row), matrix.inputs, format_of(matrix.code),
                       to.codes.from(row));
    }
  }

  /// s ⊙ (A · x) of rows with one adapter.
  void reduce(ThreadMemory<T>& memory, const Run& slice, const Product<T>& product) const {
    const Change& change = slice.adapter->change(product.place);
    const int64_t ranks = change.lower.outputs, panels = panels_of(ranks), stride = panels * kPanel;
    if (ranks == 0) {
      return;
    }

    memory.sums.resize(std::max<size_t>(slice.count * stride, memory.sums.size()));
    const Rows<T>& x = product.x.rows;
    kernel_.packed_product(x.row(slice.first), x.stride, slice.adapter->bytes_at(change.lower.at), slice.count, panels,
                           change.lower.inputs, memory.sums.data(), stride);
    const ProductRows sums{memory.sums.data(), stride, slice.count, ranks};
    kernel_.change(sums, {nullptr, slice.adapter->numbers(change.scales), nullptr, nullptr});
    kernel_.finish(sums, nullptr, product.reduced.row(slice.first), product.reduced.stride);
  }

  const Plan& plan_;
  const Batch& batch_;
  const Kernels<T>& kernel_;
  at::Tensor memory_;
  Rows<T> normal_;
  Rows<T> reduced_;
  at::Tensor code_memory_;
  at::Tensor block_memory_;
  CodedRows codes_{};
};

}  // namespace hone::decoder

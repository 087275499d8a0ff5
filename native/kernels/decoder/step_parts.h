// What a step of the decoder is made of: rows of numbers, memory of a thread, products with packed weights.
#pragma once

#include "../team.h"
#include "adapter.h"

namespace hone::decoder {

/// Up to so many rows each thread normalises by itself: that is cheaper than to meet.
constexpr int64_t kRowsAlone = 8;

/// Rows of a product that are finished at once, while their sums are near.
constexpr int64_t kRowBlock = 70;

/// Panels a thread takes at once, at most, and bytes of them where several blocks of rows run over them.
constexpr int64_t kPanelsAtOnce = 4;
constexpr int64_t kPanelBytes = 256 << 10;

/// Bytes of the first matrices that are asked for between two steps.
constexpr int64_t kBytesLater = 4 << 20;

/// Sequences whose heads are attended to together: samples of one prompt read its pages from the nearest cache.
constexpr int64_t kNeighbours = 8;

/// Memory of one thread.
template <class T>
struct ThreadMemory {
  std::vector<float> sums;
  std::vector<float> added;
  std::vector<float> inverse;
  std::vector<T> normal;
  std::vector<T> reduced;
  std::vector<int8_t> codes;
  std::vector<CodeBlock> blocks;
};

/// Rows of n numbers, each with a cache line between it and the next: rows of a power of two would all fall into the
/// same few lines of the cache.
template <class T>
struct Rows {
  T* data = nullptr;
  int64_t stride = 0;

  T* row(int64_t index) const { return data + index * stride; }
};

/// Memory for so many rows of each kind, of as many numbers as `widths` says.
template <class T>
at::Tensor zero_rows(const int64_t* widths, Rows<T>* const* kinds, int count, int64_t rows) {
  int64_t numbers = 0;
  for (int i = 0; i < count; i++) {
    kinds[i]->stride = (widths[i] + kPanelInputs - 1) / kPanelInputs * kPanelInputs + 64 / sizeof(T);
    numbers += kinds[i]->stride * rows;
  }

  // Zeros, since a product may read one number behind an odd row.
  const at::Tensor memory = at::zeros({numbers}, sizeof(T) == sizeof(float) ? at::kFloat : at::kBFloat16);
  T* at = static_cast<T*>(memory.data_ptr());
  for (int i = 0; i < count; i++) {
    kinds[i]->data = at;
    at += kinds[i]->stride * rows;
  }

  return memory;
}

/// Rows as a product reads them: in 8 bits where its weights are in few bits.
template <class T>
struct Factors {
  Rows<T> rows;
  CodedRows codes;
};

/// A block of a product that is to be put where it belongs.
struct Block {
  ProductRows sums;
  int64_t row;
  int64_t column;
  const float* bias;         // null: none, or in the sums already
  const float* second_bias;  // of the second of two kinds
  const AdapterPlan* adapter;
};

/// A product of rows with a packed matrix as a phase of a step, and what adapters make of it.
template <class T>
struct Product {
  const Plan& plan;
  const Matrix& matrix;
  int64_t kinds;  // matrices whose panels take turns
  int64_t place;  // of the matrix among those of the plan
  Numbers bias = 0;
  Numbers second_bias = 0;
  Factors<T> x{};
  int64_t rows = 0;
  const std::vector<Run>* runs = nullptr;  // null: no adapters
  Rows<T> reduced{};                       // by the adapters of the rows

  int64_t items() const { return panels_of(matrix.outputs); }

  /// The items of a phase are panels of a matrix, `kinds` together. finish(block) hears of each block of sums.
  template <class Finish>
  void run(Teammate& mate, ThreadMemory<T>& memory, const Finish& finish) const {
    const int64_t bytes = kinds * plan.panel_bytes(matrix);
    const int64_t at_once =
        rows <= 4 ? kPanelsAtOnce : std::max<int64_t>(1, std::min(kPanelsAtOnce, kPanelBytes / bytes));
    const int64_t blocks = (rows + kRowBlock - 1) / kRowBlock;
    const int64_t stride = at_once * kinds * kPanel;
    memory.sums.resize(std::max<size_t>(kRowBlock * stride, memory.sums.size()));
    for (auto some = mate.take(at_once); some.count > 0; some = mate.take(at_once)) {
      const int64_t column = some.first * kPanel;
      const int64_t columns = std::min(some.count * kPanel, matrix.outputs - column);
      int64_t row = 0;
      for (int64_t block = 0; block < blocks; block++) {
        const int64_t count = (rows - row + blocks - block - 1) / (blocks - block);
        multiply(row, count, plan.panels(matrix) + some.first * bytes, some.count * kinds, memory.sums.data(), stride);
        finish_runs(memory, {memory.sums.data(), stride, count, columns}, row, column, finish);
        row += count;
      }
    }
  }

  void multiply(int64_t row, int64_t count, const char* panels, int64_t panel_count, float* sums,
                int64_t stride) const {
    if (matrix.is_coded()) {
      kernel_set().codes.product(x.codes.from(row), reinterpret_cast<const uint8_t*>(panels), matrix.code, count,
                                 panel_count, matrix.inputs, sums, stride);
    } else {
      kernels<T>().packed_product(x.rows.row(row), x.rows.stride, panels, count, panel_count, matrix.inputs, sums,
                                  stride);
    }
  }

 private:
  const float* offset(Numbers at, int64_t column) const { return at == 0 ? nullptr : plan.numbers(at) + column; }

  /// Rows of one adapter are finished together, changed by it.
  template <class Finish>
  void finish_runs(ThreadMemory<T>& memory, const ProductRows& sums, int64_t row, int64_t column,
                   const Finish& finish) const {
    if (runs == nullptr) {
      finish(Block{sums, row, column, offset(bias, column), offset(second_bias, column), nullptr});
      return;
    }

    const int64_t end = row + sums.rows;
    auto run = std::partition_point(runs->begin(), runs->end(), [&](const Run& one) { return one.end() <= row; });
    for (; run != runs->end() && run->first < end; ++run) {
      const int64_t first = std::max(run->first, row);
      const ProductRows own{sums.data + (first - row) * sums.stride, sums.stride, std::min(run->end(), end) - first,
                            sums.columns};
      if (run->adapter != nullptr && run->adapter->change(place).changes != 0) {
        change(memory, *run->adapter, own, first, column);
        finish(Block{own, first, column, nullptr, nullptr, run->adapter});
      } else {
        finish(Block{own, first, column, offset(bias, column), offset(second_bias, column), run->adapter});
      }
    }
  }

  void change(ThreadMemory<T>& memory, const AdapterPlan& adapter, const ProductRows& sums, int64_t row,
              int64_t column) const {
    const Change& change = adapter.change(place);
    memory.added.resize(kRowBlock * kPanel);
    for (int64_t i = 0; i < panels_of(sums.columns) * kinds; i++) {
      const int64_t panel = column / kPanel * kinds + i, inside = i / kinds * kPanel;
      const UpperPanel& upper = adapter.upper(change, panel);
      if (upper.ranks > 0) {
        kernels<T>().packed_product(reduced.row(row) + upper.first, reduced.stride, adapter.bytes_at(upper.at),
                                    sums.rows, 1, upper.ranks, memory.added.data(), kPanel);
      }

      const auto part = [&](Numbers at) { return at == 0 ? nullptr : adapter.numbers(at) + panel * kPanel; };
      kernels<T>().change({sums.data + i * kPanel, sums.stride, sums.rows, std::min(kPanel, sums.columns - inside)},
                          {offset(i % kinds == 0 ? bias : second_bias, column + inside), part(change.gain),
                           upper.ranks > 0 ? memory.added.data() : nullptr, part(change.offset)});
    }
  }
};

}  // namespace hone::decoder

// What a step of the decoder is made of: rows of numbers, memory of a thread, products with packed weights.
#pragma once

#include "../team.h"
#include "plan.h"

namespace hone::decoder {

/// Up to so many rows each thread normalises by itself: that is cheaper than to meet.
constexpr int64_t kRowsAlone = 8;

/// Rows of a product that are finished at once, while their sums are near.
constexpr int64_t kRowBlock = 70;

/// Panels a thread takes at once, at most, and bytes of them where several blocks of rows run over them.
constexpr int64_t kPanelsAtOnce = 4;
constexpr int64_t kPanelBytes = 256 << 10;

/// Sequences whose heads are attended to together: samples of one prompt read its pages from the nearest cache.
constexpr int64_t kNeighbours = 8;

/// Memory of one thread.
template <class T>
struct ThreadMemory {
  std::vector<float> sums;
  std::vector<float> inverse;
  std::vector<T> normal;
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

/// Rows as a product reads them: in 8 bits where its weights are in few bits.
template <class T>
struct Factors {
  Rows<T> rows;
  CodedRows codes;
};

/// A product of rows with a packed matrix as a phase of a step.
template <class T>
struct Product {
  const Plan& plan;
  const Matrix& matrix;
  int64_t kinds;  // matrices whose panels take turns
  Factors<T> x;
  int64_t rows;

  int64_t items() const { return panels_of(matrix.outputs); }

  /// The items of a phase are panels of a matrix, `kinds` together. finish(sums, first row, first column) hears of each
  /// block of sums.
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
        finish(ProductRows{memory.sums.data(), stride, count, columns}, row, column);
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
};

}  // namespace hone::decoder

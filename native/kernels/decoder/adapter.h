// What adapters make of a decoder's products, as its step reads it: factors of low rank in panels and vectors, in an
// arena of their own beside that of the weights.
#pragma once

#include "plan.h"

namespace hone::decoder {

/// The upper factors of one panel of outputs, [32, ranks], which read `ranks` numbers of a reduced row from `first` on.
struct UpperPanel {
  int64_t at;
  int64_t first;
  int64_t ranks;  // 0: nothing is added to these outputs
};

/// What an adapter makes of the product of a matrix: gain · (W · (h ⊙ x) + b) + U · (s ⊙ (A · (h ⊙ x))) + offset.
struct Change {
  Matrix lower;    // A, [ranks, inputs]; without outputs: there is none
  Numbers scales;  // s
  int64_t uppers;  // U, an UpperPanel for each panel of the matrix
  Numbers gain;    // for each panel of the matrix kPanel numbers, as offset
  Numbers offset;
  Numbers inputs;   // h, [inputs]
  int64_t changes;  // whether outputs change
};

/// The beginning of an adapter's arena; the changes of all matrices follow.
struct AdapterPlan {
  static constexpr uint64_t kMark = 0x5245545041444148;

  uint64_t mark;
  int64_t bytes;
  int64_t is_bfloat;
  Sizes sizes;
  int64_t ranks;  // of the longest reduced row

  const Change& change(int64_t matrix) const { return reinterpret_cast<const Change*>(this + 1)[matrix]; }

  const float* numbers(Numbers at) const { return at == 0 ? nullptr : reinterpret_cast<const float*>(bytes_at(at)); }

  const UpperPanel& upper(const Change& change, int64_t panel) const {
    return reinterpret_cast<const UpperPanel*>(bytes_at(change.uppers))[panel];
  }

  const char* bytes_at(int64_t at) const { return reinterpret_cast<const char*>(this) + at; }
};

/// The plan at the beginning of an adapter's arena; throws where there is none for such a decoder.
const AdapterPlan& adapter_at(const at::Tensor& arena, const Plan& plan);

/// Rows side by side that have the same adapter; null: none.
struct Run {
  int64_t first;
  int64_t count;
  const AdapterPlan* adapter;

  int64_t end() const { return first + count; }
};

/// All rows of a product in their order. Without adapters there are none.
struct Runs {
  std::vector<Run> all;
  std::vector<Run> slices;  // those with an adapter, cut into what a thread reduces at once
};

}  // namespace hone::decoder

// The tokens of one step: which sequences they belong to, where their keys and values go, which of them predict.
#pragma once

#include "../tensors.h"
#include "adapter.h"

namespace hone::decoder {

/// Cosines and sines, [row, half], and the row of each token.
struct Rotation {
  const float* cosines;
  const float* sines;
  const int64_t* rows;
  int64_t half;
};

/// New tokens of one sequence that attend together.
struct Piece {
  int64_t sequence;
  int64_t token;  // the first, in the batch
  int64_t count;
};

/// The tensors of a batch, as they cross the door.
struct BatchTensors {
  at::TensorList key_pages;    // of each layer
  at::TensorList value_pages;  // of each layer
  at::TensorList rotations;    // cosines, sines and rows of each rotation
  at::Tensor ids;              // int64 [token]
  at::Tensor block_table;      // int32 [sequence, max_pages]
  at::Tensor query_starts;     // int32 [sequence + 1]
  at::Tensor context_lengths;  // int32 [sequence], new tokens included
  at::Tensor wanted;           // int64 [wanted]: the tokens that predict one
  at::TensorList adapters;     // arenas
  at::Tensor adapter_of;       // int32 [sequence]: a place among them, or -1
};

class Batch {
 public:
  /// Checks all that could lead astray.
  Batch(const Plan& plan, BatchTensors tensors);

  int64_t tokens() const { return tensors_.ids.size(0); }
  int64_t sequences() const { return tensors_.context_lengths.size(0); }
  int64_t wanted() const { return tensors_.wanted.size(0); }
  int64_t wanted(int64_t index) const { return wanted_places()[index]; }
  const int64_t* wanted_places() const { return data<int64_t>(tensors_.wanted); }
  int64_t id(int64_t token) const { return data<int64_t>(tensors_.ids)[token]; }
  int64_t first(int64_t sequence) const { return data<int32_t>(tensors_.query_starts)[sequence]; }
  const Rotation& rotation(int64_t index) const { return rotations_[index]; }

  /// The place of a token of the batch in its sequence.
  int64_t position(int64_t sequence, int64_t token) const {
    return data<int32_t>(tensors_.context_lengths)[sequence] - first(sequence + 1) + token;
  }

  /// The adapters of all tokens, and of those that predict one.
  const Runs& runs() const { return runs_; }
  const Runs& wanted_runs() const { return wanted_runs_; }

  /// Whether some adapter reduces what goes into a matrix.
  bool reduces(int64_t matrix) const {
    return std::any_of(adapters_.begin(), adapters_.end(),
                       [&](const AdapterPlan* adapter) { return adapter->change(matrix).lower.outputs > 0; });
  }

  /// Numbers of the longest reduced row.
  int64_t ranks() const {
    int64_t most = 0;
    for (const AdapterPlan* const adapter : adapters_) {
      most = std::max(most, adapter->ranks);
    }

    return most;
  }

  /// Whether some sequence has several new tokens.
  bool has_prompts() const { return tokens() > sequences(); }

  /// What attends together: sequences with one new token in their order, before them blocks of longer ones, the most
  /// work first.
  const std::vector<Piece>& pieces() const { return pieces_; }

  /// Whether pages hold codes of 8 bits.
  bool has_codes() const { return tensors_.key_pages[0].scalar_type() == at::kChar; }

  /// Of numbers of type T, or of codes, int8_t.
  template <class T>
  ContextPages<T> pages(int64_t layer, int64_t sequence, int64_t kv_head) const {
    const at::Tensor &keys = tensors_.key_pages[layer], &values = tensors_.value_pages[layer];
    return {data<T>(keys) + kv_head * keys.stride(1),
            data<T>(values) + kv_head * values.stride(1),
            keys.stride(0),
            values.stride(0),
            keys.size(3),
            data<int32_t>(tensors_.block_table) + sequence * tensors_.block_table.size(1)};
  }

 private:
  void check_sequences(const Plan& plan) const;
  void check_pages(const Plan& plan) const;
  void read_rotations(const Plan& plan);
  void cut(const Plan& plan);
  void read_adapters(const Plan& plan);

  BatchTensors tensors_;
  std::vector<const AdapterPlan*> adapters_;
  Runs runs_;
  Runs wanted_runs_;
  std::vector<Rotation> rotations_;
  std::vector<Piece> pieces_;
};

}  // namespace hone::decoder

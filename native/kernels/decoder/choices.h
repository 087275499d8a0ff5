// The tokens that are to be chosen from rows of logits, as they cross the door.
#pragma once

#include "../tensors.h"

namespace hone::decoder {

/// Choices, each from one row; several may share a row.
class Choices {
 public:
  /// reals: float64 [choice, 8]; integers: int64 [choice, 7]; tokens: int32 [any].
  Choices(const at::Tensor& reals, const at::Tensor& integers, const at::Tensor& tokens, int64_t rows);

  int64_t count() const { return reals_.size(0); }
  int64_t row(int64_t choice) const { return integers_of(choice)[0]; }

  /// Chooses a token from its row of logits [row, vocabulary], on a thread of its own.
  template <class T>
  void choose(int64_t choice, const T* logits, int64_t vocabulary) const;

  /// Refuses texts and bans with tokens that are not in the vocabulary.
  void check_tokens(int64_t vocabulary) const;

  /// The tokens, int64 [choice], and their log-probs, float32 [choice].
  const at::Tensor& ids() const { return ids_; }
  const at::Tensor& log_probs() const { return log_probs_; }

 private:
  const double* reals_of(int64_t choice) const { return data<double>(reals_) + choice * reals_.size(1); }
  const int64_t* integers_of(int64_t choice) const { return data<int64_t>(integers_) + choice * integers_.size(1); }
  SampleChoice read(int64_t choice) const;

  at::Tensor reals_;
  at::Tensor integers_;
  at::Tensor tokens_;
  at::Tensor ids_;
  at::Tensor log_probs_;
};

}  // namespace hone::decoder

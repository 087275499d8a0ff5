// Adapters as they cross the door: for each matrix of a decoder what is to be done to its product.
#pragma once

#include "../tensors.h"
#include "plan.h"

namespace hone::decoder {

/// Ranks of a factor are filled up to pairs, since bfloat16 is multiplied by pairs.
inline constexpr int64_t kPair = 2;

/// s · U · A for the outputs of a matrix from `row` on.
struct Term {
  at::Tensor lower;  // float32 [ranks, inputs]
  at::Tensor upper;  // float32 [outputs, ranks]
  float scale;
  int64_t row;
  int64_t first;  // place of its ranks in a reduced row

  int64_t ranks() const { return lower.size(0); }
  int64_t end() const { return row + upper.size(0); }
};

/// A matrix of the decoder, the panels of whose kinds take turns, and what is to be done to its product.
struct Target {
  int64_t outputs;  // of one kind
  int64_t inputs;
  int64_t kinds;
  std::vector<Term> terms;
  at::Tensor gain;  // float32 [kinds · outputs], or undefined, as offset
  at::Tensor offset;
  at::Tensor scales;  // float32 [inputs], or undefined: what goes in is multiplied by it

  int64_t panels() const { return kinds * panels_of(outputs); }

  int64_t ranks() const {
    return terms.empty() ? 0 : terms.back().first + (terms.back().ranks() + kPair - 1) / kPair * kPair;
  }

  /// The outputs of a panel among those of all kinds, one below the other.
  std::pair<int64_t, int64_t> outputs_of(int64_t panel) const {
    const int64_t column = panel / kinds * kPanel, first = panel % kinds * outputs + column;
    return {first, first + std::min(kPanel, outputs - column)};
  }
};

/// Takes what crosses the door apart: rows and scales of all terms, and tensors.
class AdapterSource {
 public:
  AdapterSource(const Plan& plan, at::IntArrayRef rows, at::ArrayRef<double> scales,
                const c10::List<OptionalTensor>& tensors)
      : rows_(rows), scales_(scales), tensors_(tensors) {
    const Sizes& sizes = plan.sizes;
    for (int64_t i = 0; i < sizes.layers; i++) {
      read(plan.query_width() + 2 * plan.key_width(), sizes.hidden, 1);
      read(sizes.hidden, plan.query_width(), 1);
      read(sizes.inner, sizes.hidden, 2);
      read(sizes.hidden, sizes.inner, 1);
    }

    read(sizes.vocabulary, sizes.hidden, 1);
    TORCH_CHECK(row_ == rows_.size() && term_ == scales_.size() && tensor_ == tensors_.size(),
                "hone::decoder_adapter: there must be ", row_, " rows, ", term_, " scales and ", tensor_,
                " tensors, got ", rows_.size(), ", ", scales_.size(), " and ", tensors_.size());
  }

  const std::vector<Target>& targets() const { return targets_; }

 private:
  void read(int64_t outputs, int64_t inputs, int64_t kinds) {
    Target target{outputs, inputs, kinds, {}, {}, {}, {}};
    for (int64_t left = next_row(); left > 0; left--) {
      read_term(target);
    }

    target.gain = vector(kinds * outputs);
    target.offset = vector(kinds * outputs);
    target.scales = vector(inputs);
    targets_.push_back(std::move(target));
  }

  void read_term(Target& target) {
    const at::Tensor lower = matrix(), upper = matrix();
    const int64_t row = next_row(), before = target.terms.empty() ? 0 : target.terms.back().row;
    TORCH_CHECK(term_ < scales_.size() && lower.size(1) == target.inputs && upper.size(1) == lower.size(0) &&
                    row >= before && row + upper.size(0) <= target.kinds * target.outputs,
                "hone::decoder_adapter: factors ", lower.sizes(), " and ", upper.sizes(), " at row ", row,
                " do not fit [", target.kinds * target.outputs, ", ", target.inputs, "], or stand out of order");
    const int64_t first = target.ranks();
    target.terms.push_back({lower, upper, static_cast<float>(scales_[term_++]), row, first});
  }

  int64_t next_row() {
    TORCH_CHECK(row_ < rows_.size(), "hone::decoder_adapter: row ", row_, " is missing");
    return rows_[row_++];
  }

  at::Tensor matrix() {
    const at::Tensor found = next();
    TORCH_CHECK(found.defined() && found.dim() == 2 && found.scalar_type() == at::kFloat && found.device().is_cpu(),
                "hone::decoder_adapter: tensor ", tensor_ - 1, " must be a float32 matrix on the cpu");
    return found.contiguous();
  }

  at::Tensor vector(int64_t size) {
    const at::Tensor found = next();
    TORCH_CHECK(!found.defined() || (found.sizes() == at::IntArrayRef({size}) && found.scalar_type() == at::kFloat &&
                                     found.device().is_cpu()),
                "hone::decoder_adapter: tensor ", tensor_ - 1, " must be float32 [", size, "] on the cpu");
    return found.defined() ? found.contiguous() : found;
  }

  at::Tensor next() {
    TORCH_CHECK(tensor_ < tensors_.size(), "hone::decoder_adapter: tensor ", tensor_, " is missing");
    const OptionalTensor found = tensors_.get(tensor_++);
    return found.has_value() ? *found : at::Tensor();
  }

  at::IntArrayRef rows_;
  at::ArrayRef<double> scales_;
  const c10::List<OptionalTensor>& tensors_;
  size_t row_ = 0;
  size_t term_ = 0;
  size_t tensor_ = 0;
  std::vector<Target> targets_;
};

}  // namespace hone::decoder

// Arenas of adapters: laid out and filled at once, anew as often as their weights change.
#include "adapter.h"

#include <torch/library.h>

#include <cstring>

#include "../memory_line.h"
#include "../tensors.h"
#include "adapter_source.h"

namespace hone::decoder {
namespace {

using at::Tensor;

/// The changes of all matrices, and where their numbers lie.
class Layout {
 public:
  Layout(const Plan& plan, const std::vector<Target>& targets)
      : plan_(plan), used_(static_cast<int64_t>(sizeof(AdapterPlan) + targets.size() * sizeof(Change))) {
    for (const Target& target : targets) {
      add(target);
    }
  }

  const std::vector<Change>& changes() const { return changes_; }
  const std::vector<std::vector<UpperPanel>>& uppers() const { return uppers_; }
  int64_t ranks() const { return ranks_; }
  int64_t bytes() const { return used_; }

 private:
  void add(const Target& target) {
    const int64_t ranks = target.ranks();
    Change change{};
    change.lower = {0, ranks, target.inputs, WeightCode::Plain};
    change.lower.at = take(panels_of(ranks) * plan_.panel_bytes(change.lower));
    change.scales = numbers(ranks, ranks > 0);
    change.gain = numbers(target.panels() * kPanel, target.gain.defined());
    change.offset = numbers(target.panels() * kPanel, target.offset.defined());
    change.inputs = numbers(target.inputs, target.scales.defined());
    change.changes = ranks > 0 || target.gain.defined() || target.offset.defined();
    std::vector<UpperPanel> uppers;
    for (int64_t panel = 0; panel < (change.changes != 0 ? target.panels() : 0); panel++) {
      uppers.push_back(upper(target, panel));
    }

    change.uppers = take(static_cast<int64_t>(uppers.size() * sizeof(UpperPanel)));
    ranks_ = std::max(ranks_, ranks);
    changes_.push_back(change);
    uppers_.push_back(std::move(uppers));
  }

  /// The ranks that some output of the panel has: side by side, since terms stand in the order of their rows.
  UpperPanel upper(const Target& target, int64_t panel) {
    const auto [first, end] = target.outputs_of(panel);
    int64_t from = target.ranks(), to = 0;
    for (const Term& term : target.terms) {
      if (term.row < end && term.end() > first) {
        from = std::min(from, term.first);
        to = std::max(to, term.first + (term.ranks() + kPair - 1) / kPair * kPair);
      }
    }

    if (from >= to) {
      return {0, 0, 0};
    }

    const Matrix matrix{0, kPanel, to - from, WeightCode::Plain};
    return {take(plan_.panel_bytes(matrix)), from, to - from};
  }

  Numbers numbers(int64_t count, bool there) { return there ? take(count * static_cast<int64_t>(sizeof(float))) : 0; }

  int64_t take(int64_t bytes) {
    const int64_t at = next_line(used_);
    used_ = at + bytes;
    return at;
  }

  const Plan& plan_;
  int64_t used_;
  int64_t ranks_ = 0;
  std::vector<Change> changes_;
  std::vector<std::vector<UpperPanel>> uppers_;
};

/// Fills the arena of one matrix's change.
template <class T>
class Filler {
 public:
  Filler(const Plan& plan, const Target& target, const Change& change, char* base)
      : plan_(plan), target_(target), change_(change), base_(base) {}

  void fill(const std::vector<UpperPanel>& uppers) const {
    fill_lower();
    fill_panels(change_.gain, target_.gain);
    fill_panels(change_.offset, target_.offset);
    if (change_.inputs != 0) {
      std::memcpy(base_ + change_.inputs, target_.scales.data_ptr(), target_.inputs * sizeof(float));
    }

    std::memcpy(base_ + change_.uppers, uppers.data(), uppers.size() * sizeof(UpperPanel));
    for (size_t panel = 0; panel < uppers.size(); panel++) {
      if (uppers[panel].ranks > 0) {
        fill_upper(static_cast<int64_t>(panel), uppers[panel]);
      }
    }
  }

 private:
  void fill_lower() const {
    const int64_t inputs = target_.inputs, ranks = change_.lower.outputs;
    std::vector<float> rows(ranks * inputs);
    auto* const scales = reinterpret_cast<float*>(base_ + change_.scales);
    for (const Term& term : target_.terms) {
      std::memcpy(rows.data() + term.first * inputs, term.lower.data_ptr(), term.ranks() * inputs * sizeof(float));
      std::fill_n(scales + term.first, term.ranks(), term.scale);
    }

    for (int64_t panel = 0; panel < panels_of(ranks); panel++) {
      const int64_t first = panel * kPanel;
      kernels<T>().pack_floats(rows.data() + first * inputs, inputs, std::min(kPanel, ranks - first), inputs,
                               base_ + change_.lower.at + panel * plan_.panel_bytes(change_.lower));
    }
  }

  void fill_upper(int64_t panel, const UpperPanel& upper) const {
    const auto [first, end] = target_.outputs_of(panel);
    std::vector<float> rows((end - first) * upper.ranks);
    for (const Term& term : target_.terms) {
      for (int64_t row = std::max(first, term.row); row < std::min(end, term.end()); row++) {
        std::memcpy(rows.data() + (row - first) * upper.ranks + term.first - upper.first,
                    data<float>(term.upper) + (row - term.row) * term.ranks(), term.ranks() * sizeof(float));
      }
    }

    kernels<T>().pack_floats(rows.data(), upper.ranks, end - first, upper.ranks, base_ + upper.at);
  }

  void fill_panels(Numbers to, const Tensor& values) const {
    for (int64_t panel = 0; panel < (to != 0 ? target_.panels() : 0); panel++) {
      const auto [first, end] = target_.outputs_of(panel);
      std::memcpy(base_ + to + panel * kPanel * static_cast<int64_t>(sizeof(float)), data<float>(values) + first,
                  (end - first) * sizeof(float));
    }
  }

  const Plan& plan_;
  const Target& target_;
  const Change& change_;
  char* base_;
};

// rows: for each matrix the number of its terms, then the row at which each begins. scales: of each term. tensors: for
// each matrix the lower and the upper factor of each term, then gain, offset and scales of inputs, none where there is
// none.
Tensor decoder_adapter(const Tensor& arena, at::IntArrayRef rows, at::ArrayRef<double> scales,
                       const c10::List<OptionalTensor>& tensors) {
  at::NoGradGuard no_gradient;
  const Plan& plan = plan_of(arena);
  const AdapterSource source(plan, rows, scales, tensors);
  const Layout layout(plan, source.targets());
  const std::vector<Change>& changes = layout.changes();
  Tensor adapter = at::zeros({layout.bytes()}, at::kByte);
  auto* const base = static_cast<char*>(adapter.data_ptr());
  const AdapterPlan header{AdapterPlan::kMark, layout.bytes(), plan.is_bfloat, plan.sizes, layout.ranks()};
  std::memcpy(base, &header, sizeof header);
  std::memcpy(base + sizeof header, changes.data(), changes.size() * sizeof(Change));
  for_each_item(static_cast<int64_t>(changes.size()), [&](int64_t i) {
    if (plan.is_bfloat != 0) {
      Filler<bfloat>(plan, source.targets()[i], changes[i], base).fill(layout.uppers()[i]);
    } else {
      Filler<float>(plan, source.targets()[i], changes[i], base).fill(layout.uppers()[i]);
    }
  });
  return adapter;
}

}  // namespace

const AdapterPlan& adapter_at(const Tensor& arena, const Plan& plan) {
  const bool is_arena = arena.scalar_type() == at::kByte && arena.dim() == 1 && arena.is_contiguous() &&
                        arena.numel() >= static_cast<int64_t>(sizeof(AdapterPlan));
  const auto* const found = is_arena ? static_cast<const AdapterPlan*>(arena.data_ptr()) : nullptr;
  TORCH_CHECK(is_arena && found->mark == AdapterPlan::kMark && found->bytes == arena.numel() &&
                  found->is_bfloat == plan.is_bfloat && std::memcmp(&found->sizes, &plan.sizes, sizeof plan.sizes) == 0,
              "hone::decoder_step: an adapter must be one that hone::decoder_adapter made for such a decoder");
  return *found;
}

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("decoder_adapter(Tensor arena, int[] rows, float[] scales, Tensor?[] tensors) -> Tensor",
              decoder_adapter);
}

}  // namespace hone::decoder

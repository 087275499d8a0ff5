// The sum of what several ranks of one machine have in memory that each of them maps.
#include <torch/library.h>

#include "tensors.h"

namespace hone {
namespace {

using at::Tensor;

// Numbers that are added up at once: their sum stays in the nearest cache.
constexpr int64_t kAtOnce = 1 << 11;

// blocks[r][i] ← Σ over ranks of blocks[.][i], for the numbers from `first` on, in the order of ranks.
void sum_of_ranks(at::TensorList blocks, int64_t first, int64_t count) {
  for (const Tensor& block : blocks) {
    TORCH_CHECK(block.scalar_type() == at::kFloat && block.dim() == 1 && block.is_contiguous() && first >= 0 &&
                    count >= 0 && first + count <= block.numel(),
                "hone::sum_of_ranks_: each block must be contiguous float32 [number] and hold ", count,
                " numbers from ", first, " on, got ", block.scalar_type(), " ", block.sizes());
  }

  constexpr int64_t grain = 1 << 15;
  at::parallel_for(first, first + count, grain, [&](int64_t begin, int64_t end) {
    float sum[kAtOnce];
    for (int64_t at = begin; at < end; at += kAtOnce) {
      const int64_t here = std::min(kAtOnce, end - at);
      std::copy_n(data<float>(blocks[0]) + at, here, sum);
      for (size_t rank = 1; rank < blocks.size(); rank++) {
        kernels<float>().accumulate(sum, data<float>(blocks[rank]) + at, here);
      }

      for (const Tensor& block : blocks) {
        std::copy_n(sum, here, data<float>(block) + at);
      }
    }
  });
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("sum_of_ranks_(Tensor(a!)[] blocks, int first, int count) -> ()", sum_of_ranks);
}

}  // namespace hone

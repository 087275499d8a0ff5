#include "matrix_product.h"

#include <torch/library.h>

namespace hone {

using at::Tensor;

// oneDNN's products of bfloat16 take blocks of 32 to 256 rows, the largest that leave no row over where there are any.
// Blocks of 41, as of 697 rows, read the right side four times as often as those of 176, as of 704: such a product takes
// up to half as long again.
static bool is_cut_small(const Tensor& left) {
  constexpr int64_t least = 32, small = 72, largest = 256;
  const int64_t rows = left.size(0);
  if (!left.device().is_cpu() || left.scalar_type() != at::kBFloat16 || rows <= largest) {
    return false;
  }

  int64_t block = largest;
  while (block >= least && rows % block != 0) {
    block--;
  }

  return block >= least && block <= small;
}

Tensor matrix_product(const Tensor& left, const Tensor& right) {
  if (!is_cut_small(left) || needs_gradient(left, right)) {
    return at::mm(left, right);
  }

  Tensor product = at::empty({left.size(0), right.size(1)}, left.options());
  matrix_product_into(product, left, right);
  return product;
}

void matrix_product_into(Tensor product, const Tensor& left, const Tensor& right) {
  // A multiple of 16 has a divisor from 128 to 256, up to 4096.
  const int64_t rows = left.size(0), first = is_cut_small(left) ? rows / 16 * 16 : rows;
  for (int64_t at = 0, count = first; at < rows; at += count, count = rows - at) {
    Tensor here = product.narrow(0, at, count);
    at::mm_out(here, left.narrow(0, at, count), right);
  }
}

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("matrix_product(Tensor left, Tensor right) -> Tensor", matrix_product);
}

}  // namespace hone

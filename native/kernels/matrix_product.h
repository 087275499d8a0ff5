// Products of two matrices by ATen, with as many rows at once as its library does well.
#pragma once

#include "tensors.h"

namespace hone {

/// left · right, [row, inner] · [inner, column].
at::Tensor matrix_product(const at::Tensor& left, const at::Tensor& right);

/// The same into memory that is there, [row, column]; nothing is recorded.
void matrix_product_into(at::Tensor product, const at::Tensor& left, const at::Tensor& right);

}  // namespace hone

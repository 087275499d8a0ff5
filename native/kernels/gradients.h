// How gradients reach the weights: without a copy where they are the first, added up in float32 where they are not.
#pragma once

#include "tensors.h"

namespace hone {

/// Whether the backward pass under way ends in the leaves' own gradients, and not in tensors that were asked for.
bool ends_in_leaves();

/// Adds to the gradient of a leaf. The first one is taken over as it is, bfloat16 included; a further one turns the sum
/// into float32, so that no small part is lost in eight bits.
void add_gradient(const at::Tensor& leaf, const at::Tensor& gradient);

/// The same for some rows of the leaf, given by their numbers, which may repeat.
void add_gradient_rows(const at::Tensor& leaf, const at::Tensor& rows, const at::Tensor& gradient);

}  // namespace hone

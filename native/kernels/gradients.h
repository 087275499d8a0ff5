// How gradients reach the weights: without a copy where they are the first, added up in float32 where they are not.
#pragma once

#include "tensors.h"

namespace hone {

/// Whether the backward pass under way ends in the leaves' own gradients, and not in tensors that were asked for.
bool ends_in_leaves();

/// Where the gradient of a leaf lies, if it was given memory that stays; else undefined. What stands there counts once
/// the leaf has it as its gradient.
at::Tensor place_of(const at::Tensor& leaf);

/// Adds to the gradient of a leaf. The first one goes to the leaf's place, or is taken over as it is, bfloat16
/// included; a further one turns the sum into float32, so that no small part is lost in eight bits.
void add_gradient(const at::Tensor& leaf, const at::Tensor& gradient);

/// The same of a product: adds left · right. Where the leaf has a place that stays, or a gradient already, no
/// second matrix of its size is made.
void add_product_gradient(const at::Tensor& leaf, const at::Tensor& left, const at::Tensor& right);

/// The same for some rows of the leaf, given by their numbers, which may repeat.
void add_gradient_rows(const at::Tensor& leaf, const at::Tensor& rows, const at::Tensor& gradient);

}  // namespace hone

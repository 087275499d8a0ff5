// Results that cost little more than reading their inputs: a product behind one makes it again in its backward pass
// instead of keeping it. Training deep nets with sublinear memory, arXiv:1604.06174, with an operator as the part.
#pragma once

#include <torch/csrc/autograd/custom_function.h>

#include "tensors.h"

namespace hone {

/// Makes the result of a recorded operator again, of what it saved.
using MakeAgain = at::Tensor (*)(torch::autograd::Node& node);

/// How to make the result of this node again; null where it is no node of that operator.
MakeAgain rms_norm_again(const torch::autograd::Node* node);
MakeAgain swiglu_again(const torch::autograd::Node* node);

/// The result of an operator's node: made by make(saved tensors) once for all that ask, until the node itself forgets
/// it in its backward pass, which comes after theirs.
template <class Operator, class Make>
at::Tensor made_again(torch::autograd::Node& node, const Make& make) {
  torch::autograd::AutogradContext& context = static_cast<torch::autograd::CppNode<Operator>&>(node).ctx_;
  auto found = context.saved_data.find("result");
  if (found == context.saved_data.end()) {
    found = context.saved_data.emplace("result", make(context.get_saved_variables())).first;
  }

  return found->second.toTensor();
}

inline void forget_result(torch::autograd::AutogradContext& context) { context.saved_data.erase("result"); }

}  // namespace hone

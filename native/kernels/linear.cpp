// x · Wᵀ for training.
#include <torch/custom_class.h>
#include <torch/library.h>

#include "gradients.h"
#include "made_again.h"
#include "matrix_product.h"

namespace hone {
namespace {

using at::Tensor;

/// The node whose result a product multiplies.
struct Origin : torch::CustomClassHolder {
  explicit Origin(std::shared_ptr<torch::autograd::Node> node) : node(std::move(node)) {}

  std::shared_ptr<torch::autograd::Node> node;
};

MakeAgain again_of(const torch::autograd::Node* node) {
  const MakeAgain norm = rms_norm_again(node);
  return norm != nullptr ? norm : swiglu_again(node);
}

// The gradient of W is multiplied right into its place, where W is a leaf that has one. It needs x: one that is cheap
// to make is not kept for it, but made again. Values and gradients have the bits that ATen's own have.
struct PlacedLinear : torch::autograd::Function<PlacedLinear> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight) {
    const bool again = weight.requires_grad() && again_of(x.grad_fn().get()) != nullptr;
    if (again) {
      context->saved_data["origin"] = at::IValue::make_capsule(c10::make_intrusive<Origin>(x.grad_fn()));
    }

    at::AutoDispatchBelowADInplaceOrView below;
    context->save_for_backward({weight.requires_grad() && !again ? x : Tensor(), weight});
    return matrix_product(x, weight.t());
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto saved = context->get_saved_variables();
    const Tensor &weight = saved[1], &slopes = gradients[0];
    const Tensor back = context->needs_input_grad(0) ? matrix_product(slopes, weight) : Tensor();
    if (!context->needs_input_grad(1)) {
      return {back, Tensor()};
    }

    const Tensor x = saved[0].defined() ? saved[0] : input_again(*context);
    if (ends_in_leaves() && weight.is_leaf()) {
      add_product_gradient(weight, slopes.t(), x);
      return {back, Tensor()};
    }

    return {back, slopes.t().mm(x)};
  }

 private:
  static Tensor input_again(const torch::autograd::AutogradContext& context) {
    auto& node = *static_cast<Origin&>(*context.saved_data.at("origin").toCapsule()).node;
    return again_of(&node)(node);
  }
};

Tensor placed_linear(const Tensor& x, const Tensor& weight) {
  if (x.dim() != 2 || weight.dim() != 2) {
    return at::linear(x, weight);
  }

  return needs_gradient(x, weight) ? PlacedLinear::apply(x, weight) : matrix_product(x, weight.t());
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) { library.def("linear(Tensor x, Tensor weight) -> Tensor", placed_linear); }

}  // namespace hone

// The gated unit of arXiv:2002.05202: silu(gate) · up, silu(g) = g / (1 + e^-g).
#include <torch/library.h>

#include "made_again.h"

namespace hone {
namespace {

using at::Tensor;

// Numbers a thread takes at once.
constexpr int64_t kGrain = 1 << 14;

void check(const Tensor& gate, const Tensor& up) {
  TORCH_CHECK(gate.sizes() == up.sizes(), "hone::swiglu: gate and up must have one shape, got ", gate.sizes(), " and ",
              up.sizes());
  TORCH_CHECK(gate.scalar_type() == up.scalar_type(), "hone::swiglu: gate and up must have one dtype, got ",
              gate.scalar_type(), " and ", up.scalar_type());
}

Tensor composite(const Tensor& gate, const Tensor& up) {
  check(gate, up);
  const auto wide = gate.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  return (at::silu(gate.to(wide)) * up.to(wide)).to(gate.scalar_type());
}

Tensor forward(const Tensor& gate, const Tensor& up) {
  Tensor y = at::empty_like(gate);
  with_type_of(gate, [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, gate.numel(), kGrain, [&](int64_t begin, int64_t end) {
      kernels<T>().swiglu(data<T>(gate) + begin, data<T>(up) + begin, data<T>(y) + begin, end - begin);
    });
  });
  return y;
}

std::tuple<Tensor, Tensor> backward(const Tensor& y_gradient, const Tensor& gate, const Tensor& up) {
  Tensor gate_gradient = at::empty_like(gate), up_gradient = at::empty_like(up);
  with_type_of(gate, [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, gate.numel(), kGrain, [&](int64_t begin, int64_t end) {
      kernels<T>().swiglu_backward(data<T>(y_gradient) + begin, data<T>(gate) + begin, data<T>(up) + begin,
                                   data<T>(gate_gradient) + begin, data<T>(up_gradient) + begin, end - begin);
    });
  });
  return {gate_gradient, up_gradient};
}

struct SwiGlu : torch::autograd::Function<SwiGlu> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& gate, const Tensor& up) {
    at::AutoDispatchBelowADInplaceOrView below;
    const Tensor dense_gate = gate.contiguous(), dense_up = up.contiguous();
    context->save_for_backward({dense_gate, dense_up});
    return hone::forward(dense_gate, dense_up);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    at::NoGradGuard once;
    const auto saved = context->get_saved_variables();
    forget_result(*context);
    auto [gate_gradient, up_gradient] = hone::backward(gradients[0].contiguous(), saved[0], saved[1]);
    return {gate_gradient, up_gradient};
  }
};

Tensor swiglu(const Tensor& gate, const Tensor& up) {
  if (!is_fused(gate)) {
    return composite(gate, up);
  }

  check(gate, up);
  if (needs_gradient(gate, up)) {
    return SwiGlu::apply(gate, up);
  }

  at::AutoDispatchBelowADInplaceOrView below;
  return forward(gate.contiguous(), up.contiguous());
}

Tensor again(torch::autograd::Node& node) {
  return made_again<SwiGlu>(
      node, [](const torch::autograd::variable_list& saved) { return forward(saved[0], saved[1]); });
}

}  // namespace

MakeAgain swiglu_again(const torch::autograd::Node* node) {
  return dynamic_cast<const torch::autograd::CppNode<SwiGlu>*>(node) == nullptr ? nullptr : again;
}

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("swiglu(Tensor gate, Tensor up) -> Tensor");
  library.def("swiglu.composite(Tensor gate, Tensor up) -> Tensor");
}

TORCH_LIBRARY_IMPL(hone, CompositeImplicitAutograd, library) {
  library.impl("swiglu", composite);
  library.impl("swiglu.composite", composite);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) { library.impl("swiglu", swiglu); }

TORCH_LIBRARY_IMPL(hone, AutogradCPU, library) { library.impl("swiglu", swiglu); }

}  // namespace hone

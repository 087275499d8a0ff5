// Root mean square layer normalisation (arXiv:1910.07467): x / sqrt(mean(x²) + ε) · weight, accumulated in float.
#include <torch/library.h>

#include "made_again.h"

namespace hone {
namespace {

using at::Tensor;

void check(const Tensor& x, const Tensor& weight) {
  TORCH_CHECK(x.dim() > 0, "hone::rms_norm: x must have a last dimension, got a scalar");
  TORCH_CHECK(weight.dim() == 1 && weight.size(0) == x.size(-1),
              "hone::rms_norm: weight must have hidden = ", x.size(-1), " entries, got ", weight.sizes());
}

Tensor composite(const Tensor& x, const Tensor& weight, double epsilon) {
  check(x, weight);
  const auto wide = x.scalar_type() == at::kDouble ? at::kDouble : at::kFloat;
  const Tensor v = x.to(wide);
  const Tensor normal = v * (v.square().mean(-1, true) + epsilon).rsqrt();
  return (normal * weight.to(wide)).to(x.scalar_type());
}

// Rows a thread takes at once; also the rows whose weight gradients are summed before they meet the others', so that
// the order of that sum does not depend on the number of threads.
int64_t rows_at_once(int64_t rows, int64_t hidden) {
  return std::max({int64_t{1}, 8192 / std::max<int64_t>(1, hidden), (rows + 63) / 64});
}

std::tuple<Tensor, Tensor> forward(const Tensor& x, const Tensor& weight, double epsilon) {
  const int64_t hidden = x.size(-1), rows = hidden == 0 ? 0 : x.numel() / hidden;
  const int64_t step = rows_at_once(rows, hidden);
  Tensor y = at::empty_like(x), inverse = at::empty({rows}, x.options().dtype(at::kFloat));
  with_type_of(x, [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, (rows + step - 1) / step, 1, [&](int64_t begin, int64_t end) {
      const int64_t first = begin * step, last = std::min(rows, end * step);
      kernels<T>().rms_norm(data<T>(x) + first * hidden, data<float>(weight), data<T>(y) + first * hidden,
                            data<float>(inverse) + first, last - first, hidden, static_cast<float>(epsilon));
    });
  });
  return {y, inverse};
}

std::tuple<Tensor, Tensor> backward(const Tensor& y_gradient, const Tensor& x, const Tensor& weight,
                                    const Tensor& inverse) {
  const int64_t hidden = x.size(-1), rows = hidden == 0 ? 0 : x.numel() / hidden;
  const int64_t step = rows_at_once(rows, hidden), parts = (rows + step - 1) / step;
  Tensor x_gradient = at::empty_like(x), by_part = at::zeros({parts, hidden}, weight.options());
  with_type_of(x, [&](auto type) {
    using T = decltype(type);
    at::parallel_for(0, parts, 1, [&](int64_t begin, int64_t end) {
      for (int64_t part = begin; part < end; part++) {
        const int64_t first = part * step, last = std::min(rows, first + step);
        kernels<T>().rms_norm_backward(data<T>(y_gradient) + first * hidden, data<T>(x) + first * hidden,
                                       data<float>(weight), data<float>(inverse) + first,
                                       data<T>(x_gradient) + first * hidden, data<float>(by_part) + part * hidden,
                                       last - first, hidden);
      }
    });
  });
  return {x_gradient, by_part.sum(0)};
}

struct RmsNorm : torch::autograd::Function<RmsNorm> {
  static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& weight,
                        double epsilon) {
    at::AutoDispatchBelowADInplaceOrView below;
    const Tensor dense = x.contiguous(), wide = weight.to(at::kFloat).contiguous();
    auto [y, inverse] = hone::forward(dense, wide, epsilon);
    context->save_for_backward({dense, wide, inverse});
    context->saved_data["epsilon"] = epsilon;
    context->saved_data["weight_type"] = weight.scalar_type();
    return y;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    at::NoGradGuard once;
    const auto saved = context->get_saved_variables();
    forget_result(*context);
    auto [x_gradient, weight_gradient] = hone::backward(gradients[0].contiguous(), saved[0], saved[1], saved[2]);
    return {x_gradient, weight_gradient.to(context->saved_data["weight_type"].toScalarType()), Tensor()};
  }
};

Tensor rms_norm(const Tensor& x, const Tensor& weight, double epsilon) {
  if (!is_fused(x)) {
    return composite(x, weight, epsilon);
  }

  check(x, weight);
  if (needs_gradient(x, weight)) {
    return RmsNorm::apply(x, weight, epsilon);
  }

  at::AutoDispatchBelowADInplaceOrView below;
  return std::get<0>(forward(x.contiguous(), weight.to(at::kFloat).contiguous(), epsilon));
}

Tensor again(torch::autograd::Node& node) {
  const double epsilon = static_cast<torch::autograd::CppNode<RmsNorm>&>(node).ctx_.saved_data["epsilon"].toDouble();
  return made_again<RmsNorm>(node, [&](const torch::autograd::variable_list& saved) {
    return std::get<0>(forward(saved[0], saved[1], epsilon));
  });
}

}  // namespace

MakeAgain rms_norm_again(const torch::autograd::Node* node) {
  return dynamic_cast<const torch::autograd::CppNode<RmsNorm>*>(node) == nullptr ? nullptr : again;
}

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def("rms_norm(Tensor x, Tensor weight, float epsilon) -> Tensor");
  library.def("rms_norm.composite(Tensor x, Tensor weight, float epsilon) -> Tensor");
}

TORCH_LIBRARY_IMPL(hone, CompositeImplicitAutograd, library) {
  library.impl("rms_norm", composite);
  library.impl("rms_norm.composite", composite);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) { library.impl("rms_norm", rms_norm); }

TORCH_LIBRARY_IMPL(hone, AutogradCPU, library) { library.impl("rms_norm", rms_norm); }

}  // namespace hone

// AdamW (arXiv:1711.05101) over all parameters in one pass, and the sum of squares for clipping.
#include <torch/library.h>

#include "adamw.h"
#include "tensors.h"

namespace hone {
namespace {

using at::Tensor;

// Numbers a thread takes at once: a few hundred KiB of parameter, gradient and moments.
constexpr int64_t kChunk = 1 << 15;

/// A stretch of one tensor.
struct Stretch {
  size_t tensor;
  int64_t first;
  int64_t count;
};

std::vector<Stretch> stretches_of(at::TensorList tensors) {
  std::vector<Stretch> stretches;
  for (size_t i = 0; i < tensors.size(); i++) {
    for (int64_t first = 0; first < tensors[i].numel(); first += kChunk) {
      stretches.push_back({i, first, std::min(kChunk, tensors[i].numel() - first)});
    }
  }

  return stretches;
}

void check(at::TensorList parameters, at::TensorList gradients, at::TensorList first, at::TensorList second,
           at::TensorList shadows, at::ArrayRef<double> weight_decay, int64_t step) {
  const size_t n = parameters.size();
  TORCH_CHECK(gradients.size() == n && first.size() == n && second.size() == n && weight_decay.size() == n &&
                  (shadows.empty() || shadows.size() == n),
              "hone::adamw_: every list must have one entry for each of ", n, " parameters, got ", gradients.size(),
              " gradients, ", first.size(), " and ", second.size(), " moments, ", weight_decay.size(),
              " weight decays and ", shadows.size(), " shadows");
  TORCH_CHECK(step > 0, "hone::adamw_: step counts from 1, got ", step);
  for (size_t i = 0; i < n; i++) {
    for (const Tensor* const x : {&parameters[i], &first[i], &second[i]}) {
      TORCH_CHECK(x->scalar_type() == at::kFloat && x->is_contiguous() && x->sizes() == parameters[i].sizes(),
                  "hone::adamw_: parameter ", i, " and its moments must be contiguous float32 ", parameters[i].sizes(),
                  ", got ", x->scalar_type(), " ", x->sizes());
    }

    TORCH_CHECK(gradients[i].sizes() == parameters[i].sizes() &&
                    (gradients[i].scalar_type() == at::kFloat || gradients[i].scalar_type() == at::kBFloat16),
                "hone::adamw_: gradient ", i, " must be float32 or bfloat16 ", parameters[i].sizes(), ", got ",
                gradients[i].scalar_type(), " ", gradients[i].sizes());
    TORCH_CHECK(shadows.empty() || shadows[i].numel() == 0 ||
                    (shadows[i].scalar_type() == at::kBFloat16 && shadows[i].is_contiguous() &&
                     shadows[i].sizes() == parameters[i].sizes()),
                "hone::adamw_: shadow ", i, " must be empty or contiguous bfloat16 ", parameters[i].sizes());
  }
}

/// A backward pass through what was just written must fail, not use the new values.
void mark_written(at::TensorList tensors) {
  for (const Tensor& x : tensors) {
    if (!x.is_inference()) {
      x.unsafeGetTensorImpl()->bump_version();
    }
  }
}

void composite(at::TensorList parameters, at::TensorList gradients, at::TensorList first, at::TensorList second,
               at::TensorList shadows, double lr, double beta1, double beta2, double epsilon,
               at::ArrayRef<double> weight_decay, int64_t step, double gradient_scale) {
  at::NoGradGuard no_gradient;
  const double correction1 = 1 - std::pow(beta1, static_cast<double>(step));
  const double correction2 = 1 - std::pow(beta2, static_cast<double>(step));
  for (size_t i = 0; i < parameters.size(); i++) {
    const Tensor g = gradients[i].to(parameters[i].scalar_type()) * gradient_scale;
    Tensor p = parameters[i], m = first[i], v = second[i];
    p.mul_(1 - lr * weight_decay[i]);
    m.mul_(beta1).add_(g, 1 - beta1);
    v.mul_(beta2).addcmul_(g, g, 1 - beta2);
    p.addcdiv_(m, v.sqrt().div_(std::sqrt(correction2)).add_(epsilon), -lr / correction1);
    if (!shadows.empty() && shadows[i].numel() > 0) {
      Tensor shadow = shadows[i];
      shadow.copy_(p);
    }
  }
}

void adamw(at::TensorList parameters, at::TensorList gradients, at::TensorList first, at::TensorList second,
           at::TensorList shadows, double lr, double beta1, double beta2, double epsilon,
           at::ArrayRef<double> weight_decay, int64_t step, double gradient_scale) {
  check(parameters, gradients, first, second, shadows, weight_decay, step);
  std::vector<Tensor> dense;
  for (const Tensor& gradient : gradients) {
    dense.push_back(gradient.contiguous());
  }

  const auto stretches = stretches_of(parameters);
  for_each_item(static_cast<int64_t>(stretches.size()), [&](int64_t item) {
    const auto [i, at, count] = stretches[item];
    const AdamWStep constants = step_of(lr, beta1, beta2, epsilon, weight_decay[i], step, gradient_scale);
    bfloat* const shadow = shadows.empty() || shadows[i].numel() == 0 ? nullptr : data<bfloat>(shadows[i]) + at;
    with_type_of(dense[i], [&, i = i, at = at, count = count](auto type) {
      using T = decltype(type);
      kernels<T>().adamw(data<float>(parameters[i]) + at, data<T>(dense[i]) + at, data<float>(first[i]) + at,
                         data<float>(second[i]) + at, shadow, count, constants);
    });
  });
  mark_written(parameters);
  mark_written(shadows);
}

Tensor sum_of_squares_composite(at::TensorList tensors) {
  Tensor sum =
      at::zeros({}, tensors.empty() ? at::TensorOptions(at::kDouble) : tensors[0].options().dtype(at::kDouble));
  for (const Tensor& x : tensors) {
    sum = sum + x.to(at::kDouble).square().sum();
  }

  return sum;
}

Tensor sum_of_squares(at::TensorList tensors) {
  if (!std::all_of(tensors.begin(), tensors.end(), is_fused)) {
    return sum_of_squares_composite(tensors);
  }

  std::vector<Tensor> dense;
  for (const Tensor& x : tensors) {
    dense.push_back(x.contiguous());
  }

  const auto stretches = stretches_of(dense);
  std::vector<double> sums(stretches.size());
  for_each_item(static_cast<int64_t>(stretches.size()), [&](int64_t item) {
    const auto [i, at, count] = stretches[item];
    sums[item] = with_type_of(dense[i], [&, i = i, at = at, count = count](auto type) {
      using T = decltype(type);
      return kernels<T>().sum_of_squares(data<T>(dense[i]) + at, count);
    });
  });

  double total = 0;
  for (const double sum : sums) {
    total += sum;
  }

  return at::scalar_tensor(total, at::kDouble);
}

}  // namespace

TORCH_LIBRARY_FRAGMENT(hone, library) {
  library.def(
      "adamw_(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] first_moments, "
      "Tensor(c!)[] second_moments, Tensor(d!)[] shadows, float lr, float beta1, float beta2, "
      "float epsilon, float[] weight_decay, int step, float gradient_scale=1.) -> ()");
  library.def(
      "adamw_.composite(Tensor(a!)[] parameters, Tensor[] gradients, Tensor(b!)[] first_moments, "
      "Tensor(c!)[] second_moments, Tensor(d!)[] shadows, float lr, float beta1, float beta2, "
      "float epsilon, float[] weight_decay, int step, float gradient_scale=1.) -> ()");
  library.def("sum_of_squares(Tensor[] tensors) -> Tensor");
  library.def("sum_of_squares.composite(Tensor[] tensors) -> Tensor");
}

TORCH_LIBRARY_IMPL(hone, CompositeExplicitAutograd, library) {
  library.impl("adamw_", composite);
  library.impl("adamw_.composite", composite);
  library.impl("sum_of_squares", sum_of_squares_composite);
  library.impl("sum_of_squares.composite", sum_of_squares_composite);
}

TORCH_LIBRARY_IMPL(hone, CPU, library) {
  library.impl("adamw_", adamw);
  library.impl("sum_of_squares", sum_of_squares);
}

}  // namespace hone
